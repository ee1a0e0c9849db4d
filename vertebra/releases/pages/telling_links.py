"""From a chat tool to the page: what was asked there is found again, for an hour, by who asked it and nobody else."""

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.kit.seals import BrokenSeal, lock, unlock

OPENS_FOR = 3600


def page_with(text: str, user: User) -> str:
    """An address that opens the page with this text; the text is in none, and is kept locked by what is in this one."""
    secret = new_secret()
    cache.set(_key_of(secret), (user.pk, lock(text, secret)), OPENS_FOR)
    return f"{settings.PUBLIC_URL}{reverse('releases:telling')}?asked={secret}"


def text_behind(secret: str, user: User) -> str:
    """What this person asked; nothing once it is an hour old, nor of what somebody else asked."""
    asked_by, locked = cache.get(_key_of(secret)) or (None, "")
    if asked_by != user.pk:
        return ""
    try:
        return unlock(locked, secret)
    except (BrokenSeal, ValueError):
        return ""


def _key_of(secret: str) -> str:
    return f"telling-asked:{digest_of(secret)}"
