"""Nouns of evidence: what was asked of people, and what came back without their names."""

from vertebra.evidence.models.asks import Ask
from vertebra.evidence.models.flow import (
    FlowFigure,
    FlowOpening,
    FlowRun,
    FlowTold,
    HandOverQuestion,
    HandOverTold,
    WorkPlace,
)
from vertebra.evidence.models.incidents import FollowUpAction, Incident, IncidentMoment, ProcessRework
from vertebra.evidence.models.surveys import Cell, Invitation, Question, Response, Result, Survey
from vertebra.evidence.models.themes import SurveyTable, Theme
from vertebra.evidence.models.trail import StatusMeaning, TrailVersion

__all__ = [
    "Ask",
    "Cell",
    "FlowFigure",
    "FlowOpening",
    "FlowRun",
    "FlowTold",
    "FollowUpAction",
    "HandOverQuestion",
    "HandOverTold",
    "Incident",
    "IncidentMoment",
    "Invitation",
    "ProcessRework",
    "Question",
    "Response",
    "Result",
    "StatusMeaning",
    "Survey",
    "SurveyTable",
    "Theme",
    "TrailVersion",
    "WorkPlace",
]
