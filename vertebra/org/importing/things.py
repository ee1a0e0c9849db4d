"""Planning units, people, areas and markets: rows of their own, units and areas with versions over time."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from vertebra.connectors.records import Record, Ref
from vertebra.kit.text import fold
from vertebra.org.importing.current import (
    AREA_FIELDS,
    MODELS,
    PERSON_FIELDS,
    UNIT_FIELDS,
    Current,
    was_closed_by_import,
)
from vertebra.org.importing.plan import Deletion, Entity, Plan
from vertebra.org.importing.references import Matcher
from vertebra.org.importing.settling import Told, first_memory, reopened, settle
from vertebra.org.importing.words import PlanCode, trouble
from vertebra.org.labels import TEAM_KINDS, UNIT_KINDS

TABLES = {kind: model._meta.label_lower for kind, model in MODELS.items()}
UNIT_VERSION, AREA_VERSION, AREA_STEP, UNIT_KIND = (
    "org.unitversion",
    "org.areaversion",
    "org.areastep",
    "org.unitkind",
)
# Columns that hold text: what is not told is empty, not null.
_TEXTS = frozenset(
    {
        "name",
        "purpose",
        "how_to_work",
        "email",
        "handle",
        "title",
        "language",
        "country",
        "description",
        "code",
    }
)


class Reader:
    """Turns a record's fields into columns: references led, lengths checked, nothing guessed."""

    def __init__(self, plan: Plan, current: Current, matcher: Matcher) -> None:
        self.plan, self.current, self.matcher = plan, current, matcher
        self.limits = {kind: _limits(kind) for kind in MODELS}

    def wrong(self, record: Record, column: str, code: PlanCode, **particulars: str | int) -> None:
        """Note something to correct at the record's place."""
        origin = record.origin
        self.plan.troubles.append(trouble(origin.file, origin.line, column, code, **particulars))

    def text(self, record: Record, told: Told, name: str, value: Any) -> None:
        """A text, which must fit its column."""
        written = "" if value is None else str(value)
        limit = self.limits[record.kind].get(name)
        if limit is not None and len(written) > limit:
            self.wrong(record, name, PlanCode.TOO_LONG, length=len(written), limit=limit)
            return
        told.tell(name, written)

    def mention(self, record: Record, told: Told, name: str, value: Any, text_column: str = "") -> None:
        """A reference: led to a row, or remembered as unknown (its text kept where there is a column for it)."""
        column = f"{name}_id"
        if not isinstance(value, Ref):
            told.tell(column, None)
            if text_column:
                told.tell(text_column, "")
            return
        said = value.keys[-1][1] if value.keys else value.text
        found, candidates = self.matcher.lead(value)
        told.tell(column, found, said)
        if text_column:
            told.tell(text_column, "" if found else value.text[:200])
        if found is None:
            told.unknown.add(column)
            self.matcher.miss(record, name, value, candidates)


def _limits(kind: str) -> dict[str, int]:
    """The longest text of each column of a kind, its version's included."""
    models = [MODELS[kind]]
    if kind in ("unit", "area"):
        models.append(MODELS[kind]._meta.get_field("versions").related_model)  # type: ignore[arg-type]
    return {
        field.name: limit for model in models for field in model._meta.fields if (limit := field.max_length)
    }


