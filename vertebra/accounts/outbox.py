"""The outbox: what is sent to anybody is queued with its cause, in the same transaction, and delivered by one job."""

import datetime as dt
import hashlib
import smtplib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.mime.text import MIMEText
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.template import Context, engines
from django.utils import translation

from vertebra.accounts.labels import Channel, DeliveryState
from vertebra.accounts.models import ChannelChoice, Delivery, Message, User
from vertebra.kit import clock
from vertebra.kit.calendars import calendar_file
from vertebra.kit.jobs import enqueue_once
from vertebra.kit.seals import unseal

WAITS = (60, 300, 1800, 3600, 7200, 14400)
CLAIM_LASTS = dt.timedelta(minutes=5)
BATCH = 50
log = structlog.get_logger("vertebra.outbox")


def mail_is_on() -> bool:
    """Whether this instance can send mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


@transaction.atomic
def queue_message(
    *,
    key: str,
    template: str,
    particulars: dict[str, Any],
    language: str,
    now: dt.datetime,
    to_user: User | None = None,
    to_email: str = "",
    address: str = "",
) -> Message:
    """Queue a message with the change that causes it; the same key twice is one message."""
    message, is_new = Message.objects.get_or_create(
        key=key,
        defaults={
            "to_user": to_user,
            "to_email": to_email,
            "language": language,
            "template": template,
            "particulars": particulars,
            "address": address,
            "created_at": now,
        },
    )
    if is_new:
        channels = _wanted(to_user)
        Delivery.objects.bulk_create(
            [_delivery(message, channel, min(now, clock.machine())) for channel in channels]
        )
        if Channel.MAIL in channels:
            enqueue_once("vertebra.accounts.jobs.deliver_messages")
    return message


@transaction.atomic
def queue_messages(messages: Sequence[Message], now: dt.datetime) -> None:
    """Queue many messages with the change that causes them, in a few statements; a key that is there is left alone."""
    known = set(Message.objects.filter(key__in=[one.key for one in messages]).values_list("key", flat=True))
    new = [one for one in messages if one.key not in known]
    for one in new:
        one.created_at = now
    Message.objects.bulk_create(new, batch_size=BATCH)
    users = {one.to_user_id for one in new}
    refused: dict[int, set[str]] = {}
    choices = ChannelChoice.objects.filter(user__in=users, is_on=False)
    for user, channel in choices.values_list("user_id", "channel"):
        refused.setdefault(user, set()).add(channel)
    due_at = min(now, clock.machine())
    deliveries = [
        _delivery(one, channel, due_at)
        for one in new
        for channel in _channels(one.to_user, refused.get(one.to_user_id or 0, set()))
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=BATCH)
    if any(one.channel == Channel.MAIL for one in deliveries):
        enqueue_once("vertebra.accounts.jobs.deliver_messages")


def _wanted(user: User | None) -> list[Channel]:
    refused = ChannelChoice.objects.filter(user=user, is_on=False)
    return _channels(user, set(refused.values_list("channel", flat=True)))


def _channels(user: User | None, refused: set[str]) -> list[Channel]:
    can_have = [Channel.IN_APP] if user else []
    return [
        channel
        for channel in [*can_have, *([Channel.MAIL] if mail_is_on() else [])]
        if channel not in refused
    ]


def _delivery(message: Message, channel: Channel, now: dt.datetime) -> Delivery:
    if channel == Channel.IN_APP:  # the row is the delivery
        return Delivery(message=message, channel=channel, state=DeliveryState.SENT, due_at=now, sent_at=now)
    return Delivery(message=message, channel=channel, due_at=now)


def due_mails(now: dt.datetime) -> QuerySet[Delivery]:
    """Mails to send now: those whose turn has come, and those whose sender stopped in the middle."""
    waiting = Q(state=DeliveryState.QUEUED, due_at__lte=now)
    abandoned = Q(state=DeliveryState.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
    return Delivery.objects.filter(waiting | abandoned, channel=Channel.MAIL)


@dataclass
class Round:
    """What one run of the delivery job did."""

    sent: int = 0
    possibly_twice: int = 0
    put_off: int = 0
    failed: int = 0
    connection: BaseEmailBackend | None = field(default=None, repr=False)


def deliver(now: dt.datetime) -> Round:
    """Send every mail that is due, over one connection; each is claimed before it is sent."""
    done = Round()
    try:
        for delivery in _claimed(now):
            _send(delivery, done, now)
    finally:
        if done.connection is not None:
            _close(done.connection)
    return done


def _claimed(now: dt.datetime) -> Iterator[Delivery]:
    """Claim one due mail after the other; what a lost claim may have sent already is remembered."""
    while ids := list(due_mails(now).order_by("id").values_list("id", flat=True)[:BATCH]):
        for pk in ids:
            due = due_mails(now).filter(pk=pk)
            is_ours = due.filter(state=DeliveryState.QUEUED).update(
                state=DeliveryState.CLAIMED, claimed_at=now, attempts=F("attempts") + 1
            ) or due.filter(state=DeliveryState.CLAIMED).update(
                claimed_at=now, attempts=F("attempts") + 1, is_maybe_sent=True
            )
            if is_ours:
                yield Delivery.objects.select_related("message__to_user").get(pk=pk)


def _send(delivery: Delivery, done: Round, now: dt.datetime) -> None:
    user = delivery.message.to_user
    if user is not None and not user.is_active:
        _settle(delivery, DeliveryState.FAILED, now, error="account_closed")
        done.failed += 1
        return
    try:
        if done.connection is None:
            done.connection = get_connection()
            done.connection.open()
        mail_of(delivery.message, done.connection).send()
    except Exception as error:
        _close(done.connection)
        done.connection = None
        _after_error(delivery, error, done, now)
        return
    if delivery.is_maybe_sent:
        _settle(delivery, DeliveryState.POSSIBLY_TWICE, now)
        done.possibly_twice += 1
    else:
        _settle(delivery, DeliveryState.SENT, now)
        done.sent += 1


def _after_error(delivery: Delivery, error: Exception, done: Round, now: dt.datetime) -> None:
    reason = f"{type(error).__name__}: {error}"[:500]
    if is_permanent(error) or delivery.attempts > len(WAITS):
        log.error("mail_failed", delivery=delivery.pk, reason=type(error).__name__)
        _settle(delivery, DeliveryState.FAILED, now, error=reason)
        done.failed += 1
        return
    log.warning("mail_put_off", delivery=delivery.pk, reason=type(error).__name__)
    # Once the text was on its way, silence does not tell whether it arrived.
    in_doubt = isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.QUEUED,
        due_at=now + dt.timedelta(seconds=WAITS[delivery.attempts - 1]),
        error=reason,
        is_maybe_sent=delivery.is_maybe_sent or in_doubt,
    )
    done.put_off += 1


def is_permanent(error: Exception) -> bool:
    """Whether the mail server's answer will be the same next time."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return not isinstance(error, OSError | smtplib.SMTPException)


