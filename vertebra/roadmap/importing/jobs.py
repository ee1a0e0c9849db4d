"""Jobs of large imports of a roadmap: looking at the files, and applying what was previewed."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit.jobs import job
from vertebra.roadmap.importing.target import ROADMAP
from vertebra.sources import jobs


@job(words=_("Look at the files of an import"), apart=True)
def look_at_roadmap(run_id: int) -> str:
    """Find out what a large import would do to the roadmap."""
    return jobs.look(run_id, ROADMAP)


@job(words=_("Apply an import"), apart=True)
def apply_roadmap(run_id: int) -> str:
    """Do what the preview of a large import showed; run twice, it applies once."""
    return jobs.apply(run_id, ROADMAP)
