"""What changed in the organisation between two days."""

import datetime as dt
from collections.abc import Iterator

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit.tables import table_response
from vertebra.org.forms.fields import read_day
from vertebra.org.pages.frame import day_of, frame
from vertebra.org.queries.changes import Change, Changes, changes_between

SHOWN = 50
USUAL = dt.timedelta(days=30)
# Title of the section, of its columns "before" and "after", for each thing that can happen.
SECTIONS = {
    "unit_created": (_("Units created"), "", _("Inside")),
    "unit_closed": (_("Units closed"), _("Inside"), ""),
    "unit_renamed": (_("Units renamed"), _("Before"), _("After")),
    "unit_moved": (_("Units moved"), _("From"), _("To")),
    "unit_kind": (_("Units of another kind"), _("Before"), _("After")),
    "person_joined": (_("People who joined"), "", _("Job title")),
    "person_left": (_("People who left"), _("Job title"), ""),
    "person_moved": (_("People who changed units"), _("From"), _("To")),
    "person_placed": (_("People in one more unit"), "", _("Unit")),
    "person_function": (_("People who changed function"), _("Before"), _("After")),
    "mandate_given": (_("Mandates given"), _("Role"), _("For")),
    "mandate_ended": (_("Mandates ended"), _("Role"), _("For")),
    "ownership_given": (_("Now taken care of"), "", _("What")),
    "ownership_ended": (_("No longer taken care of by them"), "", _("What")),
    "area_created": (_("Areas created"), "", ""),
    "area_renamed": (_("Areas renamed"), _("Before"), _("After")),
    "area_closed": (_("Areas closed"), "", ""),
}


@require_GET
@requires(Right.READ)
def change_list(request: PageRequest) -> HttpResponseBase:
    """Compare two days: `?from=` and `?to=`; the last thirty days when none is given."""
    day = day_of(request)
    second = read_day(request.GET.get("to", "")) or day.date
    first = read_day(request.GET.get("from", "")) or second - USUAL
    if first > second:
        first, second = second, first
    found = changes_between(first, second)
    if request.GET.get("format") in {"csv", "xlsx"}:
        header = [
            str(title)
            for title in (
                pgettext_lazy("what happened", "Change"),
                _("Name"),
                _("Before"),
                _("After"),
                _("On"),
            )
        ]
        name = f"changes-{first.isoformat()}-{second.isoformat()}"
        return table_response(name, request.GET["format"], header, _cells(found))
    context = {
        **frame(request, day, "changes"),
        "first": first,
        "second": second,
        "sections": _sections(found),
        "counts": {what: len(found.of(what)) for what in SECTIONS},
        "shown_at_most": SHOWN,
        "units_changed": len({change.id for change in _of_units(found)}),
    }
    return render(request, "org/changes.html", context)


def _sections(found: Changes) -> list[dict[str, object]]:
    """One table for each thing that happened."""
    return [
        {
            "what": what,
            "title": title,
            # As words: each is written once for every row.
            "before": str(before),
            "after": str(after),
            "has_day": any(change.on for change in found.of(what)),
            "count": len(found.of(what)),
            "changes": found.of(what)[:SHOWN],
        }
        for what, (title, before, after) in SECTIONS.items()
        if found.of(what)
    ]


def _of_units(found: Changes) -> list[Change]:
    return found.of("unit_created", "unit_closed", "unit_renamed", "unit_moved", "unit_kind")


def _cells(found: Changes) -> Iterator[list[object]]:
    for what, (title, _before, _after) in SECTIONS.items():
        for change in found.of(what):
            yield [str(title), change.name, change.before, change.after, change.on]
