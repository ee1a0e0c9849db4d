"""Sealing short secrets with the instance's key, and texts with the secret of one address: a copy of the database alone tells neither."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "sealed:"


class BrokenSeal(Exception):
    """The text was sealed with another key, or was changed since."""


def _box() -> Fernet:
    return _box_of(settings.SECRET_KEY)


@cache
def _box_of(secret: str) -> Fernet:
    """Made once for a key: twenty thousand people are each sent a sealed address."""
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"vertebra.kit.seals").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str) -> str:
    """The text as only this instance can read it."""
    return PREFIX + _box().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """What was sealed; a text that was never sealed is given back as it is."""
    if not text.startswith(PREFIX):
        return text
    try:
        return _box().decrypt(text.removeprefix(PREFIX).encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def lock(text: str, secret: str) -> str:
    """The text as only who holds the secret (256 bits, as `new_secret` writes them) can read it."""
    return _lock_of(secret).encrypt(text.encode()).decode()


def unlock(locked: str, secret: str) -> str:
    """What was locked with the secret."""
    try:
        return _lock_of(secret).decrypt(locked.encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def _lock_of(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(bytes.fromhex(secret)))
