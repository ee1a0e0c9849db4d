"""What incidents say of how they are handled, as metrics (list METRIC_PROVIDERS)."""

import datetime as dt
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.analysis import incidents as analysis
from vertebra.evidence.labels import IncidentSeverity, Weight
from vertebra.evidence.queries.incidents import Month, Process
from vertebra.kit import clock
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.queries.periods import next_period
from vertebra.measures.queries.series import Value


class IncidentFigures:
    """Incidents that hurt (major and critical), month by month; the month under way is left out."""

    names: dict[str, str | Promise] = {
        "incidents-count": _("Incidents: how many were major or critical"),
        "incidents-restore": _("Incidents: hours until users were served again (median)"),
        "incidents-tell": _("Incidents: hours until the field was told (median)"),
        "incidents-closed": _("Incidents: share of follow-ups done within 30 days"),
    }

    def values(self, name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        """A value per month, by severity for the count."""
        process = Process.read(Weight.SERIOUS, clock.now())
        for month in process.months():
            if not since <= month.starts_on or next_period(month.starts_on, Grain.MONTH) > until:
                continue
            if name == "incidents-closed":
                yield from _closed(process, month)
            else:
                yield from _of_month(name, month)


def _of_month(name: str, month: Month) -> Iterable[Value]:
    if name == "incidents-count":
        yield Value(month.starts_on, float(month.total))
        for severity in (IncidentSeverity.MAJOR, IncidentSeverity.CRITICAL):
            yield Value(month.starts_on, float(month.counts.get(severity, 0)), str(severity))
        return
    hours = month.restore if name == "incidents-restore" else month.tell
    if hours is not None:
        yield Value(month.starts_on, round(hours, 3), behind=month.total)


def _closed(process: Process, month: Month) -> Iterable[Value]:
    """The share of a month's follow-ups that was done within thirty days, once thirty days have passed."""
    ends = next_period(month.starts_on, Grain.MONTH)
    if (clock.today(process.now) - ends).days < 30:
        return
    rows = [
        (made, done)
        for made, done, dropped in process.follow_ups
        if month.starts_on <= made < ends and not dropped
    ]
    found = analysis.share(sum(1 for made, done in rows if done and (done - made).days <= 30), len(rows))
    if found.value is not None:
        yield Value(month.starts_on, round(found.value, 2), behind=found.count)


FIGURES = IncidentFigures()
