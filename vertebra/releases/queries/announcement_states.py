"""How telling a release goes: what is due, how far it has come, what was told that is no longer so."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import Delivery, Letter
from vertebra.kit import clock
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Announcement, Release, Tier
from vertebra.releases.queries.announcing import Texts, day_of

_WAITING = (DeliveryState.QUEUED, DeliveryState.RESERVED, DeliveryState.CLAIMED)
_HELD = (DeliveryState.HELD, DeliveryState.GATHERED)
_THERE = (DeliveryState.SENT, DeliveryState.POSSIBLY_TWICE)


def key_of(announcement: Announcement, trade: str) -> str:
    """What the letter of an announcement to a trade is known by."""
    return f"announcement:{announcement.pk}:{trade}"


def letters_of(announcements: Iterable[Announcement]) -> "QuerySet[Letter]":
    """The letters that carry these announcements."""
    return Letter.objects.filter(
        key__in=[key_of(one, trade) for one in announcements for trade in Trade.values]
    )


def due_announcements(now: dt.datetime) -> "QuerySet[Announcement]":
    """What is to be told now, or was begun and is not in the outbox yet; in the order in which it was decided."""
    begun = Q(state=AnnouncementState.SENDING, filled_at=None)
    due = Q(state=AnnouncementState.PLANNED, due_at__lte=now)
    return Announcement.objects.filter(begun | due).order_by("pk")


def under_way() -> "QuerySet[Announcement]":
    """What is in the outbox and not delivered to everybody yet."""
    return Announcement.objects.filter(state=AnnouncementState.SENDING, filled_at__isnull=False)


def is_something_to_tell(now: dt.datetime) -> bool:
    """Whether an announcement is due or under way."""
    return due_announcements(now).exists() or under_way().exists()


def chain_of(first: Announcement, trade: str) -> Iterator[Letter]:
    """The letter by which a trade was told, then each that put it right."""
    letter = Letter.objects.filter(key=key_of(first, trade)).first()
    while letter is not None:
        yield letter
        letter = Letter.objects.filter(corrects=letter).first()


@dataclass(slots=True)
class Way:
    """One channel of an announcement: how many have it, wait for it, get it with their digest, cannot be reached."""

    channel: str
    there: int = 0
    waiting: int = 0
    held: int = 0
    lost: int = 0
    spared: int = 0
    twice: int = 0

    @property
    def label(self) -> str:
        """What people call the channel."""
        return str(Channel(self.channel).label)

    @property
    def all(self) -> int:
        """Everybody whom it goes to by this channel."""
        return self.there + self.waiting + self.held + self.lost + self.spared


@dataclass(slots=True)
class Progress:
    """How far an announcement has come."""

    ways: dict[str, Way] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Deliveries that are over."""
        return sum(way.all - way.waiting for way in self.ways.values())

    @property
    def all(self) -> int:
        """Every delivery."""
        return sum(way.all for way in self.ways.values())


def progress_of(announcements: Iterable[Announcement]) -> dict[int, Progress]:
    """How far each of these has come, by channel; one query."""
    rows = Delivery.objects.filter(message__letter__in=letters_of(announcements))
    counted = rows.order_by().values_list("message__letter__key", "channel", "state")
    found: dict[int, Progress] = {}
    for key, channel, state, count in counted.annotate(count=Count("pk")):
        progress = found.setdefault(int(key.split(":")[1]), Progress())
        way = progress.ways.setdefault(channel, Way(channel))
        if state in _THERE:
            way.there += count
            way.twice += count if state == DeliveryState.POSSIBLY_TWICE else 0
        elif state in _WAITING:
            way.waiting += count
        elif state in _HELD:
            way.held += count
        elif state == DeliveryState.STOPPED:
            way.spared += count
        else:
            way.lost += count
    return found


@dataclass(frozen=True, slots=True)
class Untrue:
    """What people were told of a release that is no longer so: its day, some texts."""

    first: Announcement
    was_on: dt.date | None
    is_moved: bool
    texts: tuple[str, ...]


def has_told(row: Announcement) -> bool:
    """Whether somebody was told by it, or is being told: what was filled and reached nobody told nobody."""
    is_begun = row.kind == AnnouncementKind.FIRST and row.started_at is not None
    return is_begun and (row.filled_at is None or row.people > 0)


