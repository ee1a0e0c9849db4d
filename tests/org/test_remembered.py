"""The structure of a day is read once until something changes, and never kept inside a transaction."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import world
from vertebra.org.actions.units import change_unit, create_unit
from vertebra.org.models import Unit, UnitKind
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure

pytestmark = pytest.mark.django_db(transaction=True)


def names() -> list[str]:
    return [node.name for node in Structure.as_of(world.TODAY).all()]


def test_what_was_read_is_remembered_until_something_changes() -> None:
    kind = UnitKind.objects.create(slug="team")
    ines = world.ines()
    entry = create_unit(actor=ines, name="Payments", kind=kind, parent=None, on=world.TODAY, now=world.NOW)
    assert names() == ["Payments"]
    with CaptureQueriesContext(connection) as queries:
        assert names() == ["Payments"]
    assert len(queries) == 1
    assert entry.object_id is not None
    unit = Unit.objects.get(pk=entry.object_id)
    change_unit(actor=ines, unit=unit, changes={"name": "Money"}, on=world.TODAY, now=world.NOW)
    assert names() == ["Money"]


def test_inside_a_transaction_what_was_just_written_is_read() -> None:
    kind = UnitKind.objects.create(slug="team")
    assert names() == []
    with transaction.atomic():
        create_unit(
            actor=world.ines(), name="Payments", kind=kind, parent=None, on=world.TODAY, now=world.NOW
        )
        assert names() == ["Payments"]
        transaction.set_rollback(True)
    assert names() == []


def test_a_reading_within_another_asks_no_second_time_whether_something_changed() -> None:
    @remembered
    def twice() -> list[str]:
        return names() + names()

    kind = UnitKind.objects.create(slug="team")
    create_unit(actor=world.ines(), name="Payments", kind=kind, parent=None, on=world.TODAY, now=world.NOW)
    with CaptureQueriesContext(connection) as queries:
        assert twice() == ["Payments", "Payments"]
    assert sum("auditentry" in query["sql"] for query in queries) == 1


def test_what_changes_while_one_reads_is_read_the_next_time() -> None:
    kind = UnitKind.objects.create(slug="team")
    waiting = ["Payments"]

    @remembered
    def before_and_after() -> list[list[str]]:
        before = names()
        while waiting:
            name = waiting.pop()
            create_unit(actor=world.ines(), name=name, kind=kind, parent=None, on=world.TODAY, now=world.NOW)
        return [before, names()]

    assert before_and_after() == [[], []]
    assert before_and_after() == [["Payments"], ["Payments"]]
