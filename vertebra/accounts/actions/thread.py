"""The golden thread: one object follows from another."""

import datetime as dt

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, Link, User
from vertebra.kit.cards import Card


@transaction.atomic
def add_link(
    *, actor: User, origin: Card, relation: str, target: Card, why: str = "", now: dt.datetime
) -> tuple[Link, AuditEntry]:
    """Tie two objects together by a relation, or tie them again if the link had ended."""
    tracker = audit.Tracker()
    ends = {"from_kind": origin.kind, "from_id": origin.id, "to_kind": target.kind, "to_id": target.id}
    link = Link.objects.select_for_update().filter(**ends, relation=relation).first()
    if link is None:
        link = Link(**ends, relation=relation, made_by=actor, why=why, since_at=now)
        tracker.create(link)
    elif link.ended_at:
        tracker.change(link, ended_at=None, since_at=now, made_by=actor, why=why)
    return link, _record(actor, "link", origin, link, target.title, now, tracker)


@transaction.atomic
def end_link(*, actor: User, origin: Card, link: Link, now: dt.datetime) -> AuditEntry:
    """Untie two objects; the link is kept as ended."""
    tracker = audit.Tracker()
    tracker.change(link, ended_at=link.ended_at or now)
    return _record(actor, "unlink", origin, link, "", now, tracker)


def _record(
    actor: User,
    verb: str,
    origin: Card,
    link: Link,
    target: str,
    now: dt.datetime,
    tracker: audit.Tracker,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=origin.kind,
        object_id=origin.id,
        object_name=origin.title,
        particulars={
            "relation": link.relation,
            "to_kind": link.to_kind,
            "to_id": link.to_id,
            "to_name": target,
        },
        now=now,
        rows=tracker.changes,
    )
