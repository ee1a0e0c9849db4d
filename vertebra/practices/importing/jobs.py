"""Jobs of large imports of practices: looking at the file, and applying what was previewed."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit.jobs import job
from vertebra.practices.importing.target import PRACTICES
from vertebra.sources import jobs


@job(words=_("Look at the files of an import"), apart=True)
def look_at_practices(run_id: int) -> str:
    """Find out what a large import of practices would do."""
    return jobs.look(run_id, PRACTICES)


@job(words=_("Apply an import"), apart=True)
def apply_practices(run_id: int) -> str:
    """Do what the preview of a large import showed; run twice, it applies once."""
    return jobs.apply(run_id, PRACTICES)
