"""What follows a step of a help request: whoever asked hears of it, search is kept true."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.discovery.actions.hearing import said_moment
from vertebra.discovery.labels import HelpForm, HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.kit.calendars import Method, event
from vertebra.org.actions.over_time import said


def planned_for(request: HelpRequest) -> dt.datetime | dt.date | None:
    """The moment or the day of a session or a workshop that is planned."""
    is_planned = request.form in {HelpForm.SESSION, HelpForm.WORKSHOP} and request.state == HelpState.ACCEPTED
    return (request.starts_at or request.held_on) if is_planned else None


def said_plan(request: HelpRequest) -> str:
    """When the help is, in words: the moment, else the day."""
    if request.starts_at:
        return said_moment(request.starts_at)
    return said(request.held_on) if request.held_on else ""


def event_of(
    request: HelpRequest,
    when: dt.datetime | dt.date,
    method: Method,
    *,
    organiser: User | None,
    guest: User | None,
    now: dt.datetime,
) -> dict[str, Any]:
    """A session or a workshop as calendars take it; its name is the same however often it moves."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return event(
        uid=f"help-{request.pk}@{host}",
        sequence=request.sequence,
        method=method,
        starts_at=when,
        minutes=request.minutes or 0,
        title=_("Product Ops helps: %(what)s") % {"what": request.sentence},
        organiser=(organiser.name, organiser.email) if organiser else ("Vertebra", f"vertebra@{host}"),
        guests=[(guest.name, guest.email)] if guest else [],
        now=now,
        place=request.place,
        text=settings.PUBLIC_URL + reverse("discovery:help-request-show", args=(request.pk,)),
    )


def tell_asker(
    request: HelpRequest,
    step: str,
    *,
    entry: AuditEntry,
    actor: User,
    dropped: dt.datetime | dt.date | None,
    now: dt.datetime,
) -> None:
    """Tell whoever asked what happens to it, with what it changes in their calendar, unless they did it themselves."""
    user = request.asked_by
    if user is None or user == actor or not user.is_active:
        return
    when, method = (dropped, "CANCEL") if dropped else (planned_for(request), "REQUEST")
    calendar: dict[str, Any] = {}
    if when is not None and (dropped or step == "planned"):
        with translation.override(user.language):
            kept = event_of(request, when, cast(Method, method), organiser=actor, guest=user, now=now)
        calendar = {"event": kept, "place": "" if dropped else request.place, "is_dropped": bool(dropped)}
    tell(user, request, step, entry=entry, calendar=calendar, now=now)


def tell(
    user: User,
    request: HelpRequest,
    step: str,
    *,
    entry: AuditEntry,
    now: dt.datetime,
    calendar: dict[str, Any] | None = None,
) -> None:
    """Queue one message about a help request for one person."""
    with translation.override(user.language):
        goes_back = said(request.hand_back_on) if request.hand_back_on else ""
        when = goes_back if step in {"taken_over", "postponed"} else said_plan(request)
    queue_message(
        key=f"help-request:{request.pk}:{entry.pk}:{user.pk}",
        template="help_request_step",
        particulars={
            "step": step,
            "title": request.sentence,
            "who": entry.actor_name,
            "form": request.form,
            "when": when,
            "reason": request.reason,
            "outcome": request.outcome,
            "carrier": request.carried_on_by.name if request.carried_on_by else "",
            **(calendar or {}),
        },
        language=user.language,
        now=now,
        to_user=user,
        address=reverse("discovery:help-request-show", args=(request.pk,)),
    )


def index_requests(requests: Iterable[HelpRequest], now: dt.datetime) -> None:
    """Bring what search knows of these requests up to date."""
    search.index_many([entry_of(request) for request in requests], now=now)


def entry_of(request: HelpRequest) -> search.Entry:
    """What search should know of a help request."""
    return search.Entry(
        Kind.HELP_REQUEST,
        request.pk,
        request.sentence,
        str(request.get_state_display()),
        request.outcome,
        request.language,
    )


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of help requests up to date, and forget those put away (list SEARCH)."""
    if kind == Kind.HELP_REQUEST:
        wanted = set(ids)
        found = list(HelpRequest.objects.filter(pk__in=wanted, archived_at=None))
        index_requests(found, now)
        search.unindex(kind, wanted - {request.pk for request in found})
