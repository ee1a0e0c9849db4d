"""What each market has of each feature: written down in place or from a file."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.models import Area, Market
from vertebra.roadmap.labels.projects import Parity
from vertebra.roadmap.models import Feature, FeatureInMarket
from vertebra.roadmap.queries.parity import Given


class NoFeature(Refusal):
    """A feature has a name, and there is one of each name."""


class NoSuchState(Refusal):
    """A market has a feature, part of it, or not; it is planned, or not needed there."""


@transaction.atomic
def add_feature(*, actor: User | None, name: str, area: Area | None = None, now: dt.datetime) -> AuditEntry:
    """Write down a feature that markets have or lack."""
    name = " ".join(name.split())[:200]
    if not name:
        raise NoFeature(_("Give the feature a name."))
    found = Feature.objects.filter(name=name).first()
    tracker = audit.Tracker()
    if found is not None and found.archived_at is None:
        raise NoFeature(_("“%(name)s” is in the table already.") % {"name": name})
    if found is not None:
        tracker.change(found, archived_at=None)
    else:
        found = Feature(name=name, area=area, position=Feature.objects.count())
        tracker.create(found)
    return _record("create", found, tracker, now, actor)


@transaction.atomic
def set_parity(
    *, actor: User | None, feature: Feature, market: Market, state: str, now: dt.datetime
) -> AuditEntry:
    """Say how much of a feature a market has."""
    if state not in Parity.values:
        raise NoSuchState(_("Absent, planned, in part, whole, or not needed here?"))
    tracker = audit.Tracker()
    if not _put(tracker, feature, market, state, now):
        raise NothingChanges(_("It is written like this already."))
    return _record("change", feature, tracker, now, actor, market=market.name, state=state)


@transaction.atomic
def set_many(*, actor: User | None, cells: Iterable[Given], now: dt.datetime) -> AuditEntry:
    """Take over a whole table of features and markets; what it does not name stays."""
    tracker = audit.Tracker()
    features = {row.name: row for row in Feature.objects.all()}
    known = {
        (row.feature_id, row.market_id): row for row in FeatureInMarket.objects.select_related("feature")
    }
    for cell in cells:
        feature = features.get(cell.feature)
        if feature is None:
            feature = Feature(name=cell.feature, position=len(features))
            tracker.create(feature)
            features[feature.name] = feature
        elif feature.archived_at:
            tracker.change(feature, archived_at=None)
        row = known.get((feature.pk, cell.market.pk))
        if row is None:
            row = FeatureInMarket(feature=feature, market=cell.market, state=cell.state, changed_at=now)
            tracker.create(row)
            known[feature.pk, cell.market.pk] = row
        elif row.state != cell.state:
            tracker.change(row, state=cell.state, changed_at=now)
    if not tracker.changes:
        raise NothingChanges(_("The file says what is written already."))
    return audit.record(
        actor=actor, verb="import", kind=Kind.FEATURE, now=now,
        particulars={"count": len(tracker.changes)}, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def archive_feature(*, actor: User | None, feature: Feature, now: dt.datetime) -> AuditEntry:
    """Take a feature out of the table; what was written of it is kept."""
    tracker = audit.Tracker()
    if not tracker.change(feature, archived_at=feature.archived_at or now):
        raise NothingChanges(_("It is archived already."))
    return _record("archive", feature, tracker, now, actor)


def _put(tracker: audit.Tracker, feature: Feature, market: Market, state: str, now: dt.datetime) -> bool:
    row = FeatureInMarket.objects.select_for_update().filter(feature=feature, market=market).first()
    if row is None:
        tracker.create(FeatureInMarket(feature=feature, market=market, state=state, changed_at=now))
        return True
    if row.state == state:
        return False
    tracker.change(row, state=state, changed_at=now)
    return True


def _record(
    verb: str, row: Feature, tracker: audit.Tracker, now: dt.datetime, actor: User | None, **told: str
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.FEATURE, object_id=row.pk, object_name=row.name, now=now,
        particulars=told, rows=tracker.changes,
    )  # fmt: skip
