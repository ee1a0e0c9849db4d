"""What imports hold of somebody: the files they were read from."""

import datetime as dt

from vertebra.kit.personal import Holding, Kept, Sections, Subject
from vertebra.sources import uploads
from vertebra.sources.models import ImportRun


def _export(subject: Subject) -> Sections:
    return {}


def _erase(subject: Subject, now: dt.datetime) -> None:
    """Files that may name the person are thrown away; what they brought stays."""
    for run in ImportRun.objects.filter(files_deleted_at=None, applied_at__isnull=False):
        uploads.forget(run)
        run.files_deleted_at = now
        run.save(update_fields=["files_deleted_at"])


HOLDING = Holding(
    export=_export,
    erase=_erase,
    models={"sources.source": Kept.PSEUDONYM, "sources.importrun": Kept.PSEUDONYM},
)
