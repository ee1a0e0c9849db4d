"""The trail of a source as tables for checks: only jobs load this."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
from django.conf import settings

from vertebra.analysis import hygiene, work
from vertebra.analysis.conformance import rules
from vertebra.analysis.conformance.histories import Histories
from vertebra.analysis.conformance.reading import histories_of, presence_of
from vertebra.analysis.conformance.rules import Presence, PresentAt, Rule
from vertebra.analysis.fields import own_field
from vertebra.analysis.hygiene import Found
from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import StatusMeaning, TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.columns import SCHEMAS
from vertebra.evidence.trail.merging import MEMORY
from vertebra.evidence.trail.tables import rows_there
from vertebra.kit import clock
from vertebra.practices.labels.checks import RuleKind
from vertebra.practices.queries.checks import Asked
from vertebra.practices.queries.work_places import places_of

# How long one look at a whole trail may take.
LONGEST = 120.0
_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class TookTooLong(Exception):
    """A look at a trail was stopped."""


@contextmanager
def opened(
    version: TrailVersion, moments: Sequence[dt.datetime] = (), *, longest: float | None = None
) -> Iterator[Past]:
    """The trail of a source and the moments at which to look, ascending, for as long as that may take.

    DuckDB reads its files and nothing else is written.
    """
    with places.aside() as scratch:
        engine, is_over = _engine(scratch), threading.Event()
        threading.Thread(target=_watch, args=(engine.con, is_over, longest or LONGEST), daemon=True).start()
        try:
            for name in SCHEMAS:
                engine.con.execute(f"CREATE VIEW {name} AS FROM {rows_there(version, name)}")
            yield Past(version, engine, moments)
        except duckdb.InterruptException as stopped:
            raise TookTooLong from stopped
        finally:
            # The connection goes with the last of its tables, which Ibis drops by itself.
            is_over.set()


def _watch(connection: duckdb.DuckDBPyConnection, is_over: threading.Event, longest: float) -> None:
    """Stop whatever runs after the time, again and again: a stop between two queries stops neither."""
    if is_over.wait(longest):
        return
    while not is_over.wait(0.2):
        connection.interrupt()


def _engine(scratch: Path) -> Any:
    engine = ibis.duckdb.connect(
        ":memory:", memory_limit=MEMORY, threads=2, temp_directory=str(scratch / "spilled")
    )
    for setting in ("preserve_insertion_order = false", f"TimeZone = '{settings.TIME_ZONE}'"):
        engine.con.execute(f"SET {setting}")
    return engine


class Past:
    """The work items of a source at moments since it has a history; the history is read once for all of them."""

    def __init__(self, version: TrailVersion, engine: Any, moments: Sequence[dt.datetime] = ()) -> None:
        self.version, self.engine, self.moments = version, engine, moments
        names = ("items", "changes", "links", "sprints")
        self.tables = work.Tables(*(engine.table(name) for name in names))

    @cached_property
    def meanings(self) -> dict[str, str]:
        """What each status means."""
        told = self.tables.items.select("status", "category").distinct().to_pyarrow().to_pylist()
        said = StatusMeaning.objects.filter(source=self.version.source_id)
        pairs = ((row["status"], row["category"]) for row in told)
        return work.meanings_of(pairs, dict(said.values_list("status", "category")))

    @cached_property
    def units(self) -> Any | None:
        """Which one unit each item belongs to: that of the place that tells most exactly."""
        known = sorted(places_of(self.version.source_id), key=lambda one: -PlaceWay.values.index(one[0]))
        tied = [_tied(self.tables.items, place, rank) for rank, place in enumerate(known)]
        if not tied:
            return None
        union = tied[0] if len(tied) == 1 else tied[0].union(*tied[1:])
        return union.group_by("item").agg(unit=union.unit.argmin(union["rank"])).cache()

    @cached_property
    def states(self) -> Any:
        """The items that somebody could do something about at each moment, as they were."""
        told = [work.Moment(at, clock.today(at)) for at in self.moments]
        return work.current(self.tables, told, self.meanings)

    def remember(self) -> None:
        """Work the states out once for many looks; one look alone works out no more of them than it needs."""
        self.states = self.states.cache()

    def look(self, asked: Asked, wanted: Collection[int] | None = None) -> list[Found]:
        """What a check would have found at each moment; at those that are not wanted, nothing."""
        nths = range(len(self.moments)) if wanted is None else sorted(wanted)
        states = self.states if wanted is None else self.states.filter(self.states.nth.isin(nths))
        found: dict[int, Found] = {}
        if asked.rule is not None:
            found = self._judged(asked.rule, states, nths)
        elif asked.flags is not None:
            found = hygiene.count(hygiene.marked(states, asked.among, asked.flags), self.units)
        return [found.get(nth, Found()) for nth in range(len(self.moments))]

    def _judged(self, told: Mapping[str, Any], states: Any, nths: Collection[int]) -> dict[int, Found]:
        rule, whole = rule_of(told), self.histories
        presence = self.presence(rule.field) if isinstance(rule, PresentAt) else None
        course = rules.course(rule, whole, presence=presence)
        verdicts = [(nth, course.at((self.moments[nth] - _EPOCH) // _MICROSECOND)) for nth in nths]
        names = self._names
        judged = (
            hygiene.Judged(nth, names.take(one.agreed), names.take(one.departed)) for nth, one in verdicts
        )
        found = hygiene.count(hygiene.marked_by(states, judged), self.units)
        # Of four eyes not even an item is named.
        is_bare = isinstance(rule, rules.FourEyes)
        return {nth: Found(one.whole, one.groups) if is_bare else one for nth, one in found.items()}

    @cached_property
    def histories(self) -> Histories:
        """What happened to items, status by status; what an item began with is its first."""
        return histories_of(self.tables)

    @cached_property
    def _names(self) -> Any:
        """The items of the histories as a column."""
        return pa.array(self.histories.items, pa.string())

    def presence(self, field: str) -> Presence:
        """Whether a field of items held anything, at any moment; the word “link” stands for any link."""
        return presence_of(self.tables, self.histories, field)

    def keys(self, items: Sequence[str]) -> list[str]:
        """What people call items."""
        rows = self.engine.con.execute(_KEYS, {"items": list(items)}).fetchall()
        known = dict(rows)
        return [known.get(item, item) for item in items]

    def own_fields(self) -> list[str]:
        """The fields of the tool that were chosen when the items were brought in; a few."""
        rows = self.engine.con.execute(_OWN_FIELDS).fetchall()
        return [name for (name,) in rows]


_KEYS = "SELECT external_id, key FROM items WHERE external_id IN (SELECT unnest($items))"
_OWN_FIELDS = """
    SELECT DISTINCT unnest(json_keys(fields)) AS name FROM (SELECT fields FROM items LIMIT 1000) ORDER BY name LIMIT 8
