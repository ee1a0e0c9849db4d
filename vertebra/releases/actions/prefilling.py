"""The briefs that a tier asks for, pre-filled from the one source, in the entry of the action that needs them."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts.audit import Tracker
from vertebra.accounts.models import User
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.models import Brief, Release
from vertebra.releases.queries.brief_ages import begins_with, body_of, line_of
from vertebra.releases.queries.champions import champions_for, writers_for
from vertebra.releases.queries.requirements import languages_of


def prefill_briefs(
    tracker: Tracker, release: Release, *, by: User | None, day: dt.date, now: dt.datetime
) -> list[Brief]:
    """Make the briefs that the tier asks for and that are not there, each with whom it is proposed to."""
    trades = [code for code in Trade.values if code in release.tier.trades]
    there = set(release.briefs.values_list("trade", "language"))
    wanted = [(trade, language) for trade in trades for language in languages_of(release)]
    wanted = [pair for pair in wanted if pair not in there]
    if not wanted:
        return []
    markets = list(release.markets.values_list("market_id", flat=True))
    writers = writers_for(trades, champions_for(release.area_id, markets, day))
    rows = [
        Brief(
            release=release, trade=trade, language=language, owner=writers.get(trade) or release.lead,
            line=line_of(release, language), body=body_of(release, trade, language),
            due_on=due_on(release, day), made_by=by, created_at=now, changed_at=now,
        )
        for trade, language in wanted
    ]  # fmt: skip
    for row in rows:
        tracker.create(row)
    return rows


def refill_briefs(tracker: Tracker, release: Release, *, now: dt.datetime) -> None:
    """Bring the briefs that nobody touched yet up to date with the one source."""
    for row in release.briefs.filter(state=BriefState.PREFILLED):
        line, body = begins_with(row, release)
        if (row.line, row.body) != (line, body):
            tracker.change(row, line=line, body=body, version=row.version + 1, changed_at=now)


def begun_with(release: Release) -> list[tuple[Brief, str, str]]:
    """The briefs past their pre-filling, each with the sentence and the text that the release gives it now."""
    return [(row, *begins_with(row, release)) for row in release.briefs.exclude(state=BriefState.PREFILLED)]


def carry_along(
    tracker: Tracker, briefs: Iterable[tuple[Brief, str, str]], release: Release, *, now: dt.datetime
) -> None:
    """Bring what was the release's own words along with it, in briefs that are ready too; what people wrote stays."""
    for row, was_line, was_body in briefs:
        # What is in another language, or has no text any more, is nothing to follow.
        if row.language != release.language:
            continue
        line, body = begins_with(row, release)
        line = line if row.line == was_line else row.line
        body = body if row.body == was_body and release.body.strip() else row.body
        if (row.line, row.body) != (line, body):
            tracker.change(row, line=line, body=body, version=row.version + 1, changed_at=now)


def due_on(release: Release, day: dt.date) -> dt.date | None:
    """When briefs are due: before the field is told, never in the past."""
    if release.planned_on is None:
        return None
    return max(day, release.planned_on - dt.timedelta(days=release.tier.days_before))
