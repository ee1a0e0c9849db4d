"""Counts as tables hold them: a day, how many done, of how many; pasted or from a file, with or without a heading."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal

_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d/%m/%y")
MOST_CHARACTERS = 400_000


class NoCounts(Refusal):
    """A line says a day, how many are done and, if it changed, of how many."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many were done of how many, at the end of a day; without a total, the last one known holds."""

    on: dt.date
    done: int
    total: int | None = None


def read_counts(text: str) -> list[CountRow]:
    """The counts of a pasted table: one line a day; a first line without a day is a heading."""
    found: list[CountRow] = []
    for number, line in enumerate(text[:MOST_CHARACTERS].lstrip("\ufeff").splitlines(), start=1):
        cells = [cell.strip().strip('"') for cell in line.split(_separator(line))]
        if not any(cells):
            continue
        day = _day(cells[0])
        if day is None and not found and number == 1:
            continue
        if day is None:
            raise NoCounts(
                _("Line %(line)s: write the day first, as 2026-03-31 or 31/03/2026.") % {"line": number}
            )
        figures = [_whole(cell) for cell in (*cells[1:2], *filter(None, cells[2:3]))]
        if not figures or None in figures:
            raise NoCounts(
                _("Line %(line)s: after the day, how many are done and of how many.") % {"line": number}
            )
        found.append(CountRow(day, figures[0] or 0, figures[1] if len(figures) > 1 else None))
    if not found:
        raise NoCounts(_("Nothing was found: a line for each day, such as 2026-03-31;120;400."))
    return found


def _separator(line: str) -> str:
    return next((one for one in ("\t", ";") if one in line), ",")


def _day(text: str) -> dt.date | None:
    for form in _FORMS:
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _whole(text: str) -> int | None:
    digits = re.sub(r"[\s\u00a0\u202f']", "", text).removesuffix(".0")
    return int(digits) if digits.isdecimal() and len(digits) <= 10 else None
