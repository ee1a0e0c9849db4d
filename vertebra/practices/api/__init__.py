"""Routes of ways of working, written through the actions of the pages."""

from vertebra.practices.api import adoption, practices
from vertebra.practices.api.routes import router

__all__ = ["adoption", "practices", "router"]
