"""How one is reached: where, how often and when, and ending the mails of a kind."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, outbox
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import CHOSEN, Channel, Kind, MessageKind, Pace, StopReason
from vertebra.accounts.models import AuditEntry, ChannelChoice, MailStop, Rhythm, User
from vertebra.accounts.outbox.wishes import Wishes

NEVER = "never"


class NowhereLeft(Refusal):
    """Somebody is told in Vertebra at least of what is asked of them."""


@dataclass(frozen=True, slots=True)
class Times:
    """Quiet hours, and when digests come."""

    quiet_from: dt.time | None
    quiet_until: dt.time | None
    digest_at: dt.time
    digest_day: int


@transaction.atomic
def choose_telling(
    *, actor: User, user: User | None, paces: dict[tuple[str, str], str], times: Times, now: dt.datetime
) -> AuditEntry:
    """Choose where and how often to be told of each kind, and when; without a person, for the whole company.

    `paces` is by kind and channel; only what differs from the default that holds without it is kept.
    """
    if paces.get((MessageKind.FOR_ME, Channel.IN_APP)) == NEVER:
        raise NowhereLeft(_("What is asked of somebody is always there in Vertebra."))
    tracker = audit.Tracker()
    default = Wishes.of([]) if user is not None else Wishes()
    kept = {(row.kind, row.channel): row for row in ChannelChoice.objects.filter(user=user)}
    for channel in {channel for _kind, channel in paces}:
        if user is not None and (row := kept.pop(("", channel), None)) is not None:
            tracker.delete(row)  # refused altogether before; each kind says it for itself from now on
    for (kind, channel), pace in paces.items():
        usual = default.pace(None, kind, Channel(channel))
        _keep(tracker, user, kind, channel, pace, str(usual or NEVER), kept.get((kind, channel)))
    _keep_times(tracker, user, times)
    if user is not None:
        outbox.regroup(user.pk, now)
    return _record(actor, "choose", user, now, tracker)


def _keep(
    tracker: audit.Tracker,
    user: User | None,
    kind: str,
    channel: str,
    pace: str,
    usual: str,
    row: ChannelChoice | None,
) -> None:
    if pace == usual:
        if row is not None:
            tracker.delete(row)
        return
    values: dict[str, Any] = {"is_on": pace != NEVER, "pace": Pace.AT_ONCE if pace == NEVER else pace}
    if row is not None:
        tracker.change(row, **values)
    else:
        tracker.create(ChannelChoice(user=user, kind=kind, channel=channel, **values))


def _keep_times(tracker: audit.Tracker, user: User | None, times: Times) -> None:
    values: dict[str, Any] = {
        "quiet_from": times.quiet_from,
        "quiet_until": times.quiet_until,
        "digest_at": times.digest_at,
        "digest_day": times.digest_day,
    }
    row = Rhythm.objects.filter(user=user).order_by("pk").first()
    if row is not None:
        tracker.change(row, **values)
        return
    usual = Wishes.of([]).rhythm(None)
    if any(getattr(usual, name) != value for name, value in values.items()):
        tracker.create(Rhythm(user=user, **values))


@transaction.atomic
def stop_mails(*, actor: User | None, email: str, kind: str, now: dt.datetime) -> AuditEntry | None:
    """End the mails of a kind for an account, or for an address that has none; a second time changes nothing."""
    tracker = audit.Tracker()
    if actor is not None:
        for one in _kinds_of(actor, kind):
            row = ChannelChoice.objects.filter(user=actor, kind=one, channel=Channel.MAIL).first()
            if row is None:
                tracker.create(ChannelChoice(user=actor, kind=one, channel=Channel.MAIL, is_on=False))
            elif row.is_on:
                tracker.change(row, is_on=False)
        outbox.regroup(actor.pk, now)
    elif not MailStop.objects.filter(email=email.lower(), kind=kind, reason=StopReason.UNSUBSCRIBED).exists():
        tracker.create(
            MailStop(email=email.lower(), kind=kind, reason=StopReason.UNSUBSCRIBED, latest_at=now)
        )
    if not tracker.changes:
        return None
    return _record(actor, "unsubscribe", actor, now, tracker, kind=kind)


def _kinds_of(user: User, kind: str) -> list[str]:
    """The kinds that a click ends: the one of the mail, or all that a digest gathers."""
    if kind != MessageKind.DIGEST:
        return [kind]
    wishes = Wishes.of([user.pk])
    paces = {one: wishes.pace(user.pk, one, Channel.MAIL) for one in CHOSEN}
    return [one for one, pace in paces.items() if pace not in {None, Pace.AT_ONCE}]


def _record(
    actor: User | None,
    verb: str,
    user: User | None,
    now: dt.datetime,
    tracker: audit.Tracker,
    **told: Any,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.USER,
        object_id=user.pk if user else None,
        object_name=str(user) if user else "",
        particulars=told,
        now=now,
        rows=tracker.changes,
    )
