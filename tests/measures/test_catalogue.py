"""The catalogue: short names, verification that falls, targets, thresholds told once, marks."""

import datetime as dt

import pytest

from tests import world
from tests.measures.measured import metric, monthly
from vertebra.accounts.audit import NothingChanges, undo
from vertebra.accounts.models import AuditEntry, Message
from vertebra.measures.actions import alerts, dashboards, describing, marks
from vertebra.measures.actions import metrics as actions
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Mark, Metric, Target
from vertebra.measures.queries.catalogue import counts
from vertebra.measures.queries.figures import change_between, is_wrong_way, said
from vertebra.measures.queries.pictures import targets_of

pytestmark = pytest.mark.django_db


def test_two_metrics_of_one_name_have_short_names_of_their_own() -> None:
    assert [metric(name="Été, à l’heure").slug for _time in range(2)] == ["ete-a-l-heure", "ete-a-l-heure-2"]


def test_nobody_verifies_what_is_not_defined() -> None:
    with pytest.raises(actions.NoDefinition):
        actions.verify_metric(actor=world.ines(), metric=metric(), now=world.NOW)


def test_verification_falls_when_the_definition_changes_and_not_with_the_owner() -> None:
    ines, row = world.ines(), metric(definition="Collected within two hours.")
    actions.verify_metric(actor=ines, metric=row, now=world.NOW)
    actions.change_metric(actor=ines, metric=row, where_from="Warehouse", now=world.NOW)
    assert Metric.objects.get().state == "verified"
    actions.change_metric(actor=ines, metric=row, definition="Collected within four hours.", now=world.NOW)
    found = Metric.objects.get()
    assert (found.state, found.verified_by, found.verified_at) == ("draft", None, None)


def test_the_period_of_a_metric_with_values_does_not_change() -> None:
    row = monthly(metric(), 1)
    with pytest.raises(actions.HasValues):
        actions.change_metric(actor=world.ines(), metric=row, grain="week", now=world.NOW)


def test_an_amount_needs_its_currency() -> None:
    with pytest.raises(describing.NoCurrency):
        metric(unit="money")
    assert metric(name="Revenue", unit="money", currency="eur").currency == "EUR"


def test_a_target_of_the_same_day_replaces_the_one_before() -> None:
    ines, row = world.ines(), metric()
    day = dt.date(2026, 12, 31)
    for value in (80, 90):
        actions.set_target(actor=ines, metric=row, value=value, by_on=day, now=world.NOW)
    assert Target.objects.get().value == 90
    assert targets_of([row], world.TODAY)[row.pk].value == 90


def test_a_target_on_the_wrong_side_is_seen() -> None:
    row = monthly(metric(direction="up"), 80)
    assert is_wrong_way(row, 70)
    assert not is_wrong_way(row, 90)
    row.direction = "down"
    assert is_wrong_way(row, 90)


def test_a_threshold_is_told_once_per_crossing() -> None:
    lea, row = world.lea(), monthly(metric(), 10)
    alerts.set_alert(actor=lea, metric=row, side="above", threshold=15, now=world.NOW)
    months = [dt.date(2026, 11, 1)]

    def say(value: float, hours: int) -> int:
        now = world.NOW + dt.timedelta(hours=hours)
        record_values(actor=None, metric=row, rows=[Value(months[0], value)], now=now)
        return Message.objects.filter(template="metric_alert").count()

    assert [say(16, 1), say(17, 2), say(14, 3), say(18, 4)] == [1, 1, 1, 2]


def test_a_threshold_crossed_already_has_to_come_back_first() -> None:
    lea, row = world.lea(), monthly(metric(), 20)
    alerts.set_alert(actor=lea, metric=row, side="above", threshold=15, now=world.NOW)
    record_values(actor=None, metric=row, rows=[Value(dt.date(2026, 11, 1), 21)], now=world.NOW)
    assert not Message.objects.filter(template="metric_alert").exists()


def test_an_object_marks_a_day_once_and_its_name_follows() -> None:
    row = metric()
    for title in ("Pilot", "Pilot in Lille"):
        marks.mark(None, "initiative", title, dt.date(2026, 6, 1), None, "initiative", 7, [row])
    found = Mark.objects.get()
    assert (found.title, list(found.metrics.all())) == ("Pilot in Lille", [row])


def test_the_catalogue_counts_what_it_lacks() -> None:
    monthly(metric(name="Fresh"), 1)
    monthly(metric(name="Old"), 1, until=dt.date(2026, 5, 1))
    metric(name="Empty")
    found = counts(world.TODAY)
    assert {name: found[name] for name in ("total", "stale", "empty", "no_owner", "no_target")} == {
        "total": 3, "stale": 1, "empty": 1, "no_owner": 3, "no_target": 3,
    }  # fmt: skip


def test_values_are_said_with_their_unit() -> None:
    row = metric()
    assert said(row, 12.345) == "12.3 %"
    assert change_between(row, 10, 12.5).text == "+2.5 points"  # type: ignore[union-attr]
    row.unit, row.currency = "money", "EUR"
    assert said(row, 1234.5) == "1,234.5\u00a0€"
    assert change_between(row, 100, 90).text == "\u221210 %"  # type: ignore[union-attr]
    assert change_between(row, 100, 90).tone == "attention"  # type: ignore[union-attr]


def test_a_target_is_taken_back() -> None:
    ines, row = world.ines(), metric()
    entry = actions.set_target(actor=ines, metric=row, value=1, by_on=dt.date(2027, 1, 1), now=world.NOW)
    undo(actor=ines, entry=entry, now=world.NOW)
    assert not Target.objects.exists()
    assert AuditEntry.objects.filter(verb="undo").exists()


def test_what_a_dashboard_shows_is_taken_back_with_the_rest() -> None:
    ines, first, second = world.ines(), metric(), metric(name="Calls answered")
    url = "https://bi.example.org/cart"
    row = dashboards.register_dashboard(
        actor=ines, metrics=[first], name="Cart", language="en", url=url, now=world.NOW
    )

    def change() -> AuditEntry:
        return dashboards.change_dashboard(
            actor=ines, dashboard=row, metrics=[second], name="Cart", url=url, now=world.NOW
        )

    entry = change()
    assert list(row.metrics.all()) == [second]
    undo(actor=ines, entry=entry, now=world.NOW)
    assert list(row.metrics.all()) == [first]
    change()
    with pytest.raises(NothingChanges):
        change()
