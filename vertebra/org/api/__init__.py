"""Routes of the organisation: read as of any day, write through the same actions as the pages."""

from vertebra.org.api import findings, reading, records, writing
from vertebra.org.api.routes import router

__all__ = ["findings", "reading", "records", "router", "writing"]
