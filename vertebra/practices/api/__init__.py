"""Routes of ways of working."""

from vertebra.practices.api import adoption
from vertebra.practices.api.routes import router

__all__ = ["adoption", "router"]
