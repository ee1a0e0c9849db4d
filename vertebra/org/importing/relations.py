"""Planning memberships, mandates and ownerships: facts over time between the things of the organisation."""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from vertebra.connectors.records import Record, Ref
from vertebra.kit.text import fold
from vertebra.org.importing.current import RELATIONS, Current, was_closed_by_import
from vertebra.org.importing.plan import Entity, Plan
from vertebra.org.importing.references import Matcher
from vertebra.org.importing.settling import Told, first_memory, reopened, settle
from vertebra.org.importing.things import TABLES, Reader
from vertebra.org.importing.words import PlanCode

# A fact without these is no fact: it is told as an unknown reference, and left out.
_NEEDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "membership": (("person_id",), ("unit_id",)),
    "mandate": (("unit_id", "area_id", "market_id"), ("person_id", "reference")),
    "ownership": (("unit_id",), ("area_id", "market_id")),
}
_FOR_ONE_OF = {"mandate": ("unit_id", "area_id", "market_id"), "ownership": ("area_id", "market_id")}
# Changing one of these corrects the row; changing another closes it and opens the next.
_PERIOD = frozenset({"starts_on", "ends_on"})
_EMPTY: Mapping[str, Any] = {
    "title": "", "function": "", "reference": "", "is_acting": False, "share": 100,
}  # fmt: skip


