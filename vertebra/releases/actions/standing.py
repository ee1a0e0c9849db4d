"""What every change of a release writes: where search finds it, the entry of what was done to it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from vertebra.accounts import audit, search
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.releases.labels.briefs import BriefState
from vertebra.releases.models import Brief, Release


def locked(release: Release) -> Release:
    """The release as it is now, held until the end of the transaction."""
    rows = Release.objects.select_for_update(of=("self",)).select_related("lead", "tier")
    return rows.get(pk=release.pk)


def entry_of(row: Release) -> search.Entry:
    """What search knows of a release."""
    text = "\n".join((row.summary, row.body))
    return search.Entry(Kind.RELEASE, row.pk, row.title, row.version, text, row.language)


def brief_entries(briefs: Iterable[Brief]) -> Iterator[search.Entry]:
    """What search knows of briefs: those that somebody wrote, of what is not put away."""
    for row in briefs:
        if row.state != BriefState.PREFILLED and row.release.archived_at is None:
            with translation.override(row.language):
                trade = str(row.get_trade_display())
            title = row.line or row.release.title
            yield search.Entry(Kind.BRIEF, row.pk, title, trade, row.body, row.language)


def index_briefs(rows: "QuerySet[Brief]", now: dt.datetime) -> None:
    """Bring what search knows of these briefs up to date."""
    found = list(rows.select_related("release"))
    entries = list(brief_entries(found))
    search.index_many(entries, now=now)
    search.unindex(Kind.BRIEF, {row.pk for row in found} - {one.object_id for one in entries})


def written(
    verb: str, row: Release, tracker: audit.Tracker, now: dt.datetime, *, actor: User | None, **told: Any
) -> AuditEntry:
    """Bring search up to date with a release, and write the entry of what was done to it."""
    tracker.change(row, changed_at=now)
    search.index(entry_of(row), now=now)
    if briefs := {one.row_id for one in tracker.changes if one.model == Brief._meta.label_lower}:
        index_briefs(Brief.objects.filter(pk__in=briefs), now)
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.RELEASE,
        object_id=row.pk,
        object_name=row.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
