"""Inviting people: one link for one person, sent or handed over, sent again or taken back."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit, outbox, tokens
from vertebra.accounts.actions.doors import EmailTaken
from vertebra.accounts.labels import Kind, Purpose
from vertebra.accounts.models import OneTimeLink, User
from vertebra.accounts.permissions import roles_to_give
from vertebra.accounts.tokens import LinkNotUsable
from vertebra.kit.seals import seal

INVITATION_LASTS = dt.timedelta(days=14)


class RoleNotYours(Exception):
    """Only an administrator gives the roles of Product Ops and administrator."""


def _refuse_role(actor: User, role: str) -> None:
    if role not in roles_to_give(actor):
        raise RoleNotYours(_("Only an administrator gives this role."))


@transaction.atomic
def invite_person(
    *, actor: User, email: str, name: str, role: str, language: str, now: dt.datetime
) -> tuple[OneTimeLink, str]:
    """Invite somebody by e-mail; gives the invitation and its address, to show once."""
    _refuse_role(actor, role)
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise EmailTaken(_("Somebody already signs in with this e-mail."))
    tracker = audit.Tracker()
    waiting = OneTimeLink.objects.filter(
        purpose=Purpose.INVITATION, email=email, used_at=None, revoked_at=None
    )
    for earlier in waiting:
        _refuse_role(actor, earlier.role)
        tracker.change(earlier, revoked_at=now)
    secret = tokens.new_secret()
    link = OneTimeLink(
        purpose=Purpose.INVITATION,
        digest=tokens.digest_of(secret),
        email=email,
        name=name,
        role=role,
        language=language,
        made_by=actor,
        made_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    tracker.create(link)
    _record(actor, "invite", link, now, tracker)
    return link, _send(actor, link, secret, now)


@transaction.atomic
def resend_invitation(*, actor: User, link: OneTimeLink, now: dt.datetime) -> str:
    """Send an invitation again with another address; the earlier one no longer opens."""
    _refuse_role(actor, link.role)
    if link.used_at or link.revoked_at:
        raise LinkNotUsable(_("This invitation was accepted or taken back: invite again."))
    secret = tokens.new_secret()
    tracker = audit.Tracker()
    tracker.change(link, digest=tokens.digest_of(secret), made_at=now, expires_at=now + INVITATION_LASTS)
    _record(actor, "invite", link, now, tracker)
    return _send(actor, link, secret, now)


@transaction.atomic
def revoke_invitation(*, actor: User, link: OneTimeLink, now: dt.datetime) -> None:
    """Take an invitation back: its address no longer opens."""
    _refuse_role(actor, link.role)
    if link.used_at:
        raise LinkNotUsable(_("This invitation was accepted: close the account instead."))
    tracker = audit.Tracker()
    tracker.change(link, revoked_at=link.revoked_at or now)
    _record(actor, "revoke", link, now, tracker)


def _record(actor: User, verb: str, link: OneTimeLink, now: dt.datetime, tracker: audit.Tracker) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INVITATION,
        object_id=link.pk,
        object_name=link.name or link.email,
        particulars={"role": link.role},
        now=now,
        rows=tracker.changes,
    )


def _send(actor: User, link: OneTimeLink, secret: str, now: dt.datetime) -> str:
    address = settings.PUBLIC_URL + reverse("accounts:invitation-accept", args=(secret,))
    outbox.queue_message(
        key=f"invitation:{link.pk}:{link.digest[:16]}",
        to_email=link.email,
        template="invitation",
        particulars={"name": link.name, "inviter": actor.name},
        language=link.language,
        # The message waits in the database, where the address must not be readable.
        address=seal(address),
        now=now,
    )
    return address
