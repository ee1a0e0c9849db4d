"""People of a trail: known by a pseudonym that only the key of the source makes, never by their name."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from unicodedata import normalize

from django.db import transaction

from vertebra.kit.seals import BrokenSeal, seal, unseal
from vertebra.sources.models import Secret, Source

KEY = "trail"
FORGOTTEN = "trail-forgotten"
_LENGTH = 32


class Pseudonyms:
    """Pseudonyms by one key; who was erased has none, and nobody has the empty one."""

    def __init__(self, key: bytes, forgotten: Iterable[str] = ()) -> None:
        self.key = key
        self.forgotten = frozenset(forgotten)
        self.known: dict[str, str] = {"": ""}

    def of(self, name: str) -> str:
        """The pseudonym of whoever a tool calls so."""
        found = self.known.get(name)
        if found is None:
            found = pseudonym(self.key, name)
            self.known[name] = found = "" if found in self.forgotten else found
        return found


def pseudonym(key: bytes, name: str) -> str:
    """What stands for a name: the same in large and small letters, and however accents are stored."""
    plain = " ".join(normalize("NFC", name).split()).casefold()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()[:_LENGTH] if plain else ""


def key_of(source: Source | None) -> bytes | None:
    """The key of a source, or nothing where it has no trail."""
    row = Secret.objects.filter(source=source, name=KEY).first() if source else None
    return bytes.fromhex(unseal(bytes(row.ciphertext).decode())) if row else None


def new_key() -> bytes:
    """A random key."""
    return secrets.token_bytes(32)


def keep_key(source: Source, key: bytes) -> bytes:
    """Keep the key of a source, sealed, unless it has one; gives the one that it has now."""
    sealed = seal(key.hex()).encode()
    row, is_new = Secret.objects.get_or_create(source=source, name=KEY, defaults={"ciphertext": sealed})
    return key if is_new else bytes.fromhex(unseal(bytes(row.ciphertext).decode()))


def forgotten_of(source: Source | None) -> frozenset[str]:
    """The pseudonyms of those who were erased: the tool will name them again."""
    row = Secret.objects.filter(source=source, name=FORGOTTEN).first() if source else None
    return frozenset(json.loads(unseal(bytes(row.ciphertext).decode()))) if row else frozenset()


@transaction.atomic
def forget(source: Source, names: Iterable[str]) -> bool:
    """Remember, sealed, that whoever a tool may call so is erased; whether anybody of the source can be found."""
    # Of two erasures at once the later one adds to what the other remembered.
    if not Source.objects.select_for_update().filter(pk=source.pk):
        return False
    try:
        key = key_of(source)
    except BrokenSeal:  # nobody can tell any more who is who
        return False
    if key is None:
        return False
    more = {made for name in names if (made := pseudonym(key, name))}
    sealed = seal(json.dumps(sorted(forgotten_of(source) | more))).encode()
    Secret.objects.update_or_create(source=source, name=FORGOTTEN, defaults={"ciphertext": sealed})
    return True
