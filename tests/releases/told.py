"""Releases that were told to people, and what they said of them, for the tests of reading and of who knows."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts.tokens import digest_of
from vertebra.org.models import Person
from vertebra.releases.models import Announcement, Audience, Brief, Receipt, Recipient, Release
from vertebra.releases.queries.awareness import awareness_of, count_again


def ready(row: Release, trade: str, language: str, line: str, body: str = "Text.") -> Brief:
    """A brief that is ready."""
    return Brief.objects.update_or_create(
        release=row,
        trade=trade,
        language=language,
        defaults={
            "line": line,
            "body": body,
            "state": "ready",
            "ready_at": world.NOW,
            "created_at": world.NOW,
            "changed_at": world.NOW,
        },
    )[0]


def tell(
    row: Release,
    people: Iterable[Person],
    *,
    days_ago: int = 10,
    language: str = "en",
    trade: str = "everyone",
) -> Announcement:
    """Tell a release to people, some days ago; the secret of each one's link is `secret` and their number."""
    at = world.NOW - dt.timedelta(days=days_ago)
    audience, _is_new = Audience.objects.get_or_create(
        name="Told", defaults={"rules": {"any": [{}]}, "created_at": at, "changed_at": at}
    )
    made = Announcement.objects.create(
        release=row, audience=audience, state="sent", due_at=at, started_at=at, created_at=at
    )
    Recipient.objects.bulk_create(
        Recipient(
            announcement=made, person=one, language=language, trade=trade, queued_at=at,
            digest=digest_of(f"secret{one.pk}"),
        )
        for one in people
    )  # fmt: skip
    return made


def say(row: Release, people: Sequence[Person], state: str = "understood", *, days_ago: int = 5) -> None:
    """These say a word of a release, some days ago."""
    at = world.NOW - dt.timedelta(days=days_ago)
    Receipt.objects.bulk_create(
        Receipt(release=row, person=one, state=state, first_at=at, changed_at=at) for one in people
    )


def who_knows(client: Client, row: Release, query: str = "") -> str:
    """What the page of who knows says of a release, counted at least once."""
    if awareness_of(row) is None:
        count_again(row, world.NOW)
    response = client.get(reverse("releases:release-awareness", args=(row.pk,)) + query)
    assert response.status_code == 200
    return (b"".join(response) if response.streaming else response.content).decode()
