"""Nouns of releases: what comes out, in whose words, to whom, and what came back."""

from vertebra.releases.models.audiences import Audience, ReleaseAudience
from vertebra.releases.models.awareness import Announcement, CheckCount, Receipt, Recipient, ReleaseCheck
from vertebra.releases.models.briefs import Brief, BriefQuestion
from vertebra.releases.models.consultations import (
    Consultation,
    ConsultationAnswer,
    ConsultationAsk,
    HeadsUp,
    HeadsUpTo,
    Relay,
)
from vertebra.releases.models.releases import (
    FreezeWindow,
    GoDecision,
    MovedDate,
    Readiness,
    Release,
    ReleaseMarket,
    Tier,
    Validation,
)

__all__ = [
    "Announcement",
    "Audience",
    "Brief",
    "BriefQuestion",
    "CheckCount",
    "Consultation",
    "ConsultationAnswer",
    "ConsultationAsk",
    "FreezeWindow",
    "GoDecision",
    "HeadsUp",
    "HeadsUpTo",
    "MovedDate",
    "Readiness",
    "Receipt",
    "Recipient",
    "Relay",
    "Release",
    "ReleaseAudience",
    "ReleaseCheck",
    "ReleaseMarket",
    "Tier",
    "Validation",
]
