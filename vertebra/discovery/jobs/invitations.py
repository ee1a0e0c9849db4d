"""Jobs of campaigns: inviting those who waited for a free day."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions import invitations
from vertebra.discovery.models import ToHear
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Invite those who waited to be heard"))
def invite_waiting() -> int:
    """Invite those who now have room for one ask more, and give the audit entry that tells it (0: nobody)."""
    entry = invitations.invite_waiting(actor=None, now=clock.now())
    return entry.pk if entry else 0


def somebody_waits() -> bool:
    """Whether somebody waits to be invited."""
    return ToHear.objects.filter(is_waiting=True).exists()