class Relations:
    """Plans what becomes of each membership, mandate and ownership of the files."""

    def __init__(self, plan: Plan, current: Current, matcher: Matcher) -> None:
        self.plan, self.current, self.matcher = plan, current, matcher
        self.reader = Reader(plan, current, matcher)
        self.held: dict[tuple[Any, ...], Entity] = {}
        for kind in RELATIONS:
            for entity in current.entities[kind]:
                if entity.is_open:
                    self.held.setdefault(_key(kind, entity.values), entity)

    def plan_all(self, records: list[Record]) -> None:
        """Plan every relation, those with a row of their own first, so that none takes another's place."""
        waiting: list[tuple[Record, Told, Entity | None]] = []
        for record in records:
            if record.kind not in RELATIONS:
                continue
            told = self._told(record)
            if told is None:
                continue
            entity = self.matcher.own.get((record.kind, record.external_id))
            if entity is not None:
                entity.record = record
                self.matcher.told[record.kind, record.external_id] = entity
            waiting.append((record, told, entity))
        for _record, told, entity in waiting:
            if entity is not None:
                self._compare(entity, told)
        for record, told, entity in waiting:
            if entity is None:
                self._match_or_create(record, told)

    # What records say

    def _told(self, record: Record) -> Told | None:
        told = Told()
        for name, value in record.values.items():
            if isinstance(value, Ref) or name in ("person", "unit", "area", "market"):
                text_column = "reference" if record.kind == "mandate" and name == "person" else ""
                self.reader.mention(record, told, name, value, text_column)
            elif name in ("share", "hours_per_month"):
                self._tell_number(record, told, name, value)
            elif name == "title":
                self.reader.text(record, told, name, value)
            elif name == "function":
                told.tell(name, value or ("other" if record.kind == "membership" else ""))
            elif name == "is_acting":
                told.tell(name, bool(value))
            else:
                told.tell(name, value)
        self._keep_one_subject(record.kind, told)
        self._check_period(record, told)
        lacking = [
            column.removesuffix("_id")
            for needed in _NEEDED[record.kind]
            if not any(told.values.get(column) for column in needed)
            for column in needed
        ]
        if not lacking:
            return told
        if told.unknown:
            self.plan.left_out[record.kind] += 1
            self.matcher.leave_out(record, lacking)
        return None

    def _tell_number(self, record: Record, told: Told, name: str, value: Any) -> None:
        if value is None:
            told.tell(name, 100 if name == "share" else None)
            return
        number = int(Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)) if abs(value) < 10**6 else -1
        low, high = (1, 100) if name == "share" else (0, 744)
        if low <= number <= high:
            told.tell(name, number)
            return
        code = PlanCode.SHARE_OUT_OF_RANGE if name == "share" else PlanCode.HOURS_OUT_OF_RANGE
        self.reader.wrong(record, name, code, value=str(value)[:40])

    def _keep_one_subject(self, kind: str, told: Told) -> None:
        """A mandate or an ownership is for one thing: the first that is known."""
        has_one = False
        for column in _FOR_ONE_OF.get(kind, ()):
            if has_one and column in told.values:
                told.values[column] = None
            has_one = has_one or told.values.get(column) is not None

    def _check_period(self, record: Record, told: Told) -> None:
        end = told.values.get("ends_on")
        start = told.values.get("starts_on") or (end and self.plan.on)
        if end and end < start:
            if told.values.get("starts_on"):
                self.reader.wrong(
                    record, "ends_on", PlanCode.ENDS_BEFORE_START, start=str(start), end=str(end)
                )
            else:
                # Over before anybody told us: it held until that day, from when is not known.
                told.values["starts_on"] = end

    # What becomes of each

    def _match_or_create(self, record: Record, told: Told) -> None:
        entity = self.held.get(_key(record.kind, told.values))
        if entity is not None and told.values.get("ends_on") is None:
            if entity.record is None:
                entity.record = record
                self.matcher.told[record.kind, record.external_id] = entity
                self._compare(entity, told)
                return
            # Told twice in other words: one fact is enough.
            self.matcher.told.setdefault((record.kind, record.external_id), entity)
            self.plan.note(record.kind, "unchanged", entity)
            return
        entity = Entity(record.kind, external_id=record.external_id, is_own=True, record=record)
        self.matcher.told[record.kind, record.external_id] = entity
        self._open(entity, told, {}, first_memory(told))
        entity.values = dict(told.values)
        fields = {name: (None, value) for name, value in told.values.items() if value not in (None, "", ())}
        self.plan.note(record.kind, "created", entity, fields)

    def _compare(self, entity: Entity, told: Told) -> None:
        changes, memory = settle(entity, told)
        is_back = entity.is_own and not entity.is_open and was_closed_by_import(entity)
        if changes.get("starts_on", entity) is None:
            # Not told any more since when: what is known stays.
            del changes["starts_on"]
        period = {name: value for name, value in changes.items() if name in _PERIOD}
        others = {name: value for name, value in changes.items() if name not in _PERIOD}
        if is_back:
            self._open(entity, told, entity.values, reopened(memory, entity.imported))
            self.plan.note(entity.kind, "changed", entity, {"ends_on": (entity.values["ends_on"], None)})
            return
        if not entity.is_open and not (period if entity.is_own else {}) and not (others and entity.is_own):
            self.plan.note(entity.kind, "unchanged", entity)
            return
        if entity.is_own and self._is_taken(entity, others):
            self._close(entity, memory)
            return
        if others and self.held.get(old := _key(entity.kind, entity.values)) is entity:
            del self.held[old]
            self.held.setdefault(_key(entity.kind, {**entity.values, **others}), entity)
        begins = self._begins(entity, changes)
        if others and entity.is_own and begins > entity.values["starts_on"]:
            self._succeed(entity, begins, changes, memory)
        else:
            self._correct(entity, changes, memory)
        fields = {name: (entity.values.get(name), value) for name, value in changes.items()}
        effect = "changed" if fields else "unchanged"
        if (
            set(fields) == {"ends_on"}
            and fields["ends_on"][1] is not None
            and entity.values["ends_on"] is None
        ):
            effect = "closed"
        self.plan.note(entity.kind, effect, entity, fields)  # type: ignore[arg-type]

    def _is_taken(self, entity: Entity, others: Mapping[str, Any]) -> bool:
        """Whether what the row would become is already said by another row that stays."""
        if not others or not entity.is_open:
            return False
        holder = self.held.get(_key(entity.kind, {**entity.values, **others}))
        return holder is not None and holder is not entity

    def _begins(self, entity: Entity, changes: Mapping[str, Any]) -> dt.date:
        """From when what changed holds: the day the source gives, else the day of the import."""
        given = changes.get("starts_on")
        if isinstance(given, dt.date) and given > entity.values["starts_on"]:
            return given
        return self.plan.on if self._is_current(entity) else max(self.plan.on, entity.values["ends_on"])

    def _is_current(self, entity: Entity) -> bool:
        return entity.is_open or entity.values["ends_on"] is None

    def _succeed(
        self,
        entity: Entity,
        begins: dt.date,
        changes: Mapping[str, Any],
        memory: dict[str, Any] | None,
    ) -> None:
        """Close the row and open the next one, which takes the source's id over."""
        if self._is_current(entity):
            self._update(entity, {"ends_on": begins})
        ends_on = changes.get("ends_on", entity.values["ends_on"] if entity.is_open else None)
        values = {**entity.values, **changes, "starts_on": begins, "ends_on": ends_on}
        memory = memory if memory is not None else entity.imported
        self._create(entity, values, memory)

    def _correct(self, entity: Entity, changes: Mapping[str, Any], memory: dict[str, Any] | None) -> None:
        after = dict(changes)
        if entity.is_own and memory is not None:
            after["imported"] = memory
        if entity.is_own and entity.record and entity.external_id != entity.record.external_id:
            after["external_id"] = entity.record.external_id
        start = after.get("starts_on", entity.values["starts_on"])
        end = after.get("ends_on", entity.values["ends_on"])
        if end is not None and end < start:
            # Only one of the two was told: the other gives way.
            after["starts_on" if "ends_on" in changes else "ends_on"] = end if "ends_on" in changes else start
        if after:
            self._update(entity, after)

    def _close(self, entity: Entity, memory: dict[str, Any] | None) -> None:
        ends_on = max(self.plan.on, entity.values["starts_on"])
        after: dict[str, Any] = {"ends_on": ends_on}
        if memory is not None:
            after["imported"] = memory
        self._update(entity, after)
        self.plan.note(entity.kind, "closed", entity, {"ends_on": (entity.values["ends_on"], ends_on)})

    def _open(
        self, entity: Entity, told: Told, known: Mapping[str, Any], memory: dict[str, Any] | None
    ) -> None:
        silent = {"starts_on", "ends_on"}
        told_values = {name: value for name, value in told.values.items() if name not in silent}
        starts_on = told.values.get("starts_on")
        if known or starts_on is None:
            starts_on = self.plan.on
        values = {**known, **told_values, "starts_on": starts_on, "ends_on": told.values.get("ends_on")}
        if values["ends_on"] is not None and values["ends_on"] < starts_on:
            values["starts_on"] = values["ends_on"]
        self._create(entity, values, memory)

    # Rows

    def _create(self, entity: Entity, values: Mapping[str, Any], memory: dict[str, Any] | None) -> None:
        columns = RELATIONS[entity.kind][1]
        row = {name: values.get(name, _EMPTY.get(name)) for name in columns}
        if entity.kind == "membership":
            row["function"] = row["function"] or "other"
        outside = {
            "source_id": "source",
            "external_id": entity.record.external_id if entity.record else entity.external_id,
            "imported": memory,
        }
        if row["ends_on"] is None:
            self.held.setdefault(_key(entity.kind, row), entity)
        target = entity if entity.pk is None else None
        self.plan.writes.create(TABLES[entity.kind], {**row, **outside}, target)

    def _update(self, entity: Entity, after: dict[str, Any]) -> None:
        before = {**entity.values, "imported": entity.imported, "external_id": entity.external_id}
        self.plan.writes.update(TABLES[entity.kind], entity.pk, before, after)


def _id(value: Any) -> Any:
    """Rows are the same by id, rows to be made by themselves."""
    return value.pk if isinstance(value, Entity) and value.pk is not None else value


def _key(kind: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What no two open rows of a kind may share."""
    if kind == "membership":
        return (
            kind,
            _id(values.get("person_id")),
            _id(values.get("unit_id")),
            values.get("function") or "other",
        )
    subject = tuple(_id(values.get(column)) for column in ("unit_id", "area_id", "market_id"))
    if kind == "ownership":
        return kind, *subject
    holder = _id(values.get("person_id")) or fold(values.get("reference") or "")
    return kind, values.get("role"), *subject, holder, values.get("function") or "", values.get("title") or ""
