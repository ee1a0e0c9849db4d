"""What colours the map: the main function of each unit, the markets it serves, the seats that are vacant."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Q
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vertebra.org.labels import ACTIVE, Function, GapRule
from vertebra.org.models import EmptySpace, Gap, Market, Membership, Ownership
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure
from vertebra.org.queries.trees import walk

# The data palette has eight hues; the seventh is grey and says "none of these".
HUES = (1, 2, 3, 4, 5, 6, 8)
NONE = 7
T = TypeVar("T")
VACANCIES = (
    GapRule.TEAM_WITHOUT_PM,
    GapRule.TEAM_WITHOUT_DESIGNER,
    GapRule.TEAM_WITHOUT_LEAD,
    GapRule.HOLDER_UNKNOWN,
    GapRule.HOLDER_LEFT,
    GapRule.TRIFORCE_SEAT_VACANT,
)


@dataclass(frozen=True, slots=True)
class Shade:
    """The hue of one unit, and the words that say the same."""

    hue: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The shade of each unit, and what each hue means."""

    shades: dict[int, Shade]
    legend: list[Shade]


def by_function(structure: Structure) -> Colours:
    """Colour each unit by the function that most of its people have, those of its inner units included."""
    return _by_function(structure.day, get_language())


@remembered
def _by_function(day: dt.date, _language: str | None) -> Colours:
    structure = Structure.as_of(day)
    rows = Membership.objects.as_of(structure.day).values("unit", "function").annotate(people=Count("id"))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for unit, function, people in rows.values_list("unit", "function", "people"):
        counts[unit][function] += people
        total[function] += people
    for node in reversed(list(walk(structure.roots))):
        for child in node.children:
            counts[node.id].update(counts[child.id])
    hues = _hues([function for function, _people in total.most_common()])
    shades = {}
    for unit in structure.nodes:
        if counts[unit]:
            function = max(counts[unit], key=lambda each: (counts[unit][each], each))
            shades[unit] = Shade(hues.get(function, NONE), str(Function(function).label))
    legend = [Shade(hue, str(Function(function).label)) for function, hue in hues.items()]
    return Colours(shades, _with_rest(legend, _("another function, or nobody yet")))


def by_market(structure: Structure) -> Colours:
    """Colour each unit by the market that it, or a unit inside, takes care of."""
    day = structure.day
    rows = Ownership.objects.as_of(day).filter(market__isnull=False).values_list("unit_id", "market_id")
    markets: dict[int, set[int]] = defaultdict(set)
    total: Counter[int] = Counter()
    for unit, market in rows:
        markets[unit].add(market)
        total[market] += 1
    for node in reversed(list(walk(structure.roots))):
        for child in node.children:
            markets[node.id] |= markets[child.id]
    names = dict(Market.objects.filter(pk__in=total).values_list("pk", "name"))
    several = _("several markets")
    hues = _hues([market for market, _units in total.most_common()], HUES[:-1])
    shades = {}
    for unit in structure.nodes:
        if len(markets[unit]) == 1:
            market = next(iter(markets[unit]))
            shades[unit] = Shade(hues.get(market, NONE), names[market])
        elif markets[unit]:
            shades[unit] = Shade(HUES[-1], several)
    legend = [Shade(hue, names[market]) for market, hue in hues.items()]
    if any(shade.words == several for shade in shades.values()):
        legend.append(Shade(HUES[-1], several))
    return Colours(shades, _with_rest(legend, _("another market, or none")))


def by_vacancy(structure: Structure) -> Colours:
    """Colour each unit by how many seats are vacant in it and inside it."""
    day = structure.day
    gaps = Gap.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=day),
        rule__in=VACANCIES,
        first_seen_on__lte=day,
        unit__isnull=False,
    )
    vacant: Counter[int] = Counter()
    for unit, seats in gaps.values("unit").annotate(seats=Count("id")).values_list("unit", "seats"):
        vacant[unit] = seats
    for node in reversed(list(walk(structure.roots))):
        vacant[node.id] += sum(vacant[child.id] for child in node.children)
    shades = {}
    for node in structure.nodes.values():
        if seats := vacant[node.id]:
            words = ngettext("%(count)d seat vacant", "%(count)d seats vacant", seats) % {"count": seats}
            shades[node.id] = Shade(8 if seats > 1 else 3, words)
        elif node.kind.is_team or node.children:
            shades[node.id] = Shade(2, _("no seat vacant"))
    legend = [
        Shade(2, _("no seat vacant")),
        Shade(3, _("one seat vacant")),
        Shade(8, _("two or more")),
    ]
    return Colours(shades, _with_rest(legend, _("no seats expected")))


def lacks() -> dict[str, int]:
    """How many empty spaces are open and how many seats vacant today."""
    return {
        "spaces": EmptySpace.objects.filter(state__in=ACTIVE, archived_at__isnull=True).count(),
        "vacancies": Gap.objects.filter(ended_on__isnull=True, rule__in=VACANCIES).count(),
    }


def _hues(ranked: list[T], hues: tuple[int, ...] = HUES) -> dict[T, int]:
    return dict(zip(ranked, hues, strict=False))


def _with_rest(legend: list[Shade], words: str) -> list[Shade]:
    return [*legend, Shade(NONE, words)] if legend else legend


COLOURS: dict[str, Callable[[Structure], Colours]] = {
    "function": by_function,
    "market": by_market,
    "vacancy": by_vacancy,
}
