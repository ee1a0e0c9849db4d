"""The table as a director ranks it: each topic as it was frozen, what they picked, what another device made."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext

from vertebra.analysis.lenses import score
from vertebra.roadmap.models import Cycle, Ranking, Seat
from vertebra.roadmap.queries.topics import Side, Weight, weight_shown


@dataclass(frozen=True, slots=True)
class ScoreField:
    """One figure that a director may give beside the ranking."""

    name: str
    label: str
    value: float | None


@dataclass(slots=True)
class Card:
    """One topic of the table, with what shows it and for which sides."""

    id: int
    title: str
    description: str
    language: str
    objective: str
    weight: Weight
    sides: list[Side]
    effort_days: int | None
    is_quick_win: bool
    scores: list[ScoreField] = field(default_factory=list)
    total: float | None = None

    @property
    def sides_words(self) -> str:
        """Who speaks of it, in one line."""
        return ", ".join(side.label for side in self.sides[:5])

    @property
    def days_words(self) -> str:
        """How long it would take."""
        if self.effort_days is None:
            return ""
        said = ngettext("about %(count)d day", "about %(count)d days", self.effort_days)
        return said % {"count": self.effort_days}


@dataclass(frozen=True, slots=True)
class Aside:
    """The order that another device made: when, and what it says."""

    at: dt.datetime | None
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Board:
    """What the ranking page shows: what is picked, in order, and what is left on the table."""

    picked: list[Card]
    left: list[Card]
    most: int
    revision: int
    is_done: bool
    saved_at: dt.datetime | None
    aside: Aside | None

    @property
    def is_full(self) -> bool:
        """Whether as many are picked as one may."""
        return len(self.picked) >= self.most


def board_of(cycle: Cycle, seat: Seat, parts: dict[str, Any]) -> Board:
    """The table of a cycle with what one seat picked: two queries."""
    ranking = Ranking.objects.filter(seat=seat).first()
    scores = ranking.scores if ranking else {}
    rows = cycle.table.select_related("topic__objective").order_by("position", "pk")
    cards = {row.topic_id: _card(row, scores.get(str(row.topic_id), {}), parts, cycle.lens) for row in rows}
    order = _known(ranking.order if ranking else [], cards)
    aside = None
    if ranking and ranking.aside:
        at = parse_datetime(str(ranking.aside.get("at", "")))
        aside = Aside(at, [cards[pk] for pk in _known(ranking.aside.get("order", []), cards)])
    return Board(
        picked=[cards[pk] for pk in order],
        left=[card for pk, card in cards.items() if pk not in order],
        most=min(cycle.picks, len(cards)),
        revision=ranking.revision if ranking else 0,
        is_done=ranking is not None and ranking.done_at is not None,
        saved_at=ranking.cast_at if ranking else None,
        aside=aside,
    )


def _known(order: Sequence[Any], cards: dict[int, Card]) -> list[int]:
    return [pk for pk in order if isinstance(pk, int) and pk in cards]


def _card(row: Any, given: dict[str, float], parts: dict[str, Any], lens: str) -> Card:
    topic, shown = row.topic, row.shown
    return Card(
        id=topic.pk,
        title=shown.get("title") or topic.title,
        description=shown.get("description", topic.description),
        language=topic.language,
        objective=topic.objective.title if topic.objective else "",
        weight=weight_shown(shown),
        sides=[Side(function, people) for function, people in shown.get("sides", [])],
        effort_days=shown.get("effort_days", topic.effort_days),
        is_quick_win=bool(shown.get("is_quick_win", topic.is_quick_win)),
        scores=[ScoreField(name, str(label), given.get(name)) for name, label in parts.items()],
        total=score(lens, given) if lens and given else None,
    )
