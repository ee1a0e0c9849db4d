"""Inviting people to be heard: now, or as soon as two asks a week leave room; each answers by a link of their own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.hearing import (
    Meeting,
    can_be_written_to,
    new_address,
    planned,
    refuse_past,
    write_date,
    write_offer,
)
from vertebra.discovery.labels import CampaignState, InviteState
from vertebra.discovery.models import Campaign, Interview, ToHear
from vertebra.evidence.asks import note_asks, room_to_ask

MOST_LETTERS = 3


class CampaignIsOver(Refusal):
    """A campaign that is closed or archived invites nobody."""


class NobodyToInvite(Refusal):
    """Everybody chosen has answered already, or has a date."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What people are invited to: moments to choose from (or none), length, place, a word of one's own."""

    offered: Sequence[dt.datetime] = ()
    minutes: int = 45
    place: str = ""
    note: str = ""
    interviewer: User | None = None


@dataclass(slots=True)
class Sent:
    """What became of inviting several people."""

    mailed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    by_hand: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def invite_people(
    *, actor: User, campaign: Campaign, rows: Sequence[ToHear], invitation: Invitation, now: dt.datetime
) -> tuple[Sent, AuditEntry]:
    """Invite people to choose a moment, or to say one; whoever was asked twice this week waits for a free day."""
    _refuse_over(campaign)
    for moment in invitation.offered:
        refuse_past(moment, now)
    wanted = [row for row in _held(campaign, rows) if row.state in (InviteState.PLANNED, InviteState.INVITED)]
    wanted = [row for row in wanted if row.letters < MOST_LETTERS]
    if not wanted:
        raise NobodyToInvite(
            _("Everybody chosen has answered already, has a date, or was written to enough.")
        )
    tracker = audit.Tracker()
    sent = Sent()
    free = room_to_ask([row.person_id for row in wanted], now)
    for row in wanted:
        tracker.change(
            row,
            offered=[moment.isoformat() for moment in invitation.offered],
            minutes=invitation.minutes,
            place=invitation.place,
            interviewer=invitation.interviewer or actor,
        )
        _invite(tracker, row, free, invitation.note, sent, now)
    return sent, _record(actor, campaign, sent, tracker, now)


