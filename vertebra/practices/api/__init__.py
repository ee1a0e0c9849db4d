"""Routes of ways of working."""

from vertebra.practices.api import routines
from vertebra.practices.api.routes import router

__all__ = ["router", "routines"]
