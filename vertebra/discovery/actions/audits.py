"""Making an audit from what was heard, and writing it: its texts, its order, what is said of each pain point."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts import audit as trail
from vertebra.accounts import search
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.audit_parts import AuditClosed, add_items, index_audits, opened, record
from vertebra.discovery.models import Audit, AuditItem, Campaign, PainPoint, Verbatim
from vertebra.discovery.queries.audit_figures import (
    MOST_QUOTES,
    Scope,
    heard_figures,
    quotes_to_choose,
    sides,
    weighed,
)
from vertebra.discovery.queries.audit_words import method_said, not_heard_said
from vertebra.discovery.queries.pain_points import current
from vertebra.kit import clock

ITEMS = 7
MOST_ITEMS = 30
TEXTS = ("title", "introduction", "method", "not_heard")

__all__ = ["AuditClosed", "add_item", "create_audit"]


class WrongDays(Refusal):
    """The period of an audit begins before it ends."""


class ItemThere(Refusal):
    """A pain point stands in an audit once."""


class TooManyQuotes(Refusal):
    """A pain point is shown by up to three quotes, of those that may be shown."""


class NotThatOrder(Refusal):
    """An order names every item of the audit once."""


@transaction.atomic
def create_audit(
    *,
    actor: User | None,
    title: str,
    language: str,
    campaigns: Sequence[Campaign] = (),
    heard_from: dt.date | None = None,
    heard_until: dt.date | None = None,
    count: int = ITEMS,
    now: dt.datetime,
) -> Audit:
    """Assemble an audit: who was heard and where nobody was, and the pain points that weigh most."""
    if heard_from and heard_until and heard_from > heard_until:
        raise WrongDays(_("The last day comes before the first one."))
    number = (Audit.objects.aggregate(latest=Max("number"))["latest"] or 0) + 1
    audit = Audit(
        title=" ".join(title.split()) or _("Audit %(number)d") % {"number": number},
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        number=number,
        heard_from=heard_from,
        heard_until=heard_until,
        made_by=actor,
        created_at=now,
        changed_at=now,
    )
    tracker = trail.Tracker()
    audit.figures = {}
    tracker.create(audit)
    audit.campaigns.set(campaigns)
    heaviest = _count(audit, now)[: max(1, min(count, MOST_ITEMS))]
    with translation.override(audit.language):
        audit.method = method_said(audit.figures)
        audit.not_heard = not_heard_said(audit.figures)
    audit.save(update_fields=["method", "not_heard"])
    add_items(tracker, audit, heaviest, now)
    index_audits([audit], now)
    record(actor, "create", audit, now, tracker, items=len(heaviest))
    return audit


def _count(audit: Audit, now: dt.datetime) -> list[int]:
    """Count who was heard; gives the pain points that come from it, heaviest first."""
    scope = Scope.of(audit)
    found = [one.id for one, _figures in weighed(scope)]
    room = {"room": audit.figures["room"]} if "room" in audit.figures else {}
    audit.figures = heard_figures(scope, clock.today(now)) | {"known": len(found)} | room
    audit.save(update_fields=["figures"])
    return found


@transaction.atomic
def refresh_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Count again who was heard and what each item weighs; texts, quotes and order stay as they are."""
    audit = opened(audit)
    if audit.correcting_at:
        # Two counts of two days would tell what one person said between them.
        raise AuditClosed(
            _("A correction keeps the figures of the audit: make the next audit to count again.")
        )
    _count(audit, now)
    items = list(audit.items.all())
    scope, ids = Scope.of(audit), [item.pain_point_id for item in items]
    counted = {one.id: figures for one, figures in weighed(scope, only=ids)}
    by_side = sides(scope, ids)
    for item in items:
        pk = item.pain_point_id
        item.figures = {**counted.get(pk, {}), "sides": by_side.get(pk, {})}
    AuditItem.objects.bulk_update(items, ["figures"])
    return record(actor, "refresh", audit, now)


@transaction.atomic
def change_audit(*, actor: User, audit: Audit, changes: dict[str, str], now: dt.datetime) -> AuditEntry:
    """Write the title, the introduction, the method, or what was not heard."""
    audit = opened(audit)
    wanted: dict[str, Any] = {name: changes[name].strip() for name in TEXTS if name in changes}
    if "title" in wanted and not wanted["title"]:
        raise NothingChanges(_("An audit has a title."))
    before = {name: getattr(audit, name) for name in wanted}
    tracker = trail.Tracker()
    touched = tracker.change(audit, **wanted)
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    tracker.change(audit, changed_at=now)
    index_audits([audit], now)
    told = {name: [before[name], wanted[name]] for name in touched}
    return record(actor, "change", audit, now, tracker, changes=told)


