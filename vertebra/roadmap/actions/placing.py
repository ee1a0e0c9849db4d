"""Where an initiative stands on the board of now, next and later: in which column, above which other."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.initiatives import Horizon
from vertebra.roadmap.models import Initiative

# Between two neighbours there is room for ten others before those below are moved down.
GAP = 1024


class NoSuchColumn(Refusal):
    """The board has three columns: now, next and later."""


@transaction.atomic
def place_initiative(
    *,
    actor: User | None,
    initiative: Initiative,
    horizon: str,
    before: Initiative | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Put an initiative in a column of the board, above another one or at its end; no column takes it off."""
    if horizon and horizon not in Horizon.values:
        raise NoSuchColumn(_("The board has three columns: now, next and later."))
    row = locked(initiative)
    column = Initiative.objects.filter(archived_at__isnull=True, horizon=horizon).exclude(pk=row.pk)
    is_above = before is not None and before.horizon == horizon and before.pk != row.pk
    position = _above(column, before) if is_above and before else _at_the_end(column) if horizon else 0
    was = row.horizon
    tracker = audit.Tracker()
    if not tracker.change(row, horizon=horizon, position=position):
        raise NothingChanges(_("It stands there already."))
    return written("place", row, tracker, now, actor=actor, changes={"horizon": [was, horizon]})


@transaction.atomic
def shift_initiative(
    *, actor: User | None, initiative: Initiative, is_up: bool, now: dt.datetime
) -> AuditEntry:
    """Move an initiative above the one before it in its column, or below the one after it."""
    row = locked(initiative)
    column = Initiative.objects.filter(archived_at__isnull=True, horizon=row.horizon).exclude(pk=row.pk)
    if is_up:
        before = _beyond(column, row, is_up=True).first()
    else:
        # Below the next one is above the one after that.
        after = list(_beyond(column, row, is_up=False)[:2])
        before = after[1] if len(after) > 1 else None
        if not after:
            raise NothingChanges(_("It stands there already."))
    if is_up and before is None:
        raise NothingChanges(_("It stands there already."))
    tracker = audit.Tracker()
    position = _above(column, before) if before else _at_the_end(column)
    if not tracker.change(row, position=position):
        raise NothingChanges(_("It stands there already."))
    return written("place", row, tracker, now, actor=actor)


def _beyond(column: "QuerySet[Initiative]", row: Initiative, *, is_up: bool) -> "QuerySet[Initiative]":
    if is_up:
        at = column.filter(position=row.position, pk__lt=row.pk)
        return (column.filter(position__lt=row.position) | at).order_by("-position", "-pk")
    at = column.filter(position=row.position, pk__gt=row.pk)
    return (column.filter(position__gt=row.position) | at).order_by("position", "pk")


def _at_the_end(column: "QuerySet[Initiative]") -> int:
    last: int | None = column.aggregate(last=Max("position"))["last"]
    return (last or 0) + GAP


def _above(column: "QuerySet[Initiative]", before: Initiative) -> int:
    """A place between an initiative and the one above it; without any, it and all below move down."""
    above = _beyond(column.exclude(pk=before.pk), before, is_up=True).first()
    low = above.position if above else 0
    if before.position - low >= 2:
        return (low + before.position) // 2
    below = _beyond(column, before, is_up=False).values("pk")
    column.filter(pk__in=[before.pk]).update(position=F("position") + 2 * GAP)
    column.filter(pk__in=below).update(position=F("position") + 2 * GAP)
    return low + GAP
