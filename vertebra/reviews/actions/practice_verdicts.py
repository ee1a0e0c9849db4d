"""What becomes of a practice that was looked back at: kept, written anew, retired."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.practices.actions.life import retire_practice
from vertebra.practices.actions.renewing import renew_validation
from vertebra.practices.actions.versions import begin_version
from vertebra.practices.labels.practices import PracticeState
from vertebra.reviews.labels import Verdict
from vertebra.reviews.models import Review
from vertebra.reviews.queries.practices import practice_of


def act_on_practice(review: Review, *, actor: User, now: dt.datetime) -> None:
    """Carry out what was decided of a practice: renew its validation, begin its next version with why, or retire it."""
    practice = practice_of(review.cadence)
    if practice is None or practice.archived_at or practice.state == PracticeState.RETIRED:
        return
    if review.verdict == Verdict.RETIRE:
        retire_practice(actor=actor, practice=practice, reason=review.reason, now=now)
    elif review.verdict == Verdict.KEEP:
        renew_validation(actor=actor, practice=practice, words=review.reason, now=now)
    else:
        begin_version(actor=actor, practice=practice, what_changed=_why(review), now=now)


def _why(review: Review) -> str:
    """Why it changes, and what the review found."""
    found = review.findings.values_list("line", flat=True)
    return "\n".join([review.reason, *(f"- {line}" for line in found)])[:4000]
