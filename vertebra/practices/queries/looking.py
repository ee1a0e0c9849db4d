"""Looking at work items for checks: on the past before one is switched on, then week by week; only jobs call this."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from vertebra.practices.queries.checks import adaptations_on, asked, units_of_practice

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
        with opened(version, [at for _week, at in weeks]) as past:
            found = past.look(told)
        for (week, _at), one in zip(weeks, found, strict=True):
            sums[week] = sums[week] + one.whole if week in sums else one.whole
        examples = [*found[-1].examples, *examples]
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
    weeks = _weeks(checks, now) if checks else []
    units: dict[tuple[int, dt.date], dict[int, Looked]] = {}
    for version in trails() if checks else []:
        for check, week, found in _looks(version, checks, weeks):
            held = units.setdefault((check.pk, week.monday), {})
            for unit, looked in found.items():
                held[unit] = held[unit] + looked if unit in held else looked
    by_id = {check.pk: check for check in checks}
    for (check_id, monday), own in units.items():
        _keep(by_id[check_id], monday, own, now)
    return {"checks": len(checks), "weeks": len(units)}


@dataclass(frozen=True, slots=True)
class _Week:
    """A week that some checks look at, with the units as they stood at its end."""

    monday: dt.date
    at: dt.datetime
    structure: Structure
    checks: frozenset[int]


def _weeks(checks: Sequence[Check], now: dt.datetime) -> list[_Week]:
    """The weeks in which one check at least looks: this one, and those that nobody counted yet."""
    told = ends_of(now, TRIED_WEEKS)
    rows = CheckCount.objects.filter(check_row__in=checks, week__in=[monday for monday, _at in told])
    counted = set(rows.values_list("check_row", "week").distinct())
    this = told[-1][0]
    found = []
    for monday, at in told:
        wanted = frozenset(one.pk for one in checks if monday == this or (one.pk, monday) not in counted)
        if wanted:
            structure = Structure.as_of(clock.today(at), with_members=False)
            found.append(_Week(monday, at, structure, wanted))
    return found


def _looks(
    version: TrailVersion, checks: Sequence[Check], weeks: Sequence[_Week]
) -> Iterator[tuple[Check, _Week, Mapping[int, Looked]]]:
    """One opening of a trail for all checks, one look of each check at all its weeks."""
    from vertebra.practices.frames import opened

    with opened(version, [week.at for week in weeks], longest=LONGEST_NIGHT) as past:
        if past.units is None:
            return
        past.remember()
        for check in checks:
            wanted = [nth for nth, week in enumerate(weeks) if check.pk in week.checks]
            found = _found(past, check, wanted, weeks)
            for nth in wanted:
                yield check, weeks[nth], found[nth]


def _found(
    past: Past, check: Check, wanted: Sequence[int], weeks: Sequence[_Week]
) -> dict[int, dict[int, Looked]]:
    """What a check finds in each week among the items of each unit itself, where it looks and as it is set there."""
    days = {nth: clock.today(weeks[nth].at) for nth in wanted}
    adapted = {nth: adaptations_on(check, day) for nth, day in days.items()}
    whole = past.look(asked(check), wanted)
    found = {nth: dict(whole[nth].groups) for nth in wanted}
    own: dict[int, list[Found]] = {}
    for nth, held in adapted.items():
        structure = weeks[nth].structure
        # From the outermost to the innermost, so that a team's own setting goes before its tribe's.
        for unit_id, one in sorted(held.items(), key=lambda pair: len(structure.above(pair[0]))):
            if not one.is_off and one.pk not in own:
                own[one.pk] = past.look(asked(check, one.parameters), wanted)
            groups = {} if one.is_off else own[one.pk][nth].groups
            _put(found[nth], structure.under(unit_id), groups)
        looked_at = _where(check, structure, days[nth])
        found[nth] = {unit: looked for unit, looked in found[nth].items() if unit in looked_at}
    return found


def _put(found: dict[int, Looked], units: Collection[int], own: Mapping[int, Looked]) -> None:
    """Put what was found otherwise in some units in the place of what was found there."""
    for unit in units:
        found.pop(unit, None)
        if unit in own:
            found[unit] = own[unit]


def _where(check: Check, structure: Structure, day: dt.date) -> set[int]:
    """The units in which a check looks on a day."""
    scopes = [scope.unit_id for scope in check.scopes.all()]
    if scopes:
        return {unit for scope in scopes for unit in structure.under(scope)}
    return units_of_practice(check.practice_id, day, structure)


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
            told = past.histories
            if told.who is None or len({int(one) for one in told.who if one >= 0}) < FEWEST:
                continue
            fields = {field: past.presence(field) for field in _fields(past)}
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
