"""Where a practice has the flow of work looked at, and why (list PANELS)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.actions.flow import close_flow
from vertebra.kit import clock
from vertebra.kit.cards import Panel
from vertebra.kit.numbers import whole_number
from vertebra.org.models import Unit
from vertebra.org.pages.frame import do
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.flow import look_at_flow
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice
from vertebra.practices.pages.frame import changeable, found, page_of
from vertebra.practices.queries.checks import is_built_together
from vertebra.practices.queries.flow import flow_openings, units_to_look_at
from vertebra.practices.queries.rights import may_change

WHOLE = "all"
MOST_UNITS = 40


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a practice that tells where it has flow looked at."""
    if kind != Kind.PRACTICE:
        return None
    return Panel("flow", _("How work flows"), reverse("practices:practice-flow", args=(object_id,)))


@require_GET
@requires(Right.READ)
def practice_flow(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show where a practice has flow looked at; those who build it ask for it, unit by unit."""
    row, day = found(practice_id), clock.today()
    structure = Structure.as_of(day, with_members=False)
    openings = list(flow_openings(row))
    is_open = row.archived_at is None and row.state != PracticeState.RETIRED
    may_ask = is_open and may_change(request.user, row)
    asked = {one.unit_id for one in openings}
    units = [unit for unit in units_to_look_at(row, day) if unit not in asked] if may_ask else []
    context = {
        "row": row,
        "openings": [(one, structure.get(one.unit_id)) for one in openings],
        "may_ask": may_ask,
        "may_close": may_change(request.user, row),
        "is_built_together": is_built_together(row),
        "is_whole": None in units,
        "units": [node for unit in units if (node := structure.get(unit))][:MOST_UNITS],
        "whole": WHOLE,
    }
    return render(request, "practices/practice_flow.html", context)


@require_POST
@requires(Right.TAKE_PART)
def flow_opening(request: PageRequest, practice_id: int) -> HttpResponse:
    """Have flow looked at for one unit, or the whole company."""
    row = changeable(request, practice_id)
    wanted = request.POST.get("unit", "")
    unit = None if wanted == WHOLE else get_object_or_404(Unit, pk=whole_number(wanted) or 0)
    back = f"{page_of(row)}#flow"
    try:
        look_at_flow(
            actor=request.user, practice=row, unit=unit, why=request.POST.get("why", ""), now=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Flow is looked at from now on: a team reads its own figures two weeks before anyone else."),
        )
    return HttpResponseRedirect(back)


@require_POST
@requires(Right.TAKE_PART)
def flow_closing(request: PageRequest, practice_id: int) -> HttpResponse:
    """Have flow looked at no longer because of this practice."""
    row: Practice = changeable(request, practice_id)
    opening = get_object_or_404(flow_openings(row), pk=whole_number(request.POST.get("opening", "")) or 0)
    return do(
        request,
        lambda: close_flow(actor=request.user, opening=opening, now=clock.now()),
        _("%(name)s: flow is looked at no longer because of this practice."),
        f"{page_of(row)}#flow",
    )
