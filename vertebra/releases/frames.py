"""The organisation and what is under way as tables for “whom do I tell?”: names with their words, champions with their time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link, SearchEntry
from vertebra.analysis.champions import DAYS, Champion, Tree
from vertebra.analysis.subjects import Name, NameKind, Names
from vertebra.kit.text import LANGUAGES, lemmas, tokens
from vertebra.org.labels import MandateRole
from vertebra.org.models import AreaVersion, Mandate
from vertebra.org.queries.care import Areas, Owners
from vertebra.org.queries.remembered import remembered
from vertebra.releases.labels.consultations import READING_MINUTES, USUAL_MINUTES, AskState
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import (
    Brief,
    ConsultationAnswer,
    ConsultationAsk,
    HeadsUpTo,
    Relay,
    Release,
)
from vertebra.roadmap.labels.initiatives import InitiativeState
from vertebra.roadmap.models import Initiative, Topic

# What an agreed month is worth in the days that are looked at.
MONTHS = 3
# A unit that owns more than this is not meant by each of its areas.
MOST_OWNED = 3
_KINDS: dict[str, NameKind] = {
    Kind.AREA: "area", Kind.MARKET: "market", Kind.UNIT: "unit", Kind.RELEASE: "feature",
    Kind.INITIATIVE: "feature", Kind.TOPIC: "feature",
}  # fmt: skip
# Releases, initiatives and topics are counted apart: each has a first one.
_APART = 1_000_000_000
_FEATURES = (Kind.RELEASE, Kind.INITIATIVE, Kind.TOPIC)
# What came out is spoken of for a year.
_SPOKEN_OF = dt.timedelta(days=365)
# How many words that describe a thing are known of it.
_DESCRIBING = 300
# What a row of what is under way tells: where something is, which topic it answers, which release a brief is of.
_PLACE, _TIE, _BRIEF = "place", "tie", "brief"
_Key = tuple[str, int]
_Places = tuple[tuple[int, ...], tuple[int, ...]]


def words_of(text: str) -> set[str]:
    """The words of a text in every form that a name may have them: as written, and their lemmas in both languages."""
    found = set(tokens(text))
    for language in LANGUAGES:
        found |= lemmas(text, language)
    return found


def feature_number(kind: str, number: int) -> int:
    """The id of a release, an initiative or a topic among things under way."""
    return number + _APART * _FEATURES.index(Kind(kind))


def feature_of(number: int) -> _Key:
    """The kind and the id of a thing under way."""
    return str(_FEATURES[number // _APART]), number % _APART


@remembered
def names_on(day: dt.date) -> Names:
    """Everything that a text may speak of on a day, by the words that search knows of it."""
    owners = Owners.as_of(day)
    under_way, briefs = _under_way(day, owners)
    there = AreaVersion.objects.as_of(day).values("area")
    rows = SearchEntry.objects.filter(kind__in=[*_KINDS, Kind.BRIEF])
    rows = rows.filter(~Q(kind=Kind.AREA) | Q(object_id__in=there)).order_by("kind", "object_id")
    known = list(rows.values_list("kind", "object_id", "title", "language", "lemmas"))
    briefed = _briefed(known, briefs)
    found = []
    for kind, number, title, language, lemmatised in known:
        if kind == Kind.BRIEF or (_KINDS[kind] == "feature" and (kind, number) not in under_way):
            continue
        belongs, markets = under_way.get((kind, number), ((), ()))
        if kind == Kind.UNIT:
            belongs = _owned(owners, number)
        called = _called(title, language)
        more = briefed.get(number, ()) if kind == Kind.RELEASE else ()
        words = dict.fromkeys((*lemmatised.split(), *more))
        described = tuple(word for word in words if word not in called)[:_DESCRIBING]
        number = feature_number(kind, number) if _KINDS[kind] == "feature" else number
        found.append(Name(_KINDS[kind], number, called, described, belongs, markets))
    return Names(found)


def _called(title: str, language: str) -> tuple[str, ...]:
    """The words of a name as a text may have them: their lemmas, and numbers as they are."""
    return tuple(sorted(lemmas(title, language) | {word for word in tokens(title) if word.isdigit()}))


def _owned(owners: Owners, unit: int) -> tuple[int, ...]:
    """The areas of a unit, if they are few enough for each to be meant by it."""
    owned = tuple(owners.areas_of_unit.get(unit, ()))
    return owned if len(owned) <= MOST_OWNED else ()


def _briefed(rows: Iterable[tuple[Any, ...]], briefs: Mapping[int, int]) -> dict[int, list[str]]:
    """What briefs say of each release, in the words of trades and in both languages."""
    found: dict[int, list[str]] = defaultdict(list)
    for kind, number, _title, _language, words in rows:
        if kind == Kind.BRIEF and number in briefs:
            found[briefs[number]] += words.split()
    return found


def _under_way(day: dt.date, owners: Owners) -> tuple[dict[_Key, _Places], dict[int, int]]:
    """Releases to come or out for less than a year, initiatives that go on and topics, with their areas and markets.

    Beside them, the release of each brief: all of it is read in one question.
    """
    places: dict[_Key, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    briefs: dict[int, int] = {}
    answering = []
    first, *others = _read_under_way(day)
    for code, kind, number, area, market, unit in first.union(*others, all=True):
        if code == _TIE:
            answering.append((kind, number, area))
        elif code == _BRIEF:
            briefs[number] = area
        else:
            areas, markets = places[kind, number]
            areas |= {area} if area else set(_owned(owners, unit)) if unit else set()
            markets |= {market} if market else set()
    for kind, number, topic in answering:
        for mine, theirs in zip(places[Kind.TOPIC, topic], places.get((kind, number), ()), strict=False):
            mine |= theirs
    told = {key: (tuple(sorted(areas)), tuple(sorted(markets))) for key, (areas, markets) in places.items()}
    return told, briefs


def _read_under_way(day: dt.date) -> list["QuerySet[Any, Any]"]:
    """Where each thing under way is, which of them answers which topic, and the release of each brief."""
    coming = Q(state__in=(ReleaseState.PLANNED, ReleaseState.CHECKING))
    out = Q(state=ReleaseState.RELEASED, released_on__gt=day - _SPOKEN_OF)
    releases = Release.objects.filter(coming | out, archived_at=None)
    going_on = Initiative.objects.filter(
        archived_at=None, state__in=(InitiativeState.PLANNED, InitiativeState.STARTED)
    )
    topics = Topic.objects.filter(archived_at=None, merged_into=None)
    ties = Link.objects.filter(
        from_kind__in=(Kind.RELEASE, Kind.INITIATIVE), to_kind=Kind.TOPIC, ended_at=None,
        to_id__in=topics.values("pk"),
    )  # fmt: skip
    briefs = Brief.objects.filter(release__archived_at=None)
    nothing = Cast(Value(None), BigIntegerField())

    def read(rows: "QuerySet[Any]", code: str, kind: str, *columns: Any) -> "QuerySet[Any, Any]":
        named = F(kind) if kind == "from_kind" else Value(kind, TextField())
        return rows.order_by().values_list(
            Value(code, TextField()), Cast(named, TextField()), *columns, *[nothing] * (4 - len(columns))
        )

    return [
        read(releases, _PLACE, str(Kind.RELEASE), "pk", "area_id", "markets__market_id"),
        read(
            going_on,
            _PLACE,
            str(Kind.INITIATIVE),
            "pk",
            "involvements__area",
            "involvements__market",
            "owner_unit_id",
        ),
        read(topics, _PLACE, str(Kind.TOPIC), "pk"),
        read(ties, _TIE, "from_kind", "from_id", "to_id"),
        read(briefs, _BRIEF, str(Kind.BRIEF), "pk", "release_id"),
    ]


@remembered
def tree_on(day: dt.date) -> Tree:
    """The areas above each area, the nearest first."""
    return tree_of(Areas.as_of(day))


def tree_of(areas: Areas) -> Tree:
    """The areas above each of these areas, the nearest first."""
    return Tree({number: tuple(reversed(node.path)) for number, node in areas.nodes.items()})


def champions_on(day: dt.date, now: dt.datetime) -> list[Champion]:
    """The champions of a day, with what they answer for, the time agreed and the time asked in the last ninety days."""
    rows = Mandate.objects.as_of(day).filter(
        role=MandateRole.CHAMPION, person__isnull=False, person__archived_at=None
    )
    held: dict[int, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    hours: dict[int, float] = defaultdict(float)
    for row in rows.exclude(person__left_on__lte=day).values(
        "person_id",
        "area_id",
        "market_id",
        "unit_id",
        "function",
        "hours_per_month",
        language=F("person__language"),
    ):
        for name in ("area_id", "market_id", "unit_id", "function", "language"):
            if row[name]:
                held[row["person_id"]][name].add(row[name])
        held[row["person_id"]]["any"].add(True)
        hours[row["person_id"]] += row["hours_per_month"] or 0
    asked = asked_minutes(held, now)
    return [
        Champion(
            person,
            areas=frozenset(one["area_id"]),  # type: ignore[arg-type]
            markets=frozenset(one["market_id"]),  # type: ignore[arg-type]
            units=frozenset(one["unit_id"]),  # type: ignore[arg-type]
            functions=frozenset(one["function"]),  # type: ignore[arg-type]
            languages=frozenset(one["language"]),  # type: ignore[arg-type]
            agreed_minutes=hours[person] * 60 * MONTHS or None,
            asked_minutes=asked.get(person, 0.0),
        )
        for person, one in sorted(held.items())
    ]


def asked_minutes(people: Iterable[int], now: dt.datetime) -> dict[int, float]:
    """The minutes that champions gave or are asked for since ninety days: answers, what waits or was read, what they passed on."""
    wanted, since = list(people), now - dt.timedelta(days=DAYS)
    found: dict[int, float] = defaultdict(float)
    answers = ConsultationAnswer.objects.filter(ask__person__in=wanted, answered_at__gte=since)
    relays = Relay.objects.filter(person__in=wanted, passed_at__gte=since)
    waiting = ConsultationAsk.objects.filter(person__in=wanted, asked_at__gte=since)
    waiting = waiting.filter(state__in=(AskState.WAITING, AskState.REMINDED))
    told = HeadsUpTo.objects.filter(person__in=wanted, heads_up__sent_at__gte=since)
    rows = answers.order_by().values_list("ask__person", "minutes").union(
        relays.order_by().values_list("person", "minutes"),
        waiting.order_by().values_list("person", Value(USUAL_MINUTES)),
        told.order_by().values_list("person", Value(READING_MINUTES)),
        all=True,
    )  # fmt: skip
    for person, minutes in rows:
        found[person] += minutes or 0
    return found