"""


def _tied(items: Any, place: tuple[str, str, int], rank: int) -> Any:
    """The items that a place brings to its unit; of several places the one of the lowest rank holds."""
    way, name, unit = place
    if way == PlaceWay.PROJECT:
        is_there = items.project == name
    elif way == PlaceWay.TEAM:
        is_there = own_field(items, "team", otherwise="") == name
    else:
        is_there = (items.components if way == PlaceWay.COMPONENT else items.labels).contains(name)
    rows = items.filter(is_there)
    return rows.select(item="external_id", unit=ibis.literal(unit, "int64"), rank=ibis.literal(rank, "int64"))


def rule_of(told: Mapping[str, Any]) -> Rule:
    """The rule that was written down."""
    kind = RuleKind(str(told["rule"]))
    if kind == RuleKind.PHASES:
        return rules.PhasesInOrder(tuple(map(str, told["phases"])))
    if kind == RuleKind.BEFORE:
        return rules.StepBefore(str(told["first"]), str(told["then"]))
    if kind == RuleKind.ANSWER:
        return rules.AnswerWithin(str(told["step"]), tuple(map(str, told["answers"])), int(told["days"]))
    if kind == RuleKind.NEVER:
        return rules.NeverAfter(str(told["step"]), str(told["never"]))
    if kind == RuleKind.PRESENT:
        return rules.PresentAt(str(told["step"]), str(told["field_present"]))
    return rules.FourEyes(str(told["first"]), str(told["then"]))


def written(rule: Rule) -> dict[str, Any]:
    """A rule as it is written down."""
    if isinstance(rule, rules.PhasesInOrder):
        return {"rule": RuleKind.PHASES.value, "phases": list(rule.phases)}
    if isinstance(rule, rules.StepBefore):
        return {"rule": RuleKind.BEFORE.value, "first": rule.first, "then": rule.then}
    if isinstance(rule, rules.AnswerWithin):
        return {
            "rule": RuleKind.ANSWER.value,
            "step": rule.step,
            "answers": list(rule.answers),
            "days": rule.days,
        }
    if isinstance(rule, rules.NeverAfter):
        return {"rule": RuleKind.NEVER.value, "step": rule.step, "never": rule.never}
    if isinstance(rule, PresentAt):
        return {"rule": RuleKind.PRESENT.value, "step": rule.step, "field_present": rule.field}
    return {"rule": RuleKind.FOUR_EYES.value, "first": rule.first, "then": rule.then}
