"""Ways in: the first administrator's link, new passwords, and what is noted of who came in."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit, outbox, tokens
from vertebra.accounts.labels import Kind, Purpose, Role
from vertebra.accounts.models import AuditEntry, OneTimeLink, User
from vertebra.accounts.tokens import LinkNotUsable, password_address
from vertebra.kit.seals import seal

OWNER_LINK_LASTS = dt.timedelta(hours=24)


class EmailTaken(Exception):
    """Somebody already signs in with this e-mail."""


@transaction.atomic
def make_owner_link(*, actor: User | None, now: dt.datetime) -> str:
    """Make the address that lets the first administrator in for a day; earlier ones no longer open."""
    tracker = audit.Tracker()
    earlier = OneTimeLink.objects.filter(purpose=Purpose.OWNER, used_at=None, revoked_at=None)
    for link in earlier:
        tracker.change(link, revoked_at=now)
    secret = tokens.new_secret()
    link = OneTimeLink(
        purpose=Purpose.OWNER,
        digest=tokens.digest_of(secret),
        role=Role.ADMINISTRATOR,
        made_by=actor,
        made_at=now,
        expires_at=now + OWNER_LINK_LASTS,
    )
    tracker.create(link)
    audit.record(
        actor=actor,
        verb="invite",
        kind=Kind.INVITATION,
        object_id=link.pk,
        object_name=str(Purpose.OWNER.label),
        now=now,
        rows=tracker.changes,
    )
    return settings.PUBLIC_URL + reverse("accounts:owner-accept", args=(secret,))


@transaction.atomic
def use_link(
    *,
    actor: User | None,
    link: OneTimeLink,
    email: str,
    name: str,
    language: str,
    password: str,
    now: dt.datetime,
) -> User:
    """Open an account through a one-time link, which then opens nothing any more."""
    usable = OneTimeLink.objects.filter(pk=link.pk, used_at=None, revoked_at=None, expires_at__gt=now)
    if not usable.update(used_at=now):
        raise LinkNotUsable(_("This link was used in the meantime: sign in instead."))
    user = User(email=email.strip().lower(), name=name, role=link.role, language=language, created_at=now)
    user.set_password(password)
    tracker = audit.Tracker()
    try:
        with transaction.atomic():
            tracker.create(user)
    except IntegrityError as error:
        raise EmailTaken(_("Somebody already signs in with this e-mail.")) from error
    link.refresh_from_db()
    tracker.change(link, used_by=user)
    audit.record(
        actor=actor or user,
        verb="accept",
        kind=Kind.INVITATION,
        object_id=link.pk,
        object_name=str(user),
        particulars={"role": link.role},
        now=now,
        rows=tracker.changes,
    )
    return user


@transaction.atomic
def note_sign_in(*, actor: User, how: str, now: dt.datetime) -> AuditEntry:
    """Keep in the audit that somebody signed in, and by which door."""
    return audit.record(
        actor=actor,
        verb="sign_in",
        kind=Kind.USER,
        object_id=actor.pk,
        object_name=str(actor),
        particulars={"how": how},
        now=now,
    )


@transaction.atomic
def note_security_change(*, actor: User, what: str, now: dt.datetime) -> AuditEntry:
    """Keep in the audit that a password or a second factor changed, and tell its owner."""
    entry = audit.record(
        actor=actor,
        verb="change",
        kind=Kind.USER,
        object_id=actor.pk,
        object_name=str(actor),
        particulars={"what": what},
        now=now,
    )
    outbox.queue_message(
        key=f"security:{entry.pk}",
        to_user=actor,
        template="security_change",
        particulars={"what": what},
        language=actor.language,
        address=reverse("accounts:account"),
        now=now,
    )
    return entry


@transaction.atomic
def send_password_link(*, actor: User, ask: str, now: dt.datetime) -> AuditEntry:
    """Send somebody who asked for it (`ask` tells one demand from the next) the link to choose a new password."""
    entry = audit.record(
        actor=actor,
        verb="ask_password",
        kind=Kind.USER,
        object_id=actor.pk,
        object_name=str(actor),
        now=now,
    )
    outbox.queue_message(
        key=f"password:{ask}",
        to_email=actor.email,
        template="password_link",
        particulars={"name": actor.name},
        language=actor.language,
        address=seal(password_address(actor)),
        now=now,
    )
    return entry


@transaction.atomic
def make_password_link(*, actor: User | None, user: User, now: dt.datetime) -> str:
    """Make the address where somebody can choose a new password, for an administrator to hand over."""
    audit.record(
        actor=actor,
        verb="ask_password",
        kind=Kind.USER,
        object_id=user.pk,
        object_name=str(user),
        now=now,
    )
    return password_address(user)
