"""Nouns of discovery: listening, what hurts, and the audit that people recognise."""

from vertebra.discovery.models.audits import (
    Audit,
    AuditItem,
    AuditOpinion,
    AuditReading,
    AuditRoom,
    AuditVersion,
    FollowUp,
)
from vertebra.discovery.models.charters import Charter, HelpRequest
from vertebra.discovery.models.diagnoses import Diagnosis, StageOfFunction
from vertebra.discovery.models.interviews import (
    Campaign,
    Guide,
    Interview,
    NotesCopy,
    ToHear,
    Transcript,
    TranscriptPage,
    Verbatim,
)
from vertebra.discovery.models.pain_points import Evidence, HurtGroup, PainPoint, ReAsk
from vertebra.discovery.models.quick_wins import QuickWin
from vertebra.discovery.models.stances import Stance

__all__ = [
    "Audit",
    "AuditItem",
    "AuditOpinion",
    "AuditReading",
    "AuditRoom",
    "AuditVersion",
    "Campaign",
    "Charter",
    "Diagnosis",
    "Evidence",
    "FollowUp",
    "Guide",
    "HelpRequest",
    "HurtGroup",
    "Interview",
    "NotesCopy",
    "PainPoint",
    "QuickWin",
    "ReAsk",
    "StageOfFunction",
    "Stance",
    "ToHear",
    "Transcript",
    "TranscriptPage",
    "Verbatim",
]
