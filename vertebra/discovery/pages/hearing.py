"""The page behind the link of an invitation: opening it changes nothing, one press answers."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions import answers
from vertebra.discovery.forms.invitations import ProposalForm
from vertebra.discovery.labels import InterviewState, InviteState
from vertebra.discovery.models import ToHear
from vertebra.discovery.pages.to_hear import calendar_response
from vertebra.discovery.queries.hearing import free_moments, is_open, row_of_link, talk_of
from vertebra.kit import clock
from vertebra.org.queries.people import language_for

REASON = "whoever is invited to be heard answers through a link of their own that expires"


@open_by_secret(reason=REASON)
@require_http_methods(["GET", "HEAD", "POST"])
def hearing_answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say yes to a moment, propose another, or decline; without an account."""
    now = clock.now()
    row = row_of_link(token)
    if row is None:
        return _shown(request, {"is_over": True}, status=404)
    if request.method == "POST" and not is_allowed("hearing_answer", f"{row.pk}:{who_asks(request)}"):
        return too_often(request)
    # The page speaks the language of the mail, and says moments as it does: in the company's time zone.
    with translation.override(language_for(row.person, row.campaign.language)), timezone.override(None):
        if not is_open(row, now):
            return _shown(request, {"is_over": True}, status=410)
        return _answer(request, row, now)


def _answer(request: HttpRequest, row: ToHear, now: dt.datetime) -> HttpResponseBase:
    form = ProposalForm(request.POST if request.POST.get("answer") == "other" else None)
    trouble = ""
    if request.method == "POST":
        try:
            if _carried_out(request, row, form, now):
                return HttpResponseRedirect(request.path)
        except Refusal as refusal:
            trouble = str(refusal)
    talk = talk_of(row)
    context = {
        "row": row,
        "campaign": row.campaign,
        "talk": talk,
        "is_heard": talk is not None and talk.state == InterviewState.HELD,
        "is_declined": row.state == InviteState.DECLINED,
        "moments": free_moments(row, now),
        "form": form,
        "trouble": trouble,
        "language": translation.get_language(),
    }
    return _shown(request, context, status=422 if form.errors or trouble else 200)


def _carried_out(request: HttpRequest, row: ToHear, form: ProposalForm, now: dt.datetime) -> bool:
    """Do what the button says; whether it was one we know."""
    talk = talk_of(row)
    if talk is not None and talk.state == InterviewState.HELD:
        return True
    answer = request.POST.get("answer", "")
    if moment := request.POST.get("moment", ""):
        answers.choose_moment(actor=None, row=row, moment=_moment(moment), now=now)
    elif answer == "yes":
        answers.accept_date(actor=None, row=row, now=now)
    elif answer == "no":
        answers.decline_invitation(actor=None, row=row, now=now)
    elif answer == "other" and form.is_valid():
        answers.propose_another(actor=None, row=row, words=form.cleaned_data["words"], now=now)
    else:
        return False
    return True


def _moment(text: str) -> dt.datetime:
    """The moment a button names; one that nobody offered is refused as any other."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


@open_by_secret(reason=REASON)
@require_GET
def hearing_calendar(request: HttpRequest, token: str) -> HttpResponseBase:
    """The agreed moment as a file for one's calendar."""
    row = row_of_link(token)
    talk = talk_of(row) if row is not None and is_open(row, clock.now()) else None
    if talk is None or talk.starts_at is None or talk.state != InterviewState.PLANNED:
        return _shown(request, {"is_over": True}, status=404)
    return calendar_response(talk)


def _shown(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "discovery/hearing.html", context, status=status)
