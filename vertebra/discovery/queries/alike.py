"""Pain points that words may speak of: by what is typed, else by the words that they share."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.pain_points import current
from vertebra.kit.text import fold, tokens

MOST = 7
# What most words of one family share in French and in English.
STEM = 5
SHORTEST = 4
_NUMBER = re.compile(r"#(\d{1,18})\s*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pain point that exists, and how many people were heard about it."""

    id: int
    title: str
    people_count: int
    is_alike: bool


def suggested(text: str, typed: str = "") -> list[Suggestion]:
    """What somebody may mean: titles with every word typed; before they type, those alike, then the most heard."""
    rows = current().order_by("-people_count", "-pk").values_list("pk", "title", "people_count")
    wanted = fold(typed).split()
    if wanted:
        found = [row for row in rows if all(word in fold(row[1]) for word in wanted)]
        return [Suggestion(*row, is_alike=False) for row in found[:MOST]]
    said = _stems(text)
    scored = [(len(said & _stems(title)), pk, title, people) for pk, title, people in rows]
    alike = sorted((one for one in scored if one[0]), key=lambda one: -one[0])[:MOST]
    most = [one for one in scored if not one[0]][: MOST - len(alike)]
    return [Suggestion(pk, title, people, score > 0) for score, pk, title, people in [*alike, *most]]


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in tokens(text[:2000]) if len(word) >= SHORTEST}


def meant(typed: str) -> PainPoint | None:
    """The pain point that has exactly this title, whatever its accents and capitals, or ends in its number."""
    rows: QuerySet[PainPoint, Any] = current()
    if number := _NUMBER.search(typed):
        return rows.filter(pk=int(number[1])).first()
    wanted = fold(typed)
    same = (pk for pk, title in rows.order_by("pk").values_list("pk", "title") if fold(title) == wanted)
    pk = next(same, None) if wanted else None
    return rows.filter(pk=pk).first() if pk else None
