"""Jobs of levers: how far the data agree."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.measures.actions.levers import measure_lever
from vertebra.measures.queries.levers import due


@job(words=_("Look in the data for what moves what"), apart=True)
def measure_levers() -> int:
    """Look at every lever that was not looked at for a week."""
    now = clock.now()
    rows = due(now)
    for row in rows:
        measure_lever(actor=None, lever=row, now=now)
    return len(rows)


def is_lever_due() -> bool:
    """Whether a lever was not looked at for a week."""
    return bool(due(clock.now()))
