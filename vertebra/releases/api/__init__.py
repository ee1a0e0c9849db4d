"""Routes of releases: what comes out, in whose words, to whom it was told, what came of asking champions."""

from vertebra.releases.api import announcements, audiences, briefs, bulk, consultations, releases
from vertebra.releases.api.routes import router

__all__ = ["announcements", "audiences", "briefs", "bulk", "consultations", "releases", "router"]
