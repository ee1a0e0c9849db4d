"""Messages in chat tools: to a room by its webhook, to rooms and people by an app."""

import datetime as dt

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Channel, ChatWay
from vertebra.accounts.models import ChatAddress, ChatConnection, Delivery, Message, User
from vertebra.accounts.outbox.carrying import Refused
from vertebra.accounts.outbox.words import DIGEST, address_of, lead_of, words_of
from vertebra.connectors import slack
from vertebra.connectors.mattermost import MattermostWebhook
from vertebra.connectors.publishing import Button, NotSent, Post, Publisher
from vertebra.connectors.slack import SlackApp, SlackWebhook
from vertebra.connectors.teams import TeamsWebhook
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock
from vertebra.kit.seals import unseal

SECONDS = 15
LOOK_AGAIN_AFTER = dt.timedelta(days=1)


def app_of(tool: str) -> ChatConnection | None:
    """The app by which people are written to in a chat tool, if one is connected and works."""
    return ChatConnection.objects.filter(tool=tool, way=ChatWay.APP, archived_at=None).first()


def publisher_of(connection: ChatConnection) -> Publisher:
    """What brings texts to a connected chat."""
    reach = Reach(private=settings.PRIVATE_HOSTS, seconds=SECONDS, bytes=5 * 1024 * 1024)
    secret = unseal(connection.sealed)
    if connection.way == ChatWay.APP:
        return SlackApp(secret, reach, room=connection.room, api=settings.SLACK_API)
    if connection.tool == Channel.SLACK:
        return SlackWebhook(secret, reach)
    if connection.tool == Channel.TEAMS:
        return TeamsWebhook(secret, reach)
    return MattermostWebhook(secret, reach, room=connection.room)


def post_of(message: Message, to: str = "", *, with_buttons: bool = False) -> Post:
    """A message as chat tools take it; what can be answered by a press has its buttons where presses are taken."""
    words, address = words_of(message), address_of(message)
    body = words.body
    if message.letter is None and message.template != DIGEST:  # the address is a line of the template already
        body = "\n".join(line for line in body.split("\n") if not address or line.strip() != address)
    with translation.override(message.language):
        body = "\n\n".join(part for part in (lead_of(message), body) if part)
        buttons = [Button(*one) for one in message.particulars.get("buttons", ())] if with_buttons else []
        return Post(words.subject, body, address, _("Open") if address else "", to, tuple(buttons))


class Messenger:
    """Carries messages into one chat tool, over one kept connection for each room or app."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.app: ChatConnection | None = None
        self.publishers: dict[int, Publisher] = {}
        self.addresses: dict[int, str] = {}

    def prepare(self, deliveries: list[Delivery]) -> None:
        """Look up what the tool calls the people of a batch."""
        self.app = app_of(self.channel)
        if self.app is None:
            return
        people = [row.message.to_user_id for row in deliveries if row.message.to_user_id]
        known = ChatAddress.objects.filter(connection=self.app, user__in=people)
        now = clock.machine()
        self.addresses = {
            row.user_id: row.address for row in known if row.address or now - row.found_at < LOOK_AGAIN_AFTER
        }

    def carry(self, delivery: Delivery) -> None:
        """Post one message, or say why not."""
        message = delivery.message
        connection = message.to_chat or self.app
        if connection is None or connection.archived_at or (message.to_user_id and connection.error):
            raise Refused("no_connection", is_permanent=True, goes_by_mail=True)
        try:
            to = self._address_of(message, connection) if message.to_user_id else ""
            if message.to_user_id and not to:
                raise Refused("unknown_there", is_permanent=True, goes_by_mail=True)
            post = post_of(message, to, with_buttons=bool(to and connection.takes_presses))
            self._publisher(connection).publish(post)
        except NotSent as refusal:
            self._note(connection, refusal)
            raise Refused(
                refusal.code,
                is_permanent=refusal.is_permanent,
                in_doubt=refusal.in_doubt,
                wait=refusal.wait,
                goes_by_mail=True,
            ) from refusal
        if connection.error:
            ChatConnection.objects.filter(pk=connection.pk).update(error="", error_at=None)
            connection.error = ""

    def _publisher(self, connection: ChatConnection) -> Publisher:
        if connection.pk not in self.publishers:
            self.publishers[connection.pk] = publisher_of(connection)
        return self.publishers[connection.pk]

    def _address_of(self, message: Message, connection: ChatConnection) -> str:
        user = message.to_user
        assert user is not None  # noqa: S101 (for the type checker)
        if user.pk not in self.addresses:
            publisher = self._publisher(connection)
            found = publisher.find(user.email) if isinstance(publisher, SlackApp) else ""
            keep_address(connection, {user.pk: found}, clock.machine())
            self.addresses[user.pk] = found
        return self.addresses[user.pk]

    def _note(self, connection: ChatConnection, refusal: NotSent) -> None:
        """Say on the connection what is wrong with it: the app is refused, or the room is gone."""
        now = clock.machine()
        if refusal.wait is not None:
            until = now + dt.timedelta(seconds=refusal.wait)
            ChatConnection.objects.filter(pk=connection.pk).update(waits_until=until)
        is_of_app = refusal.code in slack.OF_THE_APP
        if is_of_app or (connection.way == ChatWay.WEBHOOK and refusal.is_permanent):
            ChatConnection.objects.filter(pk=connection.pk).update(error=refusal.code[:60], error_at=now)
            connection.error = refusal.code[:60]

    def close(self) -> None:
        """Let go of the connections."""
        for publisher in self.publishers.values():
            publisher.close()
        self.publishers.clear()


def look_up_people(now: dt.datetime) -> int:
    """Ask each connected app whom it knows; gives how many people of ours it does."""
    count = 0
    for connection in ChatConnection.objects.filter(way=ChatWay.APP, archived_at=None, error=""):
        publisher = publisher_of(connection)
        assert isinstance(publisher, SlackApp)  # noqa: S101 (for the type checker)
        ours = {
            email.casefold(): pk
            for pk, email in User.objects.filter(is_active=True).values_list("pk", "email").iterator()
        }
        try:
            found = {ours[email]: one for email, one in publisher.people() if email in ours}
        except NotSent as refusal:
            ChatConnection.objects.filter(pk=connection.pk).update(error=refusal.code[:60], error_at=now)
            continue
        finally:
            publisher.close()
        keep_address(connection, found, now)
        count += len(found)
    return count


def keep_address(connection: ChatConnection, found: dict[int, str], now: dt.datetime) -> None:
    """Remember what a chat tool calls people."""
    ChatAddress.objects.bulk_create(
        [
            ChatAddress(connection=connection, user_id=user, address=one, found_at=now)
            for user, one in found.items()
        ],
        update_conflicts=True,
        unique_fields=("connection", "user"),
        update_fields=("address", "found_at"),
        batch_size=1000,
    )
