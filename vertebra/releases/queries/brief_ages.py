"""What briefs begin with, in the words of their release; and which of those that are ready are older than it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import translation

from vertebra.accounts.labels import Operation
from vertebra.accounts.models import AuditRow
from vertebra.releases.labels.briefs import OTHER_PARTS, PARTS, BriefState, Trade
from vertebra.releases.models import Brief, Release

# What a release says of itself; its day and its state are told with every brief.
SAID = frozenset({"title", "summary", "body"})


def older_than_release(release: Release, briefs: Iterable[Brief]) -> dict[int, dt.datetime]:
    """Which of these briefs are ready although their release says something else since they were, and since when."""
    ready = {
        row.pk: (row, row.ready_at)
        for row in briefs
        if row.state == BriefState.READY and row.ready_at and not _follows(row, release)
    }
    if not ready:
        return {}
    rows = AuditRow.objects.filter(
        model=Release._meta.label_lower, row_id=release.pk, operation=Operation.CHANGED,
        entry__at__gt=min(at for _row, at in ready.values()),
    )  # fmt: skip
    changes = [
        (at, {name: was[name] for name in SAID & was.keys()})
        for at, was in rows.order_by("pk").values_list("entry__at", "before")
        if was
    ]
    found = {pk: _changed_since(release, changes, at) for pk, (_row, at) in ready.items()}
    return {pk: at for pk, at in found.items() if at}


def _changed_since(
    release: Release, changes: Iterable[tuple[dt.datetime, dict[str, Any]]], at: dt.datetime
) -> dt.datetime | None:
    """When a release began to say something else than it did at a moment; nothing if it says the same again."""
    said: dict[str, tuple[Any, dt.datetime]] = {}
    for changed_at, was in changes:
        if changed_at > at:
            said = {name: (value, changed_at) for name, value in was.items()} | said
    return min((when for name, (was, when) in said.items() if was != getattr(release, name)), default=None)


def _follows(row: Brief, release: Release) -> bool:
    """Whether a brief is in the very words that the release gives it now."""
    is_same_language = row.language == release.language
    return is_same_language and (row.line, row.body) == begins_with(row, release)


def begins_with(row: Brief, release: Release) -> tuple[str, str]:
    """The sentence and the text that a release gives a brief."""
    return line_of(release, row.language), body_of(release, row.trade, row.language)


def line_of(release: Release, language: str) -> str:
    """The first sentence of a brief: that of the release, where it is written in the same language."""
    return (release.summary or release.title)[:300] if language == release.language else ""


def body_of(release: Release, trade: str, language: str) -> str:
    """The text that a brief begins with: the source in the language it has, then what this trade expects."""
    with translation.override(language):
        parts = [str(part) for part in PARTS.get(trade, OTHER_PARTS)]
    source = release.body.strip() if language == release.language else ""
    if trade == Trade.EVERYONE:
        return source or _headed(parts)
    return "\n\n".join(filter(None, (source, _headed(parts))))


def _headed(parts: list[str]) -> str:
    return "\n\n".join(f"## {part}\n" for part in parts).strip()
