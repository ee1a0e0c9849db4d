"""To whom lessons and paths are given, and how teams of five or more took them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.analysis.privacy import FEWEST
from vertebra.kit import clock
from vertebra.kit.tables import table_response
from vertebra.learning.actions import assigning as actions
from vertebra.learning.forms.lessons import GiveForm
from vertebra.learning.models import Assignment
from vertebra.learning.pages.frame import FORM_PAGE, found, found_path, page_of, path_page_of
from vertebra.learning.queries.completion import of_own_teams, taken_by_team
from vertebra.learning.queries.lessons import sees_how_taken, versions_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, base, do


@require_GET
@requires(Right.READ)
def lesson_people(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Show to whom a lesson is given, and how it was taken: to those who keep it true team by team, else of one's own."""
    row = found(lesson_id)
    known = versions_of(row)
    day = clock.today()
    taken = taken_by_team(row, known.latest, day)
    if not (sees_all := sees_how_taken(request.user, row)):
        taken = of_own_teams(taken, person_of(request.user), day)
    if (form := request.GET.get("format")) in {"csv", "xlsx"}:
        header = (_("Team"), _("Given to"), _("Took it, at least"))
        return table_response(
            "lesson", form, header, ((one.name, one.given, one.took) for one in taken.teams)
        )
    context = {
        "row": row,
        "known": known,
        "taken": taken,
        "sees_all": sees_all,
        "assignments": row.assignments.filter(ended_at=None).select_related("audience"),
        "fewest": FEWEST,
        "unit_base": base("org:unit-show"),
        "may_write": may(request.user, Right.EDIT_ORGANISATION) and row.archived_at is None,
    }
    return render(request, "learning/lesson_people.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def lesson_giving(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Give a lesson to an audience or a mandate."""
    row = found(lesson_id)
    return _give(
        request,
        lambda given: actions.give_lesson(actor=request.user, lesson=row, now=clock.now(), **given),
        reverse("learning:lesson-people", args=(row.pk,)),
        row=row,
    )


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def path_giving(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Give a path to an audience or a mandate."""
    row = found_path(path_id)
    return _give(
        request,
        lambda given: actions.give_path(actor=request.user, path=row, now=clock.now(), **given),
        path_page_of(row),
        path=row,
    )


def _give(
    request: PageRequest, act: Callable[[dict[str, Any]], AuditEntry], url: str, **context: Any
) -> HttpResponseBase:
    ask = Ask(
        form=GiveForm(request.POST or None),
        act=act,
        heading=_("To whom is it given?"),
        submit=_("Give it to them"),
        done=_("%(name)s is given: who comes in later is given it too."),
        cancel_url=url,
        back=lambda _entry: url,
        template=FORM_PAGE,
    )
    return answer(request, ask, **context)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def assignment_end(request: PageRequest, assignment_id: int) -> HttpResponseBase:
    """Give it to nobody more."""
    one = get_object_or_404(Assignment.objects.select_related("lesson", "path"), pk=assignment_id)
    url = page_of(one.lesson) if one.lesson else path_page_of(one.path) if one.path else ""
    return do(
        request,
        lambda: actions.stop_giving(actor=request.user, assignment=one, now=clock.now()),
        _("%(name)s is given to nobody more there; who was given it keeps it."),
        url,
    )
