"""Answers that come at the same moment: each kept, none twice."""

import threading
from collections import Counter
from queue import Queue

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests import world
from tests.evidence.world import SCALE, asked, pulse, team, token_of
from vertebra.evidence.actions.surveys import close_survey
from vertebra.evidence.models import Invitation, Response, Survey
from vertebra.evidence.queries.results import results_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def send_all(links: list[str], hands: int) -> Counter[int]:
    """Press the button of each link, by so many hands at once; how the page answered."""
    waiting: Queue[str] = Queue()
    for link in links:
        waiting.put(link)
    codes: Counter[int] = Counter()

    def press() -> None:
        client = Client()
        while not waiting.empty():
            link = waiting.get()
            codes[client.post(link, {"q-cost": "6"}).status_code] += 1
        connection.close()

    threads = [threading.Thread(target=press) for _hand in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_answers_at_the_same_moment_are_all_kept_and_none_twice() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests is in memory, with locks of its own")
    cache.clear()
    team("Pay", 40)
    survey = asked(pulse([SCALE]))
    links = [f"/evidence/answers/{token_of(row)}/" for row in Invitation.objects.all()]
    # Each link is pressed twice, nearly at once; who comes second is thanked, and led nowhere else.
    codes = send_all([link for link in links for _press in range(2)], hands=4)
    assert codes.keys() <= {200, 302}
    assert codes.total() == 80
    assert Response.objects.count() == 40
    close_survey(actor=None, survey=survey, now=world.NOW)
    whole = results_of(Survey.objects.get(pk=survey.pk)).whole
    assert (whole.answered, whole.invited) == (40, 40)
