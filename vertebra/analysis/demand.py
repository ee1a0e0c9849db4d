"""What is asked of a function against what it takes on: whether the queue grows, and whether to say so aloud."""

from collections.abc import Sequence
from dataclasses import dataclass

NAME, VERSION = "demand", 1
# Fewer requests than this over all periods say nothing.
FEWEST = 8
# How much more is asked than answered before it counts as a queue that grows.
GROWS = 1.2
# Of the periods looked at, how many must grow before a hand more is worth asking for.
LASTING = 2
SLOWER = 1.25


@dataclass(frozen=True, slots=True)
class Period:
    """One period: how many things were asked, taken on, refused, how many days half of them waited at most."""

    asked: int
    accepted: int
    refused: int
    lead_days: float | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """What follows: `hire`, `watch`, `enough` or `too_few`, with the figures it rests on."""

    code: str
    growing: int
    waiting: int
    is_slower: bool
    refused_share: float


def signal(periods: Sequence[Period], waiting: int) -> Signal:
    """Whether demand outgrows what is taken on, over the periods given (the oldest first)."""
    asked = sum(one.asked for one in periods)
    refused = sum(one.refused for one in periods)
    answered = sum(one.accepted + one.refused for one in periods)
    growing = sum(one.asked > GROWS * max(1, one.accepted) for one in periods[-3:])
    slower = _is_slower(periods)
    share = refused / answered if answered else 0.0
    if asked < FEWEST:
        code = "too_few"
    elif growing >= LASTING and (slower or share >= 1 / 3 or waiting >= asked / 3):
        code = "hire"
    elif growing >= 1 or slower:
        code = "watch"
    else:
        code = "enough"
    return Signal(code, growing, waiting, slower, share)


def _is_slower(periods: Sequence[Period]) -> bool:
    known = [one.lead_days for one in periods if one.lead_days is not None]
    return len(known) >= 2 and known[-1] > SLOWER * max(1.0, known[0])
