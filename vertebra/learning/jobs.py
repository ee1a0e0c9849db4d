"""What runs by itself: lessons begun from briefs, those that expire, whom they are given to, camps on arrival."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.learning.actions.assigning import enrol_due, follow_audiences
from vertebra.learning.actions.upkeep import MOST_AT_A_TIME, ask_due, begin_due_lessons, expire_due_lessons
from vertebra.learning.queries.giving import to_ask, whom_to_tell

# So many rounds of one run, each a transaction of its own.
ROUNDS = 20


@job(words=_("Look after lessons: begin, expire, give them"))
def look_after_lessons() -> dict[str, int]:
    """Begin what a tier asks for, let expire what changed, give what is assigned, begin camps."""
    now = clock.now()
    begun = begin_due_lessons(actor=None, now=now)
    expired = expire_due_lessons(actor=None, now=now)
    follow_audiences(actor=None, now=now)
    given = enrol_due(actor=None, now=now)
    return {
        "begun": len(begun),
        "expired": expired,
        "given": int(given.particulars["count"]) if given else 0,
    }


@job(words=_("Tell people what they are given to learn"))
def tell_lessons() -> int:
    """Tell whoever has room for one more thing this week, some hundreds at a time."""
    now = clock.now()
    waiting, count = whom_to_tell(now)[: ROUNDS * MOST_AT_A_TIME], 0
    for start in range(0, len(waiting), MOST_AT_A_TIME):
        entry = ask_due(actor=None, some=waiting[start : start + MOST_AT_A_TIME], now=now)
        count += int(entry.particulars["count"]) if entry else 0
    return count


def somebody_to_tell() -> bool:
    """Whether somebody was given something that they were not told of."""
    return to_ask(clock.today(clock.now())).exists()
