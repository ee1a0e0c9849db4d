"""The list of ways of working: which there are, where each stands, what it is for whom."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import language_now, parent_units
from vertebra.org.models import Field, Person
from vertebra.org.pages.frame import base
from vertebra.practices.labels.practices import REACH_TONES, STATE_TONES, PracticeState, Reach
from vertebra.practices.models import Practice
from vertebra.practices.queries.listing import ORDER, WAITING, counts, in_unit, practices
from vertebra.practices.queries.reach import Reaches, reach_of
from vertebra.practices.queries.texts import with_names
from vertebra.practices.shipped import shipped_practices

PAGE = "practices"
MOST_CHOICES = 80
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def practice_list(request: PageRequest) -> HttpResponseBase:
    """List the ways of working."""
    day = clock.today()
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = practices(day)
    listing = _list(day).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    known = reach_of([row.pk for row in listing.rows], day)
    with_names(listing.rows)
    for row in listing.rows:
        row.tone = STATE_TONES[row.state]
        row.said = places(row, known)
    context = {
        "listing": listing,
        "practice_base": base("practices:practice-show"),
        "counts": counts(day),
        "shipped_count": len(shipped_practices(language_now())),
        "may_register": may(request.user, Right.EDIT_ORGANISATION),
        "may_import": may(request.user, Right.IMPORT),
    }
    return render(request, "practices/practice_list.html", context)


def places(row: Practice, known: Reaches) -> list[dict[str, Any]]:
    """What a practice is for whom today, in words."""
    return [
        {
            "reach": Reach(one.reach).label,
            "tone": REACH_TONES[one.reach],
            "unit": _unit_name(one.unit_id, known),
            "unit_id": one.unit_id,
        }
        for one in known.of(row.pk)
    ]


def _unit_name(unit_id: int | None, known: Reaches) -> str:
    if unit_id is None:
        return _("the whole company")
    node = known.structure.get(unit_id)
    return node.name if node else _("a unit of the past")


def _list(day: dt.date) -> ListOf:
    def searched(rows: Rows, text: str) -> Rows:
        known = SearchEntry.objects.filter(kind=Kind.PRACTICE, title_folded__contains=fold(text))
        return rows.filter(pk__in=known.values("object_id"))

    def reach_words(row: Any) -> str:
        said = places(row, reach_of([row.pk], day))
        return "; ".join(f"{one['reach']}: {one['unit']}" for one in said)

    return ListOf(
        page=PAGE,
        file_name="practices",
        columns=[
            Column("name", gettext_lazy("Practice"), lambda row: row.name, sort="name"),
            Column(
                "state", gettext_lazy("State"), lambda row: PracticeState(row.state).label, sort="state_order"
            ),
            Column("reach", gettext_lazy("For whom"), reach_words),
            Column("carrier", pgettext_lazy("a practice", "Carried by"), lambda row: row.carrier.name if row.carrier else ""),
            Column("trials", gettext_lazy("Teams trying it"), lambda row: row.trial_count, sort="trial_count", is_numeric=True),
            Column("review", gettext_lazy("Review on"), lambda row: row.next_review_on),
            Column("field", gettext_lazy("Field of action"), lambda row: row.field.name if row.field else "", is_optional=True),
            Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at", is_optional=True),
        ],
        filters=_filters(day),
        search=searched,
        sort="name",
    )  # fmt: skip


def _filters(day: dt.date) -> list[Filter]:
    def stands(rows: Rows, value: str) -> Rows:
        if value == "waiting":
            return rows.filter(state__in=WAITING)
        return rows.filter(state=value) if value in ORDER else rows

    def reaches(rows: Rows, value: str) -> Rows:
        return rows.filter(**{{"standard": "is_standard"}.get(value, "is_recommended"): True})

    def tried(rows: Rows, _value: str) -> Rows:
        return rows.filter(trial_count__gt=0)

    def carried(rows: Rows, value: str) -> Rows:
        return rows.filter(carrier=None) if value == "none" else rows.filter(carrier=whole_number(value) or 0)

    return [
        Filter(
            "state", pgettext_lazy("practice", "State"), stands,
            lambda: [("waiting", gettext_lazy("waits for validation")), *PracticeState.choices],
        ),
        Filter(
            "reach", gettext_lazy("What it is somewhere"), reaches,
            lambda: [(one.value, one.label) for one in (Reach.STANDARD, Reach.RECOMMENDED)],
        ),
        Filter("trial", gettext_lazy("On trial"), tried, lambda: [("yes", gettext_lazy("a team tries it now"))]),
        Filter(
            "unit", gettext_lazy("For the unit"),
            lambda rows, value: in_unit(rows, whole_number(value) or 0, day),
            lambda: parent_units(day, MOST_CHOICES),
        ),
        Filter("carrier", pgettext_lazy("a practice", "Carried by"), carried, _carriers),
        Filter(
            "field", gettext_lazy("Field of action"), lambda rows, value: rows.filter(field=whole_number(value) or 0),
            lambda: [(str(pk), name) for pk, name in Field.objects.values_list("pk", "name")],
        ),
    ]  # fmt: skip


def _carriers() -> list[tuple[str, Any]]:
    people = Person.objects.filter(pk__in=Practice.objects.filter(archived_at=None).values("carrier"))
    named = [(str(pk), name) for pk, name in people.order_by("name").values_list("pk", "name")[:MOST_CHOICES]]
    return [("none", gettext_lazy("nobody yet")), *named]
