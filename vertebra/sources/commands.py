"""Reading a connected system at a terminal."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.kit import clock
from vertebra.sources import connections
from vertebra.sources.labels import SyncState
from vertebra.sources.models import Source
from vertebra.sources.target import Targets, takers


def run_sync(*, source: str, targets: Targets) -> tuple[int, dict[str, Any], str]:
    """Read a connected system now: the code to end with, the facts, the words."""
    rows = Source.objects.filter(connection__isnull=False).select_related("connection", "made_by")
    found = rows.filter(name=source).first() or (
        rows.filter(pk=int(source)).first() if source.isdecimal() else None
    )
    if found is None:
        known = ", ".join(rows.order_by("name").values_list("name", flat=True)[:50]) or "–"
        return 2, {"error": "unknown"}, _("No connected system is called “%(name)s”; there are: %(known)s.") % {
            "name": source, "known": known,
        }  # fmt: skip
    taking = takers(targets.values())
    try:
        run = connections.read_source(
            actor=None, source=found, take=taking.releases, now=clock.now(), takes_work=taking.work
        )
    except connections.AtWork as refusal:
        return 1, {"error": "at work"}, str(refusal)
    facts = {
        "source": found.name, "state": run.state, "read": run.read_count, "created": run.created_count,
        "changed": run.changed_count, "gone": run.gone_count, "problem": run.words,
    }  # fmt: skip
    words = _("%(source)s: %(read)d read, %(created)d new, %(changed)d changed.") % facts
    if run.gone_count:
        gone = ngettext("%(gone)d was deleted there.", "%(gone)d were deleted there.", run.gone_count)
        words = f"{words} {gone % facts}"
    is_failed = run.state == SyncState.FAILED
    return int(is_failed), facts, f"{words} {run.words}".strip()
