"""The steps of a practice: tried by a team, proposed, validated, announced to units, retired, put away."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import language_now
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.org.queries.structure import Node, Structure
from vertebra.practices.actions import life as actions
from vertebra.practices.actions import practices, reach
from vertebra.practices.forms.life import (
    LearntForm,
    ReachForm,
    ReopenForm,
    RetireForm,
    TrialForm,
    ValidationForm,
)
from vertebra.practices.models import Practice, PracticeReach, Trial
from vertebra.practices.pages.frame import FORM_PAGE, announceable, changeable, found, page_of
from vertebra.practices.queries.reach import window_after
from vertebra.practices.queries.rights import is_of_team, may_change, teams_of, validator_of
from vertebra.practices.queries.texts import versions_of
from vertebra.practices.queries.time_asked import displaced_lines


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def trial_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Try a practice with one's team; whoever builds it may note it for any team."""
    row = found(practice_id)
    now = clock.now()
    teams = _teams(request.user, row, clock.today(now))
    asked = whole_number(request.GET.get("unit", ""))
    form = TrialForm(
        request.POST or None,
        teams=teams,
        initial={"unit": asked or (teams[0].id if len(teams) == 1 else None)},
    )
    ask = Ask(
        form=form,
        act=lambda given: actions.start_trial(
            actor=request.user, practice=row, unit=given["unit"], language=language_now(), now=now
        ),
        heading=_("Try it with a team"),
        submit=_("Try it"),
        done=_("%(name)s: the team tries it. When it ends, say what it learnt."),
        cancel_url=page_of(row),
        back=lambda _entry: f"{page_of(row)}#trials",
        intro=_(
            "No permission is needed: a team tries what it wants. Going further than the teams that try needs a validation."
        )
        if teams
        else _("You are in no team of the directory: ask somebody of the team that tries it."),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


def _teams(user: User, row: Practice, day: dt.date) -> list[Node]:
    """The teams for which somebody may note a trial: their own, or all for those who build it or keep the directory."""
    structure = Structure.as_of(day, with_members=False)
    return structure.all() if may(user, Right.EDIT_ORGANISATION) else teams_of(user, row, structure)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def trial_end(request: PageRequest, trial_id: int) -> HttpResponseBase:
    """End a trial with what the team learnt."""
    trial = get_object_or_404(Trial.objects.select_related("practice"), pk=trial_id)
    row = trial.practice
    structure = Structure.as_of(clock.today(), with_members=False)
    if not may_change(request.user, row) and not is_of_team(request.user, trial.unit_id, structure):
        raise PermissionDenied
    ask = Ask(
        form=LearntForm(request.POST or None),
        act=lambda given: actions.end_trial(
            actor=request.user, trial=trial, learnt=given["learnt"], now=clock.now()
        ),
        heading=_("End the trial"),
        submit=_("End it"),
        done=_("%(name)s: noted. The next team begins from there."),
        cancel_url=page_of(row),
        back=lambda _entry: f"{page_of(row)}#trials",
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_POST
@requires(Right.TAKE_PART)
def proposal(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Put a practice before everyone."""
    row = changeable(request, practice_id)
    return do(
        request,
        lambda: actions.propose_practice(actor=request.user, practice=row, now=clock.now()),
        _("%(name)s is proposed: anyone may change it, support it, object."),
        page_of(row),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def validation(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Validate a practice under one's own name."""
    row = found(practice_id)
    person = validator_of(request.user, row, clock.today())
    if person is None:
        messages.info(
            request,
            _("A director, or whoever carries it outside Product Ops, validates it under their own name."),
        )
        return redirect(page_of(row))
    ask = Ask(
        form=ValidationForm(request.POST or None),
        act=lambda given: actions.validate_practice(
            actor=request.user, practice=row, words=given["words"], now=clock.now()
        ),
        heading=_("Validate it"),
        submit=_("Validate under my name"),
        done=_("%(name)s is validated: it may now hold beyond the teams that tried it."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("You say, as %(name)s, that it may go beyond the teams that tried it.")
        % {"name": person.name},
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def reach_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Say for whom a practice is a standard, recommended or free."""
    now = clock.now()
    day = clock.today(now)
    row = announceable(request, practice_id, day)
    structure = Structure.as_of(day, with_members=False)
    asked = request.GET.get("unit", "")[:300]
    form = ReachForm(
        request.POST or None, structure=structure, first=window_after(day), initial={"unit": asked}
    )
    node = structure.get(form.place(request.POST.get("unit", asked)))
    lines = displaced_lines(versions_of(row).read, node.id if node else None, day, structure)
    if not any(one.told.too_much for one in lines):
        form.ask_no_signature()
    ask = Ask(
        form=form,
        act=lambda given: reach.set_reach(actor=request.user, practice=row, now=now, **given),
        heading=_("For whom is it what?"),
        submit=_("Say so"),
        done=_("%(name)s: said. Those concerned are told, and may object until that day."),
        cancel_url=page_of(row),
        back=lambda _entry: f"{page_of(row)}#reach",
        intro=_("What is said of a unit holds for all under it that say nothing else."),
        template="practices/reach_form.html",
    )
    return answer(request, ask, row=row, displaced=lines, place_name=node.name if node else "")


@require_POST
@requires(Right.TAKE_PART)
def reach_withdrawal(request: PageRequest, reach_id: int) -> HttpResponseBase:
    """Take an announcement back."""
    held = get_object_or_404(PracticeReach.objects.all_time(), pk=reach_id)
    row = announceable(request, held.practice_id, clock.today())
    return do(
        request,
        lambda: reach.withdraw_reach(actor=request.user, reach=held, now=clock.now()),
        _("%(name)s: the announcement is taken back."),
        f"{page_of(row)}#reach",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def reopening(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Build a practice together anew: those who build it may, and Product Ops."""
    row = changeable(request, practice_id)
    ask = Ask(
        form=ReopenForm(request.POST or None),
        act=lambda given: actions.reopen_practice(
            actor=request.user, practice=row, reason=given["reason"], now=clock.now()
        ),
        heading=_("Open it again"),
        submit=_("Open it again"),
        done=_("%(name)s is built together again."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("Where it holds it goes on; what is announced is taken back. It is validated again before it goes further."),
        template=FORM_PAGE,
    )  # fmt: skip
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def retirement(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Retire a practice."""
    row = changeable(request, practice_id)
    ask = Ask(
        form=RetireForm(request.POST or None),
        act=lambda given: actions.retire_practice(
            actor=request.user, practice=row, reason=given["reason"], now=clock.now()
        ),
        heading=_("Retire it"),
        submit=_("Retire it"),
        done=_("%(name)s is retired; those who lived it are told why."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_POST
@requires(Right.TAKE_PART)
def resumption(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Take up again what was retired."""
    row = changeable(request, practice_id)
    return do(
        request,
        lambda: actions.resume_practice(actor=request.user, practice=row, now=clock.now()),
        _("%(name)s is taken up again: it is built together anew."),
        page_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def archiving(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Take a practice out of the lists."""
    row = changeable(request, practice_id)
    return do(
        request,
        lambda: practices.archive_practice(actor=request.user, practice=row, now=clock.now()),
        _("%(name)s is archived."),
        reverse("practices:practice-list") if not row.archived_at else page_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def restoration(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Bring a practice back that was put away."""
    row = changeable(request, practice_id)
    return do(
        request,
        lambda: practices.restore_practice(actor=request.user, practice=row, now=clock.now()),
        _("%(name)s is back."),
        page_of(row),
    )
