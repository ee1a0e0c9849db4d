"""What asks for flow ends, in the entry of whatever ends it."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts import audit
from vertebra.evidence.models import FlowFigure, FlowOpening
from vertebra.org.queries.structure import Structure


def end_openings(tracker: audit.Tracker, rows: Iterable[FlowOpening], now: dt.datetime) -> None:
    """Close what asks for flow; figures that nothing else asks for go at once."""
    ending = list(rows)
    for row in ending:
        tracker.change(row, closed_at=now)
    if not ending:
        return
    units = set(FlowOpening.objects.filter(closed_at=None).values_list("unit", flat=True))
    if None not in units:
        structure = Structure.as_of(now.date(), with_members=False)
        kept = {one for unit in units if unit for one in structure.under(unit)}
        FlowFigure.objects.exclude(unit__in=kept).delete()
