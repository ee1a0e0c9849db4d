"""What an initiative should move: said before it starts, looked at before it starts, with the window fixed then."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.actions.thread import tie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.re_ask import months_later
from vertebra.discovery.models import PainPoint
from vertebra.kit import clock
from vertebra.measures.actions.marks import mark
from vertebra.measures.labels.charts import MarkKind
from vertebra.measures.models import Metric
from vertebra.measures.queries.periods import next_period, period_start
from vertebra.roadmap.actions.standing import locked, written
from vertebra.roadmap.labels.results import MeasuredBy
from vertebra.roadmap.models import Initiative, KeyResult
from vertebra.roadmap.queries.baselines import (
    Today,
    goes_right,
    is_lower_better,
    pain_point_of,
    today_of,
    usual_target,
)

WITHIN = dt.timedelta(days=30)
WINDOW_MONTHS = 6
DAYS_TO_COUNT = 3


class BaselineTooLate(Refusal):
    """What things were like before cannot be looked at after the start."""


class AlreadyFixed(Refusal):
    """What was looked at before the start is kept as it was."""


class NothingToLookAt(Refusal):
    """A key result names a metric, a pain point, or a figure noted by hand."""


class NoFigure(Refusal):
    """There is no figure to start from."""


class WrongDirection(Refusal):
    """A target lies on the better side of today's figure."""


class WrongWindow(Refusal):
    """The effect is looked at in a window that begins after today and ends after it begins."""


class NotMeasuredByHand(Refusal):
    """Only figures noted by hand are noted by hand again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to look at; what is left out has a default."""

    target: float | None = None
    metric: Metric | None = None
    pain_point: PainPoint | None = None
    name: str = ""
    today: float | None = None
    is_lower_better: bool = False
    effect_from: dt.date | None = None
    effect_until: dt.date | None = None
    controls: Sequence[Metric] = ()
    stages: Sequence[tuple[str, dt.date]] = ()


@transaction.atomic
def set_key_result(
    *,
    actor: User | None,
    initiative: Initiative,
    wanted: Wanted,
    key_result: KeyResult | None = None,
    now: dt.datetime,
) -> KeyResult:
    """Say what an initiative should move and to where: a metric, a question asked again, or a figure noted by hand."""
    row = locked(initiative)
    _refuse_after_start(row)
    if key_result is None:
        found = KeyResult(initiative=row, position=row.key_results.count())
    else:
        found = KeyResult.objects.select_for_update().get(pk=key_result.pk, initiative=row)
    if found.fixed_at:
        raise AlreadyFixed(_("The baseline is noted: what it says is kept as it was."))
    values = _values(row, wanted, now)
    for name, value in values.items():
        setattr(found, name, value)
    today = today_of(found)
    if today is not None and found.target is not None:
        _check_direction(found, today.value, found.target)
    tracker = audit.Tracker()
    if found.pk:
        found.refresh_from_db()
        tracker.change(found, **values)
    else:
        tracker.create(found)
    tracker.relate(found, "controls", [one for one in wanted.controls if one.pk != found.metric_id])
    written("aim", row, tracker, now, actor=actor, key_result=found.name)
    return found


@transaction.atomic
def drop_key_result(*, actor: User | None, key_result: KeyResult, now: dt.datetime) -> AuditEntry:
    """No longer look at something, as long as its baseline was not noted."""
    row = locked(key_result.initiative)
    found = KeyResult.objects.select_for_update().filter(pk=key_result.pk).first()
    if found is None:
        raise NothingChanges(_("Somebody took this away meanwhile."))
    if found.fixed_at:
        raise AlreadyFixed(_("The baseline is noted: what it says is kept as it was."))
    tracker = audit.Tracker()
    tracker.delete(found)
    return written("change", row, tracker, now, actor=actor, key_result=found.name)


@transaction.atomic
def capture_baseline(*, actor: User | None, initiative: Initiative, now: dt.datetime) -> AuditEntry:
    """Note where everything an initiative should move stands today, and fix when its effect will be looked at."""
    row = locked(initiative)
    _refuse_after_start(row)
    tracker = audit.Tracker()
    waiting = list(row.key_results.select_for_update().filter(fixed_at__isnull=True))
    if not waiting and not row.key_results.exists():
        waiting = [_default(tracker, row, now)]
    if not waiting:
        raise NothingChanges(_("The baseline is noted already."))
    for key_result in waiting:
        _fix(tracker, row, key_result, actor, now)
    tracker.change(row, baseline_at=now)
    return written("fix", row, tracker, now, actor=actor, key_results=[one.name for one in waiting])


