"""Releases for the walk: one that requires everything, an audience, a freeze, a question."""

import datetime as dt

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.org.models import Person
from vertebra.releases.actions import gates
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import ask_question
from vertebra.releases.actions.releases import create_release
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.models import Announcement, FreezeWindow, Recipient, Release, Tier

PAGES = (
    "releases:release-",
    "releases:read-by-link",
    "releases:word-by-link",
    "releases:ask-by-link",
    "releases:understanding-by-link",
    "releases:brief-",
    "releases:question-",
    "releases:audience-",
    "releases:announcement-",
    "releases:tier-",
    "releases:freeze-",
)


class SampleReleases:
    """What the addresses of releases name."""

    def __init__(self, actor: User, reader: Person) -> None:
        ensure_tiers(actor=None, now=world.NOW)
        self.tier = Tier.objects.get(slug="major")
        self.audience = create_audience(
            actor=actor, name="The walkers", rules={"any": [{"customer_facing": True}]}, now=world.NOW
        )
        # A reader changes what they lead, and nothing else.
        self.row = create_release(
            actor=actor, title="Shoes in the app", language="en", tier=self.tier, lead=reader, body="New shoes.",
            planned_on=world.TODAY + dt.timedelta(days=30), audiences=[self.audience], now=world.NOW,
        )  # fmt: skip
        ask_question(
            actor=actor, release=self.row, question="Which size?", language="en", person=reader, now=world.NOW
        )
        day = world.TODAY + dt.timedelta(days=2)
        gates.add_freeze(actor=actor, title="Rain", from_on=day, until_on=day, now=world.NOW)

        self.link = _told(self.row, list(Person.objects.filter(user__name__endswith="of the walk")))

    def of(self, _address: Address, name: str) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "release_id": self.row.pk,
            "brief_id": self.row.briefs.order_by("pk")[0].pk,
            "question_id": self.row.questions.all()[0].pk,
            "audience_id": self.audience.pk,
            "announcement_id": self.row.announcements.order_by("pk")[0].pk,
            "tier_id": self.tier.pk,
            "token": self.link,
            "freeze_id": FreezeWindow.objects.all()[0].pk,
        }[name]


def _told(row: Release, people: list[Person]) -> str:
    """Tell the release to everybody of the walk, who each write one of its briefs; the link that the first got."""
    for brief, one in zip(row.briefs.order_by("pk"), people, strict=False):
        brief.owner = one
        brief.save()
    audience, before = row.audiences.get().audience, world.NOW - dt.timedelta(days=1)
    announcement = Announcement.objects.create(
        release=row, audience=audience, state="sent", due_at=before, started_at=before, created_at=before
    )
    secret = new_secret()
    for at, one in enumerate(people):
        Recipient.objects.create(
            announcement=announcement, person=one, language="fr", queued_at=before,
            digest=digest_of(secret if not at else new_secret()),
        )  # fmt: skip
    return secret
