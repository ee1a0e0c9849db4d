"""Tiers of releases: three ship; a company says what each requires, and makes its own."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.text import fold
from vertebra.releases.models import Tier

# What ships: a minor release asks for nothing, a major one for all that there is.
SHIPPED: dict[str, dict[str, Any]] = {
    "minor": {"position": 0, "is_default": True},
    "standard": {"position": 1, "trades": ["everyone", "support"], "validations": ["lead"], "days_before": 2},
    "major": {
        "position": 2,
        "trades": ["everyone", "sales", "support", "customer_success", "marketing"],
        "languages": ["fr", "en"],
        "validations": ["lead", "champions", "product_ops"],
        "readiness": ["sales", "support", "customer_success", "marketing"],
        "has_go": True,
        "has_lesson": True,
        "has_check": True,
        "days_before": 7,
    },
}
EDITABLE = frozenset(
    {
        "name", "description", "trades", "languages", "validations", "readiness", "has_go", "has_lesson",
        "has_check", "days_before",
    }
)  # fmt: skip


class NoName(Refusal):
    """A tier has a name of its own."""


class NoTier(Refusal):
    """The usual tier stays: what is only noted has one too."""


@transaction.atomic
def ensure_tiers(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Bring the tiers that ship into the database; nothing is recorded when all are there."""
    known = set(Tier.objects.filter(slug__in=SHIPPED).values_list("slug", flat=True))
    tracker = audit.Tracker()
    for slug, values in SHIPPED.items():
        if slug not in known:
            tracker.create(Tier(slug=slug, **values))
    if not tracker.changes:
        return None
    # What ships is not a change that somebody made: it is told, and not undone.
    return audit.record(actor=actor, verb="refresh", kind=Kind.TIER, now=now, rows=tracker.changes)


@transaction.atomic
def create_tier(*, actor: User, name: str, values: Mapping[str, Any], now: dt.datetime) -> AuditEntry:
    """Make a tier of one's own."""
    name = " ".join(name.split())[:80]
    # A name has apostrophes, and letters that an address does not take.
    slug = slugify(fold(name))[:40] or (name and f"tier-{Tier.objects.count()}")
    if not slug or Tier.objects.filter(slug=slug).exists():
        raise NoName(_("Give the tier a name that no other has."))
    tracker = audit.Tracker()
    row = Tier(slug=slug, name=name, position=Tier.objects.count())
    for key, value in values.items():
        if key in EDITABLE and key != "name":
            setattr(row, key, value)
    tracker.create(row)
    return _recorded("create", row, actor, tracker, now)


@transaction.atomic
def change_tier(*, actor: User, tier: Tier, changes: Mapping[str, Any], now: dt.datetime) -> AuditEntry:
    """Say what a tier requires from now on; what is out already owes nothing more."""
    row = Tier.objects.select_for_update().get(pk=tier.pk)
    tracker = audit.Tracker()
    touched = tracker.change(row, **{key: value for key, value in changes.items() if key in EDITABLE})
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return _recorded("change", row, actor, tracker, now, fields=touched)


@transaction.atomic
def archive_tier(*, actor: User, tier: Tier, now: dt.datetime) -> AuditEntry:
    """Offer a tier no more; releases that have it keep it."""
    row = Tier.objects.select_for_update().get(pk=tier.pk)
    if row.is_default:
        raise NoTier(_("This is the tier of everything that is written down without one: it stays."))
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now)
    return _recorded("archive", row, actor, tracker, now)


def _recorded(
    verb: str, row: Tier, actor: User, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.TIER, object_id=row.pk, object_name=str(row), particulars=told, now=now,
        rows=tracker.changes,
    )  # fmt: skip
