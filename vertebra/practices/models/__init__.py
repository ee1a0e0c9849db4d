"""Nouns of ways of working: practices, their life and reach."""

from vertebra.practices.models.adoption import Adaptation, Adoption, AdoptionCard, ObservationDoubt
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
from vertebra.practices.models.routines import Meeting, MeetingDecision, Participant, Routine
from vertebra.practices.models.time import CeilingReason, HandOver, TimeCeiling

__all__ = [
    "Adaptation",
    "Adoption",
    "AdoptionCard",
    "CeilingReason",
    "Check",
    "CheckAdaptation",
    "CheckCount",
    "CheckScope",
    "CheckTrial",
    "CoAuthor",
    "Contribution",
    "HandOver",
    "Meeting",
    "MeetingDecision",
    "ObservationDoubt",
    "Participant",
    "Practice",
    "PracticeCost",
    "PracticeReach",
    "PracticeText",
    "PracticeValidation",
    "PracticeVersion",
    "Routine",
    "RuleSuggestion",
    "Template",
    "TimeCeiling",
    "Trial",
]
