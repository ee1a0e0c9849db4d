"""Walking through all addresses: who walks, what was written on the way, what is wrong with an answer."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from tests.architecture.addresses import Address
from tests.architecture.samples import Samples
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.accounts.permissions import may

NOBODY = "nobody"
VISITORS = [NOBODY, *Role.values]
WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)\"?", re.I)
# What coming and going writes: it is no change of anything that people keep in Vertebra.
COMING = {"django_session", "cache_entries", "usersessions_usersession"}
# What mail programs (RFC 8058) and Slack post by themselves: a signature is what shows that they may.
SENT_FROM_OUTSIDE = {"accounts:mail-stop", "releases:telling-command", "releases:chat-press"}

PROTECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = (
    "default-src 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
)


@dataclass
class Walk:
    """The demo company, an account of each role, samples of all that has an address."""

    users: dict[str, User]
    samples: Samples
    paths: dict[tuple[str, int | None], str] = field(default_factory=dict)

    def path(self, address: Address, user: User | None) -> str:
        """The address with its samples: every walk leaves them as they were, so they are looked up once."""
        key = (address.route, user.pk if user else None)
        if key not in self.paths:
            self.paths[key] = self.samples.path(address, user)
        return self.paths[key]

    def visitor(self, who: str) -> User | None:
        return self.users.get(who)


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables that are written inside, other than those of coming and going."""
    tables: set[str] = set()

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if (found := WRITE.match(sql)) and found[2] not in COMING:
            tables.add(found[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def told(response: Any) -> str:
    """The answer in a few words, with the fault behind a 500."""
    fault = getattr(response, "exc_info", None)
    return f"{response.status_code} {fault[1]!r}" if fault else str(response.status_code)


def body_of(response: Any) -> bytes:
    """Read the answer to its end: a download may only fail on its way."""
    return b"".join(response) if response.streaming else bytes(response.content)


def allowed(address: Address, user: User | None) -> bool:
    return bool(address.reason) or (user is not None and any(may(user, r) for r in [address.right]))  # type: ignore[arg-type]


def is_sent_to_sign_in(response: Any) -> bool:
    return bool(response.status_code == 302 and response["Location"].startswith("/accounts/login/"))


def judge_get(address: Address, user: User | None, response: Any) -> str:
    """What is wrong with this answer to a GET, or nothing."""
    status = response.status_code
    if status >= 500 and not (address.name == "web:readiness" and status == 503):
        return "fails"
    if address.reason or status == 405:
        return ""
    if user is None:
        return "" if is_sent_to_sign_in(response) else "is open to nobody"
    if not allowed(address, user):
        return "" if status in {403, 404} else "is open to who lacks the right"
    return "" if status < 400 else "is closed to who holds the right"


def judge_post(address: Address, user: User | None, response: Any, tables: set[str]) -> str:
    """What is wrong with this answer to an empty POST, or nothing."""
    status = response.status_code
    if status >= 500:
        return "fails"
    if allowed(address, user):
        return ""
    if tables:
        return f"changes {sorted(tables)} for who lacks the right"
    if status == 405:
        return ""
    if user is None:
        return "" if is_sent_to_sign_in(response) else "is open to nobody"
    return "" if status in {403, 404} else "is open to who lacks the right"


def unprotected(response: Any, user: User | None) -> list[str]:
    """What this answer lacks against frames, guessing browsers, foreign content and caches that many share."""
    missing = [name for name, value in PROTECTED.items() if response.get(name) != value]
    if response.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        missing.append("Referrer-Policy")
    policy = response.get("Content-Security-Policy", "")
    missing += [part for part in POLICY if part not in policy]
    asked = response.get("Cache-Control", "")
    if user is not None and "private" not in asked and "no-store" not in asked:
        missing.append("shared caches may keep it")
    return [f"does not protect itself: {', '.join(missing)}"] if missing else []
