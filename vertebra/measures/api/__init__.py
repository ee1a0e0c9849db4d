"""Routes of measures: the catalogue and its values, with what was corrected; written through the actions of the pages."""

from vertebra.measures.api import bulk, metrics, values
from vertebra.measures.api.routes import router

__all__ = ["bulk", "metrics", "router", "values"]
