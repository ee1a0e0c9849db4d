"""Nouns of ways of working: practices, their life and reach."""

from vertebra.practices.models.adoption import Adaptation, Adoption, AdoptionCard, ObservationDoubt
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
    "Adaptation",
    "Adoption",
    "AdoptionCard",
    "CoAuthor",
    "Contribution",
    "ObservationDoubt",
    "Practice",
    "PracticeCost",
    "PracticeReach",
    "PracticeText",
    "PracticeValidation",
    "PracticeVersion",
    "Template",
    "Trial",
]
