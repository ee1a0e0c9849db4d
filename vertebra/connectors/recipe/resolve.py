"""Who is meant: references matched against the records of the same run, repeated records made one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from vertebra.connectors.recipe.fields import comparable
from vertebra.connectors.records import Record, Ref, Value
from vertebra.kit.files.problems import Code, Problem

if TYPE_CHECKING:
    from vertebra.connectors.recipe.engine import Draft

# Index of the records of one run: kind, field, comparable value, to their ids.
Index = dict[tuple[str, str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A reference that leads to no record of this run, or to several."""

    record: Record
    field: str
    ref: Ref
    reason: Literal["missing", "ambiguous"]
    candidates: tuple[str, ...] = ()


def resolve(drafts: list[Draft], problems: list[Problem]) -> tuple[list[Record], list[Unknown]]:
    """The records, each once, their references led to the ids they mean; and those that lead nowhere.

    A matched reference gets `("external_id", …)` as its first key; an unmatched one keeps its keys, so that
    whoever writes the records can still look among rows from elsewhere.
    """
    merged = _merge(drafts, problems)
    index = _index(merged)
    records: list[Record] = []
    unknowns: list[Unknown] = []
    for draft in merged:
        lost: list[tuple[str, Ref, list[str]]] = []
        record = _led(draft, index, lost)
        if record is None:
            continue
        records.append(record)
        for name, ref, candidates in lost:
            reason: Literal["missing", "ambiguous"] = "ambiguous" if candidates else "missing"
            unknowns.append(Unknown(record, name, ref, reason, tuple(candidates)))
    _tell_loops(records, problems)
    return _without_doubles(records, unknowns)


def _led(draft: Draft, index: Index, lost: list[tuple[str, Ref, list[str]]]) -> Record | None:
    """The record with its references led to ids; None when the recipe says to leave it out."""
    record = draft.record
    changed: dict[str, Value] = {}
    for name, value in record.values.items():
        if isinstance(value, Ref):
            ref, candidates = _lookup(value, index)
            if candidates is not None and name in draft.unmatched:
                if draft.unmatched[name] == "skip":
                    return None
                changed[name] = None
                continue
            changed[name] = ref
            if candidates is not None:
                lost.append((name, value, candidates))
        elif isinstance(value, tuple):
            found = [_lookup(ref, index) for ref in value]
            changed[name] = tuple(ref for ref, _ in found)
            lost += [(name, ref, missed) for ref, missed in found if missed is not None]
    if not changed:
        return record
    return Record(record.kind, record.external_id, {**record.values, **changed}, record.origin)


def _lookup(ref: Ref, index: Index) -> tuple[Ref, list[str] | None]:
    candidates: list[str] = []
    for field, value in ref.keys:
        found = index.get((ref.kind, field, value))
        if not found:
            continue
        if len(found) == 1:
            led = ("external_id", found[0])
            if ref.keys[0] == led:
                return ref, None
            return Ref(ref.kind, (led, *ref.keys), ref.text, ref.is_acting), None
        candidates = candidates or found
    return ref, candidates


def _index(drafts: list[Draft]) -> Index:
    wanted: dict[str, set[str]] = {}
    for draft in drafts:
        for value in draft.record.values.values():
            for ref in (value,) if isinstance(value, Ref) else value if isinstance(value, tuple) else ():
                wanted.setdefault(ref.kind, set()).update(field for field, _ in ref.keys)
    index: Index = {}
    for draft in drafts:
        record = draft.record
        fields = wanted.get(record.kind)
        if not fields:
            continue
        for field in fields:
            if field == "external_id":
                index[record.kind, field, record.external_id] = [record.external_id]
            elif field == "alias":
                for alias in draft.aliases:
                    _add(index, (record.kind, field, comparable(field, alias)), record.external_id)
            elif isinstance(value := record.values.get(field), str):
                _add(index, (record.kind, field, comparable(field, value)), record.external_id)
    return index


def _add(index: Index, key: tuple[str, str, str], external_id: str) -> None:
    found = index.setdefault(key, [])
    if external_id not in found:
        found.append(external_id)


