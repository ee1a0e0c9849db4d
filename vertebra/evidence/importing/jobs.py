"""Jobs of trails: looking at files and bringing them in, forgetting the erased, sweeping what nobody needs."""

from django.utils.translation import gettext_lazy as _

from vertebra.evidence.importing import trail
from vertebra.evidence.importing.target import TRAIL
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
from vertebra.evidence.trail.pseudonyms import FORGOTTEN
from vertebra.evidence.trail.staged import MovedOn
from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.kit.refusal import Refusal
from vertebra.sources import jobs
from vertebra.sources.models import Source


@job(words=_("Look at the files of an import"), apart=True)
def look_at_trail(run_id: int) -> str:
    """Find out what files of work items would add."""
    return jobs.look(run_id, TRAIL)


@job(words=_("Apply an import"), apart=True)
def apply_trail(run_id: int) -> str:
    """Do what the preview showed; run twice, it applies once."""
    return jobs.apply(run_id, TRAIL)


@job(words=_("Forget erased people in work items"), apart=True)
def forget_in_trails() -> int:
    """Write again, without those who were erased, each trail that names any of them.

    A trail that cannot be written holds up no other; the job fails after them, and says why.
    """
    count, failed = 0, None
    for source in Source.objects.filter(secrets__name=FORGOTTEN).order_by("pk"):
        try:
            count += trail.forget_people(actor=None, source=source, now=clock.now())
        except (Refusal, MovedOn) as error:
            failed = error
    if failed:
        raise failed
    return count


@job(words=_("Remove files of work items that nothing needs"))
def sweep_trails() -> int:
    """Remove what killed imports left, and what was superseded a day ago."""
    now = clock.machine()
    needed: dict[int, set[str]] = {}
    kept = TrailVersion.objects.exclude(superseded_at__lt=now - places.KEPT)
    for source_id, files in kept.values_list("source_id", "files"):
        needed.setdefault(source_id, set()).update(name for names in files.values() for name in names)
    return places.sweep(needed, now)
