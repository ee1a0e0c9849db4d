"""Where, how often and when people want to be told: what they chose, else the company's default, else ours."""

import datetime as dt
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Self

from django.conf import settings
from django.db.models import Q

from vertebra.accounts.labels import NEVER_CHOSEN, Channel, MessageKind, Pace
from vertebra.accounts.models import ChannelChoice, Rhythm

# More than that are not asked for by name: everybody's choices are read.
FEW = 400
_OURS: dict[Channel, Pace | None] = {
    Channel.IN_APP: Pace.AT_ONCE,
    Channel.MAIL: Pace.AT_ONCE,
    Channel.SLACK: None,
}
_BUILT_IN = Rhythm()


@cache
def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """A person's time zone, or the company's."""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def _moments(day: dt.date, at: dt.time, zone: zoneinfo.ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The first and the last moment that a clock on the wall shows this; on the nights it is moved they differ."""
    local = dt.datetime.combine(day, at, zone)
    both = [local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    return min(both), max(both)


def quiet_until(rhythm: Rhythm, zone: zoneinfo.ZoneInfo, now: dt.datetime) -> dt.datetime | None:
    """When the quiet hours that hold now end; nothing outside of them. They are never shorter than was asked."""
    begins, ends = rhythm.quiet_from, rhythm.quiet_until
    if begins is None or ends is None or begins == ends:
        return None
    today = now.astimezone(zone).date()
    for day in (today - dt.timedelta(days=1), today):
        last = day if begins < ends else day + dt.timedelta(days=1)
        first_moment, last_moment = _moments(day, begins, zone)[0], _moments(last, ends, zone)[1]
        if first_moment <= now < last_moment:
            return last_moment
    return None


def digest_after(rhythm: Rhythm, zone: zoneinfo.ZoneInfo, now: dt.datetime, pace: str) -> dt.datetime:
    """The moment of the next digest."""
    day = now.astimezone(zone).date()
    for _day in range(9):
        is_day = pace != Pace.WEEKLY or day.weekday() == rhythm.digest_day
        moment = _moments(day, rhythm.digest_at, zone)[0]
        if is_day and moment > now:
            return moment
        day += dt.timedelta(days=1)
    raise AssertionError("nine days hold every day of the week")


@dataclass(frozen=True)
class Wishes:
    """What some people chose, read at once."""

    choices: dict[tuple[int | None, str, str], tuple[bool, str]] = field(default_factory=dict)
    rhythms: dict[int | None, Rhythm] = field(default_factory=dict)

    @classmethod
    def of(cls, users: Iterable[int], kinds: Iterable[str] = ()) -> Self:
        """The choices of these people, and the company's; of some kinds only, if any are named."""
        ids = list(users)
        theirs = Q(user=None) | (Q(user__in=ids) if len(ids) <= FEW else Q(user__isnull=False))
        rows = ChannelChoice.objects.filter(theirs)
        if wanted := list(kinds):
            rows = rows.filter(kind__in=["", *wanted])
        chosen: dict[tuple[int | None, str, str], tuple[bool, str]] = {
            (user, kind, channel): (is_on, pace)
            for user, kind, channel, is_on, pace in rows.values_list(
                "user", "kind", "channel", "is_on", "pace"
            )
        }
        return cls(chosen, {row.user_id: row for row in Rhythm.objects.filter(theirs)})

    def pace(self, user: int | None, kind: str, channel: Channel) -> Pace | None:
        """How often somebody is told of a kind by a channel; nothing: never."""
        if kind in NEVER_CHOSEN:
            return Pace.AT_ONCE if channel in {Channel.IN_APP, Channel.MAIL} else None
        if user is not None and not self.choices.get((user, "", channel), (True, ""))[0]:
            return None
        if kind == MessageKind.DIGEST:
            return Pace.AT_ONCE
        for who in (user, None):
            if (found := self.choices.get((who, kind, channel))) is not None:
                is_on, pace = found
                if channel == Channel.IN_APP:  # there is nothing to gather where everything waits anyway
                    pace = Pace.AT_ONCE
                return Pace(pace) if is_on else None
        return _OURS.get(channel)

    def rhythm(self, user: int | None) -> Rhythm:
        """When somebody is left in peace."""
        return self.rhythms.get(user) or self.rhythms.get(None) or _BUILT_IN

    def due_at(self, user: int, zone: str, kind: str, now: dt.datetime) -> dt.datetime:
        """When what is told at once may go: now, or when the quiet hours end."""
        if kind == MessageKind.ACCOUNT:
            return now
        return quiet_until(self.rhythm(user), zone_of(zone), now) or now

    def digest_at(self, user: int, zone: str, pace: str, now: dt.datetime) -> dt.datetime:
        """When the next digest of that pace comes."""
        return digest_after(self.rhythm(user), zone_of(zone), now, pace)
