"""A thousand metrics and where their values come from, made and read inside an instance."""

import datetime as dt
import sqlite3
import time

from django.conf import settings

from vertebra.kit import clock
from vertebra.measures.actions.connections import create_connection
from vertebra.measures.actions.feed_runs import run_due
from vertebra.measures.actions.feeds import set_feed
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.models import Feed, FeedRun, Measurement
from vertebra.sources.models import Source

DAYS = 3 * 365
# Of ten metrics: a value per day, per week, per month.
GRAINS = ("day", "week", "week", "week", "month", "month", "month", "month", "month", "month")


def fill(metrics: int) -> dict[str, int]:
    """Metrics that are read by SQL from a database of three years, a value per day behind each."""
    from vertebra.accounts.models import User

    now = clock.now()
    first = clock.today(now) - dt.timedelta(days=DAYS)
    folder = settings.DATABASES_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "figures.db") as database:
        database.execute("CREATE TABLE figures (metric INTEGER, day TEXT, value REAL)")
        database.executemany(
            "INSERT INTO figures VALUES (?, ?, ?)",
            (
                (number, (first + dt.timedelta(days=day)).isoformat(), float((number * 7 + day * 13) % 997))
                for number in range(metrics)
                for day in range(DAYS)
            ),
        )
        database.execute("CREATE INDEX figures_of_metric ON figures (metric, day)")
    database.close()
    user = User.objects.order_by("pk").first() or User.objects.create(
        email="bench@example.org", name="Bench", created_at=now
    )
    create_connection(actor=user, name="Figures", kind="database", address="sqlite://figures.db", now=now)
    source = Source.objects.get(name="Figures")
    for number in range(metrics):
        grain = GRAINS[number % len(GRAINS)]
        metric = create_metric(
            actor=user, values=MetricValues(name=f"Figure {number}", grain=grain, combining="sum"), now=now
        )
        query = f"SELECT {_period(grain)} AS day, SUM(value) AS value FROM figures WHERE metric = {number} GROUP BY 1"
        set_feed(actor=user, metric=metric, kind="sql", settings={"query": query}, source=source, now=now)
    Feed.objects.update(started_at=now, next_run_at=now)
    return {"metrics": metrics}


def _period(grain: str) -> str:
    if grain == "month":
        return "substr(day, 1, 7)"
    return "date(day, 'weekday 0', '-6 days')" if grain == "week" else "day"


def refresh(hours: int) -> dict[str, float]:
    """Seconds to read everything that is due so many hours from now."""
    now = clock.now() + dt.timedelta(hours=hours)
    start = time.perf_counter()
    done = run_due(actor=None, now=now)
    took = time.perf_counter() - start
    failed = FeedRun.objects.filter(state="failed").count()
    return {"seconds": took, "read": done["read"], "failed": failed, "values": Measurement.objects.count()}
