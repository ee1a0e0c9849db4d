"""What can be done to a help request, one address for each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.actions import help_requests as actions
from vertebra.discovery.actions.help_requests import Outcome
from vertebra.discovery.forms.help_requests import (
    DeclineForm,
    HandBackForm,
    OutcomeForm,
    PlanForm,
    TakeOverForm,
)
from vertebra.discovery.labels import HelpForm
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.pages.help_requests import FORM_PAGE
from vertebra.discovery.queries.help_requests import requests
from vertebra.kit import clock
from vertebra.org.pages.frame import Ask, answer, do


def _found(request_id: int) -> HelpRequest:
    return get_object_or_404(requests(), pk=request_id)


def _page(request_id: int) -> str:
    return reverse("discovery:help-request-show", args=(request_id,))


def _ask(
    request: PageRequest,
    asked: HelpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], AuditEntry],
    heading: str,
    submit: str,
    done: str,
) -> HttpResponseBase:
    """A form about one request, which goes back to its page."""
    url = _page(asked.pk)
    ask = Ask(
        form=form,
        act=act,
        heading=heading,
        submit=submit,
        done=done,
        cancel_url=url,
        back=lambda _entry: url,
        template=FORM_PAGE,
    )
    return answer(request, ask, asked=asked)


@require_POST
@requires(Right.TAKE_PART)
def say_request(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Say more clearly what is needed: whoever asked, and Product Ops."""
    asked = _found(request_id)
    if asked.asked_by_id != request.user.pk and not may(request.user, Right.PRODUCT_OPS):
        raise PermissionDenied
    sentence = request.POST.get("sentence", "")[:500]
    return do(
        request,
        lambda: actions.say_request(actor=request.user, request=asked, sentence=sentence, now=clock.now()),
        _("It is said more clearly now."),
        _page(request_id),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def take_request(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Take it on oneself."""
    asked = _found(request_id)
    return do(
        request,
        lambda: actions.take_request(actor=request.user, request=asked, now=clock.now()),
        _("You take it on: whoever asked is told."),
        _page(request_id),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def reopen_request(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Open it again."""
    asked = _found(request_id)
    return do(
        request,
        lambda: actions.reopen_request(actor=request.user, request=asked, now=clock.now()),
        _("It is open again."),
        _page(request_id),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def plan_page(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Plan a session or a workshop."""
    asked = _found(request_id)
    initial: dict[str, Any] = {"held_on": asked.held_on, "place": asked.place}
    if asked.form in {HelpForm.SESSION, HelpForm.WORKSHOP}:
        initial |= {"form": asked.form}
    if asked.starts_at:
        local = timezone.localtime(asked.starts_at, timezone.get_default_timezone())
        initial |= {"at": local.time(), "minutes": asked.minutes}
    form = PlanForm(request.POST or None, initial=initial)
    return _ask(
        request,
        asked,
        form,
        lambda given: actions.plan_help(
            actor=request.user,
            request=asked,
            form=HelpForm(given["form"]),
            held_on=given["held_on"],
            at=given["at"],
            minutes=given["minutes"],
            place=given["place"],
            now=clock.now(),
        ),
        _("Plan a session or a workshop"),
        _("Plan it"),
        _("Planned: whoever asked is told, with a file for their calendar."),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def take_over_page(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Take it over for a time, or move the day on which it goes back."""
    asked = _found(request_id)
    now = clock.now()
    initial = {"hand_back_on": asked.hand_back_on} if asked.hand_back_on else {}
    form = TakeOverForm(request.POST or None, today=clock.today(now), initial=initial)
    return _ask(
        request,
        asked,
        form,
        lambda given: actions.take_over(
            actor=request.user, request=asked, hand_back_on=given["hand_back_on"], now=now
        ),
        _("Take it over for a time"),
        _("Take it over until then"),
        _("Taken over until then: whoever asked is told."),
    )


def _outcome(given: dict[str, Any]) -> Outcome:
    return Outcome(given["outcome"], given["held_on"], given["hours"], given["carried_on_by"])


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def outcome_page(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Say what came of it and who carries on."""
    asked = _found(request_id)
    now = clock.now()
    initial = {
        "outcome": asked.outcome,
        "held_on": asked.held_on or clock.today(now),
        "hours": asked.hours,
        "carried_on_by": asked.carried_on_by,
    }
    form = OutcomeForm(request.POST or None, initial=initial)
    return _ask(
        request,
        asked,
        form,
        lambda given: actions.record_outcome(
            actor=request.user, request=asked, outcome=_outcome(given), now=now
        ),
        _("What came of it"),
        _("It is done"),
        _("Done: whoever asked is told."),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def hand_back_page(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Give it back to the team."""
    asked = _found(request_id)
    now = clock.now()
    initial = {"outcome": asked.outcome, "held_on": clock.today(now), "hours": asked.hours}
    form = HandBackForm(request.POST or None, initial=initial)
    return _ask(
        request,
        asked,
        form,
        lambda given: actions.hand_back(actor=request.user, request=asked, outcome=_outcome(given), now=now),
        _("Hand it back"),
        _("Hand it back"),
        _("Handed back: they carry on."),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def decline_page(request: PageRequest, request_id: int) -> HttpResponseBase:
    """Say no, and why."""
    asked = _found(request_id)
    form = DeclineForm(request.POST or None)
    return _ask(
        request,
        asked,
        form,
        lambda given: actions.decline_request(
            actor=request.user, request=asked, reason=given["reason"], now=clock.now()
        ),
        _("Say no, and why"),
        _("Decline"),
        _("Declined: whoever asked reads the reason."),
    )
