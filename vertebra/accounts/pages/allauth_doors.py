"""Allauth's pages that we use, each with the right it asks; what we do not use has no address."""

from typing import Any

from allauth.account import views as account
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string

from vertebra.accounts import demo_sign_in, outbox, tokens
from vertebra.accounts.jobs import send_password_links
from vertebra.accounts.permissions import PageRequest, Right, View, open_by_secret, open_to_anyone, requires


class SignIn(account.LoginView):  # type: ignore[misc]
    """E-mail and password, and what else one can do here."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the demo's cast where it may be had."""
        return {
            **super().get_context_data(**kwargs),
            "has_demo": demo_sign_in.is_open(self.request),
        }


class PasswordReset(account.PasswordResetView):  # type: ignore[misc]
    """Ask for a link to choose a new password: the same is done for any address."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say it when this instance cannot send mail."""
        return {**super().get_context_data(**kwargs), "mail_is_on": outbox.mail_is_on()}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Leave the search to a job."""
        if response := account.ratelimit.consume_or_429(
            self.request, action="reset_password", key=form.cleaned_data["email"].lower()
        ):
            limited: HttpResponse = response
            return limited
        send_password_links.enqueue(email=form.cleaned_data["email"], ask=tokens.new_secret()[:20])
        answer: HttpResponse = super(account.PasswordResetView, self).form_valid(form)
        return answer


def with_password(view: View) -> View:
    """The page for people who sign in with a password: members of the demo's cast do not."""

    def shown(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_cast:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


def _open(reason: str, view: View) -> View:
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return open_to_anyone(reason)(shown)


def _second_factor(name: str) -> View:
    """A page of the second factor, loaded at the first visit: with it comes WebAuthn, which nothing else needs."""

    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = import_string(f"allauth.mfa.{name}")(request, *args, **kwargs)
        return response

    return shown


_mine = requires(Right.READ)

sign_in = _open("where everybody comes in", SignIn.as_view())
sign_out = _open("signing out twice does no harm", account.logout)
closed = _open("says that an account is closed, to whoever knew its password", account.account_inactive)
second_step = _open("the second step of signing in", _second_factor("base.views.authenticate"))
password_reset = _open("for people who forgot their password", PasswordReset.as_view())
password_reset_done = _open("says the same for any address", account.password_reset_done)
password_reset_from_key = open_by_secret("opened by the secret sent by mail")(account.password_reset_from_key)
password_reset_from_key_done = _open("says that it is done", account.password_reset_from_key_done)

reauthenticate = _mine(account.reauthenticate)
password_change = _mine(with_password(account.password_change))
password_set = _mine(with_password(account.password_set))
second_factor_index = _mine(with_password(_second_factor("base.views.index")))
second_factor_reauthenticate = _mine(_second_factor("base.views.reauthenticate"))
totp_activate = _mine(with_password(_second_factor("totp.views.activate_totp")))
totp_deactivate = _mine(with_password(_second_factor("totp.views.deactivate_totp")))
recovery_codes_view = _mine(with_password(_second_factor("recovery_codes.views.view_recovery_codes")))
recovery_codes_generate = _mine(with_password(_second_factor("recovery_codes.views.generate_recovery_codes")))
recovery_codes_download = _mine(with_password(_second_factor("recovery_codes.views.download_recovery_codes")))
