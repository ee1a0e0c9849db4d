"""Who knows of a release: against its day, by team, by function and in each market; never of fewer than five.

Counted by a job, once a day, of those who were told, in the groups that they were in on the day when
they were first told: who moves or leaves changes no figure. Everything is told in steps of five, and teams and
functions only as far as no difference between them is about one to four people (`analysis.crossing`).
"""

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.cache import cache
from django.db.models import Min, QuerySet

from vertebra.analysis.awareness import Band, Knowing, Told, Word, by_group, curve
from vertebra.analysis.crossing import Point as Part
from vertebra.analysis.crossing import told_together, weakest
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.kit import clock
from vertebra.org.models import Market, Membership, Person
from vertebra.org.queries.structure import Structure
from vertebra.releases.labels.awareness import AnnouncementKind, ReceiptState
from vertebra.releases.models import Announcement, Receipt, Recipient, Release
from vertebra.releases.queries.announcement_plans import told_of

ALL = "all"
VERSION = 1
# For so long after it was told a release is counted every day.
WATCHED = dt.timedelta(days=120)
WORDS = {
    ReceiptState.ACKNOWLEDGED: Word.READ,
    ReceiptState.UNDERSTOOD: Word.UNDERSTOOD,
    ReceiptState.QUESTION: Word.QUESTION,
}


@dataclass(frozen=True, slots=True)
class Step:
    """By the end of a day, so many at least had said something: a multiple of five."""

    on: dt.date
    heard: int


@dataclass(frozen=True, slots=True)
class Group:
    """What may be told of a group: how many were told, and what they said; as of the group around it where it is small."""

    key: str
    parent: str
    told: int
    bands: tuple[Band, ...]
    as_of: str

    @property
    def understood(self) -> int | None:
        """How many at least say that they understood; nothing where that is told together with another word."""
        return self._alone(Word.UNDERSTOOD)

    @property
    def unheard(self) -> int | None:
        """Of how many at least nothing was heard; nothing where that is told together with another word."""
        return self._alone(Word.SILENT)

    @property
    def heard(self) -> int:
        """How many at least said something."""
        return sum(band.count for band in self.bands if Word.SILENT not in band.words)

    def _alone(self, word: Word) -> int | None:
        band = next((one for one in self.bands if word in one.words), None)
        if band is None:
            return 0
        return band.count if band.words == (word,) else None


@dataclass(frozen=True, slots=True)
class InMarket:
    """A market: of those in functions large enough to be told apart there, how many said something at least."""

    market: int
    told: int
    heard: int


@dataclass(frozen=True, slots=True)
class Awareness:
    """Who knows of a release, as counted on a day."""

    stamp: str
    counted_on: dt.date
    told_on: dt.date
    told: int
    whole: Group | None
    steps: tuple[Step, ...]
    units: tuple[Group, ...]
    functions: tuple[Group, ...]
    markets: tuple[InMarket, ...]
    curves: Mapping[str, tuple[int, tuple[Step, ...]]]

    def share_before(self, day: dt.date) -> float | None:
        """The share that had said something before a day, at least; nothing where that cannot be told."""
        heard = [step.heard for step in self.steps if step.on < day]
        return heard[-1] / self.told if heard else None


def told_people(release: Release) -> "QuerySet[Recipient]":
    """Everybody whom a release was told to, once or several times."""
    return told_of(release).filter(queued_at__isnull=False)


def awareness_of(release: Release) -> Awareness | None:
    """Who knows of a release, as last counted; nothing before anybody is told, and until it is counted."""
    found: Awareness | None = cache.get(_key(release.pk))
    if found is None and cache.has_key(_mark(release.pk)):
        # The cache may forget the one and not the other: what no page finds is counted again.
        cache.delete(_mark(release.pk))
    return found if found and found.told else None


def count_due(now: dt.datetime) -> list[Release]:
    """The releases to count today: told lately, or never counted, or told to more people since."""
    stamps = _stamps()
    known = cache.get_many([_mark(number) for number in stamps])
    day, due = clock.today(now), list[int]()
    for number, (stamp, latest) in stamps.items():
        counted, on = known.get(_mark(number), ("", day))
        if counted != stamp or (on < day and latest > now - WATCHED):
            due.append(number)
    return list(Release.objects.filter(pk__in=due).order_by("pk"))


