"""In which order pain points are put before people, by points that anyone can add up again."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

NAME, VERSION = "priority", 1
FOR_EACH_FUNCTION = 2
SEVERE = {1: Fraction(0), 2: Fraction(1, 4), 3: Fraction(1, 2)}
TRENDING = {"rising": Fraction(1, 10), "falling": Fraction(-1, 10)}


@dataclass(frozen=True, slots=True)
class Pain:
    """What is known of one pain point: distinct people and functions heard, severity from 1 to 3, trend."""

    id: int
    people: int
    functions: int
    severity: int
    trend: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The points of one pain point, and where each of them comes from."""

    id: int
    people: int
    functions: int
    severity: float
    trend: float

    @property
    def points(self) -> float:
        """All points together."""
        return round(self.people + self.functions + self.severity + self.trend, 2)


def weigh(pain: Pain) -> Weighed:
    """One point for each person; two for each function beyond the first; a share more for severity and trend."""
    return Weighed(
        id=pain.id,
        people=pain.people,
        functions=FOR_EACH_FUNCTION * max(0, pain.functions - 1),
        severity=float(pain.people * SEVERE.get(pain.severity, Fraction(0))),
        trend=float(pain.people * TRENDING.get(pain.trend, Fraction(0))),
    )


def ranked(pains: Iterable[Pain]) -> list[Weighed]:
    """Most points first; of equal points more people, then the oldest first."""
    return sorted((weigh(pain) for pain in pains), key=lambda one: (-one.points, -one.people, one.id))
