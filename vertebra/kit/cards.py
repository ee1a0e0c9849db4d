"""An object as other modules may name it: what it is, and where it opens."""

import datetime as dt
from dataclasses import dataclass


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
