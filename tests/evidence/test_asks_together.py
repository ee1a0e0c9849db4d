"""Two jobs that ask the same people at the same moment: still no more than two things a week."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction

from tests import world
from tests.org import company
from vertebra.accounts.labels import Kind
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.evidence.models import Ask

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_who_was_asked_once_is_asked_by_one_of_two_jobs_that_run_together() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests is in memory, with locks of its own")
    person = company.person("Zoe Martin").pk
    note_asks([person], Kind.SURVEY, 1, world.NOW)
    have_looked = threading.Barrier(2)

    def ask(number: int) -> None:
        with transaction.atomic():
            free = room_to_ask([person], world.NOW)
            # Without waiting for each other both would have looked by now.
            with suppress(threading.BrokenBarrierError):
                have_looked.wait(timeout=1)
            note_asks(free, Kind.SURVEY, number, world.NOW)
        connection.close()

    jobs = [threading.Thread(target=ask, args=(number,)) for number in (2, 3)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert Ask.objects.filter(person=person).count() == 2
