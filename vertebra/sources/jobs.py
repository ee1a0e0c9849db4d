"""Jobs of sources: deleting uploaded files once nobody needs them."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.sources import actions


@job(words=_("Delete uploaded files after thirty days"))
def forget_old_files() -> int:
    """Delete the files of imports that are thirty days old."""
    return actions.forget_old_files(actor=None, now=clock.now())
