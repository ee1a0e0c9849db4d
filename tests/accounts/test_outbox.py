"""The outbox against a real mail server: nothing lost, nothing twice, and honest when it cannot know."""

import datetime as dt
import smtplib
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from tests.ports import free_port
from tests.world import NOW, ada, lea
from vertebra.accounts import outbox
from vertebra.accounts.jobs import deliver_messages
from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import ChannelChoice, Delivery, Message, User
from vertebra.accounts.outbox import queueing

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


class Server:
    """A mail server that keeps what it receives, and answers as it is told."""

    def __init__(self) -> None:
        self.received: list[Mail] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=default))
        return answer


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[Server]:
    server = Server()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield server
    controller.stop()


def tell(user: User, key: str = "k", **particulars: Any) -> Message:
    return outbox.queue_message(
        key=key,
        to_user=user,
        template="comment",
        particulars={"author": "Karim", "title": "Refunds"} | particulars,
        language="en",
        address="/spaces/1/",
        now=NOW,
    )


def test_many_are_queued_at_once_each_once_and_as_each_person_chose(
    mail: Server, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    told, silent = lea(), ada()
    ChannelChoice.objects.create(user=silent, channel=Channel.MAIL, is_on=False)
    tell(told, "there before")
    letters = [
        Message(key=key, to_user=user, to_email=email, template="test", language="en", particulars={})
        for key, user, email in (
            ("there before", told, ""), ("one", told, ""), ("two", silent, ""), ("three", None, "x@example.org"),
        )
    ]  # fmt: skip
    with django_assert_max_num_queries(12):
        outbox.queue_messages(letters, NOW)
    found = Delivery.objects.exclude(message__key="there before").values_list("message__key", "channel")
    assert sorted(found) == [
        ("one", Channel.IN_APP), ("one", Channel.MAIL), ("three", Channel.MAIL), ("two", Channel.IN_APP),
    ]  # fmt: skip
    assert Message.objects.filter(key="there before").count() == 1
    assert DBTaskResult.objects.count() == 1


def test_what_another_worker_queued_at_the_same_moment_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    user, written, tries = lea(), queueing._written, []

    def late(messages: Any, now: Any) -> list[Message]:
        tries.append(len(messages))
        if len(tries) == 1:
            raise IntegrityError
        return written(messages, now)

    monkeypatch.setattr(queueing, "_written", late)
    tell(user, "there before")
    letters = [
        Message(key=key, to_user=user, template="test", language="en", particulars={})
        for key in ("there before", "one")
    ]
    outbox.queue_messages(letters, NOW)
    assert tries == [2, 2]
    assert sorted(Message.objects.values_list("key", flat=True)) == ["one", "there before"]


def delivery(channel: Channel = Channel.MAIL) -> Delivery:
    return Delivery.objects.get(channel=channel)


def test_a_message_arrives_by_mail_and_in_vertebra(mail: Server) -> None:
    user = lea()
    tell(user)
    deliver_messages.call()
    (received,) = mail.received
    assert received["To"] == "lea@example.org"
    assert "Refunds" in received["Subject"]
    assert "/spaces/1/" in received.get_content()  # type: ignore[attr-defined]
    assert {each.state for each in Delivery.objects.all()} == {DeliveryState.SENT}
    assert list(outbox.unread(user)) == list(Message.objects.all())


def test_the_same_key_twice_is_one_message(mail: Server) -> None:
    user = lea()
    assert tell(user) == tell(user)
    deliver_messages.call()
    deliver_messages.call()
    assert len(mail.received) == 1


def test_a_message_of_a_change_that_fails_never_leaves(mail: Server) -> None:
    user = lea()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(user)
        raise RuntimeError
    deliver_messages.call()
    assert mail.received == []
    assert not DBTaskResult.objects.exists()


def test_a_message_queues_one_delivery_job(mail: Server) -> None:
    user = lea()
    tell(user, "a")
    tell(user, "b")
    assert DBTaskResult.objects.count() == 1


def test_a_channel_that_somebody_refused_is_not_used(mail: Server) -> None:
    user = lea()
    ChannelChoice.objects.create(user=user, channel=Channel.MAIL, is_on=False)
    tell(user)
    assert [each.channel for each in Delivery.objects.all()] == [Channel.IN_APP]


def test_without_a_mail_server_nothing_waits_for_ever(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    tell(lea())
    assert [each.channel for each in Delivery.objects.all()] == [Channel.IN_APP]


def test_a_server_that_is_busy_is_asked_again_later(mail: Server) -> None:
    mail.answers = ["451 try later"]
    tell(lea())
    first = outbox.deliver(NOW)
    row = delivery()
    assert (first.put_off, row.state, row.attempts) == (1, DeliveryState.QUEUED, 1)
    assert row.due_at == NOW + dt.timedelta(minutes=1)
    assert outbox.deliver(NOW).sent == 0
    assert outbox.deliver(NOW + dt.timedelta(minutes=2)).sent == 1
    assert len(mail.received) == 1


def test_a_server_that_is_away_is_asked_again_later(mail: Server, settings: LazySettings) -> None:
    settings.EMAIL_PORT = 1
    tell(lea())
    assert outbox.deliver(NOW).put_off == 1
    assert not delivery().is_maybe_sent


def test_an_address_that_is_refused_for_good_is_not_tried_again(mail: Server) -> None:
    mail.answers = ["550 no such person"]
    tell(lea())
    assert outbox.deliver(NOW).failed == 1
    assert delivery().state == DeliveryState.FAILED
    assert "550" in delivery().error


def test_a_server_that_is_away_for_days_ends_in_failure(mail: Server, settings: LazySettings) -> None:
    settings.EMAIL_PORT = 1
    tell(lea())
    now = NOW
    for _attempt in range(len(outbox.WAITS) + 1):
        outbox.deliver(now)
        now += dt.timedelta(hours=5)
    assert delivery().state == DeliveryState.FAILED


def test_a_delivery_cut_off_between_claim_and_answer_is_sent_again_and_counted(mail: Server) -> None:
    tell(lea())
    # The crash: claimed, sent, and nobody left to write it down.
    Delivery.objects.filter(channel=Channel.MAIL).update(
        state=DeliveryState.CLAIMED, claimed_at=NOW, attempts=1
    )
    before = outbox.mail_of(Message.objects.get())
    assert outbox.deliver(NOW + dt.timedelta(minutes=1)).sent == 0, "it may still be on its way"
    again = outbox.deliver(NOW + dt.timedelta(minutes=10))
    assert again.possibly_twice == 1
    assert delivery().state == DeliveryState.POSSIBLY_TWICE
    assert mail.received[0]["Message-ID"] == before.extra_headers["Message-ID"]
    assert outbox.deliver(NOW + dt.timedelta(days=1)).possibly_twice == 0


def test_a_doubt_stays_a_doubt_after_another_failure(mail: Server) -> None:
    tell(lea())
    Delivery.objects.filter(channel=Channel.MAIL).update(
        state=DeliveryState.CLAIMED, claimed_at=NOW - dt.timedelta(hours=1), attempts=1
    )
    mail.answers = ["451 later"]
    outbox.deliver(NOW)
    assert outbox.deliver(NOW + dt.timedelta(hours=1)).possibly_twice == 1


def test_a_closed_account_receives_nothing(mail: Server) -> None:
    user = lea()
    tell(user)
    User.objects.update(is_active=False)
    assert outbox.deliver(NOW).failed == 1
    assert mail.received == []


def test_a_name_cannot_add_headers_nor_is_it_escaped(mail: Server) -> None:
    tell(lea(), title="A & B\nBcc: everyone@example.org")
    outbox.deliver(NOW)
    assert "A & B Bcc: everyone@example.org" in mail.received[0]["Subject"]
    assert mail.received[0]["Bcc"] is None


@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no")}), True),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"later")}), False),
        (smtplib.SMTPAuthenticationError(535, b"password"), False),
        (smtplib.SMTPServerDisconnected(), False),
        (ConnectionRefusedError(), False),
        (TimeoutError(), False),
        (ValueError("a header is wrong"), True),
    ],
)
def test_what_will_not_change_is_told_from_what_may(error: Exception, is_final: bool) -> None:
    assert outbox.is_permanent(error) is is_final


def test_the_inbox_shows_and_marks_my_messages_only(client: Client) -> None:
    mine, other = lea(), ada()
    tell(mine, "mine")
    tell(other, "other", title="Not yours")
    client.force_login(mine)
    page = client.get("/messages/").content.decode()
    assert "Refunds" in page
    assert "Not yours" not in page
    client.post("/messages/read/", {"selected": [message.pk for message in Message.objects.all()]})
    assert not outbox.unread(mine).exists()
    assert outbox.unread(other).exists()
