"""What a benchmark measures, beside what it should reach."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, value and unit, and the goal (None for a floor, or for information)."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    is_lower_better: bool = True

    @property
    def is_reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.is_lower_better else self.value >= self.goal
