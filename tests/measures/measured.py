"""Metrics for the tests."""

import datetime as dt
from typing import Any

from tests import world
from vertebra.accounts.models import User
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Metric


def metric(actor: User | None = None, name: str = "Orders collected in time", **given: Any) -> Metric:
    """A metric of the catalogue, in percent per month unless told otherwise."""
    values = {"language": "en", "unit": "percent", "grain": "month", **given}
    return create_metric(actor=actor, values=MetricValues(name=name, **values), now=world.NOW)


def monthly(row: Metric, *values: float, part: str = "", until: dt.date = dt.date(2026, 10, 1)) -> Metric:
    """Values of the last months, the latest in October 2026."""
    months = [until.year * 12 + until.month - 1 - ago for ago in range(len(values))][::-1]
    rows = [
        Value(dt.date(month // 12, month % 12 + 1, 1), value, part)
        for month, value in zip(months, values, strict=True)
    ]
    record_values(actor=None, metric=row, rows=rows, now=world.NOW)
    row.refresh_from_db()
    return row
