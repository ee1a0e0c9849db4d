"""What files of metrics and of values would do, worked out before anything is done."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.connectors.faults import Fault, Trouble
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.tables import Table, read_table
from vertebra.kit.text import fold
from vertebra.measures.importing.tables import CHOICES, METRIC, VALUE, WIDE, codes_of, table_kinds
from vertebra.measures.models import Measurement, Metric
from vertebra.measures.queries.periods import period_words
from vertebra.measures.queries.problems import all_said
from vertebra.measures.queries.series import LARGEST, Value
from vertebra.measures.readers.rows import DAY_WORDS, Frame, Reading, read_day, read_number, read_values
from vertebra.org.models import Person, UnitVersion

SHOWN_CHANGES = 5_000


@dataclass(slots=True)
class MetricChange:
    """One row of a catalogue: the metric that is there already, what the row says, and a target."""

    line: int
    there: Metric | None
    given: dict[str, Any]
    target: tuple[float, dt.date] | None = None

    @property
    def differing(self) -> dict[str, Any]:
        """What the row says otherwise than what is there."""
        if self.there is None:
            return self.given
        return {name: value for name, value in self.given.items() if getattr(self.there, name) != value}

    @property
    def effect(self) -> str:
        """What would become of the metric."""
        return "created" if self.there is None else "changed" if self.differing else "unchanged"


@dataclass
class Plan:
    """Everything that the files would do, and everything that is wrong with them."""

    file: str
    today: dt.date
    metrics: list[MetricChange] = field(default_factory=list)
    values: dict[int, list[Value]] = field(default_factory=dict)
    known: dict[int, Metric] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)
    lines: list[dict[str, Any]] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What is wrong, in words."""
        return all_said(self.reading.problems)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows would be created, changed, left as they are."""
        found: dict[str, dict[str, int]] = {}
        if self.metrics:
            counted = Counter(one.effect for one in self.metrics)
            found[METRIC] = {name: counted[name] for name in ("created", "changed", "closed", "unchanged")}
        if self.effects:
            found[VALUE] = {
                name: self.effects[name] for name in ("created", "changed", "closed", "unchanged")
            }
        return found


def plan_file(path: Path, way: str, columns: Mapping[str, str], today: dt.date) -> Plan:
    """Work out what a file would do, read the way that was chosen."""
    plan = Plan(path.name, today)
    try:
        table = read_table(path, path.name)
        if way == f"table:{METRIC}":
            _plan_metrics(plan, _cells(table, columns), columns)
        elif way == WIDE:
            _plan_values(plan, _wide(plan, table))
        else:
            _plan_values(plan, _long(plan, _cells(table, columns), columns))
        faults = table.problems
    except Refused as refusal:
        faults = [refusal.problem]
    except Trouble as trouble:
        plan.reading.note(trouble.fault, file=path.name, **dict[str, Any](trouble.particulars))
        faults = []
    for one in faults:
        plan.reading.note(one.code, line=one.line, column=one.column or "", file=one.file, **one.particulars)
    return plan


def plan_told(rows: Iterable[Mapping[str, Any]], way: str, today: dt.date) -> Plan:
    """Work out what rows that a tool tells would do, read as those of a file: the first is line 1."""
    plan = Plan("", today)
    fields = {field.code: field.code for kind in table_kinds() for field in kind.fields}
    told = [
        (at, {name: value for name, value in row.items() if value not in (None, "")})
        for at, row in enumerate(rows, start=1)
    ]
    if way == METRIC:
        _plan_metrics(plan, told, fields)
    else:
        _plan_values(plan, _long(plan, told, fields))
    return plan


Cells = Iterable[tuple[int, dict[str, Any]]]


def _cells(table: Table, columns: Mapping[str, str]) -> Iterator[tuple[int, dict[str, Any]]]:
    at = {name: table.header.index(heading) for name, heading in columns.items() if heading in table.header}
    for row in table.rows():
        yield (
            row.line,
            {name: row.cells[place] for name, place in at.items() if row.cells[place] not in (None, "")},
        )


def _plan_metrics(plan: Plan, rows: Cells, columns: Mapping[str, str]) -> None:
    by_name = known_metrics()
    people, units = _people(), _units(plan.today)
    seen: dict[str, int] = {}
    for line, cells in rows:
        place: dict[str, Any] = {"line": line, "file": plan.file}
        name = " ".join(str(cells.get("name", "")).split())[:200]
        if not name:
            plan.reading.note(Fault.NAME_MISSING, column=columns.get("name", ""), **place)
            continue
        key = fold(str(cells.get("slug") or name))
        if (first := seen.setdefault(key, line)) != line:
            plan.reading.note(Fault.NAME_TWICE, column=columns["name"], value=name, other_line=first, **place)
            continue
        there = by_name.get(key) or by_name.get(fold(name))
        given: dict[str, Any] = {"name": name}
        for field_name in ("definition", "where_from", "slug"):
            if field_name in cells:
                given[field_name] = str(cells[field_name]).strip()
        if there is not None:
            given.pop("slug", None)
        _choices(plan, cells, given, columns, place)
        _named(plan, cells, given, columns, place, people, units)
        plan.metrics.append(MetricChange(line, there, given, _target(plan, cells, columns, place)))
    plan.lines += [
        _metric_line(plan, one) for one in plan.metrics[:SHOWN_CHANGES] if one.effect != "unchanged"
    ]


def _choices(
    plan: Plan,
    cells: Mapping[str, Any],
    given: dict[str, Any],
    columns: Mapping[str, str],
    place: dict[str, Any],
) -> None:
    for name in CHOICES:
        if name not in cells:
            continue
        code = codes_of(name).get(fold(str(cells[name])).strip())
        if code is None:
            known = ", ".join(CHOICES[name].values)
            plan.reading.note(
                Fault.CHOICE_UNKNOWN,
                column=columns[name],
                value=str(cells[name])[:60],
                choices=known,
                **place,
            )
        else:
            given[name] = code
    written = str(cells.get("currency") or cells.get("unit") or "").strip().upper()
    if given.get("unit") == "money":
        given["currency"] = {"€": "EUR", "$": "USD", "£": "GBP"}.get(written, written)
        if len(given["currency"]) != 3:
            plan.reading.note(
                Fault.CHOICE_UNKNOWN,
                column=columns.get("currency", ""),
                value=written,
                choices="EUR, USD…",
                **place,
            )


def _named(
    plan: Plan, cells: Mapping[str, Any], given: dict[str, Any], columns: Mapping[str, str], place: dict[str, Any],
    people: Mapping[str, Person], units: Mapping[str, int],
) -> None:  # fmt: skip
    if "owner" in cells:
        person = people.get(fold(str(cells["owner"])).strip())
        if person is None:
            plan.reading.note(
                Fault.PERSON_UNKNOWN, column=columns["owner"], value=str(cells["owner"])[:60], **place
            )
        else:
            given["owner"] = person
    if "of_unit" in cells:
        unit = units.get(fold(str(cells["of_unit"])).strip(), 0)
        if not unit:
            plan.reading.note(
                Fault.PLACE_UNKNOWN, column=columns["of_unit"], value=str(cells["of_unit"])[:60], **place
            )
        else:
            given["of_unit_id"] = unit


def _target(
    plan: Plan, cells: Mapping[str, Any], columns: Mapping[str, str], place: dict[str, Any]
) -> tuple[float, dt.date] | None:
    if "target" not in cells:
        return None
    value = read_number(cells["target"])
    if value is None or not abs(value) < LARGEST:
        fault = Fault.NOT_A_NUMBER if value is None else Fault.NUMBER_TOO_LARGE
        plan.reading.note(fault, column=columns["target"], value=str(cells["target"])[:60], **place)
        return None
    day = dt.date(plan.today.year, 12, 31)
    if "target_by" in cells:
        found = read_day(cells["target_by"], ZoneInfo(settings.TIME_ZONE))
        if found is None:
            written = str(cells["target_by"])[:60]
            plan.reading.note(Fault.NOT_A_DAY, column=columns["target_by"], value=written, **place)
            return None
        day = found
    return value, day


def known_metrics() -> dict[str, Metric]:
    """The metrics of the catalogue by short name and by name; a name that two bear tells none of them."""
    found: dict[str, Metric] = {}
    rows = list(Metric.objects.filter(archived_at__isnull=True).select_related("owner"))
    twice = {name for name, count in Counter(fold(row.name) for row in rows).items() if count > 1}
    for row in rows:
        found[fold(row.slug)] = row
        if fold(row.name) not in twice:
            found.setdefault(fold(row.name), row)
    return found


def _people() -> dict[str, Person]:
    rows = list(
        Person.objects.filter(archived_at__isnull=True).only("name", "name_folded", "email", "handle")
    )
    names = Counter(row.name_folded for row in rows)
    found = {row.name_folded: row for row in rows if names[row.name_folded] == 1}
    for row in rows:
        found |= {fold(word): row for word in (row.email, row.handle) if word}
    return found


def _units(today: dt.date) -> dict[str, int]:
    rows = [
        (fold(name), unit) for name, unit in UnitVersion.objects.as_of(today).values_list("name", "unit_id")
    ]
    names = Counter(name for name, _unit in rows)
    return {name: unit for name, unit in rows if names[name] == 1}


def _frame(plan: Plan, metric: Metric) -> Frame:
    return Frame(metric.grain, plan.today, ZoneInfo(settings.TIME_ZONE), plan.file)


def _long(plan: Plan, rows: Cells, columns: Mapping[str, str]) -> dict[int, Reading]:
    """A row per value: the values of each metric it names."""
    by_name = known_metrics()
    told: dict[int, list[tuple[int, list[Any]]]] = {}
    unknown: set[str] = set()
    for line, cells in rows:
        written = " ".join(str(cells.get("metric", "")).split())
        metric = by_name.get(fold(written))
        if metric is None:
            if written not in unknown:
                unknown.add(written)
                place: dict[str, Any] = {"line": line, "file": plan.file, "column": columns["metric"]}
                plan.reading.note(Fault.METRIC_UNKNOWN, value=written[:60], **place)
            continue
        plan.known[metric.pk] = metric
        told.setdefault(metric.pk, []).append((line, [cells.get(name) for name in _LONG]))
    return {pk: read_values(_LONG, lines, _frame(plan, plan.known[pk])) for pk, lines in told.items()}


_LONG = ("on", "value", "part", "behind")


def _wide(plan: Plan, table: Table) -> dict[int, Reading]:
    """A column per metric: the values of each that the heading names; headings that name none are said."""
    header = table.header
    day = next((at for at, heading in enumerate(header) if fold(heading) in DAY_WORDS), None)
    if day is None:
        raise Trouble(Fault.NO_DATE_COLUMN, columns=", ".join(header)[:200])
    by_name = known_metrics()
    rows = [(row.line, row.cells) for row in table.rows()]
    found = {}
    for at, heading in enumerate(header):
        if at == day or not heading:
            continue
        metric = by_name.get(fold(heading))
        if metric is None:
            place: dict[str, Any] = {"line": table.header_line, "file": plan.file, "column": heading}
            plan.reading.note(Fault.METRIC_UNKNOWN, value=heading[:60], **place)
            continue
        plan.known[metric.pk] = metric
        pairs = [(line, [cells[day], cells[at]]) for line, cells in rows]
        found[metric.pk] = read_values([header[day], "value"], pairs, _frame(plan, metric))
    return found


def _plan_values(plan: Plan, readings: Mapping[int, Reading]) -> None:
    for pk, reading in readings.items():
        plan.reading.problems += reading.problems
        plan.values[pk] = reading.values
        rows = Measurement.objects.filter(metric=pk, superseded_at__isnull=True)
        there = {(part, on): value for part, on, value in rows.values_list("part", "on", "value")}
        for one in reading.values:
            before = there.get((one.part, one.on))
            effect = "created" if before is None else "unchanged" if before == one.value else "changed"
            plan.effects[effect] += 1
            if effect != "unchanged" and len(plan.lines) < SHOWN_CHANGES:
                plan.lines.append(_value_line(plan, plan.known[pk], one, effect, before))


def _value_line(plan: Plan, metric: Metric, one: Value, effect: str, before: float | None) -> dict[str, Any]:
    name = " · ".join(word for word in (metric.name, period_words(one.on, metric.grain), one.part) if word)
    said = {"label": _("value"), "before": "" if before is None else str(before), "after": str(one.value)}
    return {"kind": VALUE, "effect": effect, "name": name, "fields": [said], "file": plan.file, "line": None}


def _metric_line(plan: Plan, one: MetricChange) -> dict[str, Any]:
    fields: Sequence[dict[str, str]] = [
        {"label": name, "before": str(getattr(one.there, name, "") or ""), "after": str(value)}
        for name, value in one.differing.items()
    ]
    place = {"file": plan.file, "line": one.line}
    return {"kind": METRIC, "effect": one.effect, "name": one.given["name"], "fields": fields, **place}
