"""Workers that die or are late in the middle of a batch: nothing lost, one doubt at most for each."""

import datetime as dt
from collections import Counter
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.core import mail

from tests.world import NOW, account
from vertebra.accounts import outbox
from vertebra.accounts.labels import DeliveryState
from vertebra.accounts.models import Delivery
from vertebra.accounts.outbox import Addressee
from vertebra.accounts.outbox.mails import Postman

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PEOPLE = 60
LATER = NOW + dt.timedelta(minutes=5)


class Killed(BaseException):
    """What SIGKILL leaves behind: nobody catches it."""


@pytest.fixture(autouse=True)
def many(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    users = [account(f"P{number} Somebody", language="en") for number in range(PEOPLE)]
    words = {"en": {"subject": "S", "body": "B"}}
    letter = outbox.write_letter(key="l", words=words, now=NOW)
    outbox.send_letter(letter, [Addressee("en", user_id=user.pk) for user in users], NOW)


def states() -> Counter[str]:
    return Counter(Delivery.objects.filter(channel="mail").values_list("state", flat=True))


def arrived() -> Counter[str]:
    return Counter(one.to[0] for one in mail.outbox)


def die_at(number: int, *, after_sending: bool) -> None:
    """One worker that is killed at that mail, before it leaves or before anybody writes down that it left."""
    real, count = Postman.carry, 0

    def carry(self: Postman, delivery: Delivery) -> None:
        nonlocal count
        count += 1
        if count == number and not after_sending:
            raise Killed
        real(self, delivery)
        if count == number:
            raise Killed

    with patch.object(Postman, "carry", carry), pytest.raises(Killed):
        outbox.deliver(NOW)


@pytest.mark.parametrize("after_sending", [False, True])
@pytest.mark.parametrize("number", [1, 10, 50, 51])
def test_a_worker_killed_in_a_batch_leaves_one_doubt(number: int, after_sending: bool) -> None:
    die_at(number, after_sending=after_sending)
    assert states()[DeliveryState.CLAIMED] == 1
    assert outbox.deliver(NOW + dt.timedelta(seconds=5)).possibly_twice == 0, "it may still be on its way"
    outbox.deliver(LATER)
    assert states() == {DeliveryState.SENT: PEOPLE - 1, DeliveryState.POSSIBLY_TWICE: 1}
    assert len(arrived()) == PEOPLE
    assert arrived().total() == PEOPLE + after_sending


def test_workers_killed_again_and_again_lose_nothing() -> None:
    now, kills = NOW, 0
    while kills < 8:
        real, count = Postman.carry, 0

        def carry(self: Postman, delivery: Delivery) -> None:
            nonlocal count
            count += 1
            real(self, delivery)  # noqa: B023
            if count == 5:
                raise Killed

        with patch.object(Postman, "carry", carry), pytest.raises(Killed):
            outbox.deliver(now)
        kills, now = kills + 1, now + dt.timedelta(minutes=5)
    outbox.deliver(now)
    outbox.deliver(now + dt.timedelta(minutes=10))
    assert len(arrived()) == PEOPLE
    assert arrived().total() - PEOPLE <= kills
    assert states()[DeliveryState.POSSIBLY_TWICE] <= kills


def test_a_worker_that_was_late_does_not_send_what_another_took_over() -> None:
    real, count = Postman.carry, 0

    def carry(self: Postman, delivery: Delivery) -> None:
        nonlocal count
        count += 1
        if count == 3:  # it sleeps here, and another does all the work meanwhile
            with patch.object(Postman, "carry", real):
                outbox.deliver(NOW + dt.timedelta(minutes=2))
        real(self, delivery)

    with patch.object(Postman, "carry", carry):
        outbox.deliver(NOW)
    assert arrived() == Counter({f"p{number}@example.org": 1 for number in range(PEOPLE)})


def test_a_round_that_is_cut_short_gives_back_what_it_did_not_begin() -> None:
    done = outbox.deliver(NOW, seconds=0)
    assert done.is_cut_short and done.sent == 0
    assert states() == {DeliveryState.QUEUED: PEOPLE}
    assert outbox.deliver(NOW).sent == PEOPLE


def test_a_message_that_kills_every_worker_is_given_up() -> None:
    Delivery.objects.filter(channel="mail").exclude(message__to_user__email="p0@example.org").delete()
    now = NOW
    for _death in range(len(outbox.WAITS) + 1):
        with patch.object(Postman, "carry", side_effect=Killed), pytest.raises(Killed):
            outbox.deliver(now)
        now += dt.timedelta(minutes=5)
    assert outbox.deliver(now).failed == 1
    assert states() == {DeliveryState.FAILED: 1}
