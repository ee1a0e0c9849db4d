"""Who is meant: records matched with rows that exist, and mentions led to the rows they mean."""

from collections import Counter
from collections.abc import Iterable, Mapping

from vertebra.connectors.recipe.fields import comparable
from vertebra.connectors.records import Record, Ref
from vertebra.org.importing.current import Current
from vertebra.org.importing.plan import Entity, UnknownReference

OBJECTS = ("market", "unit", "person", "area")
# By what a record may be recognised in rows of hand or of another source, strongest first.
NATURAL_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "person": (("email",), ("handle",), ("name",)),
    "unit": (("kind", "name"),),
    "area": (("kind", "name"),),
    "market": (("code",), ("name",)),
}
# Two rows that differ in one of these are two things, whatever else they share.
_TELLING = {"person": ("email", "handle"), "market": ("code",)}
_Index = dict[tuple[str, ...], list[Entity]]


class Matcher:
    """Finds the row of each record, and what each mention means."""

    def __init__(self, current: Current) -> None:
        self.current = current
        self.told: dict[tuple[str, str], Entity] = {}
        self.own: dict[tuple[str, str], Entity] = {}
        for kind, entities in current.entities.items():
            for entity in entities:
                if entity.is_own:
                    known = self.own.get((kind, entity.external_id))
                    if known is None or not (known.is_open and not entity.is_open):
                        self.own[kind, entity.external_id] = entity
        self._indexes: dict[tuple[str, tuple[str, ...]], _Index] = {}
        self._unknown: dict[tuple[str, str, str, str], list[object]] = {}
        self._needed: set[tuple[str, str, str, str]] = set()

    # Records

    def match_objects(self, records: Iterable[Record]) -> None:
        """Give each unit, person, area and market of the files its row, known or to be made."""
        by_kind: dict[str, list[Record]] = {kind: [] for kind in OBJECTS}
        for record in records:
            if record.kind in by_kind:
                by_kind[record.kind].append(record)
        for kind, group in by_kind.items():
            waiting = []
            for record in group:
                entity = self.own.get((kind, record.external_id))
                if entity is None:
                    waiting.append(record)
                else:
                    self._claim(record, entity)
            for record in self._match_naturally(kind, waiting):
                self._claim(record, Entity(kind, external_id=record.external_id, is_own=True))
        # What is made now can be mentioned too, by any of its fields.
        self._indexes.clear()

    def _claim(self, record: Record, entity: Entity) -> None:
        entity.record = record
        self.told[record.kind, record.external_id] = entity

    def _match_naturally(self, kind: str, waiting: list[Record]) -> list[Record]:
        """Match by each key in turn, where it is unique on both sides; gives what nothing matches."""
        for fields in NATURAL_KEYS[kind]:
            if not waiting:
                return waiting
            keys = [_key(fields, self._texts(record)) for record in waiting]
            counts = Counter(key for key in keys if key)
            index = self._index(kind, fields)
            left = []
            for record, key in zip(waiting, keys, strict=True):
                found = [e for e in index.get(key, ()) if e.record is None] if key else []
                if "name" in fields:
                    # A source that gives two things two ids knows them apart, whatever they are called.
                    found = [e for e in found if not e.is_own]
                found = [e for e in found if e.is_open] or found
                if len(found) == 1 and counts[key] == 1 and self._fits(record, found[0], fields):
                    self._claim(record, found[0])
                else:
                    left.append(record)
            waiting = left
        return waiting

    def _fits(self, record: Record, entity: Entity, fields: tuple[str, ...]) -> bool:
        """Nothing that tells two apart speaks against it."""
        for name in _TELLING.get(record.kind, ()):
            here, there = record.values.get(name), entity.values.get(name)
            is_told = name not in fields and here and there
            if is_told and comparable(name, str(here)) != comparable(name, str(there)):
                return False
        return True

    def _texts(self, record: Record) -> dict[str, str]:
        texts = {
            name: str(v) for name, v in record.values.items() if v is not None and not isinstance(v, Ref)
        }
        if record.kind == "area":
            texts.setdefault("kind", "product")
        return texts

    def _index(self, kind: str, fields: tuple[str, ...]) -> _Index:
        index = self._indexes.get((kind, fields))
        if index is None:
            index = self._indexes[kind, fields] = {}
            for entity in self.current.entities[kind]:
                if key := _key(fields, self._shown(entity)):
                    index.setdefault(key, []).append(entity)
            self._add_new(index, kind, fields)
        return index

    def _add_new(self, index: _Index, kind: str, fields: tuple[str, ...]) -> None:
        for (told_kind, _), entity in self.told.items():
            is_new = told_kind == kind and entity.pk is None
            if is_new and (key := _key(fields, self._texts(entity.told))):
                index.setdefault(key, []).append(entity)

    def _shown(self, entity: Entity) -> Mapping[str, object]:
        if entity.kind != "unit":
            return entity.values
        return {**entity.values, "kind": self.current.kind_slugs.get(entity.values["kind_id"], "")}

    # Mentions

    def lead(self, ref: Ref) -> tuple[Entity | None, int]:
        """The row that is meant, or none and how many it could be."""
        candidates = 0
        for field, text in ref.keys:
            if field == "external_id":
                found = self.told.get((ref.kind, text)) or self.own.get((ref.kind, text))
                if found is not None:
                    return found, 1
                continue
            if field == "alias":
                continue
            several = self._index(ref.kind, (field,)).get((comparable(field, text),), [])
            if len(several) > 1:
                several = [entity for entity in several if entity.is_open] or several
            if len(several) == 1:
                return several[0], 1
            candidates = candidates or len(several)
        return None, candidates

    def miss(self, record: Record, field: str, ref: Ref, candidates: int) -> None:
        """Remember a mention that leads nowhere."""
        key = (ref.kind, ref.text, field, record.kind)
        known = self._unknown.setdefault(key, [0, record.origin, candidates])
        known[0] = int(known[0]) + 1  # type: ignore[call-overload]

    def leave_out(self, record: Record, fields: Iterable[str]) -> None:
        """Remember that a record is left out for want of what these fields mention."""
        for field in fields:
            if isinstance(ref := record.values.get(field), Ref):
                self._needed.add((ref.kind, ref.text, field, record.kind))

    def unknowns(self) -> list[UnknownReference]:
        """Everything mentioned that leads nowhere, what is named most first."""
        found = [
            UnknownReference(*key, *seen, is_left_out=key in self._needed)  # type: ignore[arg-type, misc]
            for key, seen in self._unknown.items()
        ]
        return sorted(found, key=lambda one: (-one.count, one.kind, one.text, one.field))


def _key(fields: tuple[str, ...], values: Mapping[str, object]) -> tuple[str, ...]:
    """The values of these fields as they are compared; nothing when one is empty."""
    made = []
    for name in fields:
        value = values.get(name)
        if value is None or value == "":
            return ()
        made.append(comparable(name, str(value)))
    return tuple(made)
