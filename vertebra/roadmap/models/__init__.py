"""Nouns of the roadmap: what is put to the directors, what is undertaken, what came of it."""

from vertebra.roadmap.models.cycles import Cycle, CycleRoom, Ranking, Seat, TableTopic
from vertebra.roadmap.models.initiatives import (
    Initiative,
    Involvement,
    MonthlyWord,
    Revision,
    Risk,
    SharedRoadmap,
    WebLink,
    WordAsk,
)
from vertebra.roadmap.models.launches import (
    Feature,
    FeatureInMarket,
    GoNoGo,
    Launch,
    LaunchStep,
    Playbook,
    PlaybookStep,
    PlaybookVersion,
    ReadinessAsk,
)
from vertebra.roadmap.models.objectives import Objective
from vertebra.roadmap.models.projects import Count, Counter, Gate, Workstream
from vertebra.roadmap.models.reports import Report, ReportTemplate
from vertebra.roadmap.models.results import KeyResult, Result, RoleTime
from vertebra.roadmap.models.topics import Answer, Decision, Topic, Voice

__all__ = [
    "Answer",
    "Count",
    "Counter",
    "Cycle",
    "CycleRoom",
    "Decision",
    "Feature",
    "FeatureInMarket",
    "Gate",
    "GoNoGo",
    "Initiative",
    "Involvement",
    "KeyResult",
    "Launch",
    "LaunchStep",
    "MonthlyWord",
    "Objective",
    "Playbook",
    "PlaybookStep",
    "PlaybookVersion",
    "Ranking",
    "ReadinessAsk",
    "Report",
    "ReportTemplate",
    "Result",
    "Revision",
    "Risk",
    "RoleTime",
    "Seat",
    "SharedRoadmap",
    "TableTopic",
    "Topic",
    "Voice",
    "WebLink",
    "WordAsk",
    "Workstream",
]
