"""Opening a session by a door of ours, going back, showing a secret once."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from vertebra.accounts.actions.doors import note_sign_in
from vertebra.accounts.models import User
from vertebra.kit import clock


def open_session(request: HttpRequest, user: User, how: str) -> None:
    """Sign somebody in under a new session key, listed among their sessions."""
    request.session.flush()
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    UserSession.objects.create_from_request(request)
    note_sign_in(actor=user, how=how, now=clock.now())


def back_to(request: HttpRequest, fallback: str = "/") -> HttpResponseRedirect:
    """Back where the form says one came from, never to another site."""
    wanted = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if wanted and is_here else fallback)


def shown_once(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show a secret in the answer itself: it is kept nowhere and never shown again."""
    response = render(request, "accounts/shown_once.html", context)
    response["Cache-Control"] = "no-store"
    response.is_carried_out = True  # type: ignore[attr-defined]
    return response
