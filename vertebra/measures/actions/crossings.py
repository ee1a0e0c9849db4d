"""Telling those who wanted to know that a metric crossed a threshold: once per crossing."""

import datetime as dt

from django.urls import reverse

from vertebra.accounts.outbox import queue_message
from vertebra.measures.labels.charts import AlertSide
from vertebra.measures.models import Alert, Metric


def is_beyond(value: float, side: str, threshold: float) -> bool:
    """Whether a value lies beyond a threshold, on the side that somebody watches."""
    return value > threshold if side == AlertSide.ABOVE else value < threshold


def tell_crossings(metric: Metric, now: dt.datetime) -> None:
    """Tell, in the transaction that records a value, whoever watches a threshold that it crossed."""
    if metric.latest_value is None or metric.latest_on is None:
        return
    for alert in Alert.objects.filter(metric=metric).select_related("user"):
        is_crossed = is_beyond(metric.latest_value, alert.side, alert.threshold)
        if is_crossed and not alert.is_crossed and alert.user.is_active:
            _tell(alert, metric, now)
            alert.told_at = now
        if is_crossed != alert.is_crossed:
            alert.is_crossed = is_crossed
            alert.save(update_fields=["is_crossed", "told_at"])


def _tell(alert: Alert, metric: Metric, now: dt.datetime) -> None:
    queue_message(
        key=f"metric-alert:{alert.pk}:{now.isoformat()}",
        to_user=alert.user,
        template="metric_alert",
        particulars={
            "name": metric.name,
            "value": metric.latest_value,
            "threshold": alert.threshold,
            "is_above": alert.side == AlertSide.ABOVE,
            "on": str(metric.latest_on),
        },
        language=alert.user.language,
        address=reverse("measures:metric-show", args=(metric.pk,)),
        now=now,
    )
