"""Nouns of measures: figures, where they come from, what moves them, how they are shown."""

from vertebra.measures.models.charts import Alert, Board, Chart, Dashboard, DataRequest, Mark
from vertebra.measures.models.feeds import Feed, FeedRun
from vertebra.measures.models.levers import Lever
from vertebra.measures.models.metrics import Measurement, Metric, Target
from vertebra.measures.models.plans import PlannedHire, RatioRule

__all__ = [
    "Alert",
    "Board",
    "Chart",
    "Dashboard",
    "DataRequest",
    "Feed",
    "FeedRun",
    "Lever",
    "Mark",
    "Measurement",
    "Metric",
    "PlannedHire",
    "RatioRule",
    "Target",
]
