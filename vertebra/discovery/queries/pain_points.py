"""Pain points as each reader may know them: all for Product Ops; for others what is confirmed, and no small count."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Mod, TruncQuarter

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.discovery.labels import PAIN_SETTLED, PainState, Trend
from vertebra.discovery.models import Audit, AuditItem, HurtGroup, PainPoint
from vertebra.kit.text import fold

UNRANKED = 10_000
ALIKE = 130
# What one to four people weigh in a trend, however many they were.
FEW = 2
TREND_DAYS = dt.timedelta(days=91)
# What is worked on now; the others were settled or dismissed.
ACTIVE = (PainState.RAISED, PainState.CONFIRMED)
# Who is behind a piece of evidence: whoever was heard without being in the directory is known by the interview.
HEARD = Case(When(person__isnull=False, then=F("person_id")), default=-F("verbatim__interview_id"))


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


def with_order(rows: QuerySet[PainPoint], user: User) -> QuerySet[Any]:
    """The same with what one reader may sort by: `size_shown` and `seen_shown`.

    Outside Product Ops there is no order inside a step of five people, nor inside a quarter: who was heard on a day
    would be told by what came up in the list.
    """
    if may(user, Right.PRODUCT_OPS):
        return rows.annotate(size_shown=F("people_count"), seen_shown=F("latest_seen_on"))
    quarter = TruncQuarter("latest_seen_on", output_field=DateField())
    return rows.annotate(size_shown=_in_steps("people_count", 1), seen_shown=quarter)


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


def with_trend(rows: QuerySet[PainPoint]) -> QuerySet[Any]:
    """The same with `trend_rank`: 3 for rising, 2 for steady, 1 for falling, 0 for too few to tell."""
    now, then = _in_steps("recent_count", FEW), _in_steps("before_count", FEW)
    return rows.alias(in_four=now * 4, then_five=then * 5, then_three=then * 3).annotate(
        trend_rank=Case(
            When(recent_count__lt=FEWEST, before_count__lt=FEWEST, then=Value(0)),
            When(in_four__gt=F("then_five"), then=Value(3)),
            When(in_four__lt=F("then_three"), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )


TREND_RANKS = {Trend.TOO_FEW: 0, Trend.FALLING: 1, Trend.STEADY: 2, Trend.RISING: 3}


def hurting(rows: QuerySet[Any], user: User, wanted: Q) -> QuerySet[Any]:
    """Those that hurt a group; outside Product Ops, only groups of five people and more are known."""
    groups = HurtGroup.objects.filter(wanted)
    if not may(user, Right.PRODUCT_OPS):
        groups = groups.filter(people_count__gte=FEWEST)
    return rows.filter(pk__in=groups.values("pain_point"))


def known_groups(user: User, pain_point: PainPoint) -> list[HurtGroup]:
    """The groups that a pain point hurts, as far as one reader may know them."""
    rows = list(pain_point.groups.order_by("pk"))
    if may(user, Right.PRODUCT_OPS):
        return rows
    return [row for row in rows if row.people_count >= FEWEST]


def with_rank(rows: QuerySet[PainPoint]) -> QuerySet[Any]:
    """The same with `audit_rank`: their rank in the latest audit that was frozen, 10,000 when they are in none."""
    audit = Audit.objects.filter(frozen_at__isnull=False, archived_at__isnull=True).order_by("-number")
    rank = AuditItem.objects.filter(audit=Subquery(audit.values("pk")[:1]), pain_point=OuterRef("pk"))
    return rows.annotate(audit_rank=Coalesce(Subquery(rank.values("rank")[:1]), Value(UNRANKED)))


def alike(title: str, rows: Iterable[PainPoint], limit: int = 5) -> list[PainPoint]:
    """Of these, the pain points said in words like this title."""
    from rapidfuzz import fuzz, process

    wanted = fold(title)
    if len(wanted) < 4:
        return []
    known = {row.pk: row for row in rows}
    texts = {pk: fold(row.title) for pk, row in known.items()}
    near = process.extract(wanted, texts, scorer=fuzz.token_set_ratio, score_cutoff=55, limit=40)
    scored = sorted(
        ((score + fuzz.WRatio(wanted, texts[pk]), -pk) for _text, score, pk in near), reverse=True
    )
    return [known[-pk] for score, pk in scored if score >= ALIKE][:limit]


def came_back(pain_point: PainPoint) -> bool:
    """Whether it was settled or dismissed once, and hurts again."""
    return pain_point.settled_on is not None and pain_point.state not in PAIN_SETTLED
