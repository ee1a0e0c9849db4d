"""Reading feeds: what came is recorded, what could not be read is said, tried again later, or pauses the feed."""

import datetime as dt

import structlog
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from vertebra.accounts.models import User
from vertebra.accounts.outbox import queue_message
from vertebra.connectors.faults import Fault, Trouble
from vertebra.measures.actions.feeds import BY_ITSELF
from vertebra.measures.actions.values import BadValue, record_values
from vertebra.measures.labels import faults
from vertebra.measures.labels.feeds import FeedState
from vertebra.measures.models import Feed, FeedRun
from vertebra.measures.queries.feeds import due
from vertebra.measures.readers.feeds import read_feed
from vertebra.measures.readers.rows import Reading

SAMPLE = 40
KEPT_PROBLEMS = 200
KEPT_RUNS = 60
FIRST_WAIT = dt.timedelta(minutes=15)
log = structlog.get_logger("vertebra.feeds")


def run_feed(*, actor: User | None, feed: Feed, is_preview: bool = False, now: dt.datetime) -> FeedRun:
    """Read a feed once; a preview shows what it would record."""
    with transaction.atomic():
        run = FeedRun.objects.create(feed=feed, started_at=now, is_preview=is_preview)
    reading, trouble = Reading(), None
    try:
        reading = read_feed(feed, now)
    except Trouble as found:
        trouble = found
    except Exception as error:
        log.exception("feed_failed", feed=feed.pk)
        trouble = Trouble(Fault.UNFORESEEN, detail=type(error).__name__)
    with transaction.atomic():
        if trouble is None and not is_preview:
            trouble = _recorded(actor, feed, run, reading, now)
        _end(run, reading, trouble, now)
        if not is_preview:
            _plan_next(feed, trouble, now)
    return run


def _recorded(
    actor: User | None, feed: Feed, run: FeedRun, reading: Reading, now: dt.datetime
) -> Trouble | None:
    try:
        with transaction.atomic():
            done = record_values(actor=actor, metric=feed.metric, rows=reading.values, run=run, now=now)
    except BadValue as refusal:
        return Trouble(Fault.QUERY_FAILED, detail=str(refusal))
    run.new_count, run.corrected_count = done.new, done.corrected
    return None


def _end(run: FeedRun, reading: Reading, trouble: Trouble | None, now: dt.datetime) -> None:
    run.state = FeedState.FAILED if trouble else FeedState.DONE
    run.ended_at, run.read_count = now, len(reading.values)
    run.problems = reading.problems[:KEPT_PROBLEMS]
    if trouble:
        run.problems = [{"code": str(trouble.fault), "particulars": dict(trouble.particulars)}]
    if run.is_preview:
        latest = sorted(reading.values, key=lambda value: (value.on, value.part))[-SAMPLE:]
        run.sample = [[value.on.isoformat(), value.value, value.part, value.behind] for value in latest]
    run.save()
    old = FeedRun.objects.filter(feed=run.feed_id).values_list("pk", flat=True)[KEPT_RUNS:]
    FeedRun.objects.filter(pk__in=list(old)).delete()


def _plan_next(feed: Feed, trouble: Trouble | None, now: dt.datetime) -> None:
    """When a feed is read again: in its time, later after each failure, never by itself when that would not help."""
    held = Feed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
    if held.paused_at or (held.kind, held.source_id, held.settings) != (
        feed.kind,
        feed.source_id,
        feed.settings,
    ):
        # Somebody paused it, or had it read elsewhere, while it was being read: that holds.
        return
    every = dt.timedelta(hours=feed.every_hours)
    feed.failures = min(feed.failures + 1, 30) if trouble else 0
    wait = min(every, FIRST_WAIT * 4 ** min(feed.failures - 1, 8)) if trouble else every
    feed.next_run_at = now + wait if feed.kind in BY_ITSELF else None
    if trouble and trouble.is_permanent:
        feed.paused_at, feed.next_run_at = now, None
        feed.pause_reason = faults.what(trouble.fault, trouble.particulars)[:500]
        _tell(feed, trouble, now)
    feed.save(update_fields=["failures", "next_run_at", "paused_at", "pause_reason"])


def _tell(feed: Feed, trouble: Trouble, now: dt.datetime) -> None:
    """Tell whoever made the feed why it stands still, and what to do."""
    user = feed.made_by
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        particulars = {
            "name": feed.metric.name,
            "reason": faults.what(trouble.fault, trouble.particulars),
            "remedy": faults.remedy(trouble.fault, trouble.particulars),
        }
    queue_message(
        key=f"feed-paused:{feed.pk}:{now.isoformat()}",
        to_user=user,
        template="feed_paused",
        particulars=particulars,
        language=user.language,
        address=reverse("measures:feed-show", args=(feed.metric_id,)),
        now=now,
    )


def run_due(*, actor: User | None, now: dt.datetime, most: int = 5_000) -> dict[str, int]:
    """Read every feed that is due; two workers share them, since each is claimed first."""
    done = {"read": 0, "failed": 0}
    claimed_until = now + dt.timedelta(hours=1)
    for pk, waited in list(due(now).values_list("pk", "next_run_at")[:most]):
        with transaction.atomic():
            is_ours = Feed.objects.filter(pk=pk, next_run_at=waited).update(next_run_at=claimed_until)
        if is_ours:
            feed = Feed.objects.select_related("metric", "source", "made_by").get(pk=pk)
            run = run_feed(actor=actor, feed=feed, now=now)
            done["failed" if run.state == FeedState.FAILED else "read"] += 1
    return done