def told_last(announcements: Iterable[Announcement]) -> dict[int, Announcement]:
    """For each first announcement that was begun: the latest that told the same people, itself or a correction."""
    found: dict[int, Announcement] = {}
    for row in sorted(announcements, key=lambda one: one.pk):
        # A correction that was stopped did not tell them all.
        is_correction = (
            row.kind == AnnouncementKind.CORRECTION
            and row.started_at is not None
            and row.state != AnnouncementState.STOPPED
        )
        if not has_told(row) and not is_correction:
            continue
        found[row.correction_of_id or row.pk] = row
    return found


def no_longer_true(release: Release, announcements: Iterable[Announcement], texts: Texts) -> Untrue | None:
    """What those who were told know wrongly, and no correction is on its way for."""
    rows = list(announcements)
    if release.state == ReleaseState.WITHDRAWN or _is_being_corrected(rows):
        return None
    firsts = {row.pk: row for row in rows if row.kind == AnnouncementKind.FIRST}
    now_told = texts.told()
    for number, latest in told_last(rows).items():
        is_moved = latest.told_day != day_of(release)
        changed = [key for key, version in latest.versions.items() if now_told.get(key, version) != version]
        if (is_moved or changed) and number in firsts:
            return Untrue(firsts[number], latest.told_day, is_moved, tuple(changed))
    return None


def _is_being_corrected(rows: Iterable[Announcement]) -> bool:
    later = (row for row in rows if row.kind != AnnouncementKind.FIRST)
    return any(row.state == AnnouncementState.PLANNED for row in later)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the lead of a release is asked around telling it: a code, the release, until when."""

    code: str
    release: Release
    due_on: dt.date | None = None


LATELY = dt.timedelta(days=30)
MOST_LED = 200
_OF_RELEASE = ("id", "title", "state", "planned_on", "released_on", "tier__days_before")
_OF_TELLING = (
    "id", "kind", "state", "people", "told_day", "due_at", "started_at", "filled_at", "correction_of_id",
)  # fmt: skip


def wanted_of(person: int, now: dt.datetime, most: int = 3) -> list[Wanted]:
    """For whoever leads releases: what is told wrongly, what waits although it is due, what should be told by now."""
    day = clock.today(now)
    lately = Q(state=ReleaseState.RELEASED, released_on__gte=day - LATELY)
    coming = Q(state__in=(ReleaseState.PLANNED, ReleaseState.CHECKING), planned_on__isnull=False)
    led = Release.objects.filter(coming | lately, lead=person, archived_at=None)
    rows = led.order_by("planned_on", "pk").values(
        *_OF_RELEASE, *(f"announcements__{one}" for one in _OF_TELLING)
    )
    found: dict[int, tuple[Release, Tier, list[Announcement]]] = {}
    for row in rows[:MOST_LED]:
        tier = Tier(days_before=row.pop("tier__days_before"))
        announced = {name: row.pop(f"announcements__{name}") for name in _OF_TELLING}
        _release, _tier, told = found.setdefault(row["id"], (Release(**row), tier, []))
        told += [Announcement(**announced)] if announced["id"] else []
    wanted = (_wanted(release, tier, told, now) for release, tier, told in found.values())
    return [one for one in wanted if one is not None][:most]


def _wanted(row: Release, tier: Tier, told: list[Announcement], now: dt.datetime) -> Wanted | None:
    day = clock.today(now)
    if not _is_being_corrected(told) and any(
        latest.told_day != day_of(row) for latest in told_last(told).values()
    ):
        return Wanted("untold_move", row, day_of(row))
    waits = [
        one for one in told if one.state == AnnouncementState.PLANNED and one.kind == AnnouncementKind.FIRST
    ]
    if any(clock.today(one.due_at) < day or one.due_at < now - dt.timedelta(hours=1) for one in waits):
        return Wanted("waiting", row, clock.today(min(one.due_at for one in waits)))
    is_upcoming = row.state != ReleaseState.RELEASED and row.planned_on is not None
    if is_upcoming and not told and tier.days_before and row.planned_on:
        due_on = row.planned_on - dt.timedelta(days=tier.days_before)
        if due_on <= day <= row.planned_on:
            return Wanted("tell", row, due_on)
    return None
