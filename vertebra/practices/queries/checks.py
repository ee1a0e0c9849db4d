"""What checks ask, and what may be said of what they found: to whom, from when, of how many people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from vertebra.analysis.expressions.parsing import Expression, parse
from vertebra.org.queries.structure import Structure
from vertebra.practices.hygiene import library
from vertebra.practices.labels.checks import CheckKind, rule_said
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import (
    Check,
    CheckAdaptation,
    CheckCount,
    CheckScope,
    CheckTrial,
    Practice,
    PracticeReach,
    PracticeText,
    Trial,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check asks of work items: an expression among others, or a rule over their histories."""

    among: Expression | None = None
    flags: Expression | None = None
    rule: Mapping[str, Any] | None = None


def asked(check: Check, own: Mapping[str, Any] | None = None) -> Asked:
    """What a check asks, with a team's own settings if it has some; raises ExpressionError for what cannot be read."""
    parameters = {**check.parameters, **(own or {})}
    if check.kind == CheckKind.RULE:
        return Asked(rule=parameters)
    if check.kind == CheckKind.SHIPPED:
        among, flags = library()[check.code].written(parameters)
    else:
        among, flags = check.among, check.flags
    return Asked(parse(among) if among.strip() else None, parse(flags))


def name_of(check: Check) -> str:
    """What a check is called."""
    if check.kind == CheckKind.SHIPPED and check.code in library():
        return str(library()[check.code].name)
    if check.kind == CheckKind.RULE:
        return rule_said(check.parameters)
    return check.name


def is_built_together(practice: Practice) -> bool:
    """Whether a practice says why and has co-authors: only inside such a one a check runs."""
    texts = PracticeText.objects.exclude(why="")
    return texts.filter(version__practice=practice, version__practice__co_authors__isnull=False).exists()


def checks_of(practice_id: int) -> QuerySet[Check]:
    """The checks of a practice with where they look, how they are adapted and their last tries."""
    return Check.objects.filter(practice=practice_id, archived_at=None).prefetch_related(
        Prefetch("scopes", CheckScope.objects.order_by("unit")),
        Prefetch("adaptations", CheckAdaptation.objects.order_by("-created_at", "-id")),
        Prefetch("trials", CheckTrial.objects.order_by("-asked_at", "-id")),
    )


def adaptations_on(check: Check, day: dt.date) -> dict[int, CheckAdaptation]:
    """The adaptations of a check that hold on a day, by unit; of two the later."""
    found: dict[int, CheckAdaptation] = {}
    for one in reversed(list(check.adaptations.all())):
        if one.starts_on <= day < one.ends_on:
            found[one.unit_id] = one
    return found


def units_of_practice(practice_id: int, day: dt.date, structure: Structure) -> set[int]:
    """The units in which a practice holds or is tried on a day: where its checks look if nobody said otherwise."""
    said = dict(PracticeReach.objects.as_of(day).filter(practice=practice_id).values_list("unit", "reach"))
    reach: dict[int, str] = {}
    for node in structure.all():
        reach[node.id] = said.get(node.id) or reach.get(node.parent_id or 0) or said.get(None, "")
    found = {unit for unit, one in reach.items() if one and one != Reach.FREE}
    tried = Trial.objects.filter(practice=practice_id, starts_on__lte=day).exclude(ends_on__lte=day)
    for unit_id in tried.values_list("unit", flat=True):
        found |= structure.under(unit_id)
    return found


@dataclass(frozen=True, slots=True)
class Week:
    """What a check found in a week: counts, which are nothing where too few people stand behind them."""

    week: dt.date
    count: int | None
    flagged: int | None

    @property
    def share(self) -> float | None:
        """The share that the check points at."""
        return self.flagged / self.count if self.count and self.flagged is not None else None


def weeks_of(check_ids: Sequence[int], unit_id: int, day: dt.date, *, is_own: bool) -> dict[int, list[Week]]:
    """What checks found in a unit, week by week; others than its own people see it two weeks later."""
    rows = CheckCount.objects.filter(check_row__in=check_ids, unit=unit_id)
    if not is_own:
        rows = rows.filter(open_on__lte=day)
    found: dict[int, list[Week]] = {}
    for row in rows.order_by("week"):
        week = Week(row.week, *((row.item_count, row.flagged_count) if row.is_shown else (None, None)))
        found.setdefault(row.check_row_id, []).append(week)
    return found


def checks_in(unit_ids: Sequence[int]) -> list[Check]:
    """The checks that are on and found something to look at in one of the units."""
    ids = CheckCount.objects.filter(unit__in=unit_ids).values("check_row")
    rows = Check.objects.filter(Q(pk__in=ids), on_since__isnull=False, archived_at=None)
    return list(
        rows.select_related("practice").prefetch_related("adaptations").order_by("practice__name", "id")
    )