def count_again(release: Release, now: dt.datetime) -> Awareness | None:
    """Count who knows of a release, and keep it for the pages of the day."""
    stamp, _latest = _stamps().get(release.pk, ("", now))
    if not stamp:
        return None
    begun = _begun().filter(release=release).aggregate(first=Min("started_at"))
    found = count_awareness(release, clock.today(begun["first"]), clock.today(now), stamp)
    cache.set(_key(release.pk), found, None)
    cache.set(_mark(release.pk), (stamp, found.counted_on), None)
    return found


def _key(number: int) -> str:
    return f"awareness:{VERSION}:{number}"


def _mark(number: int) -> str:
    """Of what and on which day a release was counted: what is looked at all day long is small."""
    return f"awareness:{VERSION}:{number}:counted"


def _begun() -> "QuerySet[Announcement]":
    return Announcement.objects.filter(kind=AnnouncementKind.FIRST, started_at__isnull=False)


def _stamps() -> dict[int, tuple[str, dt.datetime]]:
    """What says of each release whether it was told to more people since, and when it was told last."""
    found: dict[int, tuple[str, dt.datetime]] = {}
    rows = _begun().filter(release__archived_at=None).order_by("pk")
    for number, key, started_at, filled_at in rows.values_list("release", "pk", "started_at", "filled_at"):
        if started_at is not None:
            before, latest = found.get(number, ("", started_at))
            found[number] = f"{before}-{key}{'+' if filled_at else ''}", max(latest, started_at)
    return found


@dataclass(frozen=True, slots=True)
class _Person:
    unit: str
    function: str
    word: Word
    on: dt.date | None


def count_awareness(release: Release, told_on: dt.date, day: dt.date, stamp: str) -> Awareness:
    """Count who knows, in the groups of the day when the release was first told."""
    people, inside = _people(release, told_on)
    units = {ALL: "", **inside[0]}
    functions = {ALL: "", **inside[1]}
    known = (
        by_group((Told(one.unit, one.word, one.on) for one in people), units),
        by_group((Told(one.function, one.word, one.on) for one in people), functions),
    )
    first, second = _shown(known[0]), _shown(known[1])
    if ALL in first:
        first, second = told_together(_cells(people, known[0]), (units, functions), (first, second))
    by_unit = _groups(known[0], units, first)
    by_function = _groups(known[1], functions, second)
    steps, curves = _curves(people, functions, second, told_on, day)
    return Awareness(
        stamp=stamp,
        counted_on=day,
        told_on=told_on,
        told=len(people),
        whole=next((one for one in by_unit if one.key == ALL and one.bands), None),
        steps=steps,
        units=tuple(one for one in by_unit if one.key != ALL),
        functions=tuple(one for one in by_function if one.key != ALL),
        markets=_markets(by_function),
        curves=curves,
    )


def _people(
    release: Release, told_on: dt.date
) -> tuple[list[_Person], tuple[dict[str, str], dict[str, str]]]:
    """Those who were told, each in their team, in their function and market, and what stands inside what."""
    told = told_people(release).order_by().values("person")
    countries = dict(Person.objects.filter(pk__in=told).order_by().values_list("pk", "country"))
    held = Membership.objects.as_of(told_on).filter(person__in=told).order_by("share", "-pk")
    places = {person: (unit, role) for person, unit, role in held.values_list("person", "unit", "function")}
    said = {
        person: (WORDS[ReceiptState(state)], clock.today(first_at))
        for person, state, first_at in Receipt.objects.filter(release=release).values_list(
            "person", "state", "first_at"
        )
    }
    markets = _by_country()
    nodes = Structure.as_of(told_on, with_members=False).nodes
    units = {str(one.id): str(one.parent_id) if one.parent_id in nodes else ALL for one in nodes.values()}
    functions: dict[str, str] = {}
    people = []
    for person, country in countries.items():
        unit, function = places.get(person, (None, ""))
        word, on = said.get(person, (Word.SILENT, None))
        people.append(
            _Person(
                str(unit) if unit in nodes else ALL,
                _placed(function, markets.get(country or ""), functions),
                word,
                on,
            )
        )
    return people, (units, functions)


def _by_country() -> dict[str, int]:
    """The market of a country, by its code or its name."""
    found: dict[str, int] = {}
    for number, name, code in Market.objects.filter(archived_at=None).values_list("pk", "name", "code"):
        found |= {name: number} | ({code: number} if code else {})
    return found


