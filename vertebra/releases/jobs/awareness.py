"""Who knows of releases is counted once a day; reminders send themselves, as the week of each person allows."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.releases.actions.awareness import send_reminders
from vertebra.releases.queries.awareness import count_again, count_due
from vertebra.releases.queries.awareness_due import is_somebody_to_remind

# So many rounds of one run, each a transaction of its own.
ROUNDS = 60


@job(words=_("Remind those of whom nothing was heard of a release"))
def remind_of_releases() -> None:
    """Remind those who have room for one more thing this week; how many they are is told nowhere."""
    now = clock.now()
    for _round in range(ROUNDS):
        if send_reminders(actor=None, now=now) is None:
            break


def is_reminder_due() -> bool:
    """Whether a reminder waits."""
    return is_somebody_to_remind(clock.now())


@job(words=_("Count who knows of releases"), apart=True)
def count_who_knows() -> dict[str, int]:
    """Count, once a day, who knows of the releases that were told."""
    now = clock.now()
    rows = count_due(now)
    for row in rows:
        count_again(row, now)
    return {"releases": len(rows)}


def is_count_due() -> bool:
    """Whether a release was not counted today."""
    return bool(count_due(clock.now()))