@transaction.atomic
def add_item(*, actor: User, audit: Audit, pain_point: PainPoint, now: dt.datetime) -> AuditItem:
    """Put one more pain point at the end of an audit."""
    audit = opened(audit)
    if not current().filter(pk=pain_point.pk).exists():
        raise ItemThere(_("This pain point was merged into another: choose that one."))
    if audit.items.filter(pain_point=pain_point).exists():
        raise ItemThere(_("“%(title)s” stands in this audit already.") % {"title": pain_point.title})
    if audit.items.count() >= MOST_ITEMS:
        raise ItemThere(_("An audit holds up to %(count)d pain points.") % {"count": MOST_ITEMS})
    tracker = trail.Tracker()
    [item] = add_items(tracker, audit, [pain_point.pk], now)
    record(actor, "change", audit, now, tracker, changes={}, added=pain_point.title)
    return item


@transaction.atomic
def remove_item(*, actor: User, item: AuditItem, now: dt.datetime) -> AuditEntry:
    """Take a pain point out of an audit; it stays among the pain points."""
    audit = opened(item.audit)
    title = item.pain_point.title
    tracker = trail.Tracker()
    tracker.delete(AuditItem.objects.get(pk=item.pk))
    for rank, row in enumerate(audit.items.order_by("rank", "pk"), start=1):
        tracker.change(row, rank=rank)
    return record(actor, "change", audit, now, tracker, changes={}, removed=title)


@transaction.atomic
def comment_item(*, actor: User, item: AuditItem, comment: str, now: dt.datetime) -> AuditEntry:
    """Write what the authors say of a pain point."""
    audit = opened(item.audit)
    tracker = trail.Tracker()
    before = item.comment
    if not tracker.change(item, comment=comment.strip()):
        raise NothingChanges(_("It is written like this already."))
    told = {"comment": [before, item.comment]}
    return record(actor, "change", audit, now, tracker, changes=told, item=item.pain_point.title)


@transaction.atomic
def choose_quotes(
    *, actor: User, item: AuditItem, verbatims: Sequence[Verbatim], now: dt.datetime
) -> AuditEntry:
    """Choose up to three quotes for a pain point, of those that may be shown."""
    audit = opened(item.audit)
    wanted = {verbatim.pk for verbatim in verbatims}
    allowed = quotes_to_choose(item.pain_point_id, None).filter(pk__in=wanted)
    if len(wanted) > MOST_QUOTES or allowed.count() != len(wanted):
        raise TooManyQuotes(
            _("Choose up to %(count)d quotes, of those that may be shown.") % {"count": MOST_QUOTES}
        )
    item.verbatims.set(sorted(wanted))
    return record(actor, "change", audit, now, changes={}, item=item.pain_point.title, quotes=len(wanted))


@transaction.atomic
def order_items(*, actor: User | None, audit: Audit, order: Sequence[int], now: dt.datetime) -> AuditEntry:
    """Put the items of an audit in this order."""
    audit = opened(audit)
    rows = {row.pk: row for row in audit.items.select_for_update()}
    if set(order) != set(rows) or len(order) != len(rows):
        raise NotThatOrder(_("The audit changed meanwhile: load the page again, then order it."))
    tracker = trail.Tracker()
    for rank, pk in enumerate(order, start=1):
        tracker.change(rows[pk], rank=rank)
    if not tracker.changes:
        raise NothingChanges(_("It is in this order already."))
    return record(actor, "move", audit, now, tracker)


@transaction.atomic
def move_item(*, actor: User | None, item: AuditItem, by: int, now: dt.datetime) -> AuditEntry:
    """Move an item up or down by some places."""
    order = list(item.audit.items.order_by("rank", "pk").values_list("pk", flat=True))
    if item.pk not in order:
        raise NotThatOrder(_("The audit changed meanwhile: load the page again, then order it."))
    at = order.index(item.pk)
    order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
    return order_items(actor=actor, audit=item.audit, order=order, now=now)


@transaction.atomic
def archive_audit(*, actor: User, audit: Audit, now: dt.datetime) -> AuditEntry:
    """Put an audit away: out of lists, its links kept."""
    tracker = trail.Tracker()
    tracker.change(audit, archived_at=audit.archived_at or now)
    search.unindex(Kind.AUDIT, [audit.pk])
    return record(actor, "archive", audit, now, tracker)
