"""Nouns of ways of working: practices, their life and reach."""

from vertebra.practices.models.life import (
    CoAuthor,
    Contribution,
    PracticeReach,
    PracticeValidation,
    Trial,
)
from vertebra.practices.models.practices import (
    Practice,
    PracticeCost,
    PracticeText,
    PracticeVersion,
    Template,
)

__all__ = [
    "CoAuthor",
    "Contribution",
    "Practice",
    "PracticeCost",
    "PracticeReach",
    "PracticeText",
    "PracticeValidation",
    "PracticeVersion",
    "Template",
    "Trial",
]
