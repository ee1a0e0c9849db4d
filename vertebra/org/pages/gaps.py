"""Pages of vacancies and gaps in the data: the administrative list, and each with what shows it."""

import datetime as dt
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import Names, parent_units
from vertebra.org.gaps import gap_sentence
from vertebra.org.labels import GAP_REMEDIES, GapRule, MandateRole
from vertebra.org.models import Gap, Look
from vertebra.org.pages.frame import base, tabs
from vertebra.org.queries.structure import Structure

MOST_CHOICES = 60
Rows = QuerySet[Gap]


@requires(Right.READ)
def gap_list(request: PageRequest) -> HttpResponseBase:
    """What the directory lacks, by rule, with counts."""
    day = clock.today()
    names = Names(day)
    rows: Rows = Gap.objects.all() if request.GET.get("state") == "ended" else _open()
    listing = _list_of(day, names).read(
        request, rows, saved_views=saved_views(request.user, "gaps", request.get_full_path())
    )
    if listing.export:
        return listing.export
    names = names.only(row.unit_id for row in listing.rows)
    for row in listing.rows:
        row.name = _subject(row, names)
        row.sentence = gap_sentence(row, row.name)
    counts = _counts()
    return render(
        request,
        "org/gap_list.html",
        {
            "listing": listing,
            "counts": counts,
            "figures": {one["rule"]: one for one in counts},
            "total": sum(one["count"] for one in counts),
            "tabs": tabs("gaps"),
            "gap_base": base("org:gap-show"),
            "looked": Look.objects.first(),
        },
    )


def _open() -> Rows:
    return Gap.objects.filter(ended_on__isnull=True)


def _counts() -> list[dict[str, Any]]:
    """How many gaps of each rule there are, and how many people name an unknown manager, in the rules' order."""
    rows = _open().values("rule").annotate(count=Count("pk"), people=Sum("people_count"))
    by_rule = {row["rule"]: row for row in rows}
    return [
        {
            "rule": rule.value,
            "label": rule.label,
            "count": by_rule[rule]["count"],
            "people": by_rule[rule]["people"] or 0,
        }
        for rule in GapRule
        if rule in by_rule
    ]


def _subject(gap: Gap, names: Names) -> str:
    """What lacks something, by its name of the day."""
    if gap.unit_id:
        return names.units.get(gap.unit_id, gap.subject)
    if gap.area_id:
        return names.areas.get(gap.area_id, gap.subject)
    if gap.market_id:
        return names.markets.get(gap.market_id, gap.subject)
    return gap.subject


def _list_of(day: dt.date, names: Names) -> ListOf:
    units = parent_units(day, MOST_CHOICES)

    def in_unit(rows: Rows, value: str) -> Rows:
        structure = Structure.as_of(day, with_members=False)
        return rows.filter(unit__in=structure.under(int(value)))

    def state(rows: Rows, value: str) -> Rows:
        return rows.filter(ended_on__isnull=value == "open")

    return ListOf(
        page="gaps",
        file_name="gaps",
        columns=[
            Column("subject", _("Where"), lambda row: _subject(row, names)),
            Column("what", _("What is missing"), lambda row: gap_sentence(row, _subject(row, names))),
            Column("rule", _("Kind"), lambda row: row.get_rule_display(), sort="rule", is_optional=True),
            Column(
                "role", _("Role"), lambda row: row.get_role_display() if row.role else "", is_optional=True
            ),
            Column("people", _("People"), lambda row: row.people_count, sort="people_count", is_numeric=True),
            Column("since", _("Since"), lambda row: row.first_seen_on, sort="first_seen_on"),
            Column("seen", _("Seen on"), lambda row: row.latest_seen_on, is_optional=True),
        ],
        filters=[
            Filter("rule", _("Kind"), lambda rows, value: rows.filter(rule=value), lambda: GapRule.choices),
            Filter("unit", _("Inside"), in_unit, lambda: units),
            Filter(
                "role", _("Role"), lambda rows, value: rows.filter(role=value), lambda: MandateRole.choices
            ),
            Filter("state", _("State"), state, lambda: [("open", _("missing")), ("ended", _("mended"))]),
        ],
        search=_search,
        sort="rule",
    )


def _search(rows: Rows, text: str) -> Rows:
    return rows.filter(words__contains=fold(text))


@requires(Right.READ)
def gap_page(request: PageRequest, gap_id: int) -> HttpResponse:
    """One gap, with what shows it, and the place that mends it."""
    gap = get_object_or_404(Gap.objects.select_related("person"), pk=gap_id)
    name = _subject(gap, Names(clock.today()).only([gap.unit_id]))
    return render(
        request,
        "org/gap.html",
        {
            "gap": gap,
            "name": name,
            "sentence": gap_sentence(gap, name),
            "people": gap.evidence.get("people", []),
            "known": gap.evidence.get("known", []),
            "remedy": GAP_REMEDIES.get(gap.rule, ""),
            "may_raise": may(request.user, Right.PRODUCT_OPS),
            "more": max(0, gap.people_count - len(gap.evidence.get("people", []))),
        },
    )
