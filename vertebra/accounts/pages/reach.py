"""Where, how often and when people are told; ending the mails of a kind by one click."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from vertebra.accounts import feeds, outbox
from vertebra.accounts.actions import reach
from vertebra.accounts.forms import TellingForm
from vertebra.accounts.labels import STOPPED_BY_A_CLICK, Channel, MessageKind
from vertebra.accounts.models import User
from vertebra.accounts.outbox.chats import app_of
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.tokens import read_stop_token
from vertebra.kit import clock


@requires(Right.READ)
@require_http_methods(["GET", "POST"])
def telling(request: PageRequest) -> HttpResponseBase:
    """Where, how often and when I am told."""
    return _telling(
        request, request.user, "accounts/telling.html", _("You are told as you wished from now on.")
    )


@requires(Right.ADMINISTER)
@require_http_methods(["GET", "POST"])
def company_telling(request: PageRequest) -> HttpResponseBase:
    """How people are told who have not chosen themselves."""
    said = _("Whoever has not chosen is told like this from now on.")
    return _telling(request, None, "accounts/company_telling.html", said)


def _telling(request: PageRequest, user: User | None, template: str, said: str) -> HttpResponseBase:
    has_app = app_of(Channel.SLACK) is not None
    channels = [Channel.IN_APP, Channel.MAIL, *([Channel.SLACK] if has_app else [])]
    form = TellingForm(request.POST or None, user=user, channels=channels)
    if request.method == "POST" and form.is_valid():
        reach.choose_telling(
            actor=request.user, user=user, paces=form.paces(), times=form.times(), now=clock.now()
        )
        messages.success(request, said)
        return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "channels": [channel.label for channel in channels],
        "mail_is_on": outbox.mail_is_on(),
        "zone": request.user.time_zone or settings.TIME_ZONE,
        "has_app": has_app,
        "feeds": feeds.links_of(user) if user else [],
    }
    return render(request, template, context, status=422 if form.errors else 200)


@csrf_exempt
@open_by_secret("one click in a mail ends the mails of its kind, for the one it was sent to (RFC 8058)")
@require_http_methods(["GET", "POST"])
def mail_stop(request: HttpRequest, token: str) -> HttpResponseBase:
    """End the mails of a kind: opening asks, only the button (or the mail program's own) does it."""
    found = read_stop_token(token)
    user = User.objects.filter(pk=found[0]).first() if found and found[0] else None
    if (
        found is None
        or (found[0] and user is None)
        or found[2] not in {*STOPPED_BY_A_CLICK, MessageKind.DIGEST}
    ):
        context = {
            "reason": _("This address opens nothing: it may have been cut when it was copied."),
            "remedy": _("Sign in to choose where and how often you are told."),
        }
        return render(request, "accounts/link_refused.html", context, status=404)
    _user_id, email, kind = found
    if request.method == "POST":
        reach.stop_mails(actor=user, email=email, kind=kind, now=clock.now())
    language = user.language if user else translation.get_language()
    with translation.override(language):
        told: dict[str, Any] = {
            "kind": MessageKind(kind).label,
            "is_done": request.method == "POST",
            "has_account": user is not None,
            "language": language,
        }
        return HttpResponse(render(request, "accounts/mail_stop.html", told).content)
