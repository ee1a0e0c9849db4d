"""What several actions on audits share: finding one that is open, writing its entry, counting its items."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from vertebra.accounts import audit as trail
from vertebra.accounts import search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.permissions import Right
from vertebra.discovery.models import Audit, AuditItem, PainPoint
from vertebra.discovery.queries.audit_figures import Scope, proposed_quotes, sides, weighed
from vertebra.kit import clock


class AuditClosed(Refusal):
    """What was frozen is not changed; a correction makes a new version."""


def locked(audit: Audit) -> Audit:
    """The audit as it is now, held until the change is written."""
    return Audit.objects.select_for_update().get(pk=audit.pk)


def opened(audit: Audit) -> Audit:
    """The audit, held, if its authors may change it."""
    found = locked(audit)
    if not found.is_open:
        raise AuditClosed(_("This audit is frozen. To change it, correct it: that makes a new version."))
    return found


def record(
    actor: User | None,
    verb: str,
    audit: Audit,
    now: dt.datetime,
    tracker: trail.Tracker | None = None,
    **told: Any,
) -> AuditEntry:
    """Write the entry of what was done to an audit; with a tracker it can be taken back."""
    return trail.record(
        actor=actor,
        verb=verb,
        kind=Kind.AUDIT,
        object_id=audit.pk,
        object_name=audit.title,
        particulars={name: value for name, value in told.items() if value not in (None, "")},
        now=now,
        rows=tracker.changes if tracker else (),
    )


def add_items(
    tracker: trail.Tracker, audit: Audit, pain_points: Sequence[int], now: dt.datetime
) -> list[AuditItem]:
    """Put pain points at the end of an audit, counted, each with up to three quotes proposed."""
    scope, day = Scope.of(audit), clock.today(now)
    counted = {one.id: figures for one, figures in weighed(scope, only=pain_points)}
    by_side = sides(scope, pain_points)
    latest = audit.items.order_by("-rank").values_list("rank", flat=True).first() or 0
    known = PainPoint.objects.in_bulk(pain_points)
    quotes = proposed_quotes(pain_points, scope, day)
    made = []
    for at, pk in enumerate(pain_points, start=latest + 1):
        figures = {**counted.get(pk, {}), "sides": by_side.get(pk, {})}
        item = AuditItem(audit=audit, pain_point=known[pk], rank=at, figures=figures)
        tracker.create(item)
        item.verbatims.set(quotes[pk])
        made.append(item)
    return made


def index_audits(audits: Sequence[Audit], now: dt.datetime) -> None:
    """Bring what search knows of these audits up to date: what is not published is Product Ops' alone."""
    entries = []
    for audit in audits:
        content = audit.content if audit.published_at else {}
        words = [content.get("introduction", ""), *(item["title"] for item in content.get("items", []))]
        right = Right.READ if audit.published_at else Right.PRODUCT_OPS
        entries.append(
            search.Entry(Kind.AUDIT, audit.pk, audit.title, "", " ".join(words), audit.language, right)
        )
    search.index_many(entries, now=now)


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these audits up to date (list SEARCH)."""
    if kind == Kind.AUDIT:
        index_audits(list(Audit.objects.filter(pk__in=set(ids), archived_at=None)), now)
