"""From the records of a roadmap to what an import will do; reads only, whatever it finds."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, gettext

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, Link
from vertebra.connectors.records import Record, Ref
from vertebra.kit.clock import today
from vertebra.kit.files.problems import Problem
from vertebra.kit.text import fold
from vertebra.org.importing.words import of_problem
from vertebra.roadmap.importing.plan import Plan, Told
from vertebra.roadmap.importing.resolving import Resolver
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState, Outcome
from vertebra.roadmap.models import Initiative, Involvement, Revision
from vertebra.sources.models import Source

# What a record tells that stands in a column of the same name.
PLAIN = ("title", "description", "kind", "state", "stage", "target", "starts_on", "due_on")
_NUMBER = re.compile(r"^0*(\d+)")


def plan_import(
    records: Sequence[Record],
    *,
    source: str,
    now: dt.datetime,
    is_full: bool = False,
    problems: Iterable[Problem] = (),
) -> Plan:
    """Compare what the files tell with what is known, and say what would be made, changed and archived."""
    known = Source.objects.filter(name=source).first()
    plan = Plan(source=source)
    plan.troubles = sorted(
        (of_problem(one) for one in problems), key=lambda one: (not one.is_blocking, one.file, one.line or 0)
    )
    rows = {row.external_id: row for row in Initiative.objects.filter(source=known)} if known else {}
    plan.open_rows = sum(1 for row in rows.values() if row.archived_at is None)
    planner = _Planner(plan, rows, Resolver(today(now)), now)
    planner.read(records)
    if is_full:
        planner.archive_absent()
    plan.unknowns = planner.resolver.told()
    return plan


class _Planner:
    def __init__(self, plan: Plan, rows: dict[str, Initiative], resolver: Resolver, now: dt.datetime) -> None:
        self.plan = plan
        self.rows = rows
        self.resolver = resolver
        self.now = now
        self.by_id: dict[str, Told] = {}
        self.put_away = _put_away(rows.values())

    def read(self, records: Sequence[Record]) -> None:
        for record in records:
            if record.kind == "release":
                self.plan.releases[str(record.values["name"])] = record.values["on"]  # type: ignore[assignment]
        initiatives = [record for record in records if record.kind == "initiative"]
        for record in initiatives:
            told = Told(record, self.rows.get(record.external_id) or self._new(record), False)
            told.is_new = record.external_id not in self.rows
            self.by_id[record.external_id] = told
            self.plan.told.append(told)
        self._read_revisions([record for record in records if record.kind == "revision"])
        parts = self._parts()
        for told in self.plan.told:
            self._compare(told, parts.get(told.row.pk or 0, set()))
        self._tie_up()

    def _new(self, record: Record) -> Initiative:
        language = (get_language() or "fr")[:2]
        return Initiative(
            external_id=record.external_id, kind=InitiativeKind.PRODUCT, language=language,
            created_at=self.now, changed_at=self.now,
        )  # fmt: skip

    def _parts(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        rows = Involvement.objects.filter(initiative__in=[row.pk for row in self.rows.values()])
        for initiative, unit in rows.filter(of_unit__isnull=False).values_list("initiative_id", "of_unit_id"):
            found.setdefault(initiative, set()).add(unit)
        return found

    # One initiative

    def _compare(self, told: Told, parts: set[int]) -> None:
        row = told.row
        if row.pk in self.put_away:
            told.revisions = []
            self._note(told)
            return
        values = self._values(told)
        kept = dict(row.imported or {})
        for name, value in values.items():
            plain = value.isoformat() if isinstance(value, dt.date) else value
            # What somebody changed by hand stays until its tool tells something else.
            if told.is_new or (name not in kept and value not in (None, "")) or kept.get(name) != plain:
                if getattr(row, name) != value:
                    told.before[name], told.after[name] = getattr(row, name), value
                kept[name] = plain
        if row.archived_at and not told.is_new:
            told.before["archived_at"], told.after["archived_at"] = row.archived_at, None
        if told.after or kept != (row.imported or {}):
            told.before["imported"], told.after["imported"] = row.imported, kept
        told.new_units = told.units - parts - ({values.get("owner_unit_id")} if values else set())
        self._lawful(told)
        self._note(told)

    def _values(self, told: Told) -> dict[str, Any]:
        """The columns that the record tells of."""
        record = told.record
        values: dict[str, Any] = {}
        for name in PLAIN:
            if name in record.values:
                value = record.values[name]
                values[name] = value if name.endswith("_on") else value or ""
        if not values.get("kind"):
            values.pop("kind", None)
        if not values.get("state"):
            values["state"] = InitiativeState.IDEA
        for name, column in (("owner_unit", "owner_unit_id"), ("lead", "lead_id")):
            if name in record.values:
                ref = record.values[name]
                values[column] = self.resolver.find(record, name, ref) if isinstance(ref, Ref) else None
        for name, known in (("objective", self.resolver.objectives), ("field", self.resolver.fields)):
            if text := record.values.get(name):
                values[f"{name}_id"] = known.get(fold(str(text)))
        for ref in _refs(record, "units"):
            if unit := self.resolver.find(record, "units", ref):
                told.units.add(unit)
        told.see_also = [ref.keys[0][1] for ref in _refs(record, "see_also")]
        told.replaces = [ref.keys[0][1] for ref in _refs(record, "replaces")]
        told.milestones = pairs(record.values.get("milestones"))
        if values.get("due_on") is None and (day := self.plan.releases.get(str(values.get("target") or ""))):
            values["due_on"] = day
        if values.get("starts_on") and values.get("due_on") and values["due_on"] < values["starts_on"]:
            values["starts_on"] = None
        return values

    def _lawful(self, told: Told) -> None:
        """What was under way or over in another tool says why nothing was measured before."""
        row, after = told.row, told.after
        state = after.get("state", row.state)
        kind = after.get("kind", row.kind)
        if kind == InitiativeKind.PRODUCT:
            return
        why = gettext("It was under way in its own tool before it was read from there.")
        if state != InitiativeState.IDEA and not (row.baseline_at or row.no_baseline_reason):
            told.before["no_baseline_reason"], told.after["no_baseline_reason"] = row.no_baseline_reason, why
        if state == InitiativeState.CLOSED and not row.outcome:
            told.before |= {"outcome": row.outcome, "outcome_reason": row.outcome_reason}
            told.after |= {"outcome": Outcome.CANNOT_TELL, "outcome_reason": why}

    def _note(self, told: Told) -> None:
        effect = "created" if told.is_new else "changed" if told.after or told.new_units else "unchanged"
        fields = [
            (name, told.before.get(name), value)
            for name, value in told.after.items()
            if name != "imported" and not (told.is_new and value in (None, ""))
        ]
        title = str(told.record.values["title"])
        self.plan.note("initiative", effect, title, told.record.origin, fields)  # type: ignore[arg-type]
        for revision in told.revisions:
            self.plan.note("revision", "created", title, revision.origin)

    # History

    def _read_revisions(self, records: list[Record]) -> None:
        known = {
            (external, revision)
            for external, revision in Revision.objects.filter(
                initiative__in=[r.pk for r in self.rows.values()]
            )
            .exclude(external_id="")
            .values_list("initiative__external_id", "external_id")
        }
        renamed: dict[str, str] = {}
        for record in records:
            if (before := record.values.get("formerly")) and (after := _named(record)) != before:
                renamed[str(before)] = after
        numbers = {match[1]: told for key, told in self.by_id.items() if (match := _NUMBER.match(key))}
        for record in sorted(records, key=lambda one: str(one.values["at"])):
            told = self._of(_named(record), renamed, numbers)
            if told is None:
                self.plan.left_out["revision"] += 1
            elif (told.record.external_id, record.external_id) in known:
                self.plan.note("revision", "unchanged", "", record.origin)
            else:
                told.revisions.append(record)

    def _of(self, name: str, renamed: dict[str, str], numbers: dict[str, Told]) -> Told | None:
        """The initiative that a revision is of, followed through its names; else the one of its number."""
        seen: set[str] = set()
        while name not in self.by_id and name in renamed and name not in seen:
            seen.add(name)
            name = renamed[name]
        if name in self.by_id:
            return self.by_id[name]
        number = _NUMBER.match(name)
        return numbers.get(number[1]) if number and int(number[1]) else None

    # Ties and absences

    def _tie_up(self) -> None:
        """Leave only ties that lead somewhere and are not there yet."""
        ids = {row.pk: key for key, row in self.rows.items()}
        rows = Link.objects.filter(from_kind=Kind.INITIATIVE, from_id__in=ids, to_kind=Kind.INITIATIVE)
        there = {
            (ids[one], relation, ids.get(other, ""))
            for one, relation, other in rows.values_list("from_id", "relation", "to_id")
        }
        for told in self.plan.told:
            me = told.record.external_id
            for name, relation in (("see_also", Relation.RELATES), ("replaces", Relation.REPLACES)):
                wanted = dict.fromkeys(getattr(told, name))
                found = [other for other in wanted if other in self.by_id and other != me]
                setattr(told, name, [other for other in found if (me, relation, other) not in there])
                self.plan.left_out["tie"] += len(wanted) - len(found)
                for other in getattr(told, name):
                    self.plan.note("tie", "created", f"{me} → {other}", told.record.origin)

    def archive_absent(self) -> None:
        """What the files no longer tell is archived."""
        for key, row in self.rows.items():
            if key not in self.by_id and row.archived_at is None:
                self.plan.gone.append(row)
                self.plan.note("initiative", "closed", row.title, None)


def _put_away(rows: Iterable[Initiative]) -> set[int]:
    """The initiatives that somebody archived by hand: an import leaves them as they are."""
    archived = {row.pk: row.archived_at for row in rows if row.archived_at}
    entries = AuditEntry.objects.filter(kind=Kind.INITIATIVE, verb="archive", object_id__in=archived)
    return {pk for pk, at in entries.values_list("object_id", "at") if pk and archived[pk] == at}


def _refs(record: Record, name: str) -> tuple[Ref, ...]:
    value = record.values.get(name)
    return value if isinstance(value, tuple) else ()


def _named(record: Record) -> str:
    ref = record.values["initiative"]
    return ref.keys[0][1] if isinstance(ref, Ref) else ""


def pairs(value: Any) -> dict[str, str]:
    """Milestones as a record tells them: a name and a target on each line."""
    found = (line.partition(":") for line in str(value or "").splitlines())
    return {name.strip(): target.strip() for name, _colon, target in found if target.strip()}
