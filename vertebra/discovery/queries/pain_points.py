"""Pain points as each reader may know them: all for Product Ops; for others what is confirmed, and no small count."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Mod

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import FEWEST, shown
from vertebra.discovery.labels import PAIN_SETTLED, PainState, Trend
from vertebra.discovery.models import PainPoint

# What one to four people weigh in a trend, however many they were.
FEW = 2
TREND_DAYS = dt.timedelta(days=91)
# What is worked on now; the others were settled or dismissed.
ACTIVE = (PainState.RAISED, PainState.CONFIRMED)


def current() -> QuerySet[PainPoint]:
    """Every pain point but those merged into another."""
    return PainPoint.objects.filter(archived_at__isnull=True)


def open_to(user: User) -> QuerySet[PainPoint]:
    """The pain points that somebody may open: all for Product Ops, for others those once confirmed or answered.

    What came back after it was settled or dismissed stays readable by those who had read it.
    """
    if may(user, Right.PRODUCT_OPS):
        return current()
    if not may(user, Right.READ):
        return PainPoint.objects.none()
    return current().filter(~Q(state=PainState.RAISED) | Q(settled_on__isnull=False))


def parents_now() -> dict[int, int]:
    """What each pain point that is part of another is part of."""
    rows = current().filter(parent__isnull=False)
    return dict(rows.values_list("pk", "parent_id"))


def above(pk: int, parents: dict[int, int]) -> list[int]:
    """The pain points that one is part of, the nearest first."""
    found: list[int] = []
    while (up := parents.get(pk)) and up not in found:
        found.append(up)
        pk = up
    return found


def below(pk: int, parents: dict[int, int]) -> list[int]:
    """Every pain point that is part of one, at any depth."""
    children: dict[int, list[int]] = defaultdict(list)
    for child, parent in parents.items():
        children[parent].append(child)
    found: list[int] = []
    waiting = [pk]
    while waiting:
        for child in children.pop(waiting.pop(), ()):
            found.append(child)
            waiting.append(child)
    return found


@dataclass(frozen=True, slots=True)
class Size:
    """How many were heard, as one reader may know it: `None` stands for fewer than five."""

    people: int | None
    teams: int | None
    functions: int | None
    is_exact: bool


def size_for(user: User, pain_point: PainPoint) -> Size:
    """The size of a pain point: exact for Product Ops; for others in steps of five, and nothing under five.

    In steps, because two exact counts of different days would say what one person did between them.
    """
    counts = (pain_point.people_count, pain_point.team_count, pain_point.function_count)
    if may(user, Right.PRODUCT_OPS):
        return Size(*counts, is_exact=True)
    people, teams, functions = (in_steps(count) for count in counts)
    if people is None:
        teams = functions = None
    return Size(people, teams, functions, is_exact=False)


def in_steps(count: int) -> int | None:
    """A count as readers may know it: rounded down to a multiple of five; nothing for one to four."""
    known = shown(count)
    return None if known is None else known - known % FEWEST


def with_steps(rows: QuerySet[PainPoint]) -> QuerySet[PainPoint]:
    """The same with `size_shown`, by which those outside Product Ops sort: no order inside a step."""
    return rows.annotate(size_shown=_in_steps("people_count", 1))


def _in_steps(column: str, few: int) -> Case:
    """A count in steps of five, with the same number for one to four."""
    step = F(column) - Mod(F(column), Value(FEWEST))
    return Case(
        When(**{f"{column}__range": (1, FEWEST - 1)}, then=Value(few)),
        default=step,
        output_field=IntegerField(),
    )


def trend_of(recent: int, before: int) -> Trend:
    """Whether more people speak of it than a quarter ago: from counts in steps, so that it tells no small one."""
    if max(recent, before) < FEWEST:
        return Trend.TOO_FEW
    now, then = ((in_steps(count) if in_steps(count) is not None else FEW) or 0 for count in (recent, before))
    if now * 4 > then * 5:
        return Trend.RISING
    return Trend.FALLING if now * 4 < then * 3 else Trend.STEADY


def with_trend(rows: QuerySet[PainPoint], trend: str) -> QuerySet[PainPoint]:
    """Those whose trend is this one."""
    few = Q(recent_count__lt=FEWEST, before_count__lt=FEWEST)
    if trend == Trend.TOO_FEW:
        return rows.filter(few)
    known = rows.exclude(few).alias(
        now_of_four=_in_steps("recent_count", FEW) * 4,
        then_of_five=_in_steps("before_count", FEW) * 5,
        then_of_three=_in_steps("before_count", FEW) * 3,
    )
    if trend == Trend.RISING:
        return known.filter(now_of_four__gt=F("then_of_five"))
    if trend == Trend.FALLING:
        return known.filter(now_of_four__lt=F("then_of_three"))
    return known.filter(now_of_four__lte=F("then_of_five"), now_of_four__gte=F("then_of_three"))


def came_back(pain_point: PainPoint) -> bool:
    """Whether it was settled or dismissed once, and hurts again."""
    return pain_point.settled_on is not None and pain_point.state not in PAIN_SETTLED
