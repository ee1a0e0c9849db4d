"""Rows of every kind of value, for backups: run inside an instance."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings

from vertebra.accounts import audit, outbox
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import ApiToken, OneTimeLink, User
from vertebra.kit import backup, clock

SECRETS = {
    "password": "argon2-of-a-password-nobody-should-read",
    "token": "digest-of-a-token-0123456789abcdef",
    "link": "digest-of-a-link-0123456789abcdef",
}
STRANGE = "=cmd|' /C calc'!A1 \u202e\U0001f9ed é\n\"quoted\"; \\ \t tab"


def fill(people: int = 3) -> None:
    """Accounts, tokens, audit with before and after, messages, files."""
    now = clock.now()
    for number in range(people):
        user = User.objects.create(
            email=f"person{number}@example.org",
            name=STRANGE if number == 0 else f"Person {number}",
            role=Role.ADMINISTRATOR,
            created_at=now + dt.timedelta(microseconds=number + 1),
            password=SECRETS["password"],
        )
    tracker = audit.Tracker()
    tracker.change(user, name="Renamed")
    token = ApiToken(
        user=user,
        name="Tool",
        digest=SECRETS["token"],
        hint="vt_1",
        scopes=["read"],
        created_at=now,
        expires_at=now,
    )
    tracker.create(token)
    tracker.delete(token)
    audit.record(
        actor=user, verb="change", kind=Kind.USER, object_id=user.pk, now=now, rows=tracker.changes,
        particulars={"nested": [1, {"é": None}], "when": now},
    )  # fmt: skip
    OneTimeLink.objects.create(
        purpose="invitation", digest=SECRETS["link"], role="reader", made_at=now, expires_at=now
    )
    outbox.queue_message(
        key="k", to_user=user, template="x", particulars={"secret": SECRETS["link"]}, language="fr", now=now
    )
    folder = Path(settings.MEDIA_ROOT) / "2026" / "11"
    folder.mkdir(parents=True)
    (folder / "photo.bin").write_bytes(bytes(range(256)) * 100)
    gone = User.objects.create(email="gone@example.org", name="Gone", created_at=now)
    gone.delete()


def contents() -> dict[str, Any]:
    """Every table as a digest of its rows and their number, and every file."""
    found: dict[str, Any] = {}
    for model in backup.tables():
        rows = [
            [_plain(value) for value in row]
            for row in model._base_manager.order_by("pk").values_list(*backup.columns(model))
        ]
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:12]
        found[model._meta.label_lower] = [len(rows), digest, backup.latest_id(model)]
    root = Path(settings.MEDIA_ROOT)
    found["files"] = sorted(
        f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
        for path in root.rglob("*")
        if path.is_file()
    )
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
