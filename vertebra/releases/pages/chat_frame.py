"""What every request of a chat tool has in common: that the tool sent it, once, and who asks there."""

import hashlib
import hmac

from django.core.cache import cache
from django.http import HttpRequest

from vertebra.accounts.labels import Channel
from vertebra.accounts.models import ChatAddress, ChatConnection, User
from vertebra.connectors import slack
from vertebra.kit import clock
from vertebra.kit.seals import unseal
from vertebra.org.models import Person

# The same request is genuine for so long, by the clock of either side.
_REMEMBERED = 2 * slack.MOST_SECONDS


def genuine(request: HttpRequest, chat_id: int) -> ChatConnection | None:
    """The connected chat that sent this itself: Slack signs what it sends, Mattermost sends the token of the command."""
    connection = ChatConnection.objects.filter(pk=chat_id, archived_at=None).first()
    if connection is None or not connection.sealed_command:
        return None
    secret = unseal(connection.sealed_command)
    if connection.tool == Channel.SLACK:
        is_genuine = slack.is_signed(
            request.body,
            secret=secret,
            timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
            signature=request.headers.get("X-Slack-Signature", ""),
            at=clock.machine().timestamp(),
        )
    else:
        is_genuine = hmac.compare_digest(sent(request, "token").encode(), secret.encode())
    return connection if is_genuine else None


def is_replayed(request: HttpRequest) -> bool:
    """Whether this very request came before; Slack signs each with its moment."""
    digest = hashlib.sha256(request.headers.get("X-Slack-Signature", "").encode()).hexdigest()
    return not cache.add(f"slack-request:{digest}", 1, _REMEMBERED)


def sent(request: HttpRequest, name: str) -> str:
    """What the tool sent under a name, without what no database keeps."""
    return request.POST.get(name, "").replace("\x00", "")


def who_asks(connection: ChatConnection, name: str) -> User | None:
    """The account of whoever asks: the one that Slack knows by their e-mail, or that has the login of Mattermost."""
    if connection.tool == Channel.SLACK:
        known = ChatAddress.objects.filter(connection=connection, user__is_active=True, address=name)
        found = known.exclude(address="").select_related("user").first()
        return found.user if found else None
    people = Person.objects.filter(handle__iexact=name, archived_at=None, user__is_active=True)
    same = list(people.select_related("user")[:2]) if name else []
    return same[0].user if len(same) == 1 else None
