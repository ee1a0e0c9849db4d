"""What people do to incidents: write them down, tell how they went, follow up until it is done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.actions import follow_ups as following
from vertebra.evidence.actions import incidents as actions
from vertebra.evidence.forms.incidents import (
    DropForm,
    FollowUpForm,
    IncidentForm,
    MomentForm,
    OwnerForm,
    PostMortemForm,
    WholeIncidentForm,
    local_now,
)
from vertebra.evidence.models import FollowUpAction, Incident
from vertebra.evidence.queries.incidents import may_change, may_close
from vertebra.kit import clock
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.org.empty_spaces import language_now

FORM = "evidence/incident_form.html"


def back_to(row: Incident) -> str:
    """The address of an incident."""
    return reverse("evidence:incident-show", args=(row.pk,))


def _to_change(request: PageRequest, incident_id: int) -> Incident:
    """An incident that whoever asks may change; for others it has no such page."""
    row = get_object_or_404(Incident, pk=incident_id)
    if not may_change(request.user, row):
        raise Http404
    return row


def _to_close(request: PageRequest, follow_up_id: int) -> FollowUpAction:
    row = get_object_or_404(FollowUpAction.objects.select_related("incident"), pk=follow_up_id)
    if not may_close(request.user, row):
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def incident_create(request: PageRequest) -> HttpResponseBase:
    """Write an incident down in a minute."""
    form = IncidentForm(request.POST or None, initial={"started_at": local_now(clock.now())})

    def act() -> Incident:
        values = actions.IncidentValues(language=language_now(), **form.values())
        return actions.record_incident(actor=request.user, values=values, now=clock.now())

    return asked_in_form(
        request, form, act,
        {
            "template": FORM,
            "heading": _("Write an incident down"),
            "intro": _("A title is enough: the rest can be completed on its page while it is going on."),
            "submit_label": _("Write it down"),
            "cancel_url": reverse("evidence:incident-list"),
            "done": back_to,
            "draft": "incident",
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def incident_edit(request: PageRequest, incident_id: int) -> HttpResponseBase:
    """Change what is said of an incident."""
    row = _to_change(request, incident_id)
    names = ("title", "severity", "started_at", "detected_at", "told_at", "resolved_at", "manager", "summary")
    initial: dict[str, Any] = {name: getattr(row, name) for name in names} | {
        "of_unit": row.of_unit_id,
        "systems": ", ".join(row.systems),
        "area": row.areas.values_list("pk", flat=True).first(),
        "markets": row.markets.all(),
    }
    form = WholeIncidentForm(request.POST or None, today=clock.today(), initial=initial)
    return asked_in_form(
        request, form,
        lambda: actions.change_incident(actor=request.user, incident=row, now=clock.now(), **form.values()),
        {
            "template": FORM,
            "heading": _("Change the incident"),
            "incident": row,
            "cancel_url": back_to(row),
            "done": back_to(row),
        },
    )  # fmt: skip


def _with(
    request: PageRequest, form: Any, act: Callable[[dict[str, Any]], object], text: str, url: str
) -> HttpResponse:
    """Do what a small form asks; what is wrong with it is said on the page it came from."""
    if not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}: {' '.join(errors)}" if label else " ".join(errors))
        return HttpResponseRedirect(url)
    return did(request, lambda: act(form.cleaned_data), text, url)


@require_POST
@requires(Right.TAKE_PART)
def moment_create(request: PageRequest, incident_id: int) -> HttpResponse:
    """Add a line to the timeline."""
    row = _to_change(request, incident_id)
    return _with(
        request, MomentForm(request.POST),
        lambda given: actions.add_moment(actor=request.user, incident=row, now=clock.now(), **given),
        _("Noted."), f"{back_to(row)}#timeline",
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def post_mortem(request: PageRequest, incident_id: int) -> HttpResponse:
    """Write down what was learnt."""
    row = _to_change(request, incident_id)
    return _with(
        request, PostMortemForm(request.POST),
        lambda given: actions.hold_post_mortem(actor=request.user, incident=row, now=clock.now(), **given),
        _("What was learnt is kept with the incident."), f"{back_to(row)}#post-mortem",
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def incident_archiving(request: PageRequest, incident_id: int) -> HttpResponse:
    """Take an incident out of lists and figures, or bring it back."""
    row = get_object_or_404(Incident, pk=incident_id)
    is_archived = row.archived_at is None
    text = _("Out of lists and figures.") if is_archived else _("Back in lists and figures.")
    return did(
        request,
        lambda: actions.archive_incident(
            actor=request.user, incident=row, is_archived=is_archived, now=clock.now()
        ),
        text,
        back_to(row),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def incident_marking(request: PageRequest, incident_id: int) -> HttpResponse:
    """Mark an incident on the lines of metrics."""
    row = get_object_or_404(Incident, pk=incident_id)
    return did(
        request,
        lambda: actions.mark_incident(actor=request.user, incident=row, now=clock.now()),
        _("Marked on the lines of metrics."),
        back_to(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def follow_up_create(request: PageRequest, incident_id: int) -> HttpResponse:
    """Add something to do after an incident."""
    row = _to_change(request, incident_id)
    return _with(
        request, FollowUpForm(request.POST),
        lambda given: following.add_follow_up(actor=request.user, incident=row, now=clock.now(), **given),
        _("Added: its owner sees it on their home page when it is overdue."), f"{back_to(row)}#follow-ups",
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def follow_up_done(request: PageRequest, follow_up_id: int) -> HttpResponse:
    """Say that a follow-up is done."""
    row = _to_close(request, follow_up_id)
    now = clock.now()
    return did(
        request,
        lambda: following.finish_follow_up(
            actor=request.user, follow_up=row, done_on=clock.today(now), now=now
        ),
        _("Done."),
        f"{back_to(row.incident)}#follow-ups",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def follow_up_drop(request: PageRequest, follow_up_id: int) -> HttpResponseBase:
    """Say that a follow-up will not be done, and why."""
    row = _to_close(request, follow_up_id)
    form = DropForm(request.POST or None)
    now = clock.now()
    return asked_in_form(
        request, form,
        lambda: following.drop_follow_up(
            actor=request.user, follow_up=row, dropped_on=clock.today(now), now=now, **form.cleaned_data
        ),
        _about(row, _("Drop “%(title)s”") % {"title": row.title}, _("Drop it, with the reason")),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def follow_up_edit(request: PageRequest, follow_up_id: int) -> HttpResponseBase:
    """Give a follow-up to somebody else, or another day."""
    row = _to_close(request, follow_up_id)
    form = OwnerForm(request.POST or None, initial={"owner": row.owner, "due_on": row.due_on})
    return asked_in_form(
        request, form,
        lambda: following.change_follow_up(
            actor=request.user, follow_up=row, now=clock.now(), **form.cleaned_data
        ),
        _about(row, row.title, _("Save")),
    )  # fmt: skip


def _about(row: FollowUpAction, heading: str, submit: str) -> dict[str, Any]:
    url = f"{back_to(row.incident)}#follow-ups"
    return {
        "template": FORM,
        "heading": heading,
        "incident": row.incident,
        "submit_label": submit,
        "cancel_url": url,
        "done": url,
    }
