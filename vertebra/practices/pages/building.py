"""Building a practice together: what people bring, what becomes of it, who its co-authors are."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now, person_of
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.practices.actions import contributions as actions
from vertebra.practices.forms.life import AnswerForm, CoAuthorForm, ContributionForm
from vertebra.practices.labels.practices import ContributionKind
from vertebra.practices.models import CoAuthor, Contribution
from vertebra.practices.pages.frame import FORM_PAGE, changeable, found, page_of
from vertebra.practices.queries.rights import may_change
from vertebra.roadmap.pages.table_frame import ask


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def contribution_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Bring a change, an objection or support: one choice, one sentence."""
    row = found(practice_id)
    kind = request.GET.get("kind", "")
    form = ContributionForm(request.POST or None, initial={"kind": kind} if kind in ContributionKind else {})

    def bring(given: dict[str, Any]) -> str:
        actions.contribute(
            actor=request.user, practice=row, person=person_of(request.user), language=language_now(),
            now=clock.now(), **given,
        )  # fmt: skip
        return f"{page_of(row)}#contributions"

    return ask(
        request, form, bring, heading=_("Take part"), submit=_("Bring it"),
        done=_("Noted under your name. You are told what becomes of it."), cancel_url=page_of(row),
        template=FORM_PAGE, row=row,
        intro=_("One choice and one sentence. An objection is answered before anything is validated."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def contribution_answer(request: PageRequest, contribution_id: int) -> HttpResponseBase:
    """Answer what somebody brought."""
    held = get_object_or_404(Contribution.objects.select_related("practice", "person"), pk=contribution_id)
    row = held.practice
    if not may_change(request.user, row):
        raise PermissionDenied
    initial: dict[str, Any] = {"answer": held.answer}
    if held.is_taken_up is not None:
        initial["is_taken_up"] = "yes" if held.is_taken_up else "no"
    wanted = Ask(
        form=AnswerForm(request.POST or None, initial=initial),
        act=lambda given: actions.answer_contribution(
            actor=request.user, contribution=held, person=person_of(request.user), now=clock.now(), **given
        ),
        heading=_("What becomes of it?"),
        submit=_("Answer"),
        done=_("%(name)s: answered."),
        cancel_url=page_of(row),
        back=lambda _entry: f"{page_of(row)}#contributions",
        intro=_("%(who)s: %(words)s")
        % {"who": held.person.name if held.person else _("Somebody"), "words": held.words},
        template=FORM_PAGE,
    )
    return answer(request, wanted, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def co_author_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Name a co-author."""
    row = changeable(request, practice_id)
    wanted = Ask(
        form=CoAuthorForm(request.POST or None),
        act=lambda given: actions.add_co_author(
            actor=request.user, practice=row, person=given["person"], now=clock.now()
        ),
        heading=_("Name a co-author"),
        submit=_("Name them"),
        done=_("%(name)s: they build it with you."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("Whoever builds it writes it too, and answers what is brought."),
        template=FORM_PAGE,
    )
    return answer(request, wanted, row=row)


@require_POST
@requires(Right.TAKE_PART)
def co_author_removal(request: PageRequest, co_author_id: int) -> HttpResponseBase:
    """Take a co-author away."""
    held = get_object_or_404(CoAuthor.objects.select_related("practice", "person"), pk=co_author_id)
    row = held.practice
    if not may_change(request.user, row):
        raise PermissionDenied
    return do(
        request,
        lambda: actions.remove_co_author(actor=request.user, co_author=held, now=clock.now()),
        _("%(name)s: they are no co-author any more."),
        page_of(row),
    )
