"""Messages in chat tools: to rooms, to people, when the tool asks for peace, when it does not know somebody."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.connectors.chats import Chat, chat_server
from tests.world import NOW, ada, karim, lea
from vertebra.accounts import outbox
from vertebra.accounts.actions.chats import (
    Given,
    NotConnected,
    connect_chat,
    disconnect_chat,
    open_command,
    try_chat,
)
from vertebra.accounts.labels import Channel, ChatWay, DeliveryState
from vertebra.accounts.models import ChannelChoice, ChatAddress, ChatConnection, Delivery, Message, User
from vertebra.accounts.outbox import Addressee
from vertebra.kit.seals import unseal

pytestmark = pytest.mark.django_db
WORDS = {
    "en": {"subject": "Refunds", "body": "It is **here**."},
    "fr": {"subject": "Remboursement", "body": "Là."},
}


@pytest.fixture
def chat(settings: LazySettings) -> Iterator[Chat]:
    with chat_server() as server:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.SLACK_API = f"{server.address}/api"
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        yield server


def connect(tool: str, way: str, secret: str, **more: str) -> ChatConnection:
    given = Given(name=f"{tool} room", tool=tool, way=way, secret=secret, language="en", **more)
    return connect_chat(
        actor=User.objects.filter(role="administrator").first() or ada(), given=given, now=NOW
    )[0]


def slack_for(*users: User) -> ChatConnection:
    for user in users:
        ChannelChoice.objects.create(user=user, kind="releases", channel=Channel.SLACK)
        ChannelChoice.objects.create(user=user, kind="releases", channel=Channel.MAIL, is_on=False)
    return connect("slack", "app", "xoxb-secret", room="C1")


def send(*to: Addressee, key: str = "r") -> None:
    outbox.send_letter(outbox.write_letter(key=key, words=WORDS, now=NOW, address="/releases/1/"), to, NOW)


def person(user: User) -> Addressee:
    return Addressee(user.language, user_id=user.pk)


def states(channel: Channel) -> list[str]:
    return list(Delivery.objects.filter(channel=channel).order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("tool", ["slack", "teams", "mattermost"])
def test_a_room_gets_a_letter_once(chat: Chat, tool: str) -> None:
    room = connect(tool, "webhook", f"{chat.address}/hooks/abc")
    send(Addressee("en", chat_id=room.pk))
    send(Addressee("en", chat_id=room.pk))
    assert outbox.deliver(NOW).sent == 1
    (sent,) = chat.received
    assert "Refunds" in json.dumps(sent.value)
    assert "/releases/1/" in json.dumps(sent.value)


def test_a_person_who_chose_slack_is_written_to_there(chat: Chat) -> None:
    user = lea()
    slack_for(user)
    send(person(user))
    assert outbox.deliver(NOW).sent == 1
    posted = [one for one in chat.received if "postMessage" in one.path]
    assert posted[0].value["channel"] == "U1LEA"
    assert mail.outbox == []
    send(person(user), key="other")
    outbox.deliver(NOW)
    assert sum("lookupByEmail" in one.path for one in chat.received) == 1, "asked once"


def test_everybody_is_looked_up_at_once(chat: Chat) -> None:
    first, second = lea(), karim()
    slack_for(first, second)
    assert outbox.look_up_people(NOW) == 2
    assert outbox.look_up_people(NOW) == 2
    assert set(ChatAddress.objects.values_list("address", flat=True)) == {"U1LEA", "U2KARIM"}
    send(person(first), person(second))
    assert outbox.deliver(NOW).sent == 2
    assert not any("lookupByEmail" in one.path for one in chat.received)


def test_whoever_slack_does_not_know_is_told_by_mail(chat: Chat) -> None:
    user = ada()
    connect("slack", "app", "xoxb-secret")
    ChannelChoice.objects.create(user=user, kind="releases", channel=Channel.SLACK)
    outbox.send_letter(
        outbox.write_letter(key="r", words=WORDS, now=NOW), [person(user)], NOW, channels=[Channel.SLACK]
    )
    outbox.deliver(NOW, (Channel.SLACK,))
    assert states(Channel.SLACK) == [DeliveryState.FAILED]
    assert outbox.deliver(NOW).sent == 1
    assert len(mail.outbox) == 1


def test_a_tool_that_asks_for_peace_gets_it_and_nothing_is_lost(chat: Chat) -> None:
    first, second = lea(), karim()
    slack_for(first, second)
    outbox.look_up_people(NOW)
    chat.received.clear()
    send(person(first), person(second))
    chat.answers = [(429, {"Retry-After": "30"}, "")]
    done = outbox.deliver(NOW)
    assert (done.sent, done.wait) == (0, 30)
    assert len(chat.received) == 1, "the second was not even tried"
    assert Delivery.objects.filter(channel=Channel.SLACK, attempts=0).count() == 2
    ChatConnection.objects.update(waits_until=None)
    assert outbox.deliver(NOW + dt.timedelta(seconds=31)).sent == 2


def test_a_refused_token_is_said_and_mail_takes_over(chat: Chat) -> None:
    user = karim()
    slack_for(user)
    ChannelChoice.objects.filter(channel=Channel.MAIL).delete()
    ChatAddress.objects.create(
        connection=ChatConnection.objects.get(), user=user, address="U2KARIM", found_at=NOW
    )
    outbox.send_letter(
        outbox.write_letter(key="r", words=WORDS, now=NOW), [person(user)], NOW, channels=[Channel.SLACK]
    )
    chat.answers = [(200, {}, json.dumps({"ok": False, "error": "token_revoked"}))]
    outbox.deliver(NOW)
    assert ChatConnection.objects.get().error == "token_revoked"
    outbox.deliver(NOW)
    assert len(mail.outbox) == 1


def test_an_answer_that_got_lost_is_counted_as_possibly_twice(chat: Chat) -> None:
    room = connect("mattermost", "webhook", f"{chat.address}/hooks/abc")
    send(Addressee("en", chat_id=room.pk))
    chat.answers = [(0, {}, "")]
    assert outbox.deliver(NOW).put_off == 1
    assert outbox.deliver(NOW + dt.timedelta(minutes=2)).possibly_twice == 1
    assert len(chat.received) == 2


def test_a_digest_comes_in_slack_too(chat: Chat) -> None:
    user = lea()
    slack_for(user)
    ChannelChoice.objects.filter(channel=Channel.SLACK).update(pace="daily")
    send(person(user))
    send(person(user), key="other")
    assert outbox.deliver(NOW).sent == 0
    tomorrow = NOW + dt.timedelta(days=1)
    assert outbox.gather(tomorrow) == 1
    assert outbox.deliver(tomorrow).sent == 1
    (posted,) = (one for one in chat.received if "postMessage" in one.path)
    assert posted.value["channel"] == "U1LEA"
    assert posted.value["text"].count("Remboursement") == 2


def test_a_webhook_of_the_private_network_is_not_posted_to(chat: Chat, settings: LazySettings) -> None:
    room = connect("teams", "webhook", f"{chat.address}/x")
    settings.PRIVATE_HOSTS = []
    send(Addressee("en", chat_id=room.pk))
    assert outbox.deliver(NOW).failed == 1
    assert chat.received == []
    assert ChatConnection.objects.get().error == "address_private"


@pytest.mark.parametrize(
    ("tool", "way", "secret"),
    [
        ("teams", "app", "xoxb-1"), ("slack", "app", "nonsense"), ("slack", "webhook", "nonsense"),
        ("slack", "webhook", "http://hooks.example.org/x"), ("teams", "webhook", "https://u:p@example.org/x"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_connection_is_refused(tool: str, way: str, secret: str) -> None:
    with pytest.raises(NotConnected):
        connect(tool, way, secret)


def test_a_chat_is_connected_tried_and_let_go_on_pages(chat: Chat, client: Client) -> None:
    client.force_login(ada())
    fields = {"name": "Sales", "tool": "mattermost", "way": "webhook", "secret": f"{chat.address}/hooks/s3cr3t",
              "room": "", "language": "en"}  # fmt: skip
    assert client.post(reverse("accounts:chat-create"), fields | {"secret": "x"}).status_code == 422
    assert client.post(reverse("accounts:chat-create"), fields).status_code == 302
    row = ChatConnection.objects.get()
    assert unseal(row.sealed).endswith("s3cr3t") and "s3cr3t" not in row.sealed
    assert Message.objects.get().to_chat == row
    assert outbox.deliver(NOW + dt.timedelta(days=365)).sent == 1
    assert "Vertebra" in chat.received[0].value["text"]
    page = client.get(reverse("accounts:chat-list")).content.decode()
    assert "Sales" in page and "s3cr3t" not in page
    assert client.post(reverse("accounts:chat-try", args=[row.pk])).status_code == 302
    assert client.post(reverse("accounts:chat-end", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.archived_at and not row.sealed
    assert outbox.deliver(NOW + dt.timedelta(days=365)).failed == 1


def test_a_second_app_takes_the_place_of_the_first(chat: Chat) -> None:
    first = connect("slack", "app", "xoxb-one")
    second = connect("slack", "app", "xoxb-two")
    assert list(ChatConnection.objects.filter(way=ChatWay.APP, archived_at=None)) == [second]
    disconnect_chat(actor=ada_again(), connection=second, now=NOW)
    first.refresh_from_db()
    assert first.archived_at


def test_the_secret_of_an_app_that_is_replaced_is_forgotten(chat: Chat) -> None:
    first = connect("slack", "app", "xoxb-one")
    open_command(actor=ada_again(), connection=first, secret="0123456789abcdef", now=NOW)
    connect("slack", "app", "xoxb-two")
    first.refresh_from_db()
    assert (first.sealed, first.sealed_command) == ("", "")


def ada_again() -> User:
    return User.objects.get(email="ada@example.org")


def test_an_app_is_tried_on_whoever_connects_it(chat: Chat) -> None:
    user = lea()
    made = connect("slack", "app", "xoxb-one")
    try_chat(actor=user, connection=made, now=NOW)
    assert outbox.deliver(NOW).sent == 1
    (posted,) = (one for one in chat.received if "postMessage" in one.path)
    assert posted.value["channel"] == "U1LEA"


def test_a_room_that_wants_peace_does_not_hold_up_the_others(chat: Chat) -> None:
    first = connect("mattermost", "webhook", f"{chat.address}/hooks/one")
    second = connect("mattermost", "webhook", f"{chat.address}/hooks/two")
    send(Addressee("en", chat_id=first.pk), Addressee("en", chat_id=second.pk))
    chat.answers = [(429, {"Retry-After": "60"}, "")]
    assert outbox.deliver(NOW).sent == 1
    assert outbox.deliver(NOW + dt.timedelta(minutes=2)).sent == 1


def test_a_round_that_is_cut_short_puts_nobody_off_for_the_peace_of_another_room(chat: Chat) -> None:
    first = connect("mattermost", "webhook", f"{chat.address}/hooks/one")
    second = connect("mattermost", "webhook", f"{chat.address}/hooks/two")
    send(Addressee("en", chat_id=first.pk), Addressee("en", chat_id=second.pk))
    chat.answers, chat.seconds = [(429, {"Retry-After": "600"}, "")], 3
    done = outbox.deliver(NOW, seconds=2.5)
    assert (done.is_cut_short, done.sent, done.wait) == (True, 0, 600)
    chat.seconds = 0
    assert outbox.deliver(NOW + dt.timedelta(seconds=1)).sent == 1
