"""What was told of months, kept to compare with: signs of who is behind it, which say nothing of anybody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from vertebra.analysis.flow.beside import Shown
from vertebra.analysis.flow.changing import Said, and_now
from vertebra.analysis.flow.figures import DONE, UNDER_WAY, Before, Flow
from vertebra.analysis.flow.groups import HANDS, STANDINGS, Known
from vertebra.analysis.flow.periods import Period, week_number
from vertebra.analysis.flow.telling import Told
from vertebra.evidence.labels import FlowGrain
from vertebra.evidence.models import FlowFigure, FlowTold, HandOverQuestion, HandOverTold

_KEYS = ("unit_id", "area_id", "kind", "grain", "starts_on", "weeks", "first_at")
_OF_UNDER_WAY = ("under_way", "age_50", "age_85")


def before_now() -> Before:
    """What was told of each month, each time."""
    said: dict[tuple[str, Period], tuple[Said, ...]] = defaultdict(tuple)
    for one in FlowTold.objects.order_by("pk"):
        said[one.what, _month(one.starts_on, one.weeks)] += (_said(one),)
    return Before(said, _key())


def _key() -> bytes:
    return salted_hmac("vertebra.flow", "", algorithm="sha256").digest()


def _month(starts_on: dt.date, weeks: int) -> Period:
    return Period(week_number(starts_on), weeks)


def _said(row: FlowTold) -> Said:
    kinds = frozenset((group, kind) for group, kind in row.kinds)
    parts = {(week, path, kind, who): adds for week, path, kind, who, adds in row.parts}
    return Said(Told(frozenset(row.groups), kinds, row.is_by_week), parts)


def keep(said: Mapping[tuple[str, Period], Collection[Said]]) -> None:
    """Keep what is told now beside what was."""
    FlowTold.objects.all().delete()
    FlowTold.objects.bulk_create(
        [
            FlowTold(
                what=what, starts_on=month.starts_on, weeks=month.weeks, groups=sorted(one.told.groups),
                kinds=sorted(one.told.kinds), is_by_week=one.told.is_by_week,
                parts=[[*key, adds] for key, adds in one.parts.items()],
            )
            for (what, month), some in said.items()
            for one in some
        ],
        batch_size=50,
    )  # fmt: skip


def known_of(question: HandOverQuestion) -> Known:
    """What was told of hand-overs by the same fields before, whoever asked."""
    shown: dict[str, tuple[Shown, ...]] = {HANDS: (), STANDINGS: ()}
    for one in _told_of(question).order_by("pk"):
        parts = {(group, who): adds for group, who, adds in one.parts}
        shown[one.what] += (Shown(frozenset(one.groups), one.homes, parts),)
    return Known(shown[HANDS], shown[STANDINGS], _key())


def keep_known(question: HandOverQuestion, known: Known, shown: Mapping[str, Shown]) -> None:
    """Keep what is told of hand-overs now beside what was."""
    was = {HANDS: known.hands, STANDINGS: known.standings}
    for what, now in shown.items():
        _told_of(question).filter(what=what).delete()
        HandOverTold.objects.bulk_create(
            HandOverTold(
                source_id=question.source_id, field=question.field, steps=question.steps, what=what,
                groups=sorted(one.groups), homes=dict(one.homes), parts=[[*key, adds] for key, adds in one.parts.items()],
            )
            for one in and_now(was[what], now)
        )  # fmt: skip


def _told_of(question: HandOverQuestion) -> QuerySet[HandOverTold]:
    return HandOverTold.objects.filter(source=question.source_id, field=question.field, steps=question.steps)


def rows_that_stay(flow: Flow, groups: Collection[str]) -> list[FlowFigure]:
    """The figures of months that stay as they were told, as new rows; what is told anew is taken out of them."""
    stay: dict[str, set[int]] = {}
    for what, month in flow.kept:
        stay.setdefault(what, set()).update(range(month.number, month.number + month.weeks))
    found = []
    for row in FlowFigure.objects.filter(unit__in=[int(group[1:]) for group in groups]):
        week = week_number(row.starts_on)
        names = _names_of(row, [what for what, weeks in stay.items() if week in weeks])
        if names:
            held = {name: getattr(row, name) for name in (*_KEYS, *names)}
            found.append(FlowFigure(**held))
    return found


def _names_of(row: FlowFigure, kept: Collection[str]) -> list[str]:
    """The columns of a row that stay: those of what was finished, or of what was under way."""
    every = [one.attname for one in FlowFigure._meta.concrete_fields if one.attname not in (*_KEYS, "id")]
    names: list[str] = []
    if DONE in kept and row.finished is not None:
        names += [name for name in every if name not in _OF_UNDER_WAY]
    if UNDER_WAY in kept and row.under_way is not None and row.grain == FlowGrain.MONTH:
        names += _OF_UNDER_WAY
    return names
