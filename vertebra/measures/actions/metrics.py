"""The catalogue: making a metric, changing what it means, verifying it, setting what it should reach."""

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.actions.describing import clean, free_slug, index_metric
from vertebra.measures.labels.metrics import Combining, Direction, Grain, MetricState, MetricUnit
from vertebra.measures.models import Measurement, Metric, Target
from vertebra.org.models import Area, Market, Person, Unit

# What a metric means: when one of these changes, nobody has verified it any more.
DEFINING = frozenset({"definition", "unit", "currency", "direction", "grain", "combining"})


class NoDefinition(Refusal):
    """Nobody can verify what is not defined."""


class HasValues(Refusal):
    """Values that stand for months do not become values of weeks."""


class WrongDay(Refusal):
    """A target is reached by a day to come, and there is one target for each day."""


@dataclass(frozen=True, slots=True)
class MetricValues:
    """What is said of a metric; the short name is made of its name unless it is given."""

    name: str
    language: str = "fr"
    definition: str = ""
    unit: str = MetricUnit.NUMBER
    currency: str = ""
    direction: str = Direction.UP
    grain: str = Grain.MONTH
    combining: str = Combining.MEAN
    owner: Person | None = None
    of_unit: Unit | None = None
    area: Area | None = None
    market: Market | None = None
    where_from: str = ""
    slug: str = field(default="", kw_only=True)

    def as_fields(self) -> dict[str, Any]:
        """The values by the names of their fields."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@transaction.atomic
def create_metric(*, actor: User | None, values: MetricValues, now: dt.datetime) -> Metric:
    """Put a metric in the catalogue, as a draft."""
    given = clean(values.as_fields())
    row = Metric(
        **{**given, "slug": free_slug(given["slug"] or given["name"])},
        made_by=actor,
        created_at=now,
        changed_at=now,
    )
    tracker = audit.Tracker()
    tracker.create(row)
    index_metric(row, now)
    _record(actor, "create", row, tracker, now)
    return row


@transaction.atomic
def change_metric(*, actor: User | None, metric: Metric, now: dt.datetime, **values: Any) -> AuditEntry:
    """Change what is said of a metric; when what it means changes, it is a draft again."""
    row = Metric.objects.select_for_update().get(pk=metric.pk)
    given = clean({**{name: getattr(row, name) for name in values}, "name": row.name, **values}, row)
    if given.get("grain", row.grain) != row.grain and Measurement.objects.filter(metric=row).exists():
        raise HasValues(_("It has values already: put a metric with another period beside it."))
    if not given.get("slug", True):
        given.pop("slug")
    if "slug" in given and given["slug"] != row.slug:
        given["slug"] = free_slug(given["slug"])
    tracker = audit.Tracker()
    touched = tracker.change(row, **given)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    if DEFINING & set(touched) and row.state == MetricState.VERIFIED:
        tracker.change(row, state=MetricState.DRAFT, verified_by=None, verified_at=None)
    tracker.change(row, changed_at=now)
    index_metric(row, now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def verify_metric(*, actor: User, metric: Metric, now: dt.datetime) -> AuditEntry:
    """Vouch for a metric: its definition says what is counted, and its values count that."""
    row = Metric.objects.select_for_update().get(pk=metric.pk)
    if not row.definition.strip():
        raise NoDefinition(_("Say first what it counts: nobody can verify what is not defined."))
    if row.state == MetricState.VERIFIED:
        raise NothingChanges(_("It is verified already."))
    tracker = audit.Tracker()
    tracker.change(row, state=MetricState.VERIFIED, verified_by=actor, verified_at=now)
    return _record(actor, "verify", row, tracker, now)


@transaction.atomic
def archive_metric(*, actor: User, metric: Metric, is_archived: bool, now: dt.datetime) -> AuditEntry:
    """Take a metric out of the catalogue, or bring it back; its values stay."""
    row = Metric.objects.select_for_update().get(pk=metric.pk)
    if bool(row.archived_at) == is_archived:
        raise NothingChanges(_("It is so already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now if is_archived else None)
    if is_archived:
        search.unindex(Kind.METRIC, [row.pk])
    else:
        index_metric(row, now)
    return _record(actor, "archive" if is_archived else "restore", row, tracker, now)


@transaction.atomic
def set_target(
    *, actor: User | None, metric: Metric, value: float, by_on: dt.date, why: str = "", now: dt.datetime
) -> AuditEntry:
    """Say what a metric should reach by a day; another target for the same day replaces it."""
    if not -1e15 < value < 1e15:
        raise WrongDay(_("Give a number that a metric can reach."))
    tracker = audit.Tracker()
    row = Target.objects.filter(metric=metric, by_on=by_on).first()
    if row is None:
        row = Target(metric=metric, value=value, by_on=by_on, why=why[:300], made_by=actor, created_at=now)
        tracker.create(row)
    elif not tracker.change(row, value=value, why=why[:300]):
        raise NothingChanges(_("This target is set already."))
    return _record(actor, "set_target", metric, tracker, now, value=value, by_on=str(by_on))


@transaction.atomic
def remove_target(*, actor: User, target: Target, now: dt.datetime) -> AuditEntry:
    """Take a target away."""
    tracker = audit.Tracker()
    metric, said = target.metric, {"value": target.value, "by_on": str(target.by_on)}
    tracker.delete(target)
    return _record(actor, "remove_target", metric, tracker, now, **said)


def _record(
    actor: User | None, verb: str, row: Metric, tracker: audit.Tracker, now: dt.datetime, **particulars: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.METRIC, object_id=row.pk, object_name=row.name,
        particulars=particulars, now=now, rows=tracker.changes,
    )  # fmt: skip
