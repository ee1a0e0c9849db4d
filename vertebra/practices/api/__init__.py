"""Routes of ways of working, written through the actions of the pages."""

from vertebra.practices.api import adoption, checks, practices, routines
from vertebra.practices.api.routes import router

__all__ = ["adoption", "checks", "practices", "router", "routines"]
