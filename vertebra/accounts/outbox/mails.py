"""Messages as mails: the same Message-ID however often they are sent, and one click to get no more of them."""

import hashlib
import smtplib
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from vertebra.accounts.labels import STOPPED_BY_A_CLICK
from vertebra.accounts.models import Delivery, Message
from vertebra.accounts.outbox.carrying import Refused
from vertebra.accounts.outbox.words import DIGEST, Writer
from vertebra.accounts.tokens import stop_token
from vertebra.kit.calendars import calendar_file

log = structlog.get_logger("vertebra.outbox")


def mail_is_on() -> bool:
    """Whether this instance can send mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def address_for(message: Message) -> str:
    """Where the mail of a message goes."""
    return message.to_user.email if message.to_user else message.to_email


def message_id(message: Message) -> str:
    """What mail servers know a message by."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.pk}.{digest_of_key(message.key)}@{domain}>"


def digest_of_key(key: str) -> str:
    """What in a Message-ID shows that it is ours."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def stop_address(message: Message) -> str:
    """Where one click ends the mails of this kind; nothing for what people must be told."""
    if message.kind not in STOPPED_BY_A_CLICK and message.template != DIGEST:
        return ""
    token = stop_token(user=message.to_user_id, email=message.to_email, kind=message.kind)
    return settings.PUBLIC_URL + reverse("accounts:mail-stop", args=[token])


def mail_of(
    message: Message, connection: BaseEmailBackend | None = None, *, writer: Writer | None = None
) -> EmailMessage:
    """The mail that carries a message."""
    headers = {
        "Message-ID": message_id(message),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if stop := stop_address(message):
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if message.letter_id or message.template == DIGEST:
        headers["Precedence"] = "bulk"
    said = (writer or Writer()).mail(message, stop)
    to = [address_for(message)]
    mail = EmailMultiAlternatives(said.subject, said.text, to=to, headers=headers, connection=connection)
    if said.html:
        mail.attach_alternative(said.html, "text/html")
    if kept := message.particulars.get("event"):
        mail.attach(_calendar_part(kept))
    return mail


def _calendar_part(kept: dict[str, Any]) -> MIMEText:
    """The event that a message speaks of, as mail programs take it into a calendar."""
    part = MIMEText(calendar_file(kept).decode(), "calendar", "utf-8")
    part.set_param("method", kept["method"])
    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    return part


def is_permanent(error: Exception) -> bool:
    """Whether the mail server's answer will be the same next time."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return not isinstance(error, OSError | smtplib.SMTPException)


class Postman:
    """Carries messages by mail, over one connection."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.connection: BaseEmailBackend | None = None

    def prepare(self, deliveries: list[Delivery]) -> None:
        """Nothing is looked up for a batch of mails."""

    def carry(self, delivery: Delivery) -> None:
        """Send one mail, or say why not."""
        message = delivery.message
        if address_for(message).casefold() == parseaddr(settings.DEFAULT_FROM_EMAIL)[1].casefold():
            raise Refused("own_address", is_permanent=True)  # what we send to ourselves would come back
        try:
            if self.connection is None:
                self.connection = get_connection()
                self.connection.open()
            mail_of(message, self.connection, writer=self.writer).send()
        except Exception as error:
            self.close()
            # Once the text was on its way, silence does not tell whether it arrived.
            raise Refused(
                f"{type(error).__name__}: {error}"[:500],
                is_permanent=is_permanent(error),
                in_doubt=isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected),
                is_no_address=_is_no_address(error),
            ) from error

    def close(self) -> None:
        """Let go of the connection."""
        if self.connection is not None:
            try:
                self.connection.close()
            except (OSError, smtplib.SMTPException) as error:
                log.info("mail_connection_lost", reason=type(error).__name__)
            self.connection = None


def _is_no_address(error: Exception) -> bool:
    """Whether the server says that nobody has this address."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code in {550, 551, 553} for code, _text in error.recipients.values())
