"""What waits is asked in one question that is put together once a day: it tells everybody what is theirs, and now."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tests import world
from vertebra.accounts.models import User
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.kit import clock
from vertebra.kit.home import Part, Row, waits
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.web.registry import entries
from vertebra.web.waiting import rows_for, together

pytestmark = pytest.mark.django_db

PROVIDERS = tuple(entries("HOME"))


def at(hours: float) -> dt.datetime:
    """A moment of the day, as the clock tells it."""
    return clock.midnight(DAY).astimezone(dt.UTC) + dt.timedelta(hours=hours)


def asked_last(ask: Callable[[], object]) -> tuple[str, list[object]]:
    """The last question that something puts to the database, with its values."""
    asked: list[tuple[str, list[object]]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        asked.append((sql, list(values or ())))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        ask()
    return asked[-1]


@pytest.mark.parametrize("hours", [0.5, 9, 23.5])
def test_each_is_asked_about_as_if_it_were_put_together_for_them_alone(
    demo_small: Summary, hours: float
) -> None:
    now = at(hours)
    roles = set()
    for user in User.objects.all():
        whole = together([provider(user, now) for provider in PROVIDERS])
        assert whole is not None
        told: list[list[Row]] = []
        sql, values = asked_last(lambda: told.extend(rows_for(user, PROVIDERS, now)))  # noqa: B023
        assert (sql, values) == asked_last(lambda: list(whole.all()))  # noqa: B023
        assert [row for rows in told for row in rows] == [row[:6] for row in whole]
        roles.add((user.role, person_of(user) is not None))
    assert len(roles) > 3


def test_what_waits_for_another_person_or_ended_since_is_not_told(demo_small: Summary) -> None:
    def since(user: User, now: dt.datetime) -> Part:
        rows = User.objects.filter(pk=user.pk, last_login__lte=now)
        return Part(waits=lambda: [waits(rows, "joined", title="name")])

    noon = at(12)
    early, late = User.objects.order_by("pk")[:2]
    User.objects.filter(pk=early.pk).update(last_login=noon)
    User.objects.filter(pk=late.pk).update(last_login=noon + dt.timedelta(seconds=2))
    for user, wait, expected in [(early, 1, 1), (late, 1, 0), (late, 3, 1), (early, -1, 0)]:
        ((*rows,),) = rows_for(user, (since,), noon + dt.timedelta(seconds=wait))
        assert [row[1] for row in rows] == [user.pk] * expected


def test_the_question_is_put_together_once_for_all_of_a_role(
    demo_small: Summary, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    calls = []

    def counted(user: User, now: dt.datetime) -> Part:
        calls.append(user.pk)
        return Part(waits=lambda: [waits(Person.objects.filter(user=user.pk), "me", title="name")])

    now = at(9)
    for user in User.objects.filter(role="contributor"):
        with django_assert_num_queries(2):  # who it is, what waits
            ((row,),) = rows_for(user, (counted,), now)
        assert row[2] == user.name
    assert len(calls) == 1


def test_a_module_that_looks_at_more_than_the_number_of_the_person_is_told_so() -> None:
    def nosy(user: User, now: dt.datetime) -> Part:
        return Part(waits=lambda: [waits(Person.objects.filter(name=user.name), "me", title="name")])

    with pytest.raises(User.DoesNotExist):
        rows_for(world.lea(), (nosy,), world.NOW)
