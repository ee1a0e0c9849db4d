"""Mail that comes back: what mail servers report of addresses (RFC 3464); anything else is left alone, so nothing loops."""

import datetime as dt
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum

import structlog

from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import Delivery, Message
from vertebra.accounts.outbox.mails import address_for, digest_of_key
from vertebra.accounts.outbox.stops import note_bounce

MOST_BYTES = 10 * 1024 * 1024
_OURS = re.compile(rb"message-id:\s*<(\d{1,18})\.([0-9a-f]{32})@[^>\s]{1,255}>", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
log = structlog.get_logger("vertebra.outbox")


class Returned(StrEnum):
    """What a mail that arrived at our own address was."""

    NO_REPORT = "no_report"
    NOT_OURS = "not_ours"
    LATER = "later"
    BOUNCED = "bounced"


def take_returned(raw: bytes, now: dt.datetime) -> Returned:
    """Read one mail that came to our address; nothing is ever answered to it."""
    mail = message_from_bytes(raw[:MOST_BYTES], policy=policy.default)
    if mail.get_content_type() != "multipart/report" or not isinstance(mail, EmailMessage):
        return Returned.NO_REPORT
    status = _status(mail)
    if status is None:
        return Returned.NO_REPORT
    message = _ours(raw[:MOST_BYTES])
    if message is None:
        return Returned.NOT_OURS
    if not status.startswith("5"):
        return Returned.LATER
    changed = Delivery.objects.filter(
        message=message, channel=Channel.MAIL, state__in=(DeliveryState.SENT, DeliveryState.POSSIBLY_TWICE)
    ).update(state=DeliveryState.BOUNCED, error=status)
    if changed:  # the same report twice counts once
        log.warning("mail_came_back", message=message.pk, status=status)
        note_bounce(address_for(message), status, now)
    return Returned.BOUNCED


def _status(mail: EmailMessage) -> str | None:
    """The status that the report gives: 5.1.1 and the like."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            text = "\n".join(str(one) for one in part.get_payload()) if part.is_multipart() else str(part)
            found = _STATUS.search(text.partition("Status:")[2])
            return found.group(0) if found else None
    return None


def _ours(raw: bytes) -> Message | None:
    """The message of ours that the report encloses; a made-up number does not name one."""
    for number, digest in _OURS.findall(raw):
        message = Message.objects.select_related("to_user").filter(pk=int(number)).first()
        if message is not None and digest_of_key(message.key) == digest.decode().lower():
            return message
    return None
