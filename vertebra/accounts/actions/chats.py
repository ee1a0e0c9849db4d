"""Chat tools: connected, tried, let go of."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit, outbox
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Channel, ChatWay, Kind
from vertebra.accounts.models import AuditEntry, ChatConnection, User
from vertebra.connectors.faults import Trouble
from vertebra.connectors.web_json import parts_of
from vertebra.kit.seals import seal

# Fewer can be guessed, and no tool gives so few.
FEWEST_CHARACTERS = 16


class NotConnected(Refusal):
    """What was given cannot be a connection to a chat tool."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a connection is made of; the secret is the address of the webhook, or the token of the app."""

    name: str
    tool: str
    way: str
    secret: str
    room: str = ""
    language: str = "fr"


@transaction.atomic
def connect_chat(*, actor: User, given: Given, now: dt.datetime) -> tuple[ChatConnection, AuditEntry]:
    """Connect a chat tool; an app takes the place of the one before."""
    _refuse_bad(given)
    tracker = audit.Tracker()
    if given.way == ChatWay.APP:
        for row in ChatConnection.objects.filter(tool=given.tool, way=ChatWay.APP, archived_at=None):
            _forget(row)
            tracker.change(row, archived_at=now)
    made = ChatConnection(
        name=given.name.strip()[:100],
        tool=given.tool,
        way=given.way,
        sealed=seal(given.secret.strip()),
        room=given.room.strip(),
        language=given.language,
        made_by=actor,
        made_at=now,
    )
    tracker.create(made)
    return made, _record(actor, "connect", made, now, tracker)


def _refuse_bad(given: Given) -> None:
    if given.way == ChatWay.APP:
        if given.tool != Channel.SLACK:
            raise NotConnected(
                _("Only Slack is written to by an app so far: choose the incoming webhook of a room.")
            )
        if not given.secret.strip().startswith("xox"):
            raise NotConnected(_("The token of a Slack app starts with “xoxb-”: copy the one of its bot."))
        return
    try:
        parts = parts_of(given.secret)
    except Trouble as trouble:
        raise NotConnected(
            _("This is no web address: copy it whole from the settings of the webhook.")
        ) from trouble
    if parts.scheme != "https" and (parts.hostname or "") not in settings.PRIVATE_HOSTS:
        raise NotConnected(
            _("The address of a webhook starts with https: what it carries is for the room alone.")
        )


@transaction.atomic
def try_chat(*, actor: User, connection: ChatConnection, now: dt.datetime) -> AuditEntry:
    """Send a first message there, so that everybody sees that it arrives."""
    ChatConnection.objects.filter(pk=connection.pk).update(error="", error_at=None, waits_until=None)
    outbox.queue_message(
        key=f"chat_test:{connection.pk}:{uuid.uuid4().hex}",
        template="chat_test",
        particulars={"name": connection.name, "actor": str(actor)},
        language=connection.language,
        to_chat=connection,
        to_user=None if connection.way == ChatWay.WEBHOOK or connection.room else actor,
        address=reverse("accounts:chat-list"),
        now=now,
    )
    return _record(actor, "send", connection, now, audit.Tracker())


@transaction.atomic
def open_command(*, actor: User, connection: ChatConnection, secret: str, now: dt.datetime) -> AuditEntry:
    """Let people ask from a chat tool: what comes with this secret comes from there."""
    if not connection.takes_commands:
        raise NotConnected(_("People ask from the app of Slack, or from Mattermost."))
    if len(secret.strip()) < FEWEST_CHARACTERS:
        raise NotConnected(
            _("This is too short to be the secret: copy it whole from the settings of the tool.")
        )
    ChatConnection.objects.filter(pk=connection.pk).update(sealed_command=seal(secret.strip()))
    return _record(actor, "change", connection, now, audit.Tracker())


@transaction.atomic
def disconnect_chat(*, actor: User, connection: ChatConnection, now: dt.datetime) -> AuditEntry:
    """Let go of a chat tool: nothing goes there any more, and its secret is forgotten."""
    connection = ChatConnection.objects.select_for_update().get(pk=connection.pk)
    if connection.archived_at:
        raise NothingChanges(_("It was disconnected before."))
    tracker = audit.Tracker()
    _forget(connection)
    tracker.change(connection, archived_at=now)
    return _record(actor, "close", connection, now, tracker)


def _forget(connection: ChatConnection) -> None:
    """Keep no secret of a chat that nothing goes to any more."""
    ChatConnection.objects.filter(pk=connection.pk).update(sealed="", sealed_command="")
    connection.sealed = connection.sealed_command = ""


def _record(
    actor: User, verb: str, connection: ChatConnection, now: dt.datetime, tracker: audit.Tracker
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CHAT,
        object_id=connection.pk,
        object_name=connection.name,
        now=now,
        rows=tracker.changes,
    )
