"""Jobs of large imports of releases, and of reading connected systems."""

from django.utils.translation import gettext_lazy as _

from vertebra.evidence.importing.target import TRAIL
from vertebra.kit.jobs import job
from vertebra.releases.importing.target import RELEASES
from vertebra.sources import jobs
from vertebra.sources.labels import SyncState

_TAKING = (RELEASES, TRAIL)


@job(words=_("Look at the files of an import"), apart=True)
def look_at_releases(run_id: int) -> str:
    """Find out what a large import would do to the releases."""
    return jobs.look(run_id, RELEASES)


@job(words=_("Apply an import"), apart=True)
def apply_releases(run_id: int) -> str:
    """Do what the preview of a large import showed; run twice, it applies once."""
    return jobs.apply(run_id, RELEASES)


@job(words=_("Read a connected system"), apart=True)
def sync_source(source_id: int) -> str:
    """Read one connected system now: what it gives becomes releases and work items."""
    state = jobs.sync(source_id, _TAKING)
    if state == SyncState.GOING:
        sync_source.enqueue(source_id)
    return state


@job(words=_("Read the connected systems"))
def sync_due_sources() -> dict[str, int]:
    """Read every connected system whose turn has come: what it gives becomes releases and work items."""
    return jobs.sync_due(_TAKING)