def _settle(delivery: Delivery, state: DeliveryState, now: dt.datetime, error: str = "") -> None:
    sent_at = None if state == DeliveryState.FAILED else now
    Delivery.objects.filter(pk=delivery.pk).update(state=state, sent_at=sent_at, error=error)


def _close(connection: BaseEmailBackend | None) -> None:
    if connection is not None:
        try:
            connection.close()
        except (OSError, smtplib.SMTPException) as error:
            log.info("mail_connection_lost", reason=type(error).__name__)


@dataclass(frozen=True)
class Words:
    """A message in the language of whoever reads it."""

    subject: str
    body: str


def words_of(message: Message, language: str = "") -> Words:
    """Render a message: its template's first line is the subject, the rest is the text."""
    template = engines["django"].get_template(f"accounts/mail/{message.template}.txt")
    to = message.to_user.name if message.to_user else ""
    link = unseal(message.address)
    link = f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link
    # What people typed stays on its line: it cannot become a subject, a header or a paragraph of ours.
    said = {k: " ".join(v.split()) if isinstance(v, str) else v for k, v in message.particulars.items()}
    context = {**said, "to": to, "address": link, "instance": settings.PUBLIC_URL}
    with translation.override(language or message.language):
        text = template.template.render(Context(context, autoescape=False)).strip()  # type: ignore[attr-defined]
    subject, _, body = text.partition("\n")
    return Words(" ".join(subject.split())[:200], body.strip())


def mail_of(message: Message, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail that carries a message, with the same Message-ID however often it is sent."""
    words = words_of(message)
    to = message.to_user.email if message.to_user else message.to_email
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{message.pk}.{digest}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(words.subject, words.body, to=[to], headers=headers, connection=connection)
    if kept := message.particulars.get("event"):
        mail.attach(_calendar_part(kept))
    return mail


def _calendar_part(kept: dict[str, Any]) -> MIMEText:
    """The event that a message speaks of, as mail programs take it into a calendar."""
    part = MIMEText(calendar_file(kept).decode(), "calendar", "utf-8")
    part.set_param("method", kept["method"])
    part.add_header("Content-Disposition", "attachment", filename="invitation.ics")
    return part


def unread(user: User) -> QuerySet[Message]:
    """What the person was told in Vertebra and has not read."""
    return received(user).filter(read_at=None)


def received(user: User) -> QuerySet[Message]:
    """What the person was told in Vertebra, the latest first."""
    return Message.objects.filter(to_user=user, deliveries__channel=Channel.IN_APP).order_by("-id")


def mark_read(user: User, now: dt.datetime, ids: list[int] | None = None) -> int:
    """Note that the person read these messages (all, without ids)."""
    chosen = Message.objects.filter(to_user=user, read_at=None)
    return (chosen if ids is None else chosen.filter(pk__in=ids)).update(read_at=now)


def count_by_state() -> dict[str, int]:
    """How many deliveries are in each state."""
    counted = dict(Delivery.objects.values_list("state").annotate(count=Count("id")).order_by())
    return {state: counted.get(state, 0) for state in DeliveryState.values}
