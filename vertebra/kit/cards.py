"""An object as other modules may name it: what it is, and where it opens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """One object that the asking user may open."""

    kind: str
    id: int
    title: str
    url: str