@transaction.atomic
def note_figure(
    *, actor: User | None, key_result: KeyResult, value: float, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Note by hand what a figure is afterwards: once, beside what it was before."""
    row = locked(key_result.initiative)
    found = KeyResult.objects.select_for_update().get(pk=key_result.pk)
    if found.measured_by != MeasuredBy.HAND:
        raise NotMeasuredByHand(_("This figure comes by itself: nobody notes it by hand."))
    if found.fixed_at is None or found.baseline_on is None:
        raise NoFigure(_("Note the baseline before the figure afterwards."))
    if found.after is not None:
        raise AlreadyFixed(_("The figure afterwards is noted already: what was observed stays as it was."))
    if not isfinite(value):
        raise NoFigure(_("Give a figure."))
    if not found.baseline_on < on <= clock.today(now):
        raise WrongWindow(_("Give a day after the baseline, today at the latest."))
    tracker = audit.Tracker()
    tracker.change(found, after=value, after_on=on)
    return written("note", row, tracker, now, actor=actor, key_result=found.name)


def _refuse_after_start(row: Initiative) -> None:
    if row.started_at or row.closed_at:
        raise BaselineTooLate(
            _("This initiative has started: what things were like before can no longer be noted.")
        )


def _values(row: Initiative, wanted: Wanted, now: dt.datetime) -> dict[str, Any]:
    """The columns of a key result, with a default for all that was left out."""
    today = clock.today(now)
    starts, ends = _window(row, wanted, today)
    numbers = (wanted.target, wanted.today)
    if any(number is not None and not isfinite(number) for number in numbers):
        raise NoFigure(_("Give a figure."))
    found: dict[str, Any] = {
        "metric": wanted.metric,
        "pain_point": None,
        "target": wanted.target,
        "effect_from": starts,
        "effect_until": ends,
        "due_on": ends + dt.timedelta(days=1),
        "stages": [{"part": part, "on": on.isoformat()} for part, on in wanted.stages],
        "baseline": None,
        "baseline_on": None,
    }
    if wanted.metric:
        found |= {
            "measured_by": MeasuredBy.METRIC,
            "name": wanted.metric.name,
            "due_on": _due(wanted.metric, ends),
        }
    elif wanted.name.strip():
        found |= {"measured_by": MeasuredBy.HAND, "name": " ".join(wanted.name.split())[:200]}
        found |= {"baseline": wanted.today, "baseline_on": None if wanted.today is None else today}
    else:
        pain_point = wanted.pain_point or pain_point_of(row)
        if pain_point is None:
            raise NothingToLookAt(_("Choose a metric, or name a figure and say what it is today."))
        found |= {"measured_by": MeasuredBy.RE_ASK, "pain_point": pain_point, "name": pain_point.title}
    probe = KeyResult(**{name: found[name] for name in ("measured_by", "metric", "pain_point")})
    probe.is_lower_better = wanted.is_lower_better
    return found | {"is_lower_better": is_lower_better(probe)}


def _window(row: Initiative, wanted: Wanted, today: dt.date) -> tuple[dt.date, dt.date]:
    """When the effect is expected: from the day after the work is due, for six months, unless said otherwise."""
    usual = (row.due_on if row.due_on and row.due_on >= today else today + WITHIN) + dt.timedelta(days=1)
    first = min((on for _part, on in wanted.stages), default=None)
    starts = wanted.effect_from or first or usual
    ends = wanted.effect_until or months_later(starts, WINDOW_MONTHS) - dt.timedelta(days=1)
    if starts <= today:
        raise WrongWindow(
            _("The effect is expected from a day after today: the window is fixed before it is known.")
        )
    if any(on <= today for _part, on in wanted.stages):
        raise WrongWindow(_("Units are reached after today: the baseline comes before the first of them."))
    if ends < starts:
        raise WrongWindow(_("The window ends before it begins."))
    return starts, ends


def _due(metric: Metric, ends: dt.date) -> dt.date:
    """When the last value of the window can be known: its period is over, and somebody has counted."""
    return next_period(period_start(ends, metric.grain), metric.grain) + dt.timedelta(days=DAYS_TO_COUNT)


def _check_direction(key_result: KeyResult, today: float, target: float) -> None:
    if goes_right(key_result, today, target):
        return
    words = {"today": formats.localize(round(today, 3)), "target": formats.localize(round(target, 3))}
    raise WrongDirection(
        _("Lower is better here: from %(today)s, the target cannot be %(target)s. Give a lower one.") % words
        if is_lower_better(key_result)
        else _("Higher is better here: from %(today)s, the target cannot be %(target)s. Give a higher one.")
        % words
    )


def _default(tracker: audit.Tracker, row: Initiative, now: dt.datetime) -> KeyResult:
    """What an initiative is measured by when nobody said: the question of the pain point it answers."""
    found = KeyResult(initiative=row, **_values(row, Wanted(), now))
    tracker.create(found)
    return found


def _fix(
    tracker: audit.Tracker, row: Initiative, key_result: KeyResult, actor: User | None, now: dt.datetime
) -> None:
    today = today_of(key_result)
    if today is None:
        raise NoFigure(_no_figure(key_result))
    target = key_result.target if key_result.target is not None else usual_target(key_result, today.value)
    if target is None:
        raise NoFigure(_("Say what “%(name)s” should reach.") % {"name": key_result.name})
    if target != today.value or key_result.measured_by != MeasuredBy.RE_ASK:
        _check_direction(key_result, today.value, target)
    tracker.change(key_result, target=target, fixed_at=now, **_baseline(today))
    me = (Kind.INITIATIVE, row.pk)
    if key_result.metric_id and key_result.effect_from:
        tie(tracker, (Kind.METRIC, key_result.metric_id), Relation.MEASURES, me, by=actor, now=now)
        mark(
            tracker, MarkKind.INITIATIVE, row.title, key_result.effect_from, None, Kind.INITIATIVE, row.pk,
            [key_result.metric_id],
        )  # fmt: skip
    if key_result.pain_point_id:
        tie(tracker, me, Relation.ANSWERS, (Kind.PAIN_POINT, key_result.pain_point_id), by=actor, now=now)


def _baseline(today: Today) -> dict[str, Any]:
    return {
        "baseline": today.value,
        "baseline_on": today.on,
        "baseline_low": today.low,
        "baseline_high": today.high,
        "baseline_count": today.count,
    }


def _no_figure(key_result: KeyResult) -> str:
    if key_result.measured_by == MeasuredBy.METRIC:
        return _("“%(name)s” has no value yet: record one, or choose something else to look at.") % {
            "name": key_result.name
        }
    if key_result.measured_by == MeasuredBy.RE_ASK:
        return _("Nobody has said yet what “%(name)s” costs, or fewer than five did: ask them now.") % {
            "name": key_result.name
        }
    return _("Say what “%(name)s” is today.") % {"name": key_result.name}
