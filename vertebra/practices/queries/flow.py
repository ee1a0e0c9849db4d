"""For which units a practice has flow looked at, and for which it may."""

import datetime as dt

from django.db.models import QuerySet

from vertebra.accounts.labels import Kind
from vertebra.evidence.models import FlowOpening
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import Practice
from vertebra.practices.queries.reach import to_hold


def flow_openings(practice: Practice) -> QuerySet[FlowOpening]:
    """Where a practice has flow looked at now."""
    rows = FlowOpening.objects.filter(kind=Kind.PRACTICE, object_id=practice.pk, closed_at=None)
    return rows.order_by("opened_at", "pk")


def units_to_look_at(practice: Practice, day: dt.date) -> list[int | None]:
    """The units for which a practice holds, is announced or is tried (none: the whole company), each once."""
    reached = to_hold(practice, day).exclude(reach=Reach.FREE).values_list("unit", flat=True)
    tried = practice.trials.filter(ends_on=None).order_by("pk").values_list("unit", flat=True)
    return list(dict.fromkeys([*reached, *tried]))
