"""Secrets that open something: made of 256 random bits, kept only as their SHA-256."""

import datetime as dt
import hashlib
import secrets

from django.db.models import Q

from vertebra.accounts.models import ApiToken

PREFIX = "vtb_"
NOTE_USE_EVERY = dt.timedelta(minutes=1)


def new_secret() -> str:
    """256 random bits, as text that an address can carry."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def authenticate(raw: str, now: dt.datetime) -> ApiToken | None:
    """The token that was shown, with its owner, if it still opens; its use is noted once a minute at most."""
    token = ApiToken.objects.select_related("user").filter(digest=digest_of(raw)).first()
    if token is None or not token.is_usable(now) or not token.user.is_active:
        return None
    is_old_news = Q(latest_use_at=None) | Q(latest_use_at__lte=now - NOTE_USE_EVERY)
    if token.latest_use_at is None or token.latest_use_at <= now - NOTE_USE_EVERY:
        ApiToken.objects.filter(is_old_news, pk=token.pk).update(latest_use_at=now)
        token.latest_use_at = now
    return token
