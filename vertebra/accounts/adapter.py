"""How allauth behaves here: nobody signs up by themselves, what it sends goes through the outbox, doors are audited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from vertebra.accounts.actions import doors
from vertebra.accounts.models import User
from vertebra.kit import clock, seals


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Local accounts through invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes their own account."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be sent there after signing in: this very site only."""
        return url_has_allowed_host_and_scheme(
            url, {context.request.get_host()}, require_https=context.request.is_secure()
        )

    def post_login(self, request: HttpRequest, user: User, **hints: Any) -> HttpResponse:
        """Note who signed in."""
        doors.note_sign_in(actor=user, how="password", now=clock.now())
        response: HttpResponse = super().post_login(request, user, **hints)
        return response

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Note that somebody's password or second factor changed, and tell them."""
        what = template_prefix.rsplit("/", 1)[-1]
        if what == "password_reset":
            self._delete_login_attempts_cached_email(self.request, email=user.email)
        doors.note_security_change(actor=user, what=what, now=clock.now())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor's secrets are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """The secret as only this instance can read it."""
        return seals.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret as it was."""
        return seals.unseal(encrypted_text)
