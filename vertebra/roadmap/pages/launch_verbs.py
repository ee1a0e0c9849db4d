"""What one does in a launch: steps worked, stages over, the day moved, readiness said and asked, a stage taken on."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import do, refused
from vertebra.roadmap.actions import launches as actions
from vertebra.roadmap.actions.readiness import ask_readiness, say_readiness
from vertebra.roadmap.actions.stage_initiatives import take_on_stage
from vertebra.roadmap.forms.launches import DayForm, LaunchStepForm, ReadinessForm, StageForm
from vertebra.roadmap.models import Launch, LaunchStep
from vertebra.roadmap.pages.launches import launch_or_404, page_of
from vertebra.roadmap.pages.table_frame import act, ask
from vertebra.roadmap.queries.launches import domains_answered_by
from vertebra.roadmap.queries.rights import may_change


def _launch(request: PageRequest, launch_id: int) -> Launch:
    """The launch, if this person may change it."""
    launch = launch_or_404(launch_id)
    if not may_change(request.user, launch.initiative):
        raise PermissionDenied
    return launch


def _step(request: PageRequest, step_id: int) -> LaunchStep:
    """The step, if it is this person's or its launch is."""
    rows = LaunchStep.objects.select_related(
        "launch__initiative__lead", "launch__market", "launch__version", "owner"
    )
    step = get_object_or_404(rows, pk=step_id)
    person = person_of(request.user)
    is_mine = person is not None and step.owner_id == person.pk
    if not (is_mine or may_change(request.user, step.launch.initiative)):
        raise PermissionDenied
    return step


@require_POST
@requires(Right.TAKE_PART)
def step_state(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Start a step, say that it is done, not needed, or to do after all."""
    step = _step(request, step_id)
    form = DayForm(request.POST)
    day = form.cleaned_data["on"] if form.is_valid() else None
    return do(
        request,
        lambda: actions.move_step(
            actor=request.user, step=step, state=str(request.POST.get("state", "")), on=day, now=clock.now()
        ),
        _("Noted."),
        f"{page_of(step.launch)}#step-{step.pk}",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def step_edit(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Give a step to somebody else, move its days, note what it taught."""
    step = _step(request, step_id)
    names = ("owner", "starts_on", "due_on", "state", "started_on", "done_on", "note", "lesson")
    form = LaunchStepForm(request.POST or None, initial={name: getattr(step, name) for name in names})
    url = f"{page_of(step.launch)}#step-{step.pk}"

    def done(given: dict[str, Any]) -> str:
        actions.change_step(actor=request.user, step=step, changes=given, now=clock.now())
        return url

    return ask(
        request, form, done, heading=step.title, submit=_("Save"), done=_("Saved."), cancel_url=url,
        intro=step.step.details if step.step else "",
        section={"url": reverse("roadmap:launch-list"), "title": _("Launches")},
        crumb={"url": page_of(step.launch), "title": step.launch.initiative.title},
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def stage_ending(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Say of a whole stage when it began and when it was over."""
    launch = _launch(request, launch_id)
    form = StageForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(launch))
    return do(
        request,
        lambda: actions.complete_stage(
            actor=request.user, launch=launch, now=clock.now(), **form.cleaned_data
        ),
        _("Noted: this stage is over."),
        f"{page_of(launch)}#stages",
    )


@require_POST
@requires(Right.TAKE_PART)
def launching(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Say on which day the market was launched, or that it was not after all."""
    launch = _launch(request, launch_id)
    form = DayForm(request.POST)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or clock.today()
    is_undone = request.POST.get("undo") == "1"
    return do(
        request,
        lambda: actions.note_launch(
            actor=request.user, launch=launch, launched_on=None if is_undone else day, now=clock.now()
        ),
        _("Noted: it is not launched.") if is_undone else _("%(name)s: launched. Well done."),
        page_of(launch),
    )


@require_POST
@requires(Right.TAKE_PART)
def target(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Plan the launch for another day."""
    launch = _launch(request, launch_id)
    form = DayForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["on"]:
        return refused(request, form, page_of(launch))
    return do(
        request,
        lambda: actions.move_target(
            actor=request.user, launch=launch, target_on=form.cleaned_data["on"], now=clock.now()
        ),
        _("Moved: steps that have not begun move with it."),
        page_of(launch),
    )


@require_POST
@requires(Right.TAKE_PART)
def readiness(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Say whether a domain is ready: its owner, or who may change the launch."""
    launch = launch_or_404(launch_id)
    form = ReadinessForm(request.POST)
    url = f"{page_of(launch)}#readiness"
    person = person_of(request.user)
    given = form.cleaned_data if form.is_valid() else {}
    mine = {one.name for one in domains_answered_by(launch, person)} if person else set()
    if given.get("domain") not in mine and not may_change(request.user, launch.initiative):
        raise PermissionDenied
    if not form.is_valid():
        return refused(request, form, url)
    return do(
        request,
        lambda: say_readiness(actor=request.user, launch=launch, person=person, now=clock.now(), **given),
        _("Noted."),
        url,
    )


@require_POST
@requires(Right.TAKE_PART)
def readiness_asking(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Ask the owner of each silent domain, by mail."""
    launch = _launch(request, launch_id)
    return act(
        request,
        lambda: ask_readiness(actor=request.user, launch=launch, now=clock.now()),
        _("Asked: each of them gets one mail, and answers in two minutes."),
        f"{page_of(launch)}#readiness",
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def stage_undertaking(request: PageRequest) -> HttpResponse:
    """Make an initiative of the stage that costs most."""
    number = whole_number(str(request.POST.get("playbook", "")))
    try:
        row = take_on_stage(
            actor=request.user, playbook_id=number, stage=str(request.POST.get("stage", ""))[:80], now=clock.now()
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("roadmap:launch-list"))
    return HttpResponseRedirect(reverse("roadmap:initiative-show", args=(row.pk,)))
