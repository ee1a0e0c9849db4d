"""Reading several places one after the other: how far a round has come, and from when on the next one asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from vertebra.connectors.contract import WorkPage
from vertebra.connectors.faults import Trouble
from vertebra.connectors.histories.answers import moment, word
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.publishing import Answer
from vertebra.connectors.trail import FlawCode, Item
from vertebra.kit import clock

# What changed while the last round began may not have been listed yet.
_OVERLAP = dt.timedelta(minutes=1)
SIZE = 25


@dataclass(frozen=True, slots=True)
class Round:
    """From when on every place is asked, when the round began, which place it is at, and to where it came there."""

    asked_from: str = ""
    began: str = ""
    place: str = ""
    reached: str = ""

    @staticmethod
    def of(cursor: str, chosen: Sequence[str]) -> Round:
        """The round that a cursor tells of; a new one where its place is taken no longer."""
        parts = cursor.split("|")
        if len(parts) != 4 or (parts[2] and parts[2] not in chosen):
            return Round(parts[0])
        return Round(*parts)

    @property
    def cursor(self) -> str:
        """The round as a cursor."""
        return "|".join((self.asked_from, self.began, self.place, self.reached))


# How many work items of a place changed since a moment (None where it is not told), and what time it is there.
Count = Callable[[str, str], tuple[int | None, dt.datetime]]
# The work items of a place that changed since a moment, the longest unchanged first.
Read = Callable[[str, str], Iterator[Item]]


def walk(since: str, chosen: Sequence[str], count: Count, read: Read) -> Iterator[WorkPage]:
    """The changed work items of all chosen places; what was read before a trouble is given before it is raised."""
    at = Round.of(since, chosen)
    places = list(chosen)[list(chosen).index(at.place) if at.place else 0 :]
    counted = {place: count(place, _since(at, place)) for place in places}
    counts = [one for one, _now in counted.values()]
    total = None if None in counts else sum(one or 0 for one in counts)
    began = at.began or stamp(min(now for _count, now in counted.values()) - _OVERLAP)
    for place in places:
        if counted[place][0] == 0:
            continue
        for items in _portions(read(place, _since(at, place))):
            reached = Round(at.asked_from, began, place, stamp(items[-1].updated_at))
            yield WorkPage(tuple(items), reached.cursor, total)
    yield WorkPage((), Round(began).cursor, total)


def _since(at: Round, place: str) -> str:
    return (at.reached if place == at.place else "") or at.asked_from


def changed(
    ask: Callable[[str, int], Sequence[Mapping[str, Any]]], since: str, size: int
) -> Iterator[Mapping[str, Any]]:
    """What changed since a moment, in pages of a size, each once.

    A page is asked by where the last one ended, not by its number: what changes meanwhile moves to the end, and would
    draw what follows under what was read.
    """
    page, given = 1, set[tuple[str, str]]()
    while True:
        found = ask(since, page)
        for one in found:
            told = (word(one, "id"), _updated(one))
            if told not in given:
                given.add(told)
                yield one
        if len(found) < size:
            return
        # A whole page of one moment is followed by its number, as far as the moment goes.
        last = _updated(found[-1])
        since, page = (last, 1) if last > since else (since, page + 1)
        given = {told for told in given if told[1] >= since}


def _updated(record: Mapping[str, Any]) -> str:
    at = moment(record, "updated_at")
    return stamp(at) if at is not None else ""


def stamp(at: dt.datetime) -> str:
    """A moment as cursors and questions write it: in UTC, so that texts are in the order of moments."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _portions(items: Iterator[Item]) -> Iterator[list[Item]]:
    portion: list[Item] = []
    try:
        for item in items:
            portion.append(item)
            if len(portion) == SIZE:
                yield portion
                portion = []
    except Trouble:
        if portion:
            yield portion
        raise
    if portion:
        yield portion


def time_of(answer: Answer) -> dt.datetime:
    """What time it is where an answer comes from."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(dt.UTC)
    except (TypeError, ValueError):
        return clock.now()


def looked_at(item: Item | None, told: str, noted: Noted) -> Iterator[Item]:
    """The item, with what is strange of it noted; nothing where there is none."""
    if item is None:
        noted.add(FlawCode.ITEM_UNREADABLE, 0, key=told)
        return
    noted.look_at_times(item.key, 0, item.created_at, item.changes)
    yield item
