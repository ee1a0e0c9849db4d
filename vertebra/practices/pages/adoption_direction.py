"""The director's page: the practices that a unit carries, which of its teams ask for help, what is due."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.practices.labels.practices import TO_REOPEN
from vertebra.practices.pages.adoption_due import due_words
from vertebra.practices.queries.adoption import Sight
from vertebra.practices.queries.adoption_desk import Due, desk_of
from vertebra.practices.queries.rights import may_change


@require_GET
@requires(Right.READ)
def direction(request: PageRequest) -> HttpResponseBase:
    """Show a director the ways of working of their unit; anyone may look at any, it holds nothing that is closed."""
    day = clock.today()
    sight = Sight.of(request.user, day, day)
    structure = sight.facts.structure
    own = [node for unit in sight.directed if (node := structure.get(unit))]
    asked = structure.get(whole_number(request.GET.get("unit", "")))
    unit = asked or (own[0] if own else None)
    choices = [node for node in structure.all() if not node.kind.is_team and node.children and node.depth < 3]
    desk = desk_of(sight, unit, day) if unit else None
    context = {
        "unit": unit,
        "own": own,
        "choices": choices[:60],
        "desk": desk,
        "due": [(one, due_words(one), _reopens(request, one)) for one in desk.due] if desk else [],
        "carried": [one for one in desk.carried if one.is_carried_here] if desk else [],
        "lived": [one for one in desk.carried if not one.is_carried_here] if desk else [],
    }
    return render(request, "practices/direction.html", context)


def _reopens(request: PageRequest, one: Due) -> bool:
    """Whether this reader may open again what so many do otherwise."""
    return one.code == "reopen" and one.practice.state in TO_REOPEN and may_change(request.user, one.practice)
