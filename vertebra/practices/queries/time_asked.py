"""Time asked on a day: by all standards and routines together, by function and unit, beside what is given back."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from vertebra.accounts.labels import Kind
from vertebra.analysis.recurrence import days
from vertebra.analysis.time_asked import Asked, Displaced, Group, displaced
from vertebra.kit import clock
from vertebra.org.labels import Function
from vertebra.org.models import Membership
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import (
    Participant,
    Practice,
    PracticeReach,
    PracticeVersion,
    Routine,
    TimeCeiling,
)
from vertebra.practices.queries.reach import Reaches
from vertebra.practices.queries.texts import names_of, take_names
from vertebra.roadmap.labels.results import TimeKind
from vertebra.roadmap.queries.role_times import held_on, hours, is_given

_YEAR = dt.timedelta(days=364)
# Minutes a month that are asked of a function.
Cost = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Moment:
    """All that is asked on a day, of whom, and the most that may be."""

    day: dt.date
    asked: list[Asked]
    people: dict[Group, int]
    ceilings: dict[str, int]
    names: dict[tuple[str, int], tuple[str, str]]
    structure: Structure

    def narrowed(self, units: Collection[int]) -> dict[Group, int]:
        """The people of some units only."""
        return {group: count for group, count in self.people.items() if group[0] in units}


def moment_of(day: dt.date, structure: Structure | None = None) -> Moment:
    """All that standards and routines ask on a day."""
    structure = structure or Structure.as_of(day, with_members=False)
    practices, reaches = _standards(day, structure)
    people = people_on(day)
    asked, names = [], dict[tuple[str, int], tuple[str, str]]()
    standard_in: dict[int, frozenset[int]] = {}
    for row, costs in _costs_of(practices).items():
        standard_in[row.pk] = units = _units_of(row.pk, reaches)
        found = _of_costs(costs, row.pk, units)
        asked += found
        if found:
            names[str(Kind.PRACTICE), row.pk] = (row.called, row.called_in)
    for routine, meant in _routines(day).items():
        # What belongs to a standard is counted in what the standard costs.
        left_out = standard_in.get(routine.practice_id or 0, frozenset())
        times = len(days(routine.rhythm, routine.starts_on, day, day + _YEAR, routine.ends_on))
        found = _of_routine(routine, times, meant, structure, people, left_out)
        asked += found
        if found:
            names[str(Kind.ROUTINE), routine.pk] = (routine.title, routine.language)
    return Moment(day, asked, people, ceilings_on(day), names, structure)


@remembered
def people_on(day: dt.date) -> dict[Group, int]:
    """How many people work in each unit, by function."""
    rows = Membership.objects.as_of(day).exclude(function="").order_by()
    counts = rows.values_list("unit_id", "function").annotate(people=Count("person", distinct=True))
    return {(unit, function): people for unit, function, people in counts}


def ceilings_on(day: dt.date) -> dict[str, int]:
    """The most minutes a month that may be asked of each person of a function."""
    return dict(TimeCeiling.objects.as_of(day).values_list("function", "minutes"))


def given_back_on(day: dt.date) -> dict[str, float]:
    """Hours a month that initiatives have measured as given back, by function."""
    found: dict[str, float] = defaultdict(float)
    for row in held_on(day).filter(kind=TimeKind.GIVEN_BACK, is_measured=True):
        if is_given(row):
            found[row.function] += hours(row)
    return dict(found)


def displaced_by(
    version: PracticeVersion, unit_id: int | None, day: dt.date, structure: Structure | None = None
) -> list[Displaced]:
    """What is asked before and after this version is the standard of a unit (none: of the whole company)."""
    now = moment_of(day, structure)
    units = now.structure.under(unit_id) if unit_id else set(now.structure.nodes)
    rest = [
        one
        if (one.kind, one.number) != (str(Kind.PRACTICE), version.practice_id)
        else Asked(one.kind, one.number, one.function, one.minutes, one.units - units)
        for one in now.asked
    ]
    costs = version.costs.values_list("function", "minutes")
    after = rest + _of_costs(costs, version.practice_id, frozenset(units))
    return displaced(now.asked, after, now.people, now.ceilings)


@dataclass(frozen=True, slots=True)
class Line:
    """What a new standard asks of a function, with what the function is called."""

    label: str
    told: Displaced


def displaced_lines(
    version: PracticeVersion, unit_id: int | None, day: dt.date, structure: Structure | None = None
) -> list[Line]:
    """What a new standard asks of each function, for pages."""
    labels = dict(Function.choices)
    return [Line(str(labels[one.function]), one) for one in displaced_by(version, unit_id, day, structure)]


def _standards(day: dt.date, structure: Structure) -> tuple[list[Practice], Reaches]:
    """The practices that are a standard somewhere on a day, and for whom each practice is what."""
    rows = PracticeReach.objects.as_of(day).filter(practice__archived_at=None)
    in_use = rows.exclude(practice__state=PracticeState.RETIRED)
    rows = in_use.select_related("practice__validation").annotate(**names_of("practice"))
    held = list(rows.order_by("practice", "pk"))
    standards = {row.practice_id: row for row in held if row.reach == Reach.STANDARD}
    for row in standards.values():
        take_names(row.practice, row)
    return [row.practice for row in standards.values()], Reaches.among(held, structure)


def _costs_of(practices: Iterable[Practice]) -> dict[Practice, list[Cost]]:
    """What the version of each that holds costs: the one validated, else the one published last."""
    by_id = {row.pk: row for row in practices}
    rows = PracticeVersion.objects.filter(practice__in=by_id, published_at__isnull=False).order_by("number")
    held: dict[int, int] = {}
    costs: dict[int, list[Cost]] = defaultdict(list)
    told = rows.values_list("practice_id", "pk", "costs__function", "costs__minutes")
    for practice, version, function, minutes in told:
        validation = by_id[practice].validation
        if practice not in held or validation is None or version == validation.version_id:
            held[practice] = version
        if minutes:
            costs[version].append((function, minutes))
    return {by_id[practice]: costs[version] for practice, version in held.items()}


def _units_of(practice: int, reaches: Reaches) -> frozenset[int]:
    """The units of which a practice is the standard."""
    rows = reaches.everywhere(practice).items()
    return frozenset(unit for unit, row in rows if row and row.reach == Reach.STANDARD)


def _of_costs(costs: Iterable[Cost], practice: int, units: frozenset[int]) -> list[Asked]:
    return [
        Asked(str(Kind.PRACTICE), practice, function, minutes, units)
        for function, minutes in costs
        if minutes and units
    ]


def _routines(day: dt.date) -> dict[Routine, list[Participant]]:
    """Those in use on a day that ask whole functions, with whom they mean."""
    in_use = Q(routine__archived_at=None) | Q(
        routine__archived_at__gte=clock.midnight(day + dt.timedelta(days=1))
    )
    rows = Participant.objects.filter(in_use, routine__starts_on__lte=day, person=None, role="")
    found: dict[Routine, list[Participant]] = defaultdict(list)
    for one in rows.exclude(routine__ends_on__lt=day).select_related("routine").order_by("routine", "pk"):
        found[one.routine].append(one)
    return found


def _of_routine(
    row: Routine,
    times: int,
    meant: Iterable[Participant],
    structure: Structure,
    people: dict[Group, int],
    left_out: frozenset[int],
) -> list[Asked]:
    """What a routine asks of those whom its rules mean; who holds a mandate or is named is no whole function."""
    groups: dict[str, set[int]] = defaultdict(set)
    for one in meant:
        units = structure.under(one.unit_id) if one.unit_id else structure.nodes.keys()
        for unit, function in people:
            if unit in units and unit not in left_out and one.function in {"", function}:
                groups[function].add(unit)
    minutes = times * row.minutes / 12
    return [
        Asked(str(Kind.ROUTINE), row.pk, function, minutes, frozenset(units))
        for function, units in sorted(groups.items())
        if minutes
    ]
