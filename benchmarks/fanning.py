"""Twenty thousand people of two languages who are told of one release in Vertebra, by mail and in Slack."""

import time
from typing import Any

from vertebra.accounts import outbox
from vertebra.accounts.actions.chats import Given, connect_chat
from vertebra.accounts.labels import Channel, ChatWay
from vertebra.accounts.models import ChannelChoice, Delivery, User
from vertebra.kit import clock
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person, Unit
from vertebra.releases.actions.announcing import announce_release, correct_announcements
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import add_brief, move_brief, write_brief
from vertebra.releases.actions.releases import create_release
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.jobs.announcing import announce_releases
from vertebra.releases.models import Announcement, Audience, Release, Tier
from vertebra.releases.queries.audiences import reached_by, readers

COUNTRY = "Fanland"
TITLE = "Refunds in one click, from Monday"
TRADES = ("everyone", "sales", "support")
BODY = "\n\n".join(
    f"**Point {number}.** What changes for you, and what to say to customers who ask.\n\n"
    f"* the first thing, with a [link](https://example.org/{number})\n* the second thing"
    for number in range(12)
)


def people(count: int) -> int:
    """Make the accounts and their people, connect Slack, choose it for the whole company, look everybody up there."""
    now = clock.machine()
    made = (
        User(
            email=f"fan{n}@example.org",
            name=f"Fan {n}",
            language="fr" if n % 2 else "en",
            created_at=now,
            password="!",
        )
        for n in range(count)
    )
    User.objects.bulk_create(made, batch_size=1000)
    _employ(count)
    ChannelChoice.objects.create(kind="releases", channel=Channel.SLACK)
    given = Given(name="Slack", tool=Channel.SLACK, way=ChatWay.APP, secret="xoxb-benchmark")
    connect_chat(actor=User.objects.filter(role="administrator")[0], given=given, now=now)
    return outbox.look_up_people(now)


def _employ(count: int) -> None:
    """Each works somewhere, in one of three functions."""
    now, day = clock.machine(), clock.today()
    unit = Unit.objects.order_by("pk")[0]
    accounts = (
        User.objects.filter(email__startswith="fan").order_by("pk").values_list("pk", "name", "language")
    )
    rows = [
        Person(
            name=name,
            name_folded=name.lower(),
            user_id=pk,
            language=language,
            country=COUNTRY,
            created_at=now,
        )
        for pk, name, language in accounts[:count]
    ]
    Person.objects.bulk_create(rows, batch_size=1000)
    functions = (Function.SALES, Function.SUPPORT, Function.ENGINEERING)
    held = Person.objects.filter(country=COUNTRY).order_by("pk").values_list("pk", flat=True)
    Membership.objects.bulk_create(
        (
            Membership(person_id=pk, unit=unit, function=functions[at % 3], starts_on=day.replace(day=1))
            for at, pk in enumerate(held)
        ),
        batch_size=1000,
    )


def fill() -> dict[str, Any]:
    """Seconds to resolve the audience, to queue the announcement for all of it, and how many deliveries that is."""
    now = clock.now()
    actor = User.objects.filter(role="administrator")[0]
    ensure_tiers(actor=None, now=now)
    release = create_release(
        actor=actor, title=TITLE, language="en", tier=Tier.objects.get(slug="major"), now=now
    )
    _write_briefs(actor, release)
    audience = create_audience(
        actor=actor, name="Everybody there", rules={"any": [{"countries": [COUNTRY]}]}, now=now
    )
    resolved = _resolved(audience)
    start = time.perf_counter()
    announce_release(
        actor=actor, release=release, audiences=[audience], why="To see how long it takes.", now=now
    )
    pressed = time.perf_counter() - start
    announce_releases.call()
    seconds = time.perf_counter() - start
    deliveries = Delivery.objects.filter(message__letter__key__startswith="announcement:").count()
    return {"resolved": resolved, "pressed": pressed, "seconds": seconds, "deliveries": deliveries}


def _write_briefs(actor: User, release: Release) -> None:
    now = clock.now()
    for trade in TRADES:
        for language, changes in (("en", "What changes"), ("fr", "Ce qui change")):
            brief = release.briefs.filter(trade=trade, language=language).first()
            if brief is None:
                add_brief(actor=actor, release=release, trade=trade, language=language, now=now)
                brief = release.briefs.get(trade=trade, language=language)
            body = BODY.replace("What changes", changes)
            write_brief(actor=actor, brief=brief, line=f"{TITLE} ({trade}, {language})", body=body, now=now)
            move_brief(actor=actor, brief=brief, state="ready", person=None, now=now)


def _resolved(audience: Audience) -> float:
    day, start = clock.today(), time.perf_counter()
    readers(reached_by([audience.rules], day), day)
    return time.perf_counter() - start


def correct() -> dict[str, Any]:
    """Seconds to queue a correction for those who got it, and how many they are."""
    start = time.perf_counter()
    actor, release = User.objects.filter(role="administrator")[0], Release.objects.get(title=TITLE)
    correct_announcements(actor=actor, release=release, words="Two clicks, not one.", now=clock.now())
    announce_releases.call()
    people = Announcement.objects.get(release=release, kind="correction").people
    return {"seconds": time.perf_counter() - start, "people": people}


def states() -> dict[str, int]:
    """How the deliveries are."""
    return outbox.count_by_state()
