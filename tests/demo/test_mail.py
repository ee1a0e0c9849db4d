"""A demo company that is made where a mail server is set up: three years of history stay where they are."""

import datetime as dt
from typing import Any

import pytest

from tests.accounts.test_outbox import Server, mail
from vertebra.accounts import outbox
from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import Delivery, Message
from vertebra.demo.fixture import DAY, small_company
from vertebra.demo.rows import at
from vertebra.schedule import SCHEDULE

__all__ = ["mail"]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_the_first_start_of_a_demo_with_a_mail_server_mails_nothing_of_the_past(
    mail: Server, settings: Any
) -> None:
    now = at(DAY, 9) + dt.timedelta(minutes=10)
    settings.NOW = now
    small_company()
    written = Message.objects.count()
    brought = Delivery.objects.filter(channel=Channel.MAIL)
    assert brought.exists()
    assert set(brought.values_list("state", flat=True)) == {DeliveryState.SENT}
    assert outbox.deliver(now).sent == 0
    for entry in SCHEDULE:
        if entry.only_if():
            entry.job.func()
    outbox.deliver(now)
    new = Message.objects.order_by("pk")[written:]
    # What begins on the day itself: the word of a month, a newcomer's first weeks, the card of a quarter.
    assert {one.template for one in new} <= {"monthly_word", "path_given", "adoption_card"}
    assert len(mail.received) == len(new) <= 10
