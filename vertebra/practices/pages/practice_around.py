"""What came to a way of working: what is ready to use, the teams that try it, what was brought."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import CONTRIBUTION_TONES, PracticeState
from vertebra.practices.models import Practice, Template
from vertebra.practices.pages.frame import found
from vertebra.practices.queries.contributions import is_unanswered
from vertebra.practices.queries.rights import may_change, own_units
from vertebra.practices.queries.standards import TRIED
from vertebra.practices.queries.undertaken import initiatives_of

MOST_SHOWN = 200


@require_GET
@requires(Right.READ)
def practice_around(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show the templates of a practice, which initiatives carry it out, who tries it and what those that tried it learnt, what was brought to it."""
    row = found(practice_id)
    is_open = row.archived_at is None and row.state != PracticeState.RETIRED
    is_builder = may_change(request.user, row)
    context = {
        "row": row,
        "is_open": is_open,
        "can_change": is_builder and is_open,
        "is_tried": row.state in TRIED,
        "templates": _templates(row),
        "initiatives": list(initiatives_of(row.pk)[:MOST_SHOWN]),
        "trials": _trials(request, row, is_builder=is_builder),
        "contributions": _contributions(row),
    }
    return render(request, "practices/practice_around.html", context)


def _templates(row: Practice) -> list[Template]:
    """What is ready to use, in the reader's language first."""
    found = list(row.templates.filter(archived_at=None)[:MOST_SHOWN])
    return sorted(found, key=lambda one: one.language != language_now())


def _trials(request: PageRequest, row: Practice, *, is_builder: bool) -> list[dict[str, Any]]:
    """Which teams try it, and what those that tried it learnt."""
    structure = Structure.as_of(clock.today(), with_members=False)
    trials = list(row.trials.order_by("-starts_on", "-pk")[:MOST_SHOWN])
    own = own_units(request.user, structure) if trials and not is_builder else set[int]()
    return [
        {
            "row": one,
            "unit": node.name if (node := structure.get(one.unit_id)) else "",
            "may_end": one.ends_on is None and (is_builder or one.unit_id in own),
        }
        for one in trials
    ]


def _contributions(row: Practice) -> list[dict[str, Any]]:
    """What was brought, what waits for an answer first."""
    brought = list(
        row.contributions.select_related("person", "answered_by").order_by("-at", "-pk")[:MOST_SHOWN]
    )
    brought.sort(key=lambda one: not is_unanswered(one))
    return [{"row": one, "tone": CONTRIBUTION_TONES[one.kind]} for one in brought]
