"""Checks of the demo company: chosen, tried and switched on at their time; what they find is counted by a job."""

import datetime as dt
from collections.abc import Mapping

from vertebra.accounts.models import User
from vertebra.demo.rows import LANGUAGE, at
from vertebra.practices.actions.checks import ask_trial, choose_check, switch_on, write_check
from vertebra.practices.labels.checks import TRIED_WEEKS, TrialState
from vertebra.practices.models import Check, CheckTrial, Practice
from vertebra.practices.queries import looking

# A check of the company's own: what it is called, how to mend it, among what it points at what.
OWN = ("name", "how", "among", "flags")
LOOKED, TALKED_OVER = dt.timedelta(minutes=4), dt.timedelta(days=2)


def take(
    actor: User, practice: Practice, code: str, given: Mapping[str, str | int], now: dt.datetime
) -> Check:
    """Take a check of the library into a practice, or write one of the company's own."""
    if code != "own":
        return choose_check(actor=actor, practice=practice, code=code, parameters=given, now=now)
    told = {name: str(given[name]) for name in OWN}
    return write_check(actor=actor, practice=practice, language=LANGUAGE, now=now, **told)


def try_and_switch_on(actor: User, check: Check, now: dt.datetime) -> None:
    """Have a check tried, and switch it on; the job tells afterwards what the try found."""
    trial = ask_trial(actor=actor, check=check, now=now)
    CheckTrial.objects.filter(pk=trial.pk).update(
        state=TrialState.DONE, done_at=now + LOOKED, item_count=0, flagged_count=0
    )
    switch_on(actor=actor, check=check, now=now + LOOKED)


def count_as_it_went(now: dt.datetime) -> None:
    """Look as the checks did when they were tried, and week by week since."""
    for trial in CheckTrial.objects.select_related("check_row").filter(state=TrialState.DONE).order_by("pk"):
        looking.try_on_past(trial, trial.done_at or now)
    # A look reaches so many weeks back: one at the end of the Sunday before those that today's reaches.
    looked = [one[0] for one in looking.ends_of(now, TRIED_WEEKS)]
    looking.count_all(at(looked[0] - dt.timedelta(days=1), 23))
    looking.count_all(now)
