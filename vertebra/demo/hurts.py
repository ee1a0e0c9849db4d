"""What truly hurts whom in the company, and how much on a day: what people say and answer follows from it alone."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from vertebra.demo import content
from vertebra.demo.timeline import months_before

PRODUCT_SIDE = ("product", "design", "engineering", "data", "quality", "research")
SPREAD = 0.16
GROWTH_MONTHS = 6
BESIDE = 0.5


@dataclass(frozen=True)
class Hurt:
    """Something that hurts some functions, from a day on, and less after each relief."""

    key: str
    title: str
    description: str
    field: int
    severity: int
    says: dict[str, list[str]]
    base: float
    starts_on: dt.date
    reliefs: tuple[tuple[dt.date, float], ...]

    def level(self, function: str, day: dt.date) -> float:
        """How much it hurts somebody of that function on that day, from 0 to 1."""
        if function not in self.says or day < self.starts_on:
            return 0.0
        grown = min(1.0, 0.4 + 0.6 * (day - self.starts_on).days / (30 * GROWTH_MONTHS))
        level = self.base * grown
        for since, factor in self.reliefs:
            level *= factor if since <= day else 1.0
        return level

    def seen(self, function: str, day: dt.date) -> float:
        """The same, or half as much as where it hurts most for whoever sees it hurt others."""
        return self.level(function, day) or BESIDE * max(self.level(other, day) for other in self.says)

    def felt(self, function: str, day: dt.date, chance: random.Random) -> float:
        """How much one person of that function feels it: not everybody is hurt alike."""
        level = self.level(function, day)
        return (
            min(1.0, max(0.0, chance.gauss(level, SPREAD))) if level else max(0.0, chance.gauss(0.08, 0.08))
        )


def hurts(until: dt.date) -> list[Hurt]:
    """Everything that hurts, over the three years that end on a day."""
    return [
        Hurt(
            key=sheet["key"],
            title=sheet["title"],
            description=sheet["description"],
            field=sheet["field"],
            severity=sheet["severity"],
            says=sheet["says"],
            base=sheet["base"],
            starts_on=months_before(until, sheet["ago"]),
            reliefs=tuple((months_before(until, ago), factor) for ago, factor in sheet["relief"]),
        )
        for sheet in content.listening()["hurt"]
    ]


def weight_on(hurts: Sequence[Hurt], function: str, day: dt.date, chance: random.Random) -> float:
    """How heavy work feels to one person, what hurts most taken together, from 0 to 1."""
    felt = sorted((hurt.felt(function, day, chance) for hurt in hurts), reverse=True)[:4]
    return sum(felt) / len(felt)
