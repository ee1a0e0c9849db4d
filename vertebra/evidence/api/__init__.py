"""Routes of evidence: what closed surveys say, incidents and what follows from them."""

from vertebra.evidence.api import incidents, surveys, work_places, writing
from vertebra.evidence.api.routes import router

__all__ = ["incidents", "router", "surveys", "work_places", "writing"]
