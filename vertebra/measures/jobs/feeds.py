"""Jobs of feeds: reading what is due, showing what a new feed would read."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, job
from vertebra.measures.actions.feed_runs import run_due, run_feed
from vertebra.measures.models import Feed
from vertebra.measures.queries.feeds import due


@job(words=_("Read the values of metrics"), apart=True)
def refresh_metrics() -> dict[str, int]:
    """Read every feed whose turn has come."""
    return run_due(actor=None, now=clock.now())


def something_to_refresh() -> bool:
    """Whether a feed is due."""
    return due(clock.now()).exists()


@job(words=_("Look at what a feed would read"), attempts=1, apart=True)
def preview_feed(feed_id: int) -> str:
    """Read a feed without recording anything."""
    feed = Feed.objects.select_related("metric", "source").filter(pk=feed_id).first()
    if feed is None:
        raise Permanent("The feed is gone.")
    return str(run_feed(actor=None, feed=feed, is_preview=True, now=clock.now()).state)
