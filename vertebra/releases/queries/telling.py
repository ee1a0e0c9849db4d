"""Whom do I tell? The champions for what a text speaks of, or for an area and markets, by name and with reasons."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry
from vertebra.analysis.champions import (
    Answer,
    Champion,
    Gap,
    Lack,
    Proposal,
    Question,
    Reason,
    gaps,
    pick,
    rank,
    whom,
)
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.org.queries.care import Areas
from vertebra.releases import frames
from vertebra.releases.labels import telling as labels

LONGEST = 20_000
SHOWN = 12
_ABOUT = {
    Reason.AREA: Kind.AREA, Reason.AREA_ABOVE: Kind.AREA, Reason.AREA_BELOW: Kind.AREA,
    Reason.MARKET: Kind.MARKET, Reason.UNIT: Kind.UNIT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell: the answer, the people of its proposals by their id, those to write to first; and who was asked for."""

    answer: Answer
    people: dict[int, Person]
    picked: frozenset[int]
    areas: Areas
    champions: Sequence[Champion] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One proposal as a page shows it."""

    person: Person
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    is_picked: bool


def whom_to_tell(
    text: str, *, now: dt.datetime, language: str = "", functions: Collection[str] = (),
    known: Telling | None = None,
) -> Telling:  # fmt: skip
    """The champions for what a text speaks of; `known` is an answer for its places, whose areas and champions serve."""
    day = clock.today(now)
    areas = known.areas if known else Areas.as_of(day)
    champions = known.champions if known else frames.champions_on(day, now)
    answer = whom(
        frames.words_of(text[:LONGEST]), frames.names_on(day), champions, frames.tree_of(areas),
        language=language, functions=functions, most=SHOWN,
    )  # fmt: skip
    return _named(answer, areas, champions)


def whom_it_concerns(
    *, areas: Collection[int], markets: Collection[int] = (), now: dt.datetime, language: str = "",
    functions: Collection[str] = (),
) -> Telling:  # fmt: skip
    """The champions for areas and markets that are known."""
    return _named(
        *answer_about(areas=areas, markets=markets, now=now, language=language, functions=functions)
    )


def answer_about(
    *, areas: Collection[int], markets: Collection[int] = (), now: dt.datetime, language: str = "",
    functions: Collection[str] = (),
) -> tuple[Answer, Areas, Sequence[Champion]]:  # fmt: skip
    """The same before anybody is named, and the areas and the champions of the day."""
    day = clock.today(now)
    question = Question(
        dict.fromkeys(areas, 1.0), dict.fromkeys(markets, 1.0), {}, frozenset(functions), language
    )
    known = Areas.as_of(day)
    champions, tree = frames.champions_on(day, now), frames.tree_of(known)
    ranked = rank(question, champions, tree)[:SHOWN]
    return Answer(tuple(ranked), (), tuple(gaps(question, champions, tree))), known, champions


def _named(answer: Answer, areas: Areas, champions: Sequence[Champion]) -> Telling:
    proposals: tuple[Proposal, ...] = answer.proposals
    people = Person.objects.select_related("user").in_bulk([one.champion for one in proposals])
    picked = frozenset(one.champion for one in pick(proposals))
    return Telling(answer, people, picked, areas, champions)


def shown(
    told: Telling, *, with_time: bool, names: Mapping[tuple[str, int], str] | None = None
) -> tuple[list[Shown], list[str], list[str]]:
    """The proposals, what the text was understood to speak of, and what is missing, in words; some names are known."""
    names = _titles(told, names or {})
    rows = [
        Shown(
            told.people[one.champion],
            tuple(dict.fromkeys(_reasons(one, names, with_time=with_time))),
            tuple(dict.fromkeys(str(why.code) for why in one.reasons if why.code not in labels.OF_TIME)),
            one.champion in told.picked,
        )
        for one in told.answer.proposals
        if one.champion in told.people
    ]
    subjects = [
        names[_key(one.kind, one.id)] for one in told.answer.subjects if _key(one.kind, one.id) in names
    ]
    return rows, list(dict.fromkeys(subjects)), list(_lacking(told.answer.gaps, names, with_time=with_time))


def nearest(told: Telling) -> list[str]:
    """What is nearest to a text that names nothing which leads to anybody, in words."""
    if not told.answer.near:
        return []
    names = _titles(told, {})
    found = (names.get(_key(one.kind, one.id), "") for one in told.answer.near)
    return list(dict.fromkeys(filter(None, found)))


def _reasons(one: Proposal, names: Mapping[tuple[str, int], str], *, with_time: bool) -> Iterable[str]:
    for why in one.reasons:
        if why.code in labels.UNSAID or (why.code in labels.OF_TIME and not with_time):
            continue
        about = why.about if isinstance(why.about, int) else 0
        yield str(labels.REASONS[why.code]) % {"name": names.get((_ABOUT.get(why.code, ""), about), "?")}


def _lacking(found: Iterable[Gap], names: Mapping[tuple[str, int], str], *, with_time: bool) -> Iterable[str]:
    for gap in found:
        if with_time or gap.lack is not Lack.ONLY_OVER_HOURS:
            yield str(labels.LACKS[gap.lack]) % {"name": names.get((gap.kind, gap.id), "?")}


def lacking_near(told: Telling, *, with_time: bool) -> list[str]:
    """Of each thing that is missing, in the same order, what it is about, as the report of an empty space asks for it."""
    return [
        f"{gap.kind}:{gap.id}"
        for gap in told.answer.gaps
        if with_time or gap.lack is not Lack.ONLY_OVER_HOURS
    ]


def _key(kind: str, number: int) -> tuple[str, int]:
    return frames.feature_of(number) if kind == "feature" else (kind, number)


def _titles(told: Telling, known: Mapping[tuple[str, int], str]) -> dict[tuple[str, int], str]:
    """What everything in the answer is called."""
    answer = told.answer
    wanted = {_key(one.kind, one.id) for one in (*answer.subjects, *answer.near)} | {
        (one.kind, one.id) for one in answer.gaps
    }
    for proposal in answer.proposals:
        for why in proposal.reasons:
            if why.code in _ABOUT and isinstance(why.about, int):
                wanted.add((_ABOUT[why.code], why.about))
    named = dict(known)
    if any(kind == Kind.AREA for kind, _number in wanted):
        areas = told.areas.nodes
        named |= {key: areas[key[1]].name for key in wanted if key[0] == Kind.AREA and key[1] in areas}
    left = wanted - named.keys()
    if not left:
        return named
    rows = SearchEntry.objects.filter(
        kind__in={kind for kind, _number in left}, object_id__in={number for _kind, number in left}
    )
    return named | {
        (kind, number): title
        for kind, number, title in rows.values_list("kind", "object_id", "title")
        if (kind, number) in left
    }
