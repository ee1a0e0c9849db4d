"""My lessons: what I was given, what I took, the paths I am on; read by myself alone."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.learning.queries.mine import MOST, lessons_given, paths_of, taken
from vertebra.org.empty_spaces import person_of


@require_GET
@requires(Right.READ)
def mine(request: PageRequest) -> HttpResponseBase:
    """Show what waits for me, what I took, the paths I am on."""
    person = person_of(request.user)
    given = lessons_given(person) if person else []
    to_take = [one for one in given if not one.is_done and one.is_current]
    waiting = {one.lesson.pk for one in to_take}
    taken_once = [one for one in taken(person) if one.version.lesson_id not in waiting] if person else []
    context = {
        "person": person,
        "today": clock.today(),
        "to_take": to_take,
        "resting": [one for one in given if not one.is_current and not one.took_before],
        "taken": taken_once[:MOST],
        "paths": paths_of(person) if person else [],
    }
    return render(request, "learning/mine.html", context)
