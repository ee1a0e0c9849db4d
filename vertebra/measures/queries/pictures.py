"""Pictures of metrics: which series, over which time, compared with what, marked by what happened."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.accounts.together import cards_of
from vertebra.kit.cards import Card
from vertebra.kit.pictures import Line, Marked, TimeChart
from vertebra.measures.labels.charts import ChartKind, Comparison, MarkKind
from vertebra.measures.labels.metrics import Combining, Grain
from vertebra.measures.models import Mark, Metric, Target
from vertebra.measures.queries.figures import said, unit_words
from vertebra.measures.queries.periods import (
    next_period,
    period_start,
    period_words,
    periods_between,
    year_before,
)
from vertebra.measures.queries.series import Series, many_series, many_splits

MOST_POINTS = 400
MOST_MARKS = 12
# Of the incidents that stand on every line, so many of the longest: they tell little of most metrics.
MOST_INCIDENTS = 5
MOST_PARTS = 8
# How many days may lie between two values that follow each other.
STEPS = {Grain.DAY: 1, Grain.WEEK: 8, Grain.MONTH: 32, Grain.QUARTER: 93}
_COARSER = {Grain.DAY: Grain.WEEK, Grain.WEEK: Grain.MONTH, Grain.MONTH: Grain.QUARTER}


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see."""

    months: int = 12
    kind: str = ChartKind.LINE
    comparison: str = Comparison.NONE
    is_split: bool = False


@dataclass
class Picture:
    """A chart with what stands beside it: its numbers, and what is marked on it."""

    chart: TimeChart
    metrics: list[Metric]
    grain: str
    marks: list[Marked] = field(default_factory=list)
    # Of how many periods the numbers stand beside the picture, where there is not room for all.
    most_rows: int = 0

    @property
    def has_more(self) -> bool:
        """Whether some numbers are only where there is room for all."""
        return 0 < self.most_rows < len(self.rows)

    @property
    def header(self) -> list[str]:
        """The columns of the numbers."""
        return [
            str(Grain(self.grain).label).capitalize(),
            *(line.label or self.chart.title for line in self.chart.lines),
        ]

    @property
    def numbers(self) -> list[tuple[str, list[str]]]:
        """The values, the latest first, a row per period."""
        rows = self.rows[-self.most_rows :] if self.most_rows else self.rows
        return [
            (
                period_words(day, self.grain),
                ["" if value is None else self.chart.said(value) for value in values],
            )
            for day, values in reversed(rows)
        ]

    @property
    def rows(self) -> list[tuple[dt.date, list[float | None]]]:
        """The values in time, a row per period, a column per line."""
        known = [dict(line.points) for line in self.chart.lines]
        days = sorted({day for one in known for day in one})
        return [(day, [one.get(day) for one in known]) for day in days]


def combine(series: Series, grain: str, combining: str, today: dt.date) -> Series:
    """The values of short periods as values of longer ones, without the longer one that is not over."""
    found: dict[dt.date, list[float]] = defaultdict(list)
    for on, value in series:
        found[period_start(on, grain)].append(value)
    make = {
        Combining.SUM: sum,
        Combining.MEAN: lambda values: sum(values) / len(values),
        Combining.LATEST: lambda values: values[-1],
    }[Combining(combining)]
    return [(day, float(make(values))) for day, values in found.items() if next_period(day, grain) <= today]


@dataclass(frozen=True)
class Loaded:
    """What several pictures show, read in one go: a board asks the database as often as one picture."""

    series: dict[int, Series]
    parts: dict[int, dict[str, Series]]
    marks: dict[int | None, list[Marked]]
    targets: dict[int, Target]


def load(shown: Sequence[tuple[Sequence[Metric], Asked]], today: dt.date, user: User) -> Loaded:
    """The values, parts, marks and targets that these pictures need."""
    rows = list({row.pk: row for metrics, _asked in shown for row in metrics}.values())
    split = [row for metrics, asked in shown if asked.is_split for row in metrics]
    earliest = min((_earliest(asked, today) for _metrics, asked in shown), default=today)
    return Loaded(
        many_series(rows, since=earliest, until=today),
        many_splits(split, since=earliest, until=today) if split else {},
        marks_of(rows, earliest, today, user),
        targets_of(rows, today),
    )


