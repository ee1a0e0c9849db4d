"""The monthly word, asked and reminded by itself."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.roadmap.actions.words import ask_words, remind_words
from vertebra.roadmap.queries.words import is_asking_day, is_silent


@job(words=_("Ask where initiatives stand this month"))
def ask_monthly_words() -> dict[str, int]:
    """Ask each lead once for the month, and remind once those who left something unsaid."""
    now = clock.now()
    asked, reminded = ask_words(actor=None, now=now), remind_words(actor=None, now=now)
    return {
        "asked": int(asked.particulars["count"]) if asked else 0,
        "reminded": int(reminded.particulars["count"]) if reminded else 0,
    }


def somebody_is_silent() -> bool:
    """Whether the month is far enough on, and an initiative under way has no word yet."""
    now = clock.now()
    return is_asking_day(now) and is_silent(now)
