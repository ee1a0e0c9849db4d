"""Adoption looks after itself: read from the tools, asked once a quarter, adaptations ended on their day."""

from django.utils.translation import gettext_lazy as _

from vertebra.accounts.models import AuditEntry
from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.practices.actions.adaptations import tell_adaptations_over
from vertebra.practices.actions.adoption_cards import ask_teams, remind_teams
from vertebra.practices.actions.adoption_observed import observe_adoption
from vertebra.practices.models import Adaptation
from vertebra.practices.queries.adoption import lived_practices


@job(words=_("See and ask where teams stand with practices"), apart=True)
def look_after_adoption() -> dict[str, int]:
    """Write down what the tools show, ask who was not asked this quarter, remind once, tell what is over."""
    now = clock.now()
    return {
        "observed": _count(observe_adoption(actor=None, now=now)),
        "asked": _count(ask_teams(actor=None, now=now)),
        "reminded": _count(remind_teams(actor=None, now=now)),
        "over": _count(tell_adaptations_over(actor=None, now=now)),
    }


def _count(entry: AuditEntry | None) -> int:
    return int(entry.particulars["count"]) if entry else 0


def is_adoption_asked() -> bool:
    """Whether a practice asks for it, or something done otherwise waits to be told over."""
    over = Adaptation.objects.all_time().filter(ends_on__lte=clock.today(), told_at=None)
    return lived_practices().exists() or over.exists()
