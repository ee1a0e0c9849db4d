"""Routes of ways of working."""

from vertebra.practices.api import adoption, routines
from vertebra.practices.api.routes import router

__all__ = ["adoption", "router", "routines"]
