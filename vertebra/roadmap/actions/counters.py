"""Units of anything counted until all are done: by hand in ten seconds, or many days at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.models import Count, Counter, Initiative, Workstream
from vertebra.roadmap.queries.count_files import CountRow

MOST_UNITS = 2_000_000_000
MOST_ROWS = 5_000
EDITABLE = frozenset({"name", "workstream", "due_on"})


class NothingCounted(Refusal):
    """A counter says what is counted."""


class ImpossibleCount(Refusal):
    """No more can be done than there are, nor on a day that is still to come."""


@transaction.atomic
def add_counter(
    *,
    actor: User | None,
    initiative: Initiative,
    name: str,
    total: int | None = None,
    workstream: Workstream | None = None,
    due_on: dt.date | None = None,
    now: dt.datetime,
) -> Counter:
    """Say what is counted and, when one knows it, how many there are today with none done."""
    row = locked(initiative)
    name = " ".join(name.split())[:120]
    if not name:
        raise NothingCounted(_("Say what is counted: cards, clients, pages."))
    counter = Counter(
        initiative=row, name=name, workstream=workstream, due_on=due_on, position=row.counters.count()
    )
    tracker = audit.Tracker()
    tracker.create(counter)
    if total:
        _check(CountRow(clock.today(now), 0, total), clock.today(now))
        tracker.create(
            Count(counter=counter, on=clock.today(now), done=0, total=total, recorded_at=now, made_by=actor)
        )
    written("change", row, tracker, now, actor=actor, counter=counter.name)
    return counter


@transaction.atomic
def change_counter(
    *, actor: User | None, counter: Counter, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Call what is counted something else, or move the day by which all are wanted."""
    row = locked(counter.initiative)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "name" in values:
        values["name"] = " ".join(values["name"].split())[:120]
        if not values["name"]:
            raise NothingCounted(_("Say what is counted: cards, clients, pages."))
    tracker = audit.Tracker()
    if not tracker.change(counter, **values):
        raise NothingChanges(_("It is written like this already."))
    return written("change", row, tracker, now, actor=actor, counter=counter.name)


@transaction.atomic
def record_counts(
    *, actor: User | None, counter: Counter, rows: Iterable[CountRow], now: dt.datetime
) -> AuditEntry:
    """Note counts of one day or many; a day counted again keeps the earlier count, superseded."""
    row = locked(counter.initiative)
    today = clock.today(now)
    given = sorted({one.on: one for one in rows}.values(), key=lambda one: one.on)
    if not given:
        raise NothingChanges(_("There is nothing to note."))
    if len(given) > MOST_ROWS:
        raise ImpossibleCount(
            _("Paste %(count)d days at most, in several times if need be.") % {"count": MOST_ROWS}
        )
    known = {one.on: one for one in Count.objects.filter(counter=counter, superseded_at__isnull=True)}
    days = sorted(known)
    tracker, noted = audit.Tracker(), list[Count]()
    for one in given:
        total = one.total if one.total is not None else _total_on(one.on, known, days)
        filled = CountRow(one.on, one.done, total)
        _check(filled, today)
        before = known.get(one.on)
        if before and (before.done, before.total) == (one.done, total):
            continue
        if before:
            tracker.change(before, superseded_at=now)
        made = Count(counter=counter, on=one.on, done=one.done, total=total, recorded_at=now, made_by=actor)
        noted.append(made)
        known[one.on] = made
        days = sorted(known)
    tracker.create_all(noted)
    if not tracker.changes:
        raise NothingChanges(_("It was counted like this already."))
    return written(
        "note", row, tracker, now, actor=actor, counter=counter.name, done=given[-1].done, count=len(given)
    )


@transaction.atomic
def remove_counter(*, actor: User | None, counter: Counter, now: dt.datetime) -> AuditEntry:
    """Stop counting something that nobody has counted yet."""
    row = locked(counter.initiative)
    if counter.counts.filter(done__gt=0).exists():
        raise ImpossibleCount(_("What was counted is kept: change its name instead."))
    tracker = audit.Tracker()
    for one in counter.counts.all():
        tracker.delete(one)
    name = counter.name
    tracker.delete(counter)
    return written("change", row, tracker, now, actor=actor, counter=name)


def _total_on(day: dt.date, known: Mapping[dt.date, Count], days: list[dt.date]) -> int:
    """How many there were on a day: the last count before it says, else the first after it."""
    before = [one for one in days if one <= day]
    nearest = before[-1] if before else (days[0] if days else None)
    if nearest is None:
        raise ImpossibleCount(_("Say also how many there are in all: nobody counted before."))
    return known[nearest].total


def _check(row: CountRow, today: dt.date) -> None:
    said = {"day": date_format(row.on, "DATE_FORMAT"), "done": row.done, "total": row.total}
    if row.on > today:
        raise ImpossibleCount(_("%(day)s is still to come: count what is done today.") % said)
    total = row.total or 0
    if row.done < 0 or total < 0 or total > MOST_UNITS:
        raise ImpossibleCount(_("%(day)s: a count lies between zero and two billion.") % said)
    if row.done > total:
        raise ImpossibleCount(
            _("%(day)s: %(done)s done of %(total)s cannot be. If there are more in all, say so.") % said
        )
