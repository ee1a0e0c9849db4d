"""The questions that readers asked of a release, without names: those that ask the same made one, answered for all."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.pages.frame import do
from vertebra.releases.actions.questions import merge_questions
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import found
from vertebra.releases.queries.rights import Roles, is_of_team, may_change

MOST = 100


def _answerable(request: PageRequest, release_id: int) -> Release:
    """The release, if this person answers what is asked of it."""
    row = found(release_id)
    may_answer = may_change(request.user, row) or Roles(request.user, clock.today()).trades
    if not (may_answer or is_of_team(request.user, row)):
        raise PermissionDenied
    return row


@require_GET
@requires(Right.TAKE_PART)
def release_questions(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show what is asked of a release: what waits first, then what is answered."""
    row = _answerable(request, release_id)
    rows = list(row.questions.filter(archived_at=None).prefetch_related("merged")[:MOST])
    context = {
        "row": row,
        "waiting": [one for one in rows if one.answered_at is None],
        "answered": [one for one in rows if one.answered_at],
    }
    return render(request, "releases/release_questions.html", context)


@require_POST
@requires(Right.TAKE_PART)
def release_merging(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Make one of the questions that are ticked."""
    row = _answerable(request, release_id)
    ticked = [whole_number(str(one)) for one in request.POST.getlist("questions")[:MOST]]
    return do(
        request,
        lambda: merge_questions(
            actor=request.user, release=row, numbers=[one for one in ticked if one], now=clock.now()
        ),
        _("They are one question now: one answer, told to whoever asked any of them."),
        reverse("releases:release-questions", args=(row.pk,)),
    )
