"""Levers: no circles, what the data say beside each, the initiatives that pull."""

from itertools import pairwise

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.measures.measured import metric, monthly
from vertebra.accounts.models import AuditEntry, Link, User
from vertebra.measures.actions import levers as actions
from vertebra.measures.models import Lever, Metric
from vertebra.measures.queries.levers import due, levers, tree

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


def chain(ines: User, *names: str) -> list[Metric]:
    """Metrics of which each moves the next."""
    rows = [metric(name=name) for name in names]
    for driver, outcome in pairwise(rows):
        actions.create_lever(actor=ines, driver=driver, outcome=outcome, why="We saw it.", now=world.NOW)
    return rows


def test_a_metric_does_not_move_itself_be_it_through_others(ines: User) -> None:
    first, _second, third = chain(ines, "Staff", "Speed", "Loyalty")
    for driver, outcome in ((third, first), (first, first)):
        with pytest.raises(actions.MovesItself):
            actions.create_lever(actor=ines, driver=driver, outcome=outcome, now=world.NOW)
    with pytest.raises(actions.LeverThere):
        actions.create_lever(actor=ines, driver=first, outcome=_second, now=world.NOW)


def test_the_outline_begins_with_what_nothing_follows_from(ines: User) -> None:
    chain(ines, "Staff", "Speed", "Loyalty")
    [top] = tree(levers(), {})
    assert (top.metric.name, top.size) == ("Loyalty", 2)
    assert top.branches[0].branches[0].metric.name == "Staff"


def test_what_stands_in_two_places_is_told_once(ines: User) -> None:
    _base, middle, _top = chain(ines, "Staff", "Speed", "Loyalty")
    actions.create_lever(actor=ines, driver=middle, outcome=metric(name="Margin"), now=world.NOW)
    branches = [branch.branches[0] for branch in tree(levers(), {})]
    assert [(one.size, one.is_told_above) for one in branches] == [(1, False), (0, True)]


def test_the_data_are_looked_at_and_too_little_is_said(ines: User) -> None:
    first, second = chain(ines, "Staff", "Speed")
    lever = Lever.objects.get()
    assert due(world.NOW) == [lever]
    actions.measure_lever(actor=None, lever=lever, now=world.NOW)
    lever.refresh_from_db()
    assert (lever.verdict, lever.strength) == ("too_little", None)
    assert due(world.NOW) == []
    zigzag = [float((number * 7919) % 23) for number in range(48)]
    monthly(first, *zigzag)
    monthly(second, 0.0, *(2 * value for value in zigzag[:-1]))
    entry = actions.measure_lever(actor=None, lever=lever, now=world.NOW)
    lever.refresh_from_db()
    assert (lever.verdict, lever.lag) == ("with", 1)
    assert entry is not None
    assert actions.measure_lever(actor=None, lever=lever, now=world.NOW) is None


def test_a_lever_taken_out_leaves_an_entry(ines: User) -> None:
    chain(ines, "Staff", "Speed")
    entry = actions.remove_lever(actor=ines, lever=Lever.objects.get(), now=world.NOW)
    assert AuditEntry.objects.get(pk=entry.pk).object_name == "Staff → Speed"
    assert not Lever.objects.exists()


def test_the_page_says_association_and_not_cause(client: Client, ines: User) -> None:
    first, second = chain(ines, "Staff", "Speed")
    Lever.objects.update(verdict="with", strength=0.62, low=0.31, high=0.81, lag=2, seen_count=40)
    Link.objects.create(
        from_kind="metric",
        from_id=first.pk,
        to_kind="initiative",
        to_id=7,
        relation="measures",
        since_at=world.NOW,
    )
    client.force_login(ines)
    page = client.get(reverse("measures:lever-tree")).content.decode()
    assert "+0.62 (+0.31 to +0.81), 2 months later" in page
    assert "an association and not a cause" in page
    file = b"".join(client.get(reverse("measures:lever-tree") + "?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Staff,Speed,We saw it." in file
    assert second.name in page
