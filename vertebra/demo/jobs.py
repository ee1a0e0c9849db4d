"""What the demo company leaves to jobs, so that it is there at once: the history of its teams' work, what checks saw in it.

What makes it is loaded when it is made: a web server shows what the jobs are called and needs no more.
"""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job

# Whatever else is due goes first.
LAST = -50


@job(words=_("Make the work items of the demo company"), priority=LAST, apart=True)
def make_work_items() -> int:
    """Three years of the teams' tracker; run twice, it makes them once."""
    from vertebra.demo import tracked

    now = clock.now()
    made = tracked.track(now)
    if made:
        tracked.figure_as_it_went(now)
        look_back_at_checks.enqueue()
    return made


@job(words=_("Look at the work items of the demo company as its checks did"), priority=LAST - 1, apart=True)
def look_back_at_checks() -> None:
    """What each check found when it was tried, and week by week since."""
    from vertebra.demo import checked

    checked.count_as_it_went(clock.now())
