"""Looking at work items for checks: on the past before one is switched on, then week by week; only jobs call this."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from vertebra.analysis.branches import shown_units, summed
from vertebra.analysis.expressions.tokens import ExpressionError
from vertebra.analysis.privacy import FEWEST
from vertebra.evidence.models import TrailVersion
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.checks import OWN_DAYS, TRIED_WEEKS, TrialState, Trouble
from vertebra.practices.models import Check, CheckCount, CheckTrial, RuleSuggestion
from vertebra.practices.queries.checks import Asked, adaptations_on, asked, units_of_practice

if TYPE_CHECKING:
    from vertebra.analysis.hygiene import Found, Looked
    from vertebra.practices.frames import Past

logger = logging.getLogger(__name__)
WEEK = dt.timedelta(days=7)
# How long all checks together may look at one trail at night.
LONGEST_NIGHT = 3600.0


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of a day."""
    return day - dt.timedelta(days=day.weekday())


def ends_of(now: dt.datetime, count: int) -> list[tuple[dt.date, dt.datetime]]:
    """The last weeks, the latest last: each Monday, and the moment until which the week is told."""
    this = monday_of(clock.today(now))
    weeks = [this - at * WEEK for at in reversed(range(count))]
    return [(week, min(now, clock.midnight(week + WEEK))) for week in weeks]


def trails() -> list[TrailVersion]:
    """The trails as they stand."""
    return list(TrailVersion.objects.filter(superseded_at=None).order_by("source"))


def try_on_past(trial: CheckTrial, now: dt.datetime) -> CheckTrial:
    """Look at the last weeks as the check would have, and keep what it would have found."""
    trial.state, trial.done_at, trial.trouble = TrialState.FAILED, now, ""
    try:
        _tried(trial, now)
    except ImportError:
        trial.trouble = Trouble.NO_LIBRARY
    except ExpressionError:
        trial.trouble = Trouble.WRONG
    except Exception as error:
        trial.trouble = _trouble_of(error)
    trial.save()
    return trial


def _trouble_of(error: Exception) -> str:
    """What people are told of an error; whoever runs Vertebra finds the rest in the journal."""
    if type(error).__name__ == "TookTooLong":
        return Trouble.TOO_LONG
    logger.exception("A check could not be tried on the past.", exc_info=error)
    return Trouble.UNREADABLE


def _tried(trial: CheckTrial, now: dt.datetime) -> None:
    from vertebra.practices.frames import opened

    told, versions = asked(trial.check_row), trails()
    if not versions:
        trial.trouble = Trouble.NO_TRAIL
        return
    weeks = ends_of(now, TRIED_WEEKS)
    sums: dict[dt.date, Looked] = {}
    examples: list[str] = []
    for version in versions:
        with opened(version) as past:
            for week, at in weeks:
                found = past.look(told, at)
                sums[week] = sums[week] + found.whole if week in sums else found.whole
                examples = [*found.examples, *examples] if at == weeks[-1][1] else examples
    trial.weeks = [_week(week, looked) for week, looked in sums.items()]
    last = trial.weeks[-1]
    trial.item_count, trial.flagged_count = last["count"], last["flagged"]
    trial.examples = examples[:10] if last["count"] is not None else []
    trial.state = TrialState.DONE


def _week(week: dt.date, looked: Looked) -> dict[str, Any]:
    """A week of a try: nothing is told of the items of one to four people."""
    is_few = 0 < len(looked.people) < FEWEST
    return {
        "week": week.isoformat(),
        "count": None if is_few else looked.count,
        "flagged": None if is_few else looked.flagged,
    }


def count_all(now: dt.datetime) -> dict[str, int]:
    """Count what every check that is on points at, in each unit: this week, and weeks that nobody counted yet."""
    checks = list(
        Check.objects.filter(on_since__isnull=False, archived_at=None).prefetch_related(
            "scopes", "adaptations"
        )
    )
    units: dict[tuple[int, dt.date], dict[int, Looked]] = {}
    for version in trails() if checks else []:
        for check, week, found in _looks(version, checks, now):
            held = units.setdefault((check.pk, week), {})
            for unit, looked in found.items():
                held[unit] = held[unit] + looked if unit in held else looked
    by_id = {check.pk: check for check in checks}
    for (check_id, week), own in units.items():
        _keep(by_id[check_id], week, own, now)
    return {"checks": len(checks), "weeks": len(units)}


