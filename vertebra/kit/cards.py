"""An object as other modules may name it: what it is, and where it opens."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

# So many ids go into one question.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Card:
    """One object that the asking user may open."""

    kind: str
    id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Tie:
    """An object that comes just before or after another in the thread, as the module that knows both tells it."""

    kind: str
    id: int
    is_before: bool
    relation: str
    why: str
    since: dt.datetime


def cards_of(
    kind: str, ids: Sequence[int], names: Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
) -> dict[int, Card]:
    """A card for each of these objects for which `names` gives a title and an address."""
    found: dict[int, Card] = {}
    for start in range(0, len(ids), BATCH):
        for pk, (title, address) in names(ids[start : start + BATCH]).items():
            found[pk] = Card(str(kind), pk, title, address)
    return found
