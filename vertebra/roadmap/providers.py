"""How long launches take, as a metric (list METRIC_PROVIDERS)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from statistics import median

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.measures.queries.series import Value
from vertebra.roadmap.models import Launch


class LaunchFigures:
    """Launches by the month in which they happened, in all and by market."""

    names: dict[str, str | Promise] = {
        "launch-days": _("Market launches: days from the decision to the launch (median)"),
        "launch-late": _("Market launches: days later than planned (median)"),
    }

    def values(self, name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        """A value for each month with a launch."""
        rows = Launch.objects.filter(
            launched_on__range=(since, until), initiative__archived_at__isnull=True
        ).select_related("market")
        by_month: dict[dt.date, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in rows.order_by("launched_on", "pk"):
            day = row.launched_on or until
            start = row.decided_on if name == "launch-days" else row.target_on
            for part in ("", row.market.name):
                by_month[day.replace(day=1)][part].append((day - start).days)
        for month, parts in sorted(by_month.items()):
            if month < since:
                continue
            for part, days_taken in parts.items():
                yield Value(month, float(median(days_taken)), part, len(days_taken))


FIGURES = LaunchFigures()
