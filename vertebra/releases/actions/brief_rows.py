"""Bringing in briefs that another tool holds: one entry for all, and the same again changes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.releases.actions.standing import index_briefs
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.models import Brief, Release


@dataclass(frozen=True, slots=True)
class ToldBrief:
    """What a trade reads of a release in one language, as another tool tells it."""

    release: Release
    trade: str
    language: str
    line: str
    body: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What tells it from the others."""
        return self.release.pk, self.trade, self.language


@dataclass(slots=True)
class Brought:
    """How many briefs are new, were written anew, are as they were; the entry unless nothing had to change."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    entry: AuditEntry | None = None


@transaction.atomic
def tell_briefs(*, actor: User, told: Iterable[ToldBrief], source: str, now: dt.datetime) -> Brought:
    """Write briefs told apart by release, trade and language; one that was ready is to be checked again."""
    rows = {one.key: one for one in told}
    releases = {one.release.pk for one in rows.values()}
    held = Brief.objects.select_for_update(of=("self",)).filter(release__in=releases)
    known = {(row.release_id, row.trade, row.language): row for row in held}
    tracker, brought = audit.Tracker(), Brought()
    for key, one in rows.items():
        line, body = " ".join(one.line.split()), one.body.replace("\r\n", "\n").strip()
        row = known.get(key)
        if row is None:
            tracker.create(
                Brief(
                    release=one.release, trade=one.trade, language=one.language, line=line, body=body,
                    state=BriefState.DRAFT, owner_id=one.release.lead_id, made_by=actor, created_at=now,
                    changed_at=now,
                )
            )  # fmt: skip
            brought.created += 1
        elif (row.line, row.body) == (line, body):
            brought.unchanged += 1
        else:
            _rewrite(tracker, row, line, body, now)
            brought.changed += 1
    if tracker.changes:
        index_briefs(Brief.objects.filter(pk__in={one.row_id for one in tracker.changes}), now)
        brought.entry = audit.record(
            actor=actor, verb="import", kind=Kind.BRIEF, object_name=source, now=now, rows=tracker.changes,
            particulars={"new": brought.created, "changed": brought.changed},
        )  # fmt: skip
    return brought


def _rewrite(tracker: audit.Tracker, row: Brief, line: str, body: str, now: dt.datetime) -> None:
    state = {BriefState.READY: BriefState.TO_CHECK, BriefState.PREFILLED: BriefState.DRAFT}.get(
        BriefState(row.state), BriefState(row.state)
    )
    tracker.change(
        row, line=line, body=body, state=state, version=row.version + 1, ready_at=None, ready_by=None, changed_at=now
    )  # fmt: skip
