"""Jobs of accounts: delivering messages, clearing what expired."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from vertebra.accounts import outbox
from vertebra.accounts.actions import doors
from vertebra.accounts.labels import CHAT_CHANNELS, Channel, ChatWay
from vertebra.accounts.models import ChatConnection, KeptAnswer, Message, User
from vertebra.accounts.outbox.chats import SECONDS
from vertebra.accounts.outbox.queueing import CHAT_JOB, MAIL_JOB
from vertebra.connectors.publishing import NotSent
from vertebra.connectors.slack import answer_press
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, enqueue_once, job

# A round ends after that, so that other jobs get their turn; the next begins at once.
ROUND_SECONDS = 30.0


def _deliver(channels: tuple[Channel, ...], path: str) -> outbox.Round:
    done = outbox.deliver(clock.machine(), channels, seconds=ROUND_SECONDS)
    if done.is_cut_short:
        enqueue_once(path)
    return done


def _told(done: outbox.Round) -> dict[str, int]:
    return {
        "sent": done.sent,
        "twice": done.possibly_twice,
        "put_off": done.put_off,
        "failed": done.failed,
        "stopped": done.stopped,
    }


@job(words=_("Deliver messages"), priority=10)
def deliver_messages() -> dict[str, int]:
    """Send the mails that wait in the outbox."""
    return _told(_deliver((Channel.MAIL,), MAIL_JOB))


@job(words=_("Deliver messages to chats"), priority=10)
def deliver_posts() -> dict[str, int]:
    """Post what waits in the outbox for chat tools; whoever asks to be left alone is, for as long as they ask."""
    done = _deliver(CHAT_CHANNELS, CHAT_JOB)
    if done.wait:
        deliver_posts.using(run_after=clock.machine() + dt.timedelta(seconds=done.wait)).enqueue()
    return _told(done)


def something_to_deliver() -> bool:
    """Whether a mail waits in the outbox."""
    return outbox.due(clock.machine(), (Channel.MAIL,)).exists()


def something_to_post() -> bool:
    """Whether a chat tool is to be written to."""
    return outbox.due(clock.machine(), CHAT_CHANNELS).exists()


@job(words=_("Gather digests"))
def gather_digests() -> int:
    """Put what people chose not to be told at once into their digests."""
    return outbox.gather(clock.machine())


def something_to_gather() -> bool:
    """Whether a digest is due."""
    return outbox.held(clock.machine()).exists()


@job(words=_("Look up who is who in Slack"))
def look_up_people() -> int:
    """Read once for all what the connected chat app calls everybody, so that a letter to all need not ask for each."""
    return outbox.look_up_people(clock.machine())


def is_app_connected() -> bool:
    """Whether a chat app is connected."""
    return ChatConnection.objects.filter(way=ChatWay.APP, archived_at=None).exists()


@job(words=_("Answer what was pressed in Slack"), attempts=3, priority=20)
def answer_in_slack(address: str, body: dict[str, Any]) -> None:
    """Say there what came of a press; said twice it harms nothing."""
    try:
        answer_press(
            address, body, Reach(private=settings.PRIVATE_HOSTS, seconds=SECONDS), api=settings.SLACK_API
        )
    except NotSent as refusal:
        if refusal.is_permanent:
            raise Permanent(refusal.code) from refusal
        raise


@job(words=_("Clear expired sessions"))
def clear_sessions() -> int:
    """Forget sessions that ended."""
    return Session.objects.filter(expire_date__lt=clock.machine()).delete()[0]


@job(words=_("Forget answers kept for a day"))
def forget_old_answers() -> int:
    """Forget what the API answered to requests with an idempotency key, a day after."""
    return KeptAnswer.objects.filter(made_at__lte=clock.machine() - KeptAnswer.LASTS).delete()[0]


@job(words=_("Send links to choose a new password"))
def send_password_links(email: str, ask: str) -> int:
    """Look for the account outside the request, so that the page does the same for any address."""
    if Message.objects.filter(key=f"password:{ask}").exists():
        return 0
    found = User.objects.filter(email=email.strip().lower(), is_active=True, is_cast=False)
    for user in found:
        doors.send_password_link(actor=user, ask=ask, now=clock.now())
    return len(found)