def _merge(drafts: Iterable[Draft], problems: list[Problem]) -> list[Draft]:
    """Records told several times become one; where two tell different things, somebody must decide."""
    kept: dict[tuple[str, str], Draft] = {}
    # One row that contradicts another is one thing to correct, in however many of its columns it does.
    told: set[tuple[str, int | str]] = set()
    for draft in drafts:
        key = (draft.record.kind, draft.record.external_id)
        known = kept.get(key)
        if known is None:
            kept[key] = draft
            continue
        values = dict(known.record.values)
        for name, value in draft.record.values.items():
            if value in (None, ()):
                continue
            if values.get(name) in (None, ()):
                values[name] = value
            elif draft.repeats == "merge" and not _same(values[name], value):
                origin = draft.record.origin
                if (place := (origin.file, origin.line or origin.path)) not in told:
                    told.add(place)
                    problems.append(_conflict(known.record, draft.record, name))
        aliases = (*known.aliases, *(alias for alias in draft.aliases if alias not in known.aliases))
        known.record = replace(known.record, values=values)
        known.aliases = aliases
    return list(kept.values())


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, Ref) and isinstance(other, Ref):
        return bool(set(one.keys) & set(other.keys))
    return one == other


def _words(value: Value) -> str:
    return (value.text if isinstance(value, Ref) else str(value))[:60]


def _conflict(first: Record, second: Record, name: str) -> Problem:
    particulars: dict[str, str | int] = {
        "kind": first.kind,
        "id": first.external_id[:60],
        "field": name,
        "value": _words(second.values[name]),
        "other": _words(first.values[name]),
        "other_file": first.origin.file,
        "other_line": first.origin.line or 1,
    }
    return Problem(second.origin.file, second.origin.line, None, Code.RECORD_CONFLICT, particulars)


def _tell_loops(records: list[Record], problems: list[Problem]) -> None:
    """Units and areas form trees; who reports to whom may loop in real files, and is shown, not refused."""
    for kind in ("unit", "area"):
        parents: dict[str, str] = {}
        places: dict[str, Record] = {}
        for record in records:
            parent = record.values.get("parent")
            if record.kind == kind and isinstance(parent, Ref) and parent.keys[0][0] == "external_id":
                parents[record.external_id] = parent.keys[0][1]
                places[record.external_id] = record
        cleared: set[str] = set()
        for start in parents:
            way: dict[str, None] = {}
            at: str | None = start
            while at is not None and at not in cleared and at not in way:
                way[at] = None
                at = parents.get(at)
            if at is not None and at in way:
                ring = list(way)[list(way).index(at) :]
                origin = places[at].origin
                names = " → ".join(_words(places[one].values.get("name")) for one in [*ring[:10], at])
                problems.append(
                    Problem(origin.file, origin.line, "parent", Code.REFERENCE_LOOP, {"names": names})
                )
            cleared.update(way)


_RELATIONS = frozenset({"membership", "ownership", "mandate"})
_Parts = tuple[tuple[str, object], ...]


def _without_doubles(records: list[Record], unknowns: list[Unknown]) -> tuple[list[Record], list[Unknown]]:
    """A relation named in two ways, say by handle here and by name there, is one relation."""
    seen: dict[tuple[str, _Parts], str] = {}
    dropped: set[tuple[str, str]] = set()
    for record in records:
        if record.kind in _RELATIONS:
            first = seen.setdefault((record.kind, _parts(record)), record.external_id)
            if first != record.external_id:
                dropped.add((record.kind, record.external_id))
    dropped.update(_told_in_full_elsewhere([record for record in records if record.kind == "membership"]))
    if dropped:
        records = [record for record in records if (record.kind, record.external_id) not in dropped]
        unknowns = [
            unknown
            for unknown in unknowns
            if (unknown.record.kind, unknown.record.external_id) not in dropped
        ]
    return records, unknowns


def _parts(record: Record) -> _Parts:
    """What a relation says, whatever it is called."""
    return tuple(
        (name, value.keys[0] if isinstance(value, Ref) else value)
        for name, value in sorted(record.values.items())
        if value is not None
    )


def _told_in_full_elsewhere(memberships: list[Record]) -> Iterator[tuple[str, str]]:
    """A table of people names their unit; a table of memberships says the same and more: that one counts."""
    groups: dict[tuple[object, object], list[tuple[Record, set[tuple[str, object]]]]] = {}
    for record in memberships:
        said = dict(_parts(record))
        pair = (said.get("person"), said.get("unit"))
        groups.setdefault(pair, []).append((record, set(said.items())))
    for group in groups.values():
        for record, parts in group if len(group) > 1 else ():
            if any(parts < more for other, more in group if other.values.get("ends_on") is None):
                yield record.kind, record.external_id
