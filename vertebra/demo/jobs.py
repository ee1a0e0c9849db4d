"""What the demo company leaves to a job, so that it is there at once: the history of its teams' work."""

from django.utils.translation import gettext_lazy as _

from vertebra.demo import tracked
from vertebra.kit import clock
from vertebra.kit.jobs import job

# Whatever else is due goes first.
LAST = -50


@job(words=_("Make the work items of the demo company"), priority=LAST, apart=True)
def make_work_items() -> int:
    """Three years of the teams' tracker; run twice, it makes them once."""
    now = clock.now()
    made = tracked.track(now)
    if made:
        tracked.figure_as_it_went(now)
    return made
