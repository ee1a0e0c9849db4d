"""Pages of empty spaces: the list, and each one with what shows it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import (
    Names,
    in_units,
    may_work_on,
    open_spaces,
    parent_units,
    person_of,
    proof_of,
    title_of,
)
from vertebra.org.forms.empty_spaces import ProposalForm
from vertebra.org.labels import ACTIVE, SPACE_TONES, SpaceRule, SpaceState
from vertebra.org.models import EmptySpace, Look
from vertebra.org.pages.frame import base, tabs
from vertebra.org.queries.structure import Structure

NEW_FOR = dt.timedelta(days=30)
MOST_CHOICES = 60
Rows = QuerySet[EmptySpace]


@requires(Right.READ)
def space_list(request: PageRequest) -> HttpResponseBase:
    """Everything that nobody takes care of, the most reported first."""
    now = clock.now()
    day = clock.today(now)
    names = Names(day)
    listing = _list_of(request, names, day).read(
        request, _rows(), saved_views=saved_views(request.user, "empty-spaces", request.get_full_path())
    )
    if listing.export:
        return listing.export
    top = _most_reported()
    shown = [*listing.rows, *([top] if top else [])]
    names = names.only(one.unit_id for row in shown for one in row.neighbours.all())
    for row in shown:
        row.between = names.between(row)
        row.title = title_of(row)
        row.proof = (proof_of(row) or [""])[0]
        row.tone = SPACE_TONES[row.state]
        row.between_said = " · ".join(one.name for one in row.between[:3])
        row.between_first = " · ".join(one.name for one in row.between[:4])
        row.between_more = max(0, len(row.between) - 4)
    return render(
        request,
        "org/empty_space_list.html",
        {
            "tabs": tabs("spaces"),
            "space_base": base("org:empty-space-show"),
            "listing": listing,
            "counts": _counts(day),
            "most_reported": top,
            "new_since": day - NEW_FOR,
            "looked": Look.objects.first() if not listing.rows else None,
            "may_share": may(request.user, Right.EDIT_ORGANISATION),
            "now": now,
        },
    )


def _rows() -> Rows:
    """Every empty space, those that still wait before those that are settled."""
    waits = Case(
        When(state__in=ACTIVE, then=F("report_count") + 1_000_000),
        default=F("report_count"),
        output_field=IntegerField(),
    )
    rows: Rows = open_spaces().annotate(weight=waits).select_related("owner").prefetch_related("neighbours")
    return rows


def _counts(day: dt.date) -> dict[str, int]:
    return open_spaces().aggregate(
        open=Count("pk", filter=Q(state=SpaceState.OPEN)),
        being_filled=Count("pk", filter=Q(state=SpaceState.BEING_FILLED)),
        new=Count("pk", filter=Q(state=SpaceState.OPEN, first_seen_on__gt=day - NEW_FOR)),
    )


def _most_reported() -> EmptySpace | None:
    reported = open_spaces().filter(state=SpaceState.OPEN, report_count__gt=0)
    return reported.order_by("-report_count", "-pk").prefetch_related("neighbours").first()


def _list_of(request: PageRequest, names: Names, day: dt.date) -> ListOf:
    columns = [
        Column("title", _("Empty space"), title_of),
        Column("between", _("Between"), lambda row: " · ".join(one.name for one in names.between(row))),
        Column("state", _("State"), lambda row: row.get_state_display()),
        Column("reports", _("Reported by"), lambda row: row.report_count, sort="weight", is_numeric=True),
        Column("since", _("Since"), lambda row: row.first_seen_on, sort="first_seen_on"),
        Column("owner", _("Taken care of by"), lambda row: row.owner.name if row.owner else ""),
        Column(
            "rule", _("Found by"), lambda row: row.get_rule_display() if row.rule else "", is_optional=True
        ),
        Column("reason", _("Reason"), lambda row: row.reason, is_optional=True),
    ]
    return ListOf(
        page="empty-spaces",
        file_name="empty-spaces",
        columns=columns,
        filters=_filters(request, day),
        search=_search,
        sort="-reports",
    )


def _filters(request: PageRequest, day: dt.date) -> list[Filter]:
    units = parent_units(day, MOST_CHOICES)

    def in_unit(rows: Rows, value: str) -> Rows:
        structure = Structure.as_of(day, with_members=False)
        return in_units(rows, structure.under(int(value)), day)

    def owned(rows: Rows, value: str) -> Rows:
        return rows.filter(owner__user=request.user) if value == "me" else rows.filter(owner__isnull=True)

    def origin(rows: Rows, value: str) -> Rows:
        return rows.filter(report_count__gt=0) if value == "reported" else rows.exclude(rule="")

    def choices(*pairs: tuple[str, Any]) -> Callable[[], tuple[tuple[str, Any], ...]]:
        return lambda: pairs

    return [
        Filter("state", _("State"), lambda rows, value: rows.filter(state=value), lambda: SpaceState.choices),
        Filter("unit", _("Beside"), in_unit, lambda: units),
        Filter("rule", _("Found by"), lambda rows, value: rows.filter(rule=value), lambda: SpaceRule.choices),
        Filter(
            "origin",
            _("Origin"),
            origin,
            choices(("reported", _("reported by somebody")), ("found", _("found by a rule"))),
        ),
        Filter(
            "owner",
            _("Taken care of by"),
            owned,
            choices(("me", _("me")), ("nobody", pgettext_lazy("empty space", "nobody"))),
        ),
        Filter("since", _("Since"), lambda rows, value: rows.filter(first_seen_on__gte=value), kind="date"),
    ]


def _search(rows: Rows, text: str) -> Rows:
    known = SearchEntry.objects.filter(kind=Kind.EMPTY_SPACE, title_folded__contains=fold(text))
    return rows.filter(pk__in=known.values("object_id"))


@requires(Right.READ)
def space_page(request: PageRequest, space_id: int) -> HttpResponse:
    """One empty space: between whom, what shows it, who said so, what becomes of it."""
    space = get_object_or_404(EmptySpace.objects.select_related("owner"), pk=space_id)
    if space.merged_into_id:
        return redirect("org:empty-space-show", space.merged_into_id)
    now = clock.now()
    names = Names(clock.today(now))
    person = person_of(request.user)
    shared = discussion(request.user, Kind.EMPTY_SPACE, space.pk, now)
    reports = list(space.reports.select_related("reported_by")[:50])
    return render(
        request,
        "org/empty_space.html",
        {
            "space": space,
            "discussion": shared,
            "proposal": ProposalForm(),
            "title": title_of(space),
            "between": names.between(space),
            "proof": proof_of(space),
            "subject": _subject(space),
            "parts": space.evidence.get("parts", []),
            "tone": SPACE_TONES[space.state],
            "reports": reports,
            "others": max(0, space.report_count - len(reports)),
            "has_reported": any(report.reported_by_id == request.user.pk for report in reports),
            "person": person,
            "may_work": may_work_on(request.user, space, person),
            "may_edit": may(request.user, Right.EDIT_ORGANISATION),
            "may_raise": may(request.user, Right.PRODUCT_OPS),
            "is_mine": bool(person and space.owner_id == person.pk),
            "is_settled": space.state not in ACTIVE,
            "now": now,
        },
    )


def _subject(space: EmptySpace) -> dict[str, Any] | None:
    """What the rule looked at, when it still exists."""
    subject = space.evidence.get("subject")
    if not isinstance(subject, dict) or not (space.area_id or space.market_id):
        return None
    return subject