class Things:
    """Plans what becomes of each unit, person, area and market of the files."""

    def __init__(self, plan: Plan, current: Current, matcher: Matcher, now: dt.datetime) -> None:
        self.plan, self.current, self.matcher, self.now = plan, current, matcher, now
        self.reader = Reader(plan, current, matcher)
        self.parents: dict[Entity, Any] = {}

    def plan_all(self) -> None:
        """Plan every object that a record was matched with."""
        told_by_entity: list[tuple[Entity, Told]] = []
        for entity in self.matcher.told.values():
            told_by_entity.append((entity, self._told(entity.told)))
        self._break_circles(told_by_entity)
        self._keep_emails_apart(told_by_entity)
        for entity, told in told_by_entity:
            _PLANNERS[entity.kind](self, entity, told)

    # What records say

    def _told(self, record: Record) -> Told:
        told = Told()
        for name, value in record.values.items():
            if name in ("parent", "manager"):
                text_column = "manager_reference" if name == "manager" else ""
                self.reader.mention(record, told, name, value, text_column)
            elif name == "kind" and record.kind == "unit":
                told.tell("kind_id", self._unit_kind(str(value)), str(value))
            elif name == "kind":
                told.tell("kind", value or "product")
            elif name == "steps":
                self._tell_steps(record, told, value)
            elif name in _TEXTS:
                self.reader.text(record, told, name, value)
            else:
                told.tell(name, value)
        self._check_days(record, told)
        return told

    def _check_days(self, record: Record, told: Told) -> None:
        start, end = told.values.get("joined_on"), told.values.get("left_on")
        if start and end and end < start:
            name = str(record.values.get("name") or record.external_id)
            self.reader.wrong(
                record, "left_on", PlanCode.LEFT_BEFORE_JOINED, name=name, start=str(start), end=str(end)
            )

    def _tell_steps(self, record: Record, told: Told, refs: Any) -> None:
        itself = self.matcher.told.get((record.kind, record.external_id))
        crossed: list[Entity] = []
        for ref in refs or ():
            found, candidates = self.matcher.lead(ref)
            if found is None:
                told.unknown.add("steps")
                self.matcher.miss(record, "steps", ref, candidates)
            elif found is not itself and found not in crossed:
                crossed.append(found)
        told.tell("steps", tuple(crossed), [ref.keys[-1][1] for ref in refs or ()])

    def _unit_kind(self, slug: str) -> Entity:
        known = self.current.unit_kinds.get(slug)
        if known is None:
            known = self.current.unit_kinds[slug] = Entity("unit_kind", external_id=slug)
            name = "" if slug in UNIT_KINDS else slug.replace("-", " ")
            position = len(self.current.unit_kinds) * 10
            values = {"slug": slug, "name": name, "position": position, "is_team": slug in TEAM_KINDS}
            self.plan.writes.create(UNIT_KIND, values, known)
        return known

    # What cannot be

    def _break_circles(self, told_by_entity: list[tuple[Entity, Told]]) -> None:
        """Units and areas form trees: a parent that closes a circle is left out, and said."""
        parents: dict[Any, Any] = {}
        for kind in ("unit", "area"):
            by_pk = {entity.pk: entity for entity in self.current.entities[kind]}
            for entity in by_pk.values():
                parents[entity] = by_pk.get(entity.values.get("parent_id"))
        for entity, told in told_by_entity:
            parent = told.values.get("parent_id")
            if parent is None or entity.kind not in ("unit", "area"):
                continue
            way: list[Entity] = []
            at = parent
            while at is not None and at is not entity and at not in way:
                way.append(at)
                at = parents.get(at)
            if at is entity:
                names = " → ".join(_name_of(one) for one in reversed(way[:5])) or _name_of(entity)
                self.reader.wrong(entity.told, "parent", PlanCode.CIRCLE, name=_name_of(entity), way=names)
                told.values["parent_id"] = None
            else:
                parents[entity] = parent

    def _keep_emails_apart(self, told_by_entity: list[tuple[Entity, Told]]) -> None:
        """No two people have one address: who has it keeps it, the other is told without."""
        holders: dict[str, Entity] = {}
        waiting: list[tuple[Entity, Told, str]] = []
        told_people: set[Entity] = set()
        for entity, told in told_by_entity:
            if entity.kind == "person" and (email := str(told.values.get("email") or "").lower()):
                told_people.add(entity)
                if str(entity.values.get("email") or "").lower() == email:
                    holders[email] = entity
                else:
                    waiting.append((entity, told, email))
        for entity in self.current.entities["person"]:
            if entity not in told_people and entity.values["email"]:
                holders.setdefault(entity.values["email"].lower(), entity)
        for entity, told, email in waiting:
            holder = holders.setdefault(email, entity)
            if holder is not entity:
                told.values["email"] = ""
                names = {"name": _name_of(entity), "other": _name_of(holder)}
                self.reader.wrong(entity.told, "email", PlanCode.EMAIL_TWICE, email=email, **names)

    # What becomes of each

    def _plan_person(self, entity: Entity, told: Told) -> None:
        if "name" in told.values:
            told.values["name_folded"] = fold(told.values["name"])[:200]
        folded = told.values.pop("name_folded", None)
        self._plan_plain(entity, told, PERSON_FIELDS, {"name_folded": folded} if folded is not None else {})

    def _plan_market(self, entity: Entity, told: Told) -> None:
        self._plan_plain(entity, told, ("name", "code", "archived_at"), {})

    def _plan_plain(
        self, entity: Entity, told: Told, columns: tuple[str, ...], derived: dict[str, Any]
    ) -> None:
        table = TABLES[entity.kind]
        if entity.pk is None:
            values = {name: "" if name in _TEXTS | {"manager_reference"} else None for name in columns}
            values |= told.values | derived
            self._create_base(table, entity, values, first_memory(told))
            self._note_created(entity, told)
            return
        if not self._is_to_touch(entity):
            self.plan.note(entity.kind, "unchanged", entity)
            return
        changes, memory = settle(entity, told)
        if entity.is_own and was_closed_by_import(entity):
            memory = reopened(memory, entity.imported)
            changes |= {
                name: told.values.get(name)
                for name in ("left_on", "archived_at")
                if entity.values.get(name) is not None
            }
        if "name" in changes:
            changes |= derived
        if (
            changes.get("manager_reference")
            and entity.values.get("manager_id")
            and "manager_id" not in changes
        ):
            del changes["manager_reference"]
        self._update_base(table, entity, changes, memory)
        self._note_changed(entity, changes)

    def _plan_unit(self, entity: Entity, told: Told) -> None:
        self._plan_versioned(entity, told, UNIT_VERSION, UNIT_FIELDS)

    def _plan_area(self, entity: Entity, told: Told) -> None:
        self._plan_versioned(entity, told, AREA_VERSION, AREA_FIELDS)

    def _plan_versioned(self, entity: Entity, told: Told, version: str, columns: tuple[str, ...]) -> None:
        table, owner = TABLES[entity.kind], f"{entity.kind}_id"
        if entity.pk is None:
            values = {name: None if name.endswith("_id") else "" for name in columns}
            values |= {name: value for name, value in told.values.items() if name in columns}
            own = {"kind": told.values.get("kind", "product")} if entity.kind == "area" else {}
            self._create_base(table, entity, own, first_memory(told))
            period = {owner: entity, "starts_on": self.plan.on, "ends_on": None}
            self.plan.writes.create(version, values | period)
            self._write_steps(entity, told.values.get("steps"))
            self._note_created(entity, told)
            return
        if not self._is_to_touch(entity):
            self.plan.note(entity.kind, "unchanged", entity)
            return
        changes, memory = settle(entity, told)
        if entity.is_own and was_closed_by_import(entity):
            memory = reopened(memory, entity.imported)
        base = {"kind": changes["kind"]} if entity.kind == "area" and "kind" in changes else {}
        self._update_base(table, entity, base, memory)
        inside = {name: value for name, value in changes.items() if name in columns}
        has_moved = self._write_version(entity, inside, version, owner)
        if "steps" in changes:
            self._write_steps(entity, changes["steps"])
        self._note_changed(entity, changes, has_moved=has_moved)

    def _is_to_touch(self, entity: Entity) -> bool:
        """What hands ended stays ended; what an import closed opens again when the source tells it again."""
        return (
            entity.is_open
            or (entity.is_own and was_closed_by_import(entity))
            or self._tells_its_own_end(entity)
        )

    def _tells_its_own_end(self, entity: Entity) -> bool:
        return entity.is_own and entity.kind == "person" and entity.values.get("archived_at") is None

    # Rows

    def _create_base(
        self, table: str, entity: Entity, values: dict[str, Any], memory: dict[str, Any]
    ) -> None:
        outside = {"source_id": "source", "external_id": entity.external_id, "imported": memory}
        created = {"created_at": self.now, "archived_at": None}
        self.plan.writes.create(table, {**values, **outside, **created}, entity)

    def _update_base(
        self, table: str, entity: Entity, changes: dict[str, Any], memory: dict[str, Any] | None
    ) -> None:
        after = dict(changes)
        before: dict[str, Any] = {**entity.values, **(entity.base or {})}
        if "name_folded" in after:
            before["name_folded"] = fold(str(entity.values["name"]))[:200]
        if memory is not None:
            after["imported"] = memory
            before["imported"] = entity.imported
        if entity.is_own and entity.external_id != entity.told.external_id:
            before["external_id"] = entity.external_id
            after["external_id"] = entity.told.external_id
        if after:
            self.plan.writes.update(table, entity.pk, before, after)

    def _write_version(self, entity: Entity, changes: dict[str, Any], table: str, owner: str) -> bool:
        """Change the version of the day from that day on; tell whether the thing came (back) into being."""
        on, held = self.plan.on, entity.version
        values = {
            name: value
            for name, value in entity.values.items()
            if name not in ("steps", *(entity.base or ()))
        }
        holds = held is not None and (held.ends_on is None or held.ends_on > on)
        if holds and not changes:
            return False
        ends_on = held.ends_on if held is not None and holds else entity.next_start
        if held is not None and held.pk is not None and held.starts_on == on:
            back = {} if holds else {"ends_on": ends_on}
            self.plan.writes.update(table, held.pk, {**held.values, "ends_on": held.ends_on}, changes | back)
            return not holds
        if held is not None and held.pk is not None and holds:
            self.plan.writes.update(table, held.pk, {"ends_on": held.ends_on}, {"ends_on": on})
        period = {owner: entity, "starts_on": on, "ends_on": ends_on}
        self.plan.writes.create(table, {**values, **changes, **period})
        return not holds

    def _write_steps(self, entity: Entity, steps: Any) -> None:
        for row in self.current.steps.get(entity.pk or 0, ()):
            self.plan.writes.deleted.append(Deletion(AREA_STEP, row["id"], row))
        for position, area in enumerate(steps or ()):
            values = {"journey_id": entity, "area_id": area, "position": position}
            self.plan.writes.create(AREA_STEP, values)

    # Telling

    def _note_created(self, entity: Entity, told: Told) -> None:
        entity.values = dict(told.values)
        fields = {name: (None, value) for name, value in told.values.items() if value not in (None, "", ())}
        self.plan.note(entity.kind, "created", entity, fields)

    def _note_changed(self, entity: Entity, changes: Mapping[str, Any], *, has_moved: bool = False) -> None:
        fields = {
            name: (entity.values.get(name), value) for name, value in changes.items() if name != "name_folded"
        }
        self.plan.note(entity.kind, "changed" if fields or has_moved else "unchanged", entity, fields)


def _name_of(entity: Entity) -> str:
    if entity.record is not None:
        return str(entity.record.values.get("name") or entity.record.external_id)
    return str(entity.values.get("name") or entity.external_id)


_PLANNERS: Mapping[str, Callable[[Things, Entity, Told], None]] = {
    "person": Things._plan_person,
    "market": Things._plan_market,
    "unit": Things._plan_unit,
    "area": Things._plan_area,
}
