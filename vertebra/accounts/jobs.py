"""Jobs of accounts: delivering messages, clearing what expired."""

from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from vertebra.accounts import outbox
from vertebra.accounts.actions import doors
from vertebra.accounts.models import KeptAnswer, Message, User
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Deliver messages"), priority=10)
def deliver_messages() -> dict[str, int]:
    """Send what waits in the outbox."""
    done = outbox.deliver(clock.machine())
    return {"sent": done.sent, "twice": done.possibly_twice, "put_off": done.put_off, "failed": done.failed}


def something_to_deliver() -> bool:
    """Whether a mail waits in the outbox."""
    return outbox.due_mails(clock.machine()).exists()


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