@transaction.atomic
def invite_waiting(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Invite those who waited until they had been asked for less this week."""
    rows = list(
        ToHear.objects.select_for_update(of=("self",))
        .filter(is_waiting=True, campaign__archived_at=None)
        .exclude(campaign__state=CampaignState.CLOSED)
        .select_related("campaign", "person", "interviewer")
        .order_by("pk")[:500]
    )
    free = room_to_ask([row.person_id for row in rows], now)
    tracker, sent = audit.Tracker(), Sent()
    for row in rows:
        # Without a mail server their links are handed over by whoever opens the campaign.
        if row.person_id in free and can_be_written_to(row.person):
            _invite(tracker, row, free, "", sent, now)
    if not sent.mailed:
        return None
    return _record(actor, rows[0].campaign, sent, tracker, now)


@transaction.atomic
def set_dates(
    *,
    actor: User,
    campaign: Campaign,
    dates: Sequence[tuple[ToHear, dt.datetime]],
    meeting: Meeting,
    now: dt.datetime,
) -> tuple[Sent, AuditEntry]:
    """Give several people a date each; they receive it for their calendar, and may say no or propose another."""
    _refuse_over(campaign)
    for _row, moment in dates:
        refuse_past(moment, now)
    tracker, sent = audit.Tracker(), Sent()
    moments = {row.pk: moment for row, moment in dates}
    held = _held(campaign, [row for row, _moment in dates])
    if not held:
        raise NobodyToInvite(_("Whoever was chosen answered or was written to meanwhile: look again."))
    free = room_to_ask([row.person_id for row in held], now)
    for row in held:
        if row.state == InviteState.PLANNED and row.person_id not in free:
            sent.waiting.append(row.person.name)
            continue
        its = Meeting(moments[row.pk], meeting.minutes, meeting.place, meeting.interviewer or actor)
        made, found = planned(
            tracker, person=row.person, campaign=campaign, guide=campaign.guide, meeting=its, now=now
        )
        _tell_date(tracker, made, found or row, sent, now)
    _open(tracker, campaign, sent, now)
    return sent, _record(actor, campaign, sent, tracker, now)


@transaction.atomic
def hand_link(*, actor: User, row: ToHear, now: dt.datetime) -> tuple[str, AuditEntry]:
    """Make the link of one person anew, to be handed over by other means; the one before it opens no more."""
    _refuse_over(row.campaign)
    held = _held(row.campaign, [row])
    if not held:
        raise NobodyToInvite(_("Whoever was chosen answered or was written to meanwhile: look again."))
    [row] = held
    tracker = audit.Tracker()
    address = new_address(tracker, row)
    values = {"invited_at": now, "interviewer": row.interviewer or actor, "is_waiting": False}
    if row.state == InviteState.PLANNED:
        values["state"] = InviteState.INVITED
        note_asks([row.person_id], Kind.CAMPAIGN, row.campaign_id, now)
    tracker.change(row, **values)
    sent = Sent(by_hand=[(row.person.name, address)])
    _open(tracker, row.campaign, sent, now)
    return address, _record(actor, row.campaign, sent, tracker, now)


def _held(campaign: Campaign, rows: Sequence[ToHear]) -> list[ToHear]:
    """These rows as they are now, held until their letters are queued; without those that changed since they were read.

    Two who invite at once wait for each other here, and nobody is written to twice.
    """
    found = ToHear.objects.select_for_update(of=("self",)).select_related("person", "interviewer")
    held = {row.pk: row for row in found.filter(pk__in=[row.pk for row in rows]).order_by("pk")}
    kept = [held[row.pk] for row in rows if row.pk in held and _stands(held[row.pk]) == _stands(row)]
    for row in kept:
        row.campaign = campaign
    return kept


def _stands(row: ToHear) -> tuple[str, int, dt.datetime | None]:
    return row.state, row.letters, row.invited_at


def _invite(
    tracker: audit.Tracker, row: ToHear, free: set[int], note: str, sent: Sent, now: dt.datetime
) -> None:
    is_again = row.state == InviteState.INVITED
    if row.person_id not in free and not is_again:
        tracker.change(row, is_waiting=True)
        sent.waiting.append(row.person.name)
        return
    tracker.change(row, state=InviteState.INVITED, invited_at=now, is_waiting=False)
    if can_be_written_to(row.person):
        write_offer(tracker, row, note=note, now=now)
        sent.mailed.append(row.person.name)
    else:
        sent.by_hand.append((row.person.name, new_address(tracker, row)))
    note_asks([row.person_id], Kind.CAMPAIGN, row.campaign_id, now)
    _open(tracker, row.campaign, sent, now)


def _tell_date(tracker: audit.Tracker, made: Interview, row: ToHear, sent: Sent, now: dt.datetime) -> None:
    tracker.change(row, invited_at=now, minutes=made.minutes, place=made.place, proposal="")
    note_asks([row.person_id], Kind.CAMPAIGN, row.campaign_id, now)
    if write_date(tracker, made, row, method="REQUEST", now=now):
        sent.mailed.append(row.person.name)
    else:
        sent.by_hand.append((row.person.name, new_address(tracker, row)))


def _open(tracker: audit.Tracker, campaign: Campaign, sent: Sent, now: dt.datetime) -> None:
    if campaign.state == CampaignState.DRAFT and (sent.mailed or sent.by_hand):
        tracker.change(campaign, state=CampaignState.OPEN, changed_at=now)


def _refuse_over(campaign: Campaign) -> None:
    if campaign.state == CampaignState.CLOSED or campaign.archived_at is not None:
        raise CampaignIsOver(_("This campaign is over: take it up again to invite people."))


def _record(
    actor: User | None, campaign: Campaign, sent: Sent, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb="invite",
        kind=Kind.CAMPAIGN,
        object_id=campaign.pk,
        object_name=campaign.title,
        particulars={"mailed": len(sent.mailed), "waiting": len(sent.waiting), "by_hand": len(sent.by_hand)},
        now=now,
        rows=tracker.changes,
    )
