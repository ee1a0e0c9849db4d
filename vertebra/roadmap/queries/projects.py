"""Transverse projects as people read them: workstreams, what was counted, when it will be done."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.analysis.forecast import Counted, Forecast, Verdict, forecast
from vertebra.kit.pictures import Line, Marked, TimeChart
from vertebra.roadmap.models import Count, Counter, Initiative

MOST_SHOWN = 60
MOST_COUNTS = 400
# Neighbours of a count may lie so far apart: the line goes on.
_STEP = 10_000


@dataclass(slots=True)
class Counting:
    """One counter with its counts, the forecast, the sentence that says it, and the picture."""

    counter: Counter
    counts: list[Count]
    forecast: Forecast
    sentence: str
    tone: str
    chart: TimeChart | None
    table: list[Count] = field(default_factory=list)

    @property
    def last(self) -> Count | None:
        """The latest count."""
        return self.counts[-1] if self.counts else None


def countings(initiative: Initiative, day: dt.date) -> list[Counting]:
    """The counters of a project, in two questions."""
    counters = list(initiative.counters.select_related("workstream")[:MOST_SHOWN])
    rows: dict[int, list[Count]] = {counter.pk: [] for counter in counters}
    held = Count.objects.filter(counter__in=counters, superseded_at__isnull=True).select_related("made_by")
    for row in held.order_by("-on")[: MOST_COUNTS * 5]:
        rows[row.counter_id].append(row)
    return [_counting(counter, rows[counter.pk][MOST_COUNTS::-1], day) for counter in counters]


def _counting(counter: Counter, counts: list[Count], day: dt.date) -> Counting:
    found = forecast([Counted(row.on, row.done, row.total) for row in counts])
    sentence, tone = said(counter, found, day)
    chart = _chart(counter, counts, found, day) if len(counts) > 1 else None
    return Counting(counter, counts, found, sentence, tone, chart, counts[::-1][:MOST_SHOWN])


def said(counter: Counter, found: Forecast, day: dt.date) -> tuple[str, str]:
    """When all will be done, in words, and how it stands against the day wanted."""
    what = {"what": counter.name}
    if found.verdict == Verdict.NO_COUNT:
        return _("Nothing is counted yet: note how many are done, of how many."), "neutral"
    if found.verdict == Verdict.TOO_FEW:
        return _("Too little is counted to say when: four counts over two weeks are needed."), "neutral"
    if found.verdict == Verdict.DONE and found.likely:
        words = what | {"day": _on(found.likely, day)}
        return _("%(what)s: all done, since %(day)s.") % words, "good"
    if found.verdict == Verdict.NOT_MOVING:
        return _("%(what)s: at this pace there is no end, for as many are added as are done.") % what, "harm"
    words = what | {"about": about(found.likely or day, day)}
    words["earliest"] = _on(found.earliest, day) if found.earliest else ""
    words["latest"] = _on(found.latest, day) if found.latest else ""
    if found.latest is None:
        text = _(
            "%(what)s: all by %(about)s, at the earliest on %(earliest)s; the pace varies too much to say at the latest."
        )
    elif found.earliest == found.latest:
        text = _("%(what)s: all by %(latest)s.")
    else:
        text = _("%(what)s: all by %(about)s, at the earliest on %(earliest)s, at the latest on %(latest)s.")
    return text % words, _tone(counter.due_on, found)


def _tone(due_on: dt.date | None, found: Forecast) -> str:
    if due_on is None:
        return "accent"
    if found.latest and found.latest <= due_on:
        return "good"
    return "harm" if found.earliest and found.earliest > due_on else "attention"


def _on(day: dt.date, today: dt.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def about(day: dt.date, today: dt.date) -> str:
    """A day as one says it when it is not sure: early March, mid-March, late March."""
    month = date_format(day, "F" if day.year == today.year else "YEAR_MONTH_FORMAT")
    if day.day <= 10:
        return pgettext("a part of a month", "early %(month)s") % {"month": month}
    if day.day <= 20:
        return pgettext("a part of a month", "mid-%(month)s") % {"month": month}
    return pgettext("a part of a month", "late %(month)s") % {"month": month}


def _chart(counter: Counter, counts: list[Count], found: Forecast, day: dt.date) -> TimeChart:
    marks = []
    if counter.due_on:
        wanted = {"day": date_format(counter.due_on, "SHORT_DATE_FORMAT")}
        marks = [Marked(counter.due_on, _("wanted by %(day)s") % wanted)]
    return TimeChart(
        title=counter.name,
        lines=(
            Line(
                pgettext("units counted", "in all"), [(row.on, float(row.total)) for row in counts], "7", True
            ),
            Line(pgettext("units counted", "done"), [(row.on, float(row.done)) for row in counts], "3"),
        ),
        step=_STEP,
        band=found.band,
        marks=marks,
        today=day,
        said=lambda value: number_format(round(value), force_grouping=True),
    )
