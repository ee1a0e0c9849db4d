"""What modules bring to the home page through the `HOME` list of settings."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

MOST_ROWS = 1000
# What waits (its code), the page it waits on, what it is called, what is said of it, the day it is due, its place.
Row = tuple[str, int, str, str, dt.date | None, int]
Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for this person, done in place or one page away.

    `ask` names (kind and id) what is asked of somebody who is not in charge of it: at most two of these a week.
    """

    sentence: str
    url: str
    verb: str
    why: str = ""
    ask: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: a title that leads somewhere, and what to say of it."""

    title: str
    url: str
    detail: str = ""
    state: str = ""
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Block:
    """A titled list of the home page, with the sentence that teaches the next step when it is empty."""

    title: str
    lines: list[Line]
    more_url: str = ""
    empty: str = ""
    more_verb: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one module has to say to one person today; each piece is read when it is shown, not before.

    `waits` asks for rows, which the home page reads of all modules in one question and hands to `told`; it is put
    together once a day for anybody of a role: it may look at the number of the person, their role and the moment, at
    nothing else. `needs` are what cannot be asked so. `blocks` are about the person (what they raised, where they
    work), `around` about what they answer for.
    """

    lead: Callable[[], str] = str
    waits: Callable[[], list[Rows]] = list
    told: Callable[[list[Row]], list[Need]] = lambda _rows: []
    needs: Callable[[], list[Need]] = list
    blocks: Callable[[], list[Block]] = list
    around: Callable[[], list[Block]] = list


def waits(
    rows: Rows, code: str, *, day: str | Combinable = "", number: str = "pk", title: str = "title",
    detail: str | Combinable = "", place: str | Combinable = "pk",
) -> Rows:  # fmt: skip
    """These rows as the home page reads them, with those of every other module."""
    when = (F(day) if isinstance(day, str) else day) if day else Value(None)
    said = (F(detail) if isinstance(detail, str) else detail) if detail else Value("")
    asked = rows.order_by().annotate(
        _code=Value(code, CharField(max_length=12)),
        _number=F(number),
        _title=Cast(F(title), TextField()),
        _detail=Cast(said, TextField()),
        _day=Cast(when, DateField()),
        _place=F(place) if isinstance(place, str) else place,
    )
    found: Rows = asked.values_list("_code", "_number", "_title", "_detail", "_day", "_place")
    return found


def needs_of(parts: Sequence[Part], rows: Sequence[list[Row]]) -> list[Need]:
    """What waits for the person of these parts, in their order, of the rows that each asked for."""
    pairs = zip(parts, rows, strict=True)
    return [need for part, found in pairs for need in (*part.told(found), *part.needs())]
