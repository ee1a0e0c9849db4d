"""Two people erased at the same moment: the trail forgets both."""

import threading
from contextlib import suppress

import pytest
from django.db import connection

from tests import world
from vertebra.evidence.trail import pseudonyms
from vertebra.sources.models import Source

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_erasures_at_once_neither_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests is in memory, with locks of its own")
    source = Source.objects.create(name="Tracker", made_at=world.NOW)
    key = pseudonyms.keep_key(source, pseudonyms.new_key())
    pseudonyms.forget(source, ["Ann"])
    real, have_read = pseudonyms.forgotten_of, threading.Barrier(2)

    def read(given: Source | None) -> frozenset[str]:
        found = real(given)
        # Without waiting for each other both would have read by now.
        with suppress(threading.BrokenBarrierError):
            have_read.wait(timeout=1)
        return found

    def erase(name: str) -> None:
        pseudonyms.forget(source, [name])
        connection.close()

    monkeypatch.setattr(pseudonyms, "forgotten_of", read)
    erasures = [threading.Thread(target=erase, args=(name,)) for name in ("Bob", "Cleo")]
    for one in erasures:
        one.start()
    for one in erasures:
        one.join()
    assert real(source) == {pseudonyms.pseudonym(key, name) for name in ("Ann", "Bob", "Cleo")}
