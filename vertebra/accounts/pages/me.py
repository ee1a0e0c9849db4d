"""My account: how I am called and spoken to, where I am signed in, my keys to the API."""

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts import outbox
from vertebra.accounts.actions import people, tokens
from vertebra.accounts.forms import AccountForm, PreferenceForm, TokenForm
from vertebra.accounts.labels import SWITCHED, Scope
from vertebra.accounts.models import ApiToken, ChannelChoice
from vertebra.accounts.pages.limits import limited
from vertebra.accounts.pages.sessions import back_to, shown_once
from vertebra.accounts.permissions import RIGHT_LABELS, ROLE_RIGHTS, PageRequest, Right, requires
from vertebra.kit import clock


@requires(Right.READ)
@require_http_methods(["GET", "POST"])
def account(request: PageRequest) -> HttpResponseBase:
    """My account on one page."""
    refused = set(
        ChannelChoice.objects.filter(user=request.user, kind="", is_on=False).values_list(
            "channel", flat=True
        )
    )
    chosen = [channel.value for channel in SWITCHED if channel not in refused]
    form = AccountForm(request.POST or None, instance=request.user, initial={"channels": chosen})
    if request.method == "POST" and form.is_valid():
        # The form has written on the user already: the action compares with what the database holds.
        request.user.refresh_from_db()
        values = {name: form.cleaned_data[name] for name in ("name", "language", "theme", "time_zone")}
        people.change_preferences(actor=request.user, now=clock.now(), **values)
        if set(form.cleaned_data["channels"]) != set(chosen):
            people.choose_channels(
                actor=request.user, wanted=set(form.cleaned_data["channels"]), now=clock.now()
            )
        with override(request.user.language):
            messages.success(request, _("Your account is as you wished."))
        return HttpResponseRedirect(reverse("accounts:account"))
    now = clock.now()
    has_totp = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.TOTP).exists()
    context = {
        "form": form,
        "mail_is_on": outbox.mail_is_on(),
        "rights": [label for right, label in RIGHT_LABELS.items() if right in ROLE_RIGHTS[request.user.role]],
        "has_second_factor": has_totp,
        "session_count": UserSession.objects.filter(user=request.user).count(),
        "token_count": ApiToken.objects.filter(
            user=request.user, revoked_at=None, expires_at__gt=now
        ).count(),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@requires(Right.READ)
@require_POST
def preference_change(request: PageRequest) -> HttpResponseBase:
    """Switch language or theme from the menu."""
    form = PreferenceForm(request.POST)
    if not form.is_valid():
        raise Http404
    if values := {name: value for name, value in form.cleaned_data.items() if value}:
        people.change_preferences(actor=request.user, now=clock.now(), **values)
    return HttpResponse(status=204) if request.htmx else back_to(request)


@requires(Right.READ)
def session_list(request: PageRequest) -> HttpResponseBase:
    """Where I am signed in."""
    sessions = UserSession.objects.purge_and_list(request.user)
    for session in sessions:
        session.browser = browser_of(session.user_agent)
        session.is_this_one = session.session_key == request.session.session_key
    sessions.sort(key=lambda session: (not session.is_this_one, -session.pk))
    return render(request, "accounts/sessions.html", {"sessions": sessions})


@requires(Right.READ)
@require_POST
def session_end(request: PageRequest, session_id: int) -> HttpResponseBase:
    """Sign out of another browser."""
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    people.end_sessions(actor=request.user, sessions=[session], now=clock.now())
    messages.success(request, _("You are signed out there."))
    return HttpResponseRedirect(reverse("accounts:session-list"))


@requires(Right.READ)
@require_POST
def session_end_others(request: PageRequest) -> HttpResponseBase:
    """Sign out of every other browser."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    people.end_sessions(actor=request.user, sessions=list(others), now=clock.now())
    messages.success(request, _("You are signed out everywhere else."))
    return HttpResponseRedirect(reverse("accounts:session-list"))


def browser_of(user_agent: str) -> str:
    """The browser and system that a user agent names, roughly, for people to recognise."""
    browsers = (
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in names if mark in user_agent), "") for names in (browsers, systems)]
    return " · ".join(filter(None, found)) or user_agent[:60]


@requires(Right.READ)
def token_list(request: PageRequest) -> HttpResponseBase:
    """My keys to the API."""
    now = clock.now()
    mine = list(ApiToken.objects.filter(user=request.user).order_by("-pk")[:200])
    for token in mine:
        token.scope_labels = [Scope(scope).label for scope in token.scopes]  # type: ignore[attr-defined]
        token.is_open = token.is_usable(now)  # type: ignore[attr-defined]
    return render(request, "accounts/tokens.html", {"tokens": mine})


@requires(Right.READ)
@never_cache
@require_http_methods(["GET", "POST"])
@limited("token_made")
def token_create(request: PageRequest) -> HttpResponseBase:
    """Make a key to the API; it is shown once."""
    now = clock.now()
    form = TokenForm(request.POST or None, user=request.user, today=clock.today(now))
    if request.method == "POST" and form.is_valid():
        end = form.cleaned_data["ends_on"] - clock.today(now)
        try:
            token, raw = tokens.make_token(
                actor=request.user,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=now + dt.timedelta(days=end.days),
                now=now,
            )
        except (tokens.TokenRefused, OverflowError) as reason:
            form.add_error("ends_on", str(reason))
        else:
            return shown_once(
                request,
                {
                    "address": raw,
                    "heading": _("Token “%(name)s”") % {"name": token.name},
                    "intro": _("Copy it now: it is kept nowhere and never shown again."),
                    "back_url": reverse("accounts:token-list"),
                },
            )
    context = {
        "form": form,
        "submit_label": _("Make the token"),
        "cancel_url": reverse("accounts:token-list"),
    }
    return render(request, "accounts/token_create.html", context, status=422 if form.errors else 200)


@requires(Right.READ)
@require_POST
def token_revoke(request: PageRequest, token_id: int) -> HttpResponseBase:
    """Take one of my keys back."""
    token = get_object_or_404(ApiToken, pk=token_id, user=request.user)
    tokens.revoke_token(actor=request.user, token=token, now=clock.now())
    messages.success(request, _("The token “%(name)s” opens nothing any more.") % {"name": token.name})
    return HttpResponseRedirect(reverse("accounts:token-list"))
