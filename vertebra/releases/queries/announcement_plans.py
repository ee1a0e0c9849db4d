"""Before a release is told: whom it reaches and misses, who was told already, in whose words and language each gets it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from vertebra.accounts.labels import PERSONAL_CHANNELS, Channel, DeliveryState
from vertebra.accounts.models import Delivery
from vertebra.accounts.outbox import mail_is_on
from vertebra.org.models import Membership, Person
from vertebra.releases.labels.awareness import AnnouncementKind
from vertebra.releases.labels.releases import GoVerdict
from vertebra.releases.models import Announcement, Audience, Recipient, Release
from vertebra.releases.queries.announcement_states import letters_of
from vertebra.releases.queries.announcing import Text, Texts, day_of
from vertebra.releases.queries.audiences import people_on, reachable, reached_by, spoken_by
from vertebra.releases.queries.requirements import Held, Requirement, missing, requirements

# Whoever has neither an account that opens nor an address.
_MUTE = Q(user=None, email="") | Q(user__is_active=False)
_GROUPED = ("function", "user__language", "language", "is_inside", "is_reached", "is_mute", "is_told")


@dataclass(slots=True)
class Share:
    """Those who get the same text: of which trade, in which language, how many, and of which functions they are."""

    trade: str
    language: str
    text: Text
    people: int = 0
    functions: Counter[str] = field(default_factory=Counter)

    @property
    def is_in_another_language(self) -> bool:
        """Whether it is not in their language."""
        return self.language != self.text.language


@dataclass(slots=True)
class Missed:
    """A function: how many of it are reached, of how many."""

    code: str
    reached: int = 0
    all: int = 0


@dataclass(slots=True)
class Plan:
    """What an announcement would do."""

    all: int = 0
    inside: int = 0
    told: int = 0
    mute: int = 0
    unmailed: int = 0
    shares: list[Share] = field(default_factory=list)
    functions: list[Missed] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many would be told now."""
        return sum(share.people for share in self.shares)

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out: that is confirmed with the number."""
        return self.inside == self.all > 0


def plan_of(
    texts: Texts,
    audiences: Sequence[Audience],
    day: dt.date,
    channels: Collection[str] = PERSONAL_CHANNELS,
) -> Plan:
    """Whom these audiences reach on a day by these channels, and what each would read."""
    plan, shares = Plan(), dict[tuple[str, str], Share]()
    functions: dict[str, Missed] = {}
    for row in _grouped(texts.release, audiences, day, channels):
        count, function = row["count"], row["function"] or ""
        group = functions.setdefault(function, Missed(function))
        plan.all, group.all = plan.all + count, group.all + count
        if not row["is_inside"]:
            continue
        plan.inside, group.reached = plan.inside + count, group.reached + count
        if row["is_told"]:
            plan.told += count
        elif row["is_mute"]:
            plan.mute += count
        elif not row["is_reached"]:
            plan.unmailed += count
        else:
            trade, language = texts.trade_of(function), spoken_by(row["user__language"], row["language"])
            key = (trade, language)
            share = shares.setdefault(key, Share(trade, language, texts.best(trade, language)))
            share.people += count
            share.functions[function] += count
    plan.shares = sorted(shares.values(), key=lambda one: (-one.people, one.trade, one.language))
    plan.functions = sorted(functions.values(), key=lambda one: (-one.all, one.code))
    return plan


def _grouped(
    release: Release, audiences: Sequence[Audience], day: dt.date, channels: Collection[str]
) -> "QuerySet[Person, dict[str, Any]]":
    condition = reached_by([one.rules for one in audiences], day)
    most = Membership.objects.as_of(day).filter(person=OuterRef("pk")).order_by("-share", "pk")
    rows = people_on(day).annotate(
        function=Subquery(most.values("function")[:1]),
        is_inside=_whether(condition),
        is_reached=_whether(reachable(channels)),
        is_mute=_whether(_MUTE),
        is_told=Exists(told_of(release).filter(person=OuterRef("pk"))),
    )
    grouped: QuerySet[Person, dict[str, Any]] = rows.values(*_GROUPED).annotate(count=Count("pk")).order_by()
    return grouped


def _whether(condition: Q) -> Case | Value:
    if not condition:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def told_of(release: Release) -> "QuerySet[Recipient]":
    """Whoever was told of a release, by whichever announcement."""
    return Recipient.objects.filter(announcement__release=release, announcement__kind=AnnouncementKind.FIRST)


@dataclass(frozen=True, slots=True)
class Unreached:
    """How many of those an announcement was for were not told: nothing of them is known, or no mail goes to them."""

    mute: int = 0
    unmailed: int = 0


def unreached(firsts: Sequence[Announcement], day: dt.date) -> Unreached:
    """Those in the audiences of what was announced whom nothing could leave to."""
    rules = [one.audience.rules for one in firsts if one.audience and one.filled_at]
    if not rules:
        return Unreached()
    channels = {channel for one in firsts for channel in one.channels}
    left = people_on(day).filter(reached_by(rules, day)).exclude(reachable(channels))
    told = told_of(firsts[0].release).filter(person=OuterRef("pk"))
    left = left.exclude(Exists(told))
    return Unreached(**left.aggregate(mute=Count("pk", filter=_MUTE), unmailed=Count("pk", filter=~_MUTE)))


def put_right_now(announcements: Iterable[Announcement]) -> int:
    """How many people a correction leaves to: who has a text of these or waits for it, by ways that are open."""
    told = [one for one in announcements if one.kind != AnnouncementKind.WITHDRAWAL]
    rows = Delivery.objects.filter(message__letter__in=letters_of(told), message__to_chat=None)
    rows = rows.exclude(state__in=(DeliveryState.FAILED, DeliveryState.STOPPED, DeliveryState.BOUNCED))
    rows = rows if mail_is_on() else rows.exclude(channel=Channel.MAIL)
    return rows.order_by().values("message__to_user", "message__to_email").distinct().count()


def unexcused(release: Release, held: Held) -> list[Requirement]:
    """What the tier requires that is not there, and that no recorded go gave a reason to do without."""
    left, excused = missing(requirements(release, held)), set[str]()
    if held.go is not None and held.go.verdict != GoVerdict.NO_GO and held.go.why:
        excused = set(held.go.known.get("missing", []))
    return [one for one in left if f"{one.code}:{one.of}" not in excused]


def is_late(release: Release, day: dt.date) -> bool:
    """Whether whoever is told on a day learns it after the release came out."""
    its_day = day_of(release)
    return its_day is not None and its_day < day


def usual_day(release: Release, day: dt.date) -> dt.date | None:
    """The day on which it is usually told: as many days before it comes out as its tier says; now if that is over."""
    if release.planned_on is None or release.released_on is not None:
        return None
    wanted = release.planned_on - dt.timedelta(days=release.tier.days_before)
    return wanted if release.tier.days_before and wanted > day else None


def by_audience(release: Release) -> dict[int, list[Announcement]]:
    """The first announcements of a release, by audience."""
    found: dict[int, list[Announcement]] = defaultdict(list)
    for row in release.announcements.filter(kind=AnnouncementKind.FIRST):
        found[row.audience_id or 0].append(row)
    return found
