"""Consultations of champions look after themselves: asked when there is room, reminded once, let go."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from vertebra.accounts.models import AuditEntry
from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.releases.actions.consultation_rounds import ask_waiting, let_go, remind_champions
from vertebra.releases.queries.consultations import is_something_due


@job(words=_("Ask and remind the champions who are consulted"))
def look_after_consultations() -> dict[str, int]:
    """Ask those who waited for a free week, remind once, and wait no longer for what is over."""
    now = clock.now()
    return {
        "asked": _count(ask_waiting(actor=None, now=now)),
        "reminded": _count(remind_champions(actor=None, now=now)),
        "let_go": _count([entry] if (entry := let_go(actor=None, now=now)) else []),
    }


def _count(entries: Iterable[AuditEntry]) -> int:
    return sum(int(entry.particulars["count"]) for entry in entries)


def is_consultation_due() -> bool:
    """Whether a consultation waits for one of these."""
    return is_something_due(clock.now())