def _earliest(asked: Asked, today: dt.date) -> dt.date:
    """The first day of which something is drawn: what is compared with lies further back."""
    since = months_before(today, asked.months)
    if asked.comparison == Comparison.PERIOD_BEFORE:
        # As many whole periods before, the one under way included: up to a quarter more than the days between.
        return since - (today - since) - dt.timedelta(days=100)
    if asked.comparison == Comparison.YEAR_BEFORE:
        return months_before(since, 12) - dt.timedelta(days=7)
    return since


def pictures_of(
    metrics: Sequence[Metric],
    asked: Asked,
    today: dt.date,
    user: User,
    *,
    title: str = "",
    loaded: Loaded | None = None,
) -> list[Picture]:
    """One picture of metrics that can be told apart on one scale, else a picture for each."""
    rows = list(metrics)
    if not rows:
        return []
    frame = _Frame(
        asked, months_before(today, asked.months), today, loaded or load([(rows, asked)], today, user)
    )
    is_one = len(rows) > 1 and asked.kind != ChartKind.SMALL_MULTIPLES and _same_scale(rows)
    if is_one:
        return [_together(rows, frame, title)]
    return [_alone(row, frame, title if len(rows) == 1 and title else row.name) for row in rows]


def months_before(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before a day."""
    return next_period(day.replace(day=1), Grain.MONTH, -months)


@dataclass(frozen=True)
class _Frame:
    asked: Asked
    since: dt.date
    today: dt.date
    loaded: Loaded

    def inside(self, series: Series) -> Series:
        return [(on, value) for on, value in series if on >= self.since]

    def marked(self, pks: Iterable[int], since: dt.date) -> list[Marked]:
        """What is tied to these metrics, what concerns all of them, and of incidents the longest alone."""
        marks = self.loaded.marks
        everywhere = [one for one in marks.get(None, []) if (one.ends_on or one.starts_on) >= since]
        incidents = [one for one in everywhere if one.kind == MarkKind.INCIDENT]
        incidents.sort(
            key=lambda one: (one.starts_on - (one.ends_on or one.starts_on), -one.starts_on.toordinal())
        )
        left_out = {id(one) for one in incidents[MOST_INCIDENTS:]}
        tied = [one for pk in pks for one in marks.get(pk, []) if (one.ends_on or one.starts_on) >= since]
        found = [*(one for one in everywhere if id(one) not in left_out), *tied]
        unique = {(one.starts_on, one.title): one for one in found}
        return sorted(unique.values(), key=lambda one: one.starts_on)[-MOST_MARKS:]


def _same_scale(rows: Sequence[Metric]) -> bool:
    return len({(row.unit, row.currency, row.grain) for row in rows}) == 1


def _coarse(grain: str, series: Iterable[Series]) -> str:
    longest = max((len(one) for one in series), default=0)
    while longest > MOST_POINTS and grain in _COARSER:
        grain = _COARSER[Grain(grain)]
        longest //= 7 if grain == Grain.WEEK else 4
    return grain


def _alone(row: Metric, frame: _Frame, title: str) -> Picture:
    """One metric: its line, what it is compared with, or its parts."""
    whole = frame.loaded.series[row.pk]
    parts: dict[str, Series] = {}
    if frame.asked.is_split:
        split = frame.loaded.parts.get(row.pk, {})
        parts = {part: inside for part, one in split.items() if (inside := frame.inside(one))}
        largest = sorted(parts, key=lambda part: -abs(parts[part][-1][1]))
        parts = {part: parts[part] for part in sorted(largest[:MOST_PARTS])}
    grain = _coarse(row.grain, [frame.inside(whole), *parts.values()])

    def made(series: Series) -> Series:
        return series if grain == row.grain else combine(series, grain, row.combining, frame.today)

    lines = [Line(part, made(one), str(at)) for at, (part, one) in enumerate(parts.items(), 1)]
    if not lines:
        lines = [Line("", made(frame.inside(whole)))]
        if compared := _compared(frame, whole, row.grain):
            lines.insert(0, Line(compared[0], made(compared[1]), "7", is_faint=True))
    target = frame.loaded.targets.get(row.pk)
    return _picture([row], lines, grain, frame, title, None if parts else target)


def _together(rows: Sequence[Metric], frame: _Frame, title: str) -> Picture:
    """Several metrics of one unit on one scale."""
    grain = _coarse(rows[0].grain, [frame.inside(frame.loaded.series[row.pk]) for row in rows])
    lines = []
    for at, row in enumerate(rows):
        series = frame.inside(frame.loaded.series[row.pk])
        made = series if grain == row.grain else combine(series, grain, row.combining, frame.today)
        lines.append(Line(row.name, made, str(at % 8 + 1)))
    return _picture(list(rows), lines, grain, frame, title or " · ".join(row.name for row in rows[:3]), None)


def _picture(
    rows: list[Metric], lines: list[Line], grain: str, frame: _Frame, title: str, target: Target | None
) -> Picture:
    row, unit = rows[0], unit_words(rows[0])
    first = min((line.points[0][0] for line in lines if line.points), default=frame.since)
    marks = frame.marked([one.pk for one in rows], max(first, frame.since))
    chart = TimeChart(
        title=_("%(title)s, in %(unit)s") % {"title": title, "unit": unit} if unit else title,
        lines=lines,
        step=STEPS[Grain(grain)],
        target=target.value if target else None,
        target_label=_("target: %(value)s") % {"value": said(row, target.value)} if target else "",
        marks=marks,
        today=frame.today,
        is_bars=frame.asked.kind == ChartKind.BARS,
        said=lambda value: said(row, value),
    )
    return Picture(chart, rows, grain, marks)


def _compared(frame: _Frame, whole: Series, grain: str) -> tuple[str, Series] | None:
    """The past drawn under the present: the period before, or the year before, each value on a period of today."""
    drawn = [day for day in periods_between(frame.since, frame.today, grain) if day >= frame.since]
    if frame.asked.comparison == Comparison.PERIOD_BEFORE:
        past = {next_period(day, grain, -len(drawn)): day for day in drawn}
        return _("the period before"), [(past[on], value) for on, value in whole if on in past]
    if frame.asked.comparison == Comparison.YEAR_BEFORE:
        past = {year_before(day, grain): day for day in drawn}
        return _("a year before"), [(past[on], value) for on, value in whole if on in past]
    return None


def targets_of(metrics: Iterable[Metric], today: dt.date) -> dict[int, Target]:
    """The next target of each metric, else its last one, by id."""
    found: dict[int, Target] = {}
    for target in Target.objects.filter(metric__in=[one.pk for one in metrics]).order_by("by_on"):
        there = found.get(target.metric_id)
        if there is None or there.by_on < today:
            found[target.metric_id] = target
    return found


def marks_of(
    metrics: Iterable[Metric], since: dt.date, until: dt.date, user: User
) -> dict[int | None, list[Marked]]:
    """What happened in a time, by the metric on whose line it stands (None: on every line), as the reader may know it."""
    ids = [one.pk for one in metrics]
    inside = Q(starts_on__lte=until) & (Q(ends_on__gte=since) | Q(ends_on__isnull=True, starts_on__gte=since))
    rows = Mark.objects.filter(inside & (Q(metrics__in=ids) | Q(metrics__isnull=True)))
    values = list(
        rows.order_by("-starts_on").values_list(
            "pk", "kind", "title", "starts_on", "ends_on", "object_kind", "object_id", "metrics"
        )[:500]
    )
    cards: dict[tuple[str, int], Card] = {}
    for kind in {one[5] for one in values if one[5]}:
        wanted = sorted({one[6] for one in values if one[5] == kind and one[6] is not None})
        cards |= {(kind, pk): card for pk, card in cards_of(user, kind, wanted).items()}
    found: dict[int | None, list[Marked]] = defaultdict(list)
    for _pk, kind, title, starts_on, ends_on, object_kind, object_id, metric in values:
        card = cards.get((object_kind, object_id or 0))
        if object_kind and card is None:
            continue
        found[metric].append(
            Marked(starts_on, card.title if card else title, ends_on, kind, card.url if card else "")
        )
    return found
