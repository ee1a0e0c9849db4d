"""What follows a step of a help request: whoever asked hears of it, search is kept true."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation

from vertebra.accounts import search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.discovery.models import HelpRequest
from vertebra.org.actions.over_time import said


def tell_asker(request: HelpRequest, step: str, *, entry: AuditEntry, actor: User, now: dt.datetime) -> None:
    """Tell whoever asked what happens to it, unless they did it themselves."""
    user = request.asked_by
    if user is not None and user != actor and user.is_active:
        tell(user, request, step, entry=entry, now=now)


def tell(user: User, request: HelpRequest, step: str, *, entry: AuditEntry, now: dt.datetime) -> None:
    """Queue one message about a help request for one person."""
    day = request.hand_back_on if step in {"taken_over", "postponed"} else request.held_on
    with translation.override(user.language):
        when = said(day) if day else ""
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
