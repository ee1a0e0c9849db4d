"""One person of a campaign: where they stand, their date, what they propose; and what one does about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.discovery.actions import plans
from vertebra.discovery.actions.hearing import can_be_written_to, event_of
from vertebra.discovery.actions.invitations import Invitation, hand_link, invite_people
from vertebra.discovery.forms.invitations import DateForm
from vertebra.discovery.labels import STAND_TONES, InterviewState, InviteState
from vertebra.discovery.models import Interview, ToHear
from vertebra.discovery.pages.campaigns import MADE
from vertebra.discovery.queries.coverage import latest_heard
from vertebra.discovery.queries.hearing import free_moments, talk_of, with_stands
from vertebra.kit import clock
from vertebra.kit.calendars import calendar_file
from vertebra.org.pages.frame import do
from vertebra.org.queries.structure import Structure


def of_person(view: Callable[..., HttpResponseBase]) -> View:
    """A page about one person of a campaign."""

    @wraps(view)
    def opened(request: PageRequest, to_hear_id: int) -> HttpResponseBase:
        rows = with_stands(ToHear.objects.select_related("campaign__guide", "person", "interviewer"))
        return view(request, get_object_or_404(rows, pk=to_hear_id))

    return requires(Right.PRODUCT_OPS)(opened)


@require_GET
@of_person
def to_hear_page(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """Show where somebody stands in a campaign."""
    return _page(request, row, _date_form(row, talk_of(row)))


def _date_form(row: ToHear, talk: Interview | None) -> DateForm:
    initial = {
        "at": talk.starts_at if talk else None,
        "minutes": talk.minutes if talk else row.minutes,
        "place": talk.place if talk else row.place,
    }
    return DateForm(initial=initial)


def _page(request: PageRequest, row: Any, form: DateForm) -> HttpResponseBase:
    now = clock.now()
    talk = talk_of(row)
    context = {
        "row": row,
        "campaign": row.campaign,
        "person": row.person,
        "stands_label": InviteState(row.stands).label,
        "tone": STAND_TONES[row.stands],
        "unit": Structure.as_of(clock.today(now), with_members=False).get(row.unit_id),
        "talk": talk,
        "is_to_come": talk is not None and talk.state == InterviewState.PLANNED,
        "moments": free_moments(row, now),
        "latest": latest_heard().get(row.person_id),
        "is_mailable": can_be_written_to(row.person),
        "form": form,
        "links": request.session.pop(f"{MADE}:to-hear:{row.pk}", None),
    }
    response = render(request, "discovery/to_hear.html", context, status=422 if form.errors else 200)
    add_never_cache_headers(response)
    return response


@require_POST
@of_person
def to_hear_date(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """Set a date, or move the one there is."""
    form = DateForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    given, talk, now = form.cleaned_data, talk_of(row), clock.now()

    def act() -> AuditEntry:
        if talk is not None and talk.state == InterviewState.PLANNED:
            return plans.move_interview(
                actor=request.user,
                interview=talk,
                starts_at=given["at"],
                minutes=given["minutes"],
                place=given["place"],
                now=now,
            )
        _made, entry = plans.plan_interview(
            actor=request.user,
            campaign=row.campaign,
            person=row.person,
            guide=row.campaign.guide,
            starts_at=given["at"],
            minutes=given["minutes"],
            place=given["place"],
            now=now,
            interviewer=row.interviewer or request.user,
            tells=given["at"] > now,
        )
        return entry

    return _done(request, row, act, _("The date is set."), _("The date is set; they are told by mail."))


@require_POST
@of_person
def to_hear_cancellation(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """Cancel the conversation that is planned."""
    talk = talk_of(row)
    if talk is None:
        raise Http404
    return _done(
        request,
        row,
        lambda: plans.cancel_interview(actor=request.user, interview=talk, now=clock.now()),
        _("The conversation is cancelled."),
        _("The conversation is cancelled; they are told by mail."),
    )


@require_POST
@of_person
def to_hear_reminder(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """Write once more to somebody who has not answered, with the moments that are still free."""
    now = clock.now()
    moments = free_moments(row, now, most=None)

    def act() -> AuditEntry:
        invitation = Invitation(moments, row.minutes, row.place, interviewer=row.interviewer)
        return invite_people(
            actor=request.user, campaign=row.campaign, rows=[row], invitation=invitation, now=now
        )[1]

    return _done(request, row, act, _("The link is ready."), _("The invitation is on its way once more."))


@require_POST
@of_person
def to_hear_link(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """Make a link to hand over by other means than mail; it is shown once."""
    now = clock.now()
    back = reverse("discovery:to-hear-show", args=(row.pk,))

    def act() -> AuditEntry:
        address, entry = hand_link(actor=request.user, row=row, now=now)
        request.session[f"{MADE}:to-hear:{row.pk}"] = request.build_absolute_uri(address)
        return entry

    return do(request, act, _("Here is the link: hand it over yourself."), back)


@require_GET
@of_person
def to_hear_calendar(request: PageRequest, row: ToHear) -> HttpResponseBase:
    """The conversation for the calendar of whoever listens."""
    talk = talk_of(row)
    if talk is None or talk.starts_at is None:
        raise Http404
    return calendar_response(talk)


def calendar_response(talk: Interview) -> HttpResponse:
    """The conversation as a file that calendars open."""
    made = calendar_file(event_of(talk, "PUBLISH", talk.changed_at))
    response = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vertebra.ics"'
    return response


def _done(
    request: PageRequest, row: ToHear, act: Callable[[], AuditEntry], quiet: str, mailed: str
) -> HttpResponseBase:
    """Do it and come back, saying whether a mail left (and so no undo), or why it was not done."""
    back = reverse("discovery:to-hear-show", args=(row.pk,))
    try:
        entry = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    is_mailed = bool(entry.particulars.get("mailed"))
    messages.success(
        request, mailed if is_mailed else quiet, extra_tags="" if is_mailed else f"undo:{entry.pk}"
    )
    return HttpResponseRedirect(back)
