"""Nouns of ways of working: practices, their life and reach."""

from vertebra.practices.models.checks import (
    Check,
    CheckAdaptation,
    CheckCount,
    CheckScope,
    CheckTrial,
    RuleSuggestion,
)
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
    "Check",
    "CheckAdaptation",
    "CheckCount",
    "CheckScope",
    "CheckTrial",
    "CoAuthor",
    "Contribution",
    "Practice",
    "PracticeCost",
    "PracticeReach",
    "PracticeText",
    "PracticeValidation",
    "PracticeVersion",
    "RuleSuggestion",
    "Template",
    "Trial",
]
