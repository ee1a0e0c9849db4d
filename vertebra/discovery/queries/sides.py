"""The sides of a pain point: who speaks of it, what each function says of it, quarter by quarter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import in_steps
from vertebra.discovery.models import Evidence
from vertebra.discovery.queries.pain_points import HEARD
from vertebra.discovery.queries.voices import Voice, quarter_of, voices
from vertebra.org.labels import Function
from vertebra.org.queries.remembered import remembered

# The function that may be told of who said it: settled when a verbatim is written, else what the evidence says.
TOLD = Coalesce("verbatim__shown_function", "function", output_field=CharField())
SHOWN = 4
QUARTERS = 8


@dataclass(frozen=True, slots=True)
class Side:
    """One function that speaks of a pain point: how many people, `None` for fewer than five."""

    function: str
    label: str
    people: int | None


@dataclass(frozen=True, slots=True)
class Quarter:
    """How many people spoke of a pain point in a quarter, `None` for fewer than five."""

    starts_on: dt.date
    people: int | None

    @property
    def label(self) -> str:
        """The quarter in words."""
        day = self.starts_on
        return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}


@dataclass(frozen=True, slots=True)
class Said:
    """One piece of evidence as it may be shown: with the voice that may be told of it."""

    evidence: Evidence
    voice: Voice | None

    @property
    def is_hidden(self) -> bool:
        """Whether the words may not be shown."""
        return self.voice is not None and self.voice.is_hidden


def live(pain_points: Sequence[int]) -> QuerySet[Evidence]:
    """What shows these pain points now."""
    return Evidence.objects.filter(pain_point__in=pain_points, ended_at__isnull=True)


@remembered
def spoken_of(pain_point: int) -> tuple[dict[str, int], dict[dt.date, int]]:
    """How many people speak of a pain point, by the function that may be told and by quarter: read once for both."""
    rows = live([pain_point]).order_by().annotate(heard=HEARD, told=TOLD).filter(heard__isnull=False)
    functions: dict[str, set[int]] = defaultdict(set)
    quarters: dict[dt.date, set[int]] = defaultdict(set)
    for function, day, heard in rows.values_list("told", "seen_on", "heard"):
        functions[function].add(heard)
        quarters[quarter_of(day)].add(heard)
    counted = {function: len(people) for function, people in functions.items()}
    return counted, {quarter: len(people) for quarter, people in quarters.items()}


def sides_of(counted: Mapping[str, int], user: User) -> list[Side]:
    """The functions that speak of a pain point, the most people first; who is told of by no function comes last."""
    is_exact = may(user, Right.PRODUCT_OPS)
    found = [
        Side(function, str(Function(function).label) if function in Function.values else _("Others"), people)
        for function, people in counted.items()
    ]
    found.sort(key=lambda side: (side.function == "", -(side.people or 0), side.label))
    if is_exact:
        return found
    # Outside Product Ops the order of small ones would tell their counts.
    stepped = [Side(side.function, side.label, in_steps(side.people or 0)) for side in found]
    return sorted(stepped, key=lambda side: (side.function == "", -(side.people or 0), side.label))


def quarters_of(counted: Mapping[dt.date, int], user: User, day: dt.date) -> list[Quarter]:
    """How many people spoke of a pain point in each of the last eight quarters, from the first that anybody did."""
    if not counted:
        return []
    is_exact = may(user, Right.PRODUCT_OPS)
    latest = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    shown = [_before(latest, back) for back in range(QUARTERS)][::-1]
    shown = [quarter for quarter in shown if quarter >= min(counted)]
    return [
        Quarter(quarter, counted.get(quarter, 0) if is_exact else in_steps(counted.get(quarter, 0)))
        for quarter in shown
    ]


def _before(quarter: dt.date, back: int) -> dt.date:
    year, at = divmod(quarter.year * 4 + (quarter.month - 1) // 3 - back, 4)
    return dt.date(year, at * 3 + 1, 1)


def said_by(pain_point: int, functions: Sequence[str]) -> dict[str, list[Evidence]]:
    """The latest words of each of these functions about a pain point that may be shown, in one query."""
    wanted = _latest(pain_point)
    ids = [pk for function in functions for pk in wanted.get(function, ())]
    # Asked again whether they may be shown: what was taken back this minute is not.
    rows = live([pain_point]).filter(_quotable(), pk__in=ids).select_related("verbatim__interview")
    found = rows.in_bulk()
    return {function: [found[pk] for pk in wanted.get(function, ()) if pk in found] for function in functions}


@remembered
def _latest(pain_point: int) -> dict[str, list[int]]:
    """The latest evidence in words of each function that may be told, the latest first."""
    rows = live([pain_point]).filter(_quotable(), verbatim__isnull=False).annotate(told=TOLD)
    found: dict[str, list[int]] = defaultdict(list)
    for function, pk in rows.order_by("-seen_on", "-pk").values_list("told", "pk"):
        if len(found[function]) < SHOWN:
            found[function].append(pk)
    return found


def _quotable() -> Q:
    agreed = Q(verbatim__interview__isnull=True) | Q(verbatim__interview__consent="given")
    return agreed & Q(verbatim__withdrawn_at__isnull=True)


def with_voices(rows: Sequence[Evidence], day: dt.date) -> list[Said]:
    """Pieces of evidence with what may be told of who said them."""
    told = voices([row.verbatim for row in rows if row.verbatim is not None], day)
    return [Said(row, told.get(row.verbatim_id) if row.verbatim_id else None) for row in rows]
