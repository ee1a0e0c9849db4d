"""Accounts over their life: role, closing and opening again, sessions, preferences."""

import datetime as dt
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.labels import SWITCHED, Kind, Role
from vertebra.accounts.models import ApiToken, AuditEntry, ChannelChoice, User


class LastAdministrator(Exception):
    """Somebody must always be able to administer the instance."""


def _keep_an_administrator(user: User) -> None:
    """Refuse if nobody else could administer; the rows are locked so that two cannot leave at once."""
    if user.role != Role.ADMINISTRATOR or not user.is_active:
        return
    active = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).order_by("pk")
    if {each.pk for each in active} <= {user.pk}:
        raise LastAdministrator(
            _("This is the last active administrator: make somebody else administrator first.")
        )


@transaction.atomic
def change_role(*, actor: User | None, user: User, role: str, now: dt.datetime) -> AuditEntry:
    """Give somebody another role."""
    if role != Role.ADMINISTRATOR:
        _keep_an_administrator(user)
    tracker = audit.Tracker()
    tracker.change(user, role=role)
    return _record(actor, "change", user, now, tracker)


@transaction.atomic
def deactivate_account(*, actor: User | None, user: User, now: dt.datetime) -> AuditEntry:
    """Close an account: its sessions end and its tokens no longer open anything."""
    _keep_an_administrator(user)
    tracker = audit.Tracker()
    tracker.change(user, is_active=False)
    for token in ApiToken.objects.filter(user=user, revoked_at=None):
        tracker.change(token, revoked_at=now)
    for session in UserSession.objects.filter(user=user):
        session.end()
    return _record(actor, "deactivate", user, now, tracker)


@transaction.atomic
def reactivate_account(*, actor: User, user: User, now: dt.datetime) -> AuditEntry:
    """Open a closed account again; its former sessions and tokens stay ended."""
    tracker = audit.Tracker()
    tracker.change(user, is_active=True)
    return _record(actor, "reactivate", user, now, tracker)


@transaction.atomic
def end_sessions(*, actor: User, sessions: list[UserSession], now: dt.datetime) -> AuditEntry:
    """Sign somebody out of other browsers."""
    for session in sessions:
        session.end()
    return audit.record(
        actor=actor,
        verb="close",
        kind=Kind.USER,
        object_id=actor.pk,
        object_name=str(actor),
        particulars={"sessions": len(sessions)},
        now=now,
    )


@transaction.atomic
def change_preferences(*, actor: User, now: dt.datetime, **values: Any) -> AuditEntry:
    """Change one's own name, language, theme or time zone."""
    tracker = audit.Tracker()
    tracker.change(actor, **values)
    return _record(actor, "change", actor, now, tracker)


@transaction.atomic
def choose_channels(*, actor: User, wanted: set[str], now: dt.datetime) -> AuditEntry:
    """Choose by which channels one is told of things."""
    for channel in SWITCHED:
        ChannelChoice.objects.update_or_create(
            user=actor, kind="", channel=channel, defaults={"is_on": channel in wanted}
        )
    return audit.record(
        actor=actor,
        verb="change",
        kind=Kind.USER,
        object_id=actor.pk,
        object_name=str(actor),
        particulars={"channels": sorted(wanted)},
        now=now,
    )


def _record(
    actor: User | None, verb: str, user: User, now: dt.datetime, tracker: audit.Tracker
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.USER,
        object_id=user.pk,
        object_name=str(user),
        now=now,
        rows=tracker.changes,
    )