def _looks(
    version: TrailVersion, checks: list[Check], now: dt.datetime
) -> Iterator[tuple[Check, dt.date, Mapping[int, Looked]]]:
    from vertebra.practices.frames import opened

    with opened(version, longest=LONGEST_NIGHT) as past:
        if past.units is None:
            return
        for week, at in ends_of(now, TRIED_WEEKS):
            for check in checks:
                if week == monday_of(clock.today(now)) or not check.counts.filter(week=week).exists():
                    yield check, week, _by_unit(past, check, at)


def _by_unit(past: Past, check: Check, at: dt.datetime) -> dict[int, Looked]:
    """What a check finds among the items of each unit itself, where it looks and as it is set there."""
    day = clock.today(at)
    structure = Structure.as_of(day, with_members=False)
    scopes = [scope.unit_id for scope in check.scopes.all()]
    if scopes:
        wanted = {unit for scope in scopes for unit in structure.under(scope)}
    else:
        wanted = units_of_practice(check.practice_id, day)
    found = dict(_look(past, asked(check), at).groups)
    # From the outermost to the innermost, so that a team's own setting goes before its tribe's.
    adapted = sorted(adaptations_on(check, day).items(), key=lambda one: len(structure.above(one[0])))
    for unit_id, one in adapted:
        own = {} if one.is_off else _look(past, asked(check, one.parameters), at).groups
        for unit in structure.under(unit_id):
            found.pop(unit, None)
            if unit in own:
                found[unit] = own[unit]
    return {unit: looked for unit, looked in found.items() if unit in wanted}


def _look(past: Past, told: Asked, at: dt.datetime) -> Found:
    return past.look(told, at)


def _keep(check: Check, week: dt.date, own: Mapping[int, Looked], now: dt.datetime) -> None:
    """Sum up from below, decide what may be shown, and keep it; what others may see from when does not change."""
    structure = Structure.as_of(clock.today(now), with_members=False)
    parents = {node.id: node.parent_id for node in structure.all()}
    known = {unit: looked for unit, looked in own.items() if unit in parents}
    people = {unit: looked.people for unit, looked in known.items()}
    shown, whole = shown_units(people, parents), summed(people, parents)
    sums = dict.fromkeys(whole, (0, 0))
    for unit, looked in known.items():
        at: int | None = unit
        while at is not None:
            sums[at] = (sums[at][0] + looked.count, sums[at][1] + looked.flagged)
            at = parents.get(at)
    open_on = max(clock.today(now), week + WEEK) + dt.timedelta(days=OWN_DAYS)
    with transaction.atomic():
        CheckCount.objects.filter(check_row=check, week=week).exclude(unit__in=sums).delete()
        for unit, (count, flagged) in sums.items():
            values = {"item_count": count, "flagged_count": flagged, "is_shown": unit in shown}
            CheckCount.objects.update_or_create(
                check_row=check, unit_id=unit, week=week,
                defaults=values, create_defaults={**values, "open_on": open_on},
            )  # fmt: skip


def find_habits(now: dt.datetime) -> int:
    """Find the habits of every trail anew, to offer them as rules."""
    from vertebra.analysis.conformance.suggesting import suggest
    from vertebra.practices.frames import opened, written

    made: list[RuleSuggestion] = []
    for version in trails():
        with opened(version) as past:
            told = past.histories()
            if told.who is None or len({int(one) for one in told.who if one >= 0}) < FEWEST:
                continue
            fields = {field: past.presence(field, told) for field in _fields(past)}
            made += [
                RuleSuggestion(
                    source_id=version.source_id, rule=written(one.rule), item_count=one.count, share=one.share,
                    examples=past.keys(one.examples), computed_at=now,
                )
                for one in suggest(told, fields)
            ]  # fmt: skip
    with transaction.atomic():
        RuleSuggestion.objects.all().delete()
        RuleSuggestion.objects.bulk_create(made)
    return len(made)


def _fields(past: Past) -> list[str]:
    """The fields whose presence may be a habit."""
    own = past.own_fields()
    return ["priority", "assignee", "story points", "component", "fix version", "duedate", "link", *own]