def _placed(function: str, market: int | None, functions: dict[str, str]) -> str:
    """The group of somebody: their function in their market, inside their function."""
    if not function:
        return ALL
    functions[function] = ALL
    if market is None:
        return function
    functions[f"{function}/{market}"] = function
    return f"{function}/{market}"


def _shown(known: Mapping[str, Knowing]) -> frozenset[str]:
    return frozenset(group for group, one in known.items() if one.as_of == group)


def _cells(people: Sequence[_Person], known: Mapping[str, Knowing]) -> Counter[tuple[str, str, str]]:
    """How many are in each team, function and band of what is told of everybody."""
    bands = {word: str(at) for at, band in enumerate(known[ALL].bands) for word in band.words}
    return Counter((one.unit, one.function, bands.get(one.word, "")) for one in people)


def _groups(known: Mapping[str, Knowing], parents: Mapping[str, str], shown: frozenset[str]) -> list[Group]:
    """Each group that somebody is in, as what is told of it, or of what is around it."""
    found = []
    for key, one in known.items():
        around, seen = key, {key}
        while around not in shown and (up := parents.get(around, "")) and up not in seen:
            seen.add(up)
            around = up
        told = known[around] if around in shown else None
        found.append(Group(key, parents[key], one.told, told.bands if told else (), around if told else ""))
    return found


def _markets(functions: Sequence[Group]) -> tuple[InMarket, ...]:
    """Each market as the sum of what is told of functions there: it says nothing that they do not."""
    told, heard = Counter[int](), Counter[int]()
    for one in functions:
        _function, _sign, market = one.key.partition("/")
        if market and one.as_of == one.key:
            told[int(market)] += one.told
            heard[int(market)] += one.heard
    return tuple(InMarket(market, told[market], heard[market]) for market in sorted(told))


def _curves(
    people: Sequence[_Person],
    functions: Mapping[str, str],
    shown: frozenset[str],
    told_on: dt.date,
    until: dt.date,
) -> tuple[tuple[Step, ...], dict[str, tuple[int, tuple[Step, ...]]]]:
    """The curve of everybody, and of each function as far as their differences are about five people or more."""
    points = curve([Told(ALL, one.word, one.on) for one in people], told_on, until)
    days = [told_on + dt.timedelta(days=one.days) for one in points]
    steps = _steps(told_on, [(one.days, one.heard) for one in points])
    inside: dict[str, list[dt.date | None]] = defaultdict(list)
    for one in people:
        at = bisect_left(days, one.on) if one.on else len(days)
        inside[one.function.partition("/")[0]].append(days[at] if at < len(days) else None)
    told = {
        group: curve([Told(group, Word.READ, on) for on in heard], told_on, until)
        for group, heard in inside.items()
        if group in shown and functions.get(group) == ALL and len(heard) >= FEWEST
    }
    ends = {group: [told_on + dt.timedelta(days=one.days) for one in found] for group, found in told.items()}
    while weakest(_lines(inside, ends)) and ends:
        del ends[min(ends, key=lambda group: (len(inside[group]), group))]
    return steps, {
        group: (len(inside[group]), _steps(told_on, [(one.days, one.heard) for one in told[group]]))
        for group in ends
        if ends[group]
    }


def _lines(
    inside: Mapping[str, Sequence[dt.date | None]], ends: Mapping[str, Sequence[dt.date]]
) -> Counter[tuple[Part, Part]]:
    """Who spoke up to which point of the curve of everybody, and of their function."""
    lines: Counter[tuple[Part, Part]] = Counter()
    for group, heard in inside.items():
        mine = ends.get(group)
        for on in heard:
            if mine is None:
                lines[(0, on), (1, "", None)] += 1
            else:
                at = bisect_left(mine, on) if on else len(mine)
                lines[(0, on), (1, group, mine[at] if at < len(mine) else None)] += 1
    return lines


def _steps(told_on: dt.date, points: Sequence[tuple[int, int]]) -> tuple[Step, ...]:
    """The points of a curve in steps of five, the first day of each."""
    rounded = [(told_on + dt.timedelta(days=days), in_steps(heard) or 0) for days, heard in points]
    return tuple(
        Step(next(iter(some))[0], heard) for heard, some in groupby(rounded, key=lambda point: point[1])
    )
