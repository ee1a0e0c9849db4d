"""How facts over time are written: close the row that holds, open the next, refuse what cannot be."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal, Tracker
from vertebra.kit.versions import OverTime, OverTimeQuerySet


class NotOnThatDay(Refusal):
    """What should change does not exist, or does not hold, on that day."""


class AlreadySo(Refusal):
    """The same fact already holds during that time."""


class EndsBeforeStart(Refusal):
    """Something would end before it began."""


class Circle(Refusal):
    """A parent or a manager would come to stand under itself."""


def said(day: dt.date) -> str:
    """The day as people write it, for refusals."""
    return formats.date_format(day, "DATE_FORMAT")


Differences = dict[str, list[str]]


# The language that a row is written in follows these texts, not its other fields.
TEXTS = {"purpose", "how_to_work", "description"}


def changed_from(
    tracker: Tracker,
    rows: OverTimeQuerySet,
    on: dt.date,
    values: Mapping[str, Any],
    later: OverTimeQuerySet | None = None,
) -> Differences:
    """Give the fact other values from a day on, until each was to change anyway, and tell what differs.

    On the first day of a row the row itself is changed: it never held anything else. `later` are the rows that
    may continue it, when `rows` are not all of the fact.
    """
    row = rows.as_of(on).first()
    if row is None:
        raise NotOnThatDay(_("There is nothing to change on %(day)s.") % {"day": said(on)})
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    told = {name: [plain_words(getattr(row, name)), plain_words(value)] for name, value in differing.items()}
    held = {name: getattr(row, name) for name in differing}
    until = row.ends_on
    _carry_forward(tracker, rows if later is None else later, until, held, differing)
    if not differing or row.starts_on == on:
        tracker.change(row, **differing)
        return told
    fields = {f.name: getattr(row, f.attname if not f.is_relation else f.name) for f in _copied(row)}
    tracker.change(row, ends_on=on)
    # What a source brought stays on the row it brought: the new row is made by hand.
    tracker.create(type(row)(**{**fields, **differing, "starts_on": on, "ends_on": until}))
    return told


def _carry_forward(
    tracker: Tracker,
    later: OverTimeQuerySet,
    until: dt.date | None,
    held: dict[str, Any],
    differing: dict[str, Any],
) -> None:
    """Give the new values also to the rows that follow without a gap, each until it was to change anyway."""
    lasting = set(differing)
    follow = later.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")))
    while until is not None and lasting:
        row = follow.filter(starts_on=until).first()
        if row is None:
            return
        lasting = {name for name in lasting if getattr(row, name) == held[name]}
        if not lasting & TEXTS:
            lasting.discard("language")
        tracker.change(row, **{name: differing[name] for name in lasting})
        until = row.ends_on


def plain_words(value: object) -> str:
    """A value as the history tells it: nothing for none, at most a line or two of a text."""
    return "" if value is None else str(value)[:300]


def _copied(row: OverTime) -> list[Any]:
    left_out = {"id", "starts_on", "ends_on", "source", "external_id", "imported"}
    return [f for f in row._meta.concrete_fields if f.name not in left_out]


def ended(tracker: Tracker, row: OverTime, on: dt.date) -> None:
    """Close the row on a day; a row that has not begun by then never holds."""
    if row.ends_on is not None and row.ends_on <= on:
        raise NotOnThatDay(_("This already ended on %(day)s.") % {"day": said(row.ends_on)})
    if on < row.starts_on:
        raise EndsBeforeStart(
            _("This began on %(start)s: it cannot end before that.") % {"start": said(row.starts_on)}
        )
    tracker.change(row, ends_on=on)


def ended_all(tracker: Tracker, rows: OverTimeQuerySet, on: dt.date) -> int:
    """Close every row that holds on the day or would begin later; how many there were."""
    found = 0
    for row in rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)):
        tracker.change(row, ends_on=max(on, row.starts_on))
        found += 1
    return found


def refuse_overlap(rows: OverTimeQuerySet, starts_on: dt.date, ends_on: dt.date | None, words: str) -> None:
    """Raise AlreadySo, with these words, if one of the rows holds at some time between the two days."""
    until = Q() if ends_on is None else Q(starts_on__lt=ends_on)
    if rows.filter(until, Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)).exists():
        raise AlreadySo(words)


@contextmanager
def once(words: str) -> Iterator[None]:
    """Write what may be there only once; raise AlreadySo, with these words, if somebody else was faster."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise AlreadySo(words) from error


def refuse_reversed(starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Raise EndsBeforeStart unless the end, if there is one, comes after the start."""
    if ends_on is not None and ends_on <= starts_on:
        raise EndsBeforeStart(_("The end must come after the start."))
