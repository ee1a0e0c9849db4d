"""Routes of the roadmap: what is wanted, raised, decided, undertaken, measured; written through the actions of the pages."""

from vertebra.roadmap.api import (
    bulk,
    cycles,
    decisions,
    initiatives,
    launches,
    objectives,
    results,
    topics,
    undertaking,
)
from vertebra.roadmap.api.routes import router

__all__ = [
    "bulk",
    "cycles",
    "decisions",
    "initiatives",
    "launches",
    "objectives",
    "results",
    "router",
    "topics",
    "undertaking",
]
