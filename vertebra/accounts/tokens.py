"""Secrets that open something: made of 256 random bits, kept only as their SHA-256."""

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Purpose
from vertebra.accounts.models import ApiToken, OneTimeLink, User

PREFIX = "vtb_"
NOTE_USE_EVERY = dt.timedelta(minutes=1)


class LinkNotUsable(Exception):
    """The one-time link was used, taken back or has expired, or never existed."""


def new_secret() -> str:
    """256 random bits, as letters and digits that logs recognise and hide."""
    return secrets.token_hex(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def authenticate(raw: str, now: dt.datetime) -> ApiToken | None:
    """The token that was shown, with its owner, if it still opens; its use is noted once a minute at most."""
    # One at most: asking for the first would have each request put them in order.
    token = next(iter(ApiToken.objects.select_related("user").filter(digest=digest_of(raw))), None)
    if token is None or not token.is_usable(now) or not token.user.is_active:
        return None
    is_old_news = Q(latest_use_at=None) | Q(latest_use_at__lte=now - NOTE_USE_EVERY)
    if token.latest_use_at is None or token.latest_use_at <= now - NOTE_USE_EVERY:
        ApiToken.objects.filter(is_old_news, pk=token.pk).update(latest_use_at=now)
        token.latest_use_at = now
    return token


def usable_link(purpose: Purpose, secret: str, now: dt.datetime) -> OneTimeLink:
    """The one-time link with this secret, or a refusal that says why it does not open and what to do."""
    link = OneTimeLink.objects.filter(purpose=purpose, digest=digest_of(secret)).first()
    if link is None:
        raise LinkNotUsable(_("This address opens nothing: it may have been cut when it was copied."))
    if link.used_at:
        raise LinkNotUsable(_("This link was used already. If you used it, sign in with your password."))
    if link.revoked_at:
        raise LinkNotUsable(_("This link was replaced by another or taken back."))
    if not link.is_usable(now):
        raise LinkNotUsable(_("This link has expired."))
    return link


def password_address(user: User) -> str:
    """The address where this person can choose a new password, once, within hours."""
    key = {"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key)


def stop_token(*, user: int | None, email: str, kind: str) -> str:
    """What shows that whoever has it may end one person's mails of a kind."""
    return _stops().sign_object([user, "" if user is not None else email.lower(), kind])


def read_stop_token(token: str) -> tuple[int | None, str, str] | None:
    """The account or the address, and the kind, that a token ends; nothing if it was not made here."""
    try:
        user, email, kind = _stops().unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return user, email, kind


def _stops() -> signing.Signer:
    return signing.Signer(salt="vertebra.accounts.stop")
