"""What a file of practices would register, worked out before anything is done; all that is wrong with it at once."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vertebra.kit.files import labels
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.tables import read_table
from vertebra.kit.text import fold
from vertebra.org.models import Field, Person, Unit, UnitVersion
from vertebra.practices.importing.tables import PRACTICE, reaches
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import Practice, PracticeText

_TEXTS = {"why": 4000, "lives_at": 500}


@dataclass(slots=True)
class Row:
    """A practice as the file says it: on which line first, where it is lived, who carries it."""

    line: int
    name: str
    carrier: Person | None = None
    units: list[Unit | None] = field(default_factory=list)
    reach: str = Reach.STANDARD
    why: str = ""
    lives_at: str = ""
    field: Field | None = None
    is_there: bool = False


@dataclass
class Plan:
    """Everything that the file would do, and everything that is wrong with it."""

    file: str
    language: str
    rows: dict[str, Row] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many practices would be registered, how many are there already."""
        there = Counter(row.is_there for row in self.rows.values())
        return {PRACTICE: {"created": there[False], "changed": 0, "closed": 0, "unchanged": there[True]}}

    def note(self, line: int, column: str, what: str, remedy: str) -> None:
        """Write down what is wrong, where, and what to do."""
        self.problems.append(
            {"file": self.file, "line": line, "column": column, "what": what, "remedy": remedy}
        )

    def lines(self) -> Iterator[dict[str, Any]]:
        """Every change as the preview shows it."""
        for row in self.rows.values():
            if not row.is_there:
                told = [(_("carried by"), row.carrier.name if row.carrier else ""), (_("why"), row.why)]
                fields = [{"label": label, "before": "", "after": after} for label, after in told if after]
                yield {
                    "kind": PRACTICE, "effect": "created", "name": row.name, "file": self.file, "line": row.line,
                    "fields": fields,
                }  # fmt: skip


class _Known:
    """Whom and what the rows may name on a day."""

    def __init__(self, day: dt.date) -> None:
        people = list(Person.objects.filter(archived_at=None).only("name", "name_folded", "email", "handle"))
        names = Counter(one.name_folded for one in people)
        self.people = {one.name_folded: one for one in people if names[one.name_folded] == 1}
        for one in people:
            self.people |= {fold(word): one for word in (one.email, one.handle) if word}
        versions = list(UnitVersion.objects.as_of(day).select_related("unit"))
        called = Counter(fold(one.name) for one in versions)
        self.units = {fold(one.name): one.unit for one in versions if called[fold(one.name)] == 1}
        self.fields = {fold(one.name): one for one in Field.objects.filter(archived_at=None)}
        texts = PracticeText.objects.filter(version__practice__archived_at=None)
        self.practices = {fold(name) for name in texts.values_list("name", flat=True)}
        self.practices |= {
            fold(name) for name in Practice.objects.filter(archived_at=None).values_list("name", flat=True)
        }


def plan_file(path: Path, columns: Mapping[str, str], day: dt.date) -> Plan:
    """Work out what a file would register."""
    plan = Plan(path.name, (get_language() or "fr")[:2])
    try:
        table = read_table(path, path.name)
    except Refused as refusal:
        plan.note(0, "", labels.message(refusal.problem), labels.remedy(refusal.problem))
        return plan
    at = {name: table.header.index(heading) for name, heading in columns.items() if heading in table.header}
    known = _Known(day)
    for row in table.rows():
        cells = {name: " ".join(str(row.cells[place] or "").split()) for name, place in at.items()}
        if any(cells.values()):
            _take(plan, known, row.line, cells, columns)
    for one in table.problems:
        plan.note(one.line or 0, one.column or "", labels.message(one), labels.remedy(one))
    return plan


def _take(plan: Plan, known: _Known, line: int, cells: Mapping[str, str], columns: Mapping[str, str]) -> None:
    name = cells.get("name", "")[:200]
    if not name:
        plan.note(
            line, columns.get("name", ""), _("No practice is named."), _("Say in a few words what is done.")
        )
        return
    row = plan.rows.setdefault(fold(name), Row(line, name, is_there=fold(name) in known.practices))
    if row.is_there:
        return
    _carrier(plan, known, row, line, cells.get("carrier", ""), columns)
    _place(plan, known, row, line, cells.get("unit", ""), columns)
    if written := cells.get("reach", ""):
        code = reaches().get(fold(written))
        if code is None:
            plan.note(
                line,
                columns["reach"],
                _("“%(text)s” is not known.") % {"text": written[:60]},
                _("Write standard, recommended or free."),
            )
        else:
            row.reach = code
    if written := cells.get("field", ""):
        row.field = known.fields.get(fold(written))
        if row.field is None:
            plan.note(
                line,
                columns["field"],
                _("No field of action is called “%(text)s”.") % {"text": written[:60]},
                _("Write it as under Organisation, or leave it empty."),
            )
    for key, most in _TEXTS.items():
        if written := cells.get(key, ""):
            setattr(row, key, written[:most])


def _carrier(
    plan: Plan, known: _Known, row: Row, line: int, written: str, columns: Mapping[str, str]
) -> None:
    person = known.people.get(fold(written)) if written else row.carrier
    if person is None:
        what = (
            _("Nobody in the directory is called “%(text)s”.") % {"text": written[:60]}
            if written
            else _("Nobody carries it.")
        )
        plan.note(
            line,
            columns.get("carrier", ""),
            what,
            _("Name somebody of the directory: a name, an e-mail address or a login."),
        )
    row.carrier = person or row.carrier


def _place(plan: Plan, known: _Known, row: Row, line: int, written: str, columns: Mapping[str, str]) -> None:
    unit = known.units.get(fold(written)) if written else None
    if written and unit is None:
        plan.note(
            line, columns.get("unit", ""), _("No unit is called “%(text)s”, or several are.") % {"text": written[:60]},
            _("Write it as in the organisation, or leave it empty for the whole company."),
        )  # fmt: skip
    elif unit not in row.units:
        row.units.append(unit)
