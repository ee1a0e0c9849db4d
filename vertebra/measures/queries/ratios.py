"""Ratios as the directory tells them: on any day, month by month, and ahead with the hiring plan."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.analysis import ratios as analysis
from vertebra.analysis.ratios import Expected, Point, Spell
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.labels.plans import MANAGERS, ONE_OF, PEOPLE_OF, REPORTS, SALES_AND_SUPPORT
from vertebra.measures.models import Measurement, PlannedHire, RatioRule
from vertebra.measures.queries.figures import plain
from vertebra.measures.queries.periods import next_period
from vertebra.measures.queries.series import Series, known
from vertebra.org.labels import Function
from vertebra.org.models import Membership, Person
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure

MONTHS = 36
AHEAD = 12


def rules() -> list[RatioRule]:
    """The ratios that the company watches."""
    return list(RatioRule.objects.filter(archived_at__isnull=True).select_related("metric"))


@remembered
def counts_on(day: dt.date, *, with_managers: bool = True) -> dict[str, int]:
    """How many people of each function there are on a day, how many have a manager, how many are one."""
    gone = Q(person__left_on__lte=day)
    rows = Membership.objects.as_of(day).exclude(gone).values("function")
    found = dict(rows.annotate(people=Count("person", distinct=True)).values_list("function", "people"))
    if with_managers:
        people = Person.objects.present_on(day).filter(archived_at__isnull=True, manager__isnull=False)
        found |= people.aggregate(**{REPORTS: Count("pk"), MANAGERS: Count("manager", distinct=True)})
    return found


def month_ends(today: dt.date, months: int = MONTHS) -> list[tuple[dt.date, dt.date]]:
    """Each month so far, with the day for which it is counted: its last, or today."""
    first = next_period(today.replace(day=1), Grain.MONTH, 1 - months)
    starts = [next_period(first, Grain.MONTH, number) for number in range(months)]
    return [(start, min(next_period(start, Grain.MONTH) - dt.timedelta(days=1), today)) for start in starts]


def spells(today: dt.date, since: dt.date) -> Iterable[Spell]:
    """Who worked in which function, and in which part of the company, from a day on."""
    part_of = parts(today)
    rows = Membership.objects.all_time().filter(starts_on__lte=today)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=since))
    values = rows.values_list("person", "function", "starts_on", "ends_on", "unit", "person__left_on")
    for person, function, starts_on, ends_on, unit, left_on in values.iterator(5000):
        end = min((day for day in (ends_on, left_on) if day), default=None)
        yield Spell(person, function, starts_on, end, part_of.get(unit, ""))


def parts(today: dt.date) -> dict[int, str]:
    """The name of the large part of the company in which each unit stands: the first level that has several."""
    structure = Structure.as_of(today, with_members=False)
    level = structure.roots
    while len(level) == 1 and level[0].children:
        level = level[0].children
    return {pk: node.name for node in level for pk in structure.under(node.id)}


def expected(today: dt.date) -> list[Expected]:
    """Who is expected from now on."""
    rows = PlannedHire.objects.filter(archived_at__isnull=True, on__gt=today).order_by("on")
    return [Expected(*row) for row in rows.values_list("on", "function", "count")]


def months_ahead(today: dt.date, months: int = AHEAD) -> list[dt.date]:
    """The first days of the months to come."""
    return [next_period(today.replace(day=1), Grain.MONTH, number) for number in range(1, months + 1)]


def history(found: Iterable[RatioRule], since: dt.date) -> dict[int, dict[str, Series]]:
    """What was recorded of each ratio, by its metric and by part, in one question."""
    ids = [rule.metric_id for rule in found if rule.metric_id]
    rows = Measurement.objects.filter(known(), metric__in=ids, on__gte=since)
    told: dict[int, dict[str, Series]] = {pk: {} for pk in ids}
    for pk, part, on, value in rows.order_by("on").values_list("metric_id", "part", "on", "value"):
        told[pk].setdefault(part, []).append((on, value))
    return told


@dataclass(frozen=True, slots=True)
class Told:
    """One ratio: today, ahead, and when it becomes too many."""

    rule: RatioRule
    today: Point
    ahead: Sequence[Point]
    crosses_on: dt.date | None

    @property
    def last(self) -> Point:
        """The furthest day on which something changes."""
        moved = [one for one in self.ahead if one.value != self.today.value]
        if not moved:
            return self.today
        # The first day of what it comes to: nothing changes after it.
        end = self.ahead[-1].value
        return next(one for one in self.ahead if one.on >= moved[0].on and one.value == end)

    @property
    def is_above(self) -> bool:
        """Whether there are too many today."""
        value, threshold = self.today.value, self.rule.threshold
        return value is not None and threshold is not None and value > threshold

    @property
    def change(self) -> float:
        """How many times more there will be (1: as many)."""
        now, then = self.today.value, self.last.value
        return then / now if now and then else 1.0


def told(
    found: Iterable[RatioRule], counts: Mapping[str, int], plan: list[Expected], today: dt.date
) -> list[Told]:
    """Each ratio on a day, and ahead with the hiring plan."""
    days = months_ahead(today)
    made = []
    for rule in found:
        later = analysis.ahead(counts, plan, days, rule.many, rule.one)
        now = analysis.point(today, counts, rule.many, rule.one)
        made.append(Told(rule, now, later, analysis.crosses(later, rule.threshold)))
    return made


def sentence(one: Told, *, is_past: bool = False) -> str:
    """A ratio as people say it: for how many there is one today, and for how many later."""
    now, then = one.today.value, one.last.value
    words = {"one": _one_of(one.rule.one), "many": _many_of(one.rule.many)}
    if is_past and now is not None:
        return _("%(one)s for %(now)s %(many)s on that day.") % {**words, "now": _said(now)}
    if now is None:
        return _("Nobody for %(count)s %(many)s today (%(name)s).") % {
            "count": one.today.many, "many": words["many"], "name": one.rule.name,
        }  # fmt: skip
    if then is None or one.last is one.today:
        return _("%(one)s for %(now)s %(many)s today.") % {**words, "now": _said(now)}
    return _("%(one)s for %(now)s %(many)s today, one for %(then)s in %(month)s.") % {
        **words, "now": _said(now), "then": _said(then),
        "month": formats.date_format(one.last.on, "YEAR_MONTH_FORMAT"),
    }  # fmt: skip


def _said(value: float) -> str:
    return plain(round(value, 1) if value < 10 else round(value))


def _one_of(names: Sequence[str]) -> str:
    if len(names) == 1 and names[0] in ONE_OF:
        return str(ONE_OF[names[0]])
    return _("One person of %(functions)s") % {"functions": _functions(names)}


def _many_of(names: Sequence[str]) -> str:
    if set(names) == {Function.SALES, Function.SUPPORT}:
        return str(SALES_AND_SUPPORT)
    if len(names) == 1 and names[0] in PEOPLE_OF:
        return str(PEOPLE_OF[names[0]])
    return _("people of %(functions)s") % {"functions": _functions(names)}


def _functions(names: Sequence[str]) -> str:
    return ", ".join(
        str(Function(name).label if name in Function.values else PEOPLE_OF.get(name, name)) for name in names
    )
