"""Metrics for the walk: one with values, a feed, a target, a note; each account's own board and threshold."""

import datetime as dt
from collections.abc import Iterable

from tests import world
from tests.architecture.addresses import Address
from vertebra.accounts.models import User
from vertebra.measures.actions import alerts, boards, dashboards, feeds, metrics, requests
from vertebra.measures.actions.connections import create_connection
from vertebra.measures.actions.feed_runs import run_feed
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Alert, Mark
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person

PAGES = tuple(
    f"measures:{name}-"
    for name in (
        "metric", "target", "value", "alert", "mark", "feed", "connection", "board", "chart", "dashboard", "request"
    )
)  # fmt: skip


class SampleMeasures:
    """What the addresses of metrics, feeds, boards, dashboards and questions name."""

    def __init__(self, actor: User, users: Iterable[User], owner: Person) -> None:
        # A reader changes the metric they answer for, and nothing else.
        values = metrics.MetricValues(
            name="What the walk counts", language="en", definition="Steps.", owner=owner
        )
        self.metric = metrics.create_metric(actor=actor, values=values, now=world.NOW)
        months = [dt.date(year, month, 1) for year in (2024, 2025, 2026) for month in range(1, 11)]
        for value in (1.0, 2.0):  # the second corrects the first
            rows = [Value(month, value * at) for at, month in enumerate(months, 1)]
            record_values(actor=actor, metric=self.metric, rows=rows, now=world.NOW)
        metrics.set_target(
            actor=actor, metric=self.metric, value=99, by_on=dt.date(2026, 12, 31), now=world.NOW
        )
        alerts.mark_by_hand(
            actor=actor, metric=self.metric, title="Walk", starts_on=world.TODAY, ends_on=None, now=world.NOW
        )
        self.feed = feeds.set_feed(
            actor=actor, metric=self.metric, kind="provider", settings={"provider": "data-requests-wait"},
            now=world.NOW,
        )  # fmt: skip
        run_feed(actor=actor, feed=self.feed, is_preview=True, now=world.NOW)
        self.connection = create_connection(
            actor=actor, name="Walk", kind="database", address="sqlite://walk.db", now=world.NOW
        ).object_id
        self.dashboard = dashboards.register_dashboard(
            actor=actor, metrics=[self.metric], name="Walk", url="https://metabase.example.org/1", language="en",
            now=world.NOW,
        )  # fmt: skip
        self.own = {user.pk: self._of(user) for user in users}

    def _of(self, user: User) -> dict[str, object]:
        board = boards.create_board(actor=user, title="My walk", language="en", now=world.NOW)
        boards.set_chart(
            actor=user, board=board, chart=None, metrics=[self.metric], now=world.NOW, kind="line", months=24
        )
        alerts.set_alert(actor=user, metric=self.metric, side="above", threshold=1000, now=world.NOW)
        asked = requests.ask_data_team(
            actor=user,
            question="How far do we walk?",
            language="en",
            person=self._person(user),
            now=world.NOW,
        )
        return {
            "board_id": board.pk,
            "chart_id": board.charts.get().pk,
            "alert_id": Alert.objects.get(user=user).pk,
            "request_id": asked.pk,
        }

    def _person(self, user: User) -> Person:
        return person_of(user) or Person.objects.create(
            name=user.name, name_folded=user.name.lower(), email=user.email, user=user, created_at=world.NOW
        )

    def of(self, address: Address, name: str, user: User) -> object:
        """The sample for one parameter of one of these addresses."""
        return {
            "metric_id": self.metric.pk,
            "target_id": self.metric.targets.get().pk,
            "mark_id": Mark.objects.get(metrics=self.metric).pk,
            "kind": "sql",
            "source_id": self.connection,
            "dashboard_id": self.dashboard.pk,
            **self.own[user.pk],
        }[name]
