"""Reading a hiring plan: a table with a day, a function, how many, and where."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import translation

from vertebra.kit.files.problems import Code, Refused
from vertebra.kit.files.tables import read_table
from vertebra.kit.files.values import header_name, parse_date, parse_number
from vertebra.kit.text import fold
from vertebra.org.labels import Function
from vertebra.org.models import Market, UnitVersion

COLUMNS = {
    "on": ("on", "date", "month", "from", "start", "mois", "jour", "depuis"),
    "function": ("function", "role", "job", "fonction", "metier"),
    "count": ("count", "people", "number", "hires", "headcount", "nombre", "personnes"),
    "unit": ("unit", "team", "unite", "equipe", "tribu", "tribe"),
    "market": ("market", "country", "marche", "pays"),
    "id": ("id", "external_id", "key"),
}
# What people write for a function besides its name.
ALSO = {
    "pm": "product", "product manager": "product", "product managers": "product", "po": "product",
    "engineer": "engineering", "engineers": "engineering", "developer": "engineering", "dev": "engineering",
    "tech": "engineering", "designer": "design", "ux": "design", "commerce": "sales", "ventes": "sales",
}  # fmt: skip
MOST_PEOPLE = 10_000
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Hire:
    """A row of a plan."""

    external_id: str
    on: dt.date
    function: str
    count: int
    unit_id: int | None
    market_id: int | None


@dataclass(slots=True)
class Plan:
    """What a plan says, and what is wrong with it, as the list of problems of a page takes it."""

    hires: dict[str, Hire] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def note(self, file: str, line: int | None, column: str, code: object, **particulars: object) -> None:
        """Keep a problem with its place."""
        self.problems.append(
            {"file": file, "line": line, "column": column, "code": str(code), "particulars": particulars}
        )


def read_plan(path: Path, today: dt.date) -> Plan:
    """The hires of a table; each row that cannot be read is told with its line."""
    plan = Plan()
    try:
        table = read_table(path, path.name)
    except Refused as refusal:
        found = refusal.problem
        plan.note(found.file, found.line, found.column or "", found.code, **found.particulars)
        return plan
    names = [header_name(one).replace(" ", "_") for one in table.header]
    places = {ours: at for ours, known in COLUMNS.items() for at, one in enumerate(names) if one in known}
    for column in ("on", "function"):
        if column not in places:
            plan.note(path.name, table.header_line, column, Code.VALUE_MISSING, field=column)
    if plan.problems:
        return plan
    reader = _Reader(path.name, plan, _units(today), _markets(), _functions())
    for row in table.rows():
        reader.take(row.line, {ours: row.cells[at] for ours, at in places.items()})
    for one in table.problems:
        plan.note(one.file, one.line, one.column or "", one.code, **one.particulars)
    return plan


@dataclass
class _Reader:
    file: str
    plan: Plan
    units: Mapping[str, int | None]
    markets: Mapping[str, int | None]
    functions: Mapping[str, str]

    def take(self, line: int, cells: Mapping[str, Any]) -> None:
        """Keep a row, or say what is wrong with it."""
        before = len(self.plan.problems)
        on, function = self._day(line, cells.get("on")), self._function(line, cells.get("function"))
        count = self._count(line, cells.get("count"))
        unit = self._place(line, "unit", cells.get("unit"), self.units)
        market = self._place(line, "market", cells.get("market"), self.markets)
        if len(self.plan.problems) > before or on is None or function is None or count is None:
            return
        key = str(cells.get("id") or "").strip() or f"{on}|{function}|{unit or ''}|{market or ''}"
        number, wanted = 1, key
        while key in self.plan.hires and not cells.get("id"):
            number += 1
            key = f"{wanted}|{number}"
        if key in self.plan.hires:
            self.note(line, "id", Code.REPEATED_KEY, key=key)
            return
        self.plan.hires[key] = Hire(key[:300], on, function, count, unit, market)

    def note(self, line: int, column: str, code: object, **particulars: object) -> None:
        """Keep a problem of a row."""
        self.plan.note(self.file, line, column, code, **particulars)

    def _day(self, line: int, value: object) -> dt.date | None:
        if value is None or not str(value).strip():
            self.note(line, "on", Code.VALUE_MISSING, field="on")
            return None
        month = _MONTH.fullmatch(str(value).strip())
        day = parse_date(f"{month[1]}-{int(month[2]):02}-01" if month else value)
        if day is None:
            self.note(line, "on", Code.NOT_A_DATE, value=str(value)[:60])
        return day

    def _function(self, line: int, value: object) -> str | None:
        text = fold(str(value or ""))
        if not text:
            self.note(line, "function", Code.VALUE_MISSING, field="function")
            return None
        if text not in self.functions:
            choices = ", ".join(str(one.label) for one in Function)
            self.note(line, "function", Code.CHOICE_UNKNOWN, value=str(value)[:60], choices=choices)
        return self.functions.get(text)

    def _count(self, line: int, value: object) -> int | None:
        if value is None or not str(value).strip():
            return 1
        number = parse_number(value)
        if number is None or number != int(number) or not 0 < abs(number) <= MOST_PEOPLE:
            self.note(line, "count", Code.NOT_A_NUMBER, value=str(value)[:60])
            return None
        return int(number)

    def _place(self, line: int, column: str, value: object, known: Mapping[str, int | None]) -> int | None:
        text = fold(str(value or ""))
        if not text:
            return None
        if known.get(text) is None:
            self.note(line, column, "place_unknown", value=str(value)[:60])
        return known.get(text)


def _functions() -> dict[str, str]:
    found = {**ALSO, **{one.value: one.value for one in Function}}
    for language in ("en", "fr"):
        with translation.override(language):
            found |= {fold(str(one.label)): str(one.value) for one in Function}
    return found


def _units(today: dt.date) -> dict[str, int | None]:
    """Units of the day by name; none for a name that two bear."""
    return _unique(UnitVersion.objects.as_of(today).values_list("name", "unit_id"))


def _markets() -> dict[str, int | None]:
    return _unique(Market.objects.filter(archived_at__isnull=True).values_list("name", "pk"))


def _unique(rows: Any) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for name, pk in rows:
        key = fold(name)
        found[key] = None if key in found else pk
    return found
