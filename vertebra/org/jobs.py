"""Jobs of the organisation: looking again for empty spaces and gaps."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.org.actions import findings
from vertebra.org.empty_spaces import is_look_due


@job(words=_("Look for empty spaces and gaps"), apart=True)
def refresh_findings() -> int:
    """Look for empty spaces and gaps, and give the audit entry that tells what differs (0: nothing)."""
    entry = findings.refresh_findings(actor=None, now=clock.now())
    return entry.pk if entry else 0


def something_to_look_at() -> bool:
    """Whether something was changed, or a day has begun, since Vertebra looked."""
    return is_look_due(clock.now())
