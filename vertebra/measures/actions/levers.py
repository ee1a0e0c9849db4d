"""Levers: somebody holds that one metric moves another; how far the data agree is computed beside it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.measures.models import Lever, Metric
from vertebra.measures.queries.levers import aligned, moves


class MovesItself(Refusal):
    """A metric does not move itself, be it through others."""


class LeverThere(Refusal):
    """The same lever is noted once."""


@transaction.atomic
def create_lever(*, actor: User, driver: Metric, outcome: Metric, why: str = "", now: dt.datetime) -> Lever:
    """Hold that one metric moves another."""
    if driver.pk == outcome.pk or driver.pk in moves(outcome.pk):
        raise MovesItself(
            _("That would close a circle: a metric does not move itself, be it through others.")
        )
    if Lever.objects.filter(driver=driver, outcome=outcome).exists():
        raise LeverThere(_("This lever is noted already."))
    row = Lever(driver=driver, outcome=outcome, why=why.strip(), made_by=actor, created_at=now)
    tracker = audit.Tracker()
    tracker.create(row)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_lever(*, actor: User, lever: Lever, why: str, now: dt.datetime) -> AuditEntry:
    """Say otherwise why one metric should move the other."""
    row = Lever.objects.select_for_update().get(pk=lever.pk)
    tracker = audit.Tracker()
    if not tracker.change(row, why=why.strip()):
        raise NothingChanges(_("It is written like this already."))
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def remove_lever(*, actor: User, lever: Lever, now: dt.datetime) -> AuditEntry:
    """Hold no longer that one metric moves the other."""
    tracker = audit.Tracker()
    pk = lever.pk
    tracker.delete(lever)
    return _record(actor, "withdraw", lever, tracker, now, pk)


@transaction.atomic
def measure_lever(*, actor: User | None, lever: Lever, now: dt.datetime) -> AuditEntry | None:
    """Compute how far later changes of the one go with changes of the other; only a new verdict is an entry."""
    from vertebra.analysis.levers import association

    row = Lever.objects.select_for_update(of=("self",)).select_related("driver", "outcome").get(pk=lever.pk)
    seen = association(*aligned(row, clock.today(now)))
    before = row.verdict
    row.lag, row.strength, row.low, row.high = seen.lag, seen.strength, seen.low, seen.high
    row.seen_count, row.verdict, row.computed_at = seen.count, str(seen.verdict), now
    row.save()
    if before == row.verdict:
        return None
    return _record(actor, "measure", row, audit.Tracker(), now)


def _record(
    actor: User | None, verb: str, row: Lever, tracker: audit.Tracker, now: dt.datetime, pk: int | None = None
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.LEVER, object_id=pk or row.pk,
        object_name=f"{row.driver.name} → {row.outcome.name}", now=now, rows=tracker.changes,
    )  # fmt: skip
