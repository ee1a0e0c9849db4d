"""Nouns of learning: lessons and their versions, whom they are given to, what was taken, paths."""

from vertebra.learning.models.lessons import Lesson, LessonText, LessonVersion
from vertebra.learning.models.paths import Path, PathStep
from vertebra.learning.models.taking import Assignment, Completion, Enrolment, StepDone

__all__ = [
    "Assignment",
    "Completion",
    "Enrolment",
    "Lesson",
    "LessonText",
    "LessonVersion",
    "Path",
    "PathStep",
    "StepDone",
]
