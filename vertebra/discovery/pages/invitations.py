"""Inviting several people at once: moments to choose from, or a date for each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest
from vertebra.discovery.actions.hearing import Meeting, can_be_written_to
from vertebra.discovery.actions.invitations import (
    MOST_LETTERS,
    Invitation,
    Sent,
    invite_people,
    set_dates,
)
from vertebra.discovery.forms.invitations import DatesForm, InvitationForm, moments_for, windows_for
from vertebra.discovery.labels import InterviewState, InviteState
from vertebra.discovery.models import Campaign, Interview, ToHear
from vertebra.discovery.pages.campaigns import MADE
from vertebra.discovery.pages.listen import chosen_ids, of_campaign
from vertebra.discovery.queries.hearing import with_stands
from vertebra.evidence.asks import room_for
from vertebra.kit import clock

MOST_DATES = 40


@require_POST
@of_campaign
def people_chosen(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Take the people ticked on the campaign's page to the form that invites them."""
    ids = chosen_ids(request.POST.getlist("selected"))
    name = "campaign-dates" if request.POST.get("how") == "dates" else "campaign-invitations"
    address = reverse(f"discovery:{name}", args=(campaign.pk,))
    return HttpResponseRedirect(f"{address}?{urlencode({'selected': ids}, doseq=True)}" if ids else address)


@require_http_methods(["GET", "POST"])
@of_campaign
def campaign_invitations(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Invite people to choose one of several moments, or to say one."""
    now = clock.now()
    rows = _rows(request, campaign)
    form = InvitationForm(
        request.POST or (request.GET if "day_1" in request.GET else None),
        user=request.user,
        initial=windows_for(len(rows), clock.today(now)),
    )
    is_good = form.is_bound and form.is_valid()
    if request.method == "POST" and is_good:
        given = form.cleaned_data
        invitation = Invitation(
            given["offered"], given["minutes"], given["place"], given["note"], given["interviewer"]
        )
        try:
            sent, entry = invite_people(
                actor=request.user, campaign=campaign, rows=rows, invitation=invitation, now=now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, campaign, sent, entry)
    offered = form.cleaned_data.get("offered", []) if form.is_bound else form.first_offered()
    context = {**_context(campaign, rows, form, now), "offered": offered, "most_letters": MOST_LETTERS}
    status = 422 if request.method == "POST" else 200
    return render(request, "discovery/campaign_invitations.html", context, status=status)


@require_http_methods(["GET", "POST"])
@of_campaign
def campaign_dates(request: PageRequest, campaign: Campaign) -> HttpResponseBase:
    """Set a date for each of several people on one form."""
    now = clock.now()
    rows = _rows(request, campaign)[:MOST_DATES]
    initial: dict[str, Any] = {}
    if request.GET.get("fill"):
        moments = moments_for(len(rows), clock.today(now), _busy(request, now))
        initial = {f"at_{row.pk}": moment for row, moment in zip(rows, moments, strict=True)}
    form = DatesForm(request.POST or None, user=request.user, rows=rows, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        meeting = Meeting(None, given["minutes"], given["place"], given["interviewer"])
        try:
            sent, entry = set_dates(
                actor=request.user, campaign=campaign, dates=given["dates"], meeting=meeting, now=now
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _sent(request, campaign, sent, entry)
    asked = request.GET.copy()
    asked["fill"] = "1"
    context = {**_context(campaign, rows, form, now), "fill_url": f"{request.path}?{asked.urlencode()}"}
    return render(request, "discovery/campaign_dates.html", context, status=422 if form.errors else 200)


def _rows(request: PageRequest, campaign: Campaign) -> list[ToHear]:
    """Those chosen, or everybody who was not invited yet; never those who answered or have a date."""
    chosen = chosen_ids(request.GET.getlist("selected"))
    rows = with_stands(ToHear.objects.filter(campaign=campaign).select_related("person", "interviewer"))
    rows = rows.filter(stands__in=(InviteState.PLANNED, InviteState.INVITED))
    rows = rows.filter(pk__in=chosen) if chosen else rows.filter(stands=InviteState.PLANNED)
    found = list(rows.order_by("person__name_folded", "pk")[:500])
    for row in found:
        row.campaign = campaign
    return found


def _context(campaign: Campaign, rows: list[ToHear], form: object, now: Any) -> dict[str, Any]:
    """Whom the form invites, and what to know of some of them beforehand."""
    new = [row.person_id for row in rows if row.state == InviteState.PLANNED]
    free = room_for(new, now)
    return {
        "campaign": campaign,
        "rows": rows,
        "form": form,
        "busy": [row for row in rows if row.state == InviteState.PLANNED and row.person_id not in free],
        "by_hand": [row for row in rows if not can_be_written_to(row.person)],
    }


def _busy(request: PageRequest, now: Any) -> list[tuple[Any, int]]:
    rows = Interview.objects.filter(
        interviewer=request.user, state=InterviewState.PLANNED, archived_at=None, starts_at__gte=now
    )
    return list(rows.values_list("starts_at", "minutes"))


def _sent(request: PageRequest, campaign: Campaign, sent: Sent, entry: AuditEntry) -> HttpResponseBase:
    """Go back to the campaign, saying who was written to, who waits, and whose link is handed over by hand."""
    said = []
    if sent.mailed:
        text = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", len(sent.mailed)
        )
        said.append(text % {"count": len(sent.mailed)})
    if sent.waiting:
        text = ngettext(
            "%(count)d person was asked for two things this week already, and waits for a free day.",
            "%(count)d people were asked for two things this week already, and wait for a free day.",
            len(sent.waiting),
        )
        said.append(text % {"count": len(sent.waiting)})
    if sent.by_hand:
        request.session[f"{MADE}:{campaign.pk}"] = [
            [name, request.build_absolute_uri(address)] for name, address in sent.by_hand
        ]
        said.append(_("Some have no address that mail reaches: hand over the links below."))
    is_mailed = bool(entry.particulars.get("mailed"))
    messages.success(request, " ".join(said), extra_tags="" if is_mailed else f"undo:{entry.pk}")
    return HttpResponseRedirect(reverse("discovery:campaign-show", args=(campaign.pk,)))
