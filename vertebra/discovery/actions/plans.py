"""Planning a conversation, moving it, cancelling it; whoever was told of a date is told when it changes."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.hearing import (
    InThePast,
    Meeting,
    PlannedBefore,
    planned,
    refuse_past,
    write_date,
)
from vertebra.discovery.labels import InterviewState, InviteState
from vertebra.discovery.models import Campaign, Guide, Interview, ToHear
from vertebra.org.models import Person


class NotPlanned(Refusal):
    """Only a conversation that is still to come can be moved or cancelled."""


@transaction.atomic
def plan_interview(
    *,
    actor: User | None,
    campaign: Campaign | None,
    person: Person,
    guide: Guide | None,
    starts_at: dt.datetime | None,
    minutes: int = 45,
    place: str = "",
    now: dt.datetime,
    interviewer: User | None = None,
    tells: bool = False,
) -> tuple[Interview, AuditEntry]:
    """Plan a conversation with somebody; with `tells`, they receive the date by mail for their calendar."""
    if tells:
        refuse_past(starts_at, now)
    tracker = audit.Tracker()
    meeting = Meeting(starts_at, minutes, place, interviewer or actor)
    made, row = planned(tracker, person=person, campaign=campaign, guide=guide, meeting=meeting, now=now)
    if row is not None and tells:
        tracker.change(row, invited_at=row.invited_at or now, minutes=minutes, place=place)
    is_mailed = tells and write_date(tracker, made, row, method="REQUEST", now=now)
    return made, _record(actor, "invite" if is_mailed else "create", made, is_mailed, tracker, now)


@transaction.atomic
def move_interview(
    *,
    actor: User,
    interview: Interview,
    starts_at: dt.datetime,
    minutes: int,
    place: str,
    now: dt.datetime,
) -> AuditEntry:
    """Give a planned conversation another moment, length or place; whoever was told of it is told again."""
    interview, row = _open(interview)
    held = (interview.starts_at, interview.minutes, interview.place)
    if held == (starts_at, minutes, place):
        raise NothingChanges(_("This is when and where it is planned already."))
    if interview.is_told:
        refuse_past(starts_at, now)
    tracker = audit.Tracker()
    tracker.change(
        interview,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        sequence=interview.sequence + 1,
        changed_at=now,
    )
    if row is not None:
        tracker.change(row, proposal="", answered_at=None, minutes=minutes, place=place)
    is_mailed = interview.is_told and write_date(tracker, interview, row, method="REQUEST", now=now)
    return _record(actor, "move", interview, is_mailed, tracker, now)


@transaction.atomic
def cancel_interview(*, actor: User, interview: Interview, now: dt.datetime) -> AuditEntry:
    """Give up a planned conversation; whoever was told of it is told, and may be invited again."""
    interview, row = _open(interview)
    tracker = audit.Tracker()
    tracker.change(interview, state=InterviewState.CANCELLED, sequence=interview.sequence + 1, changed_at=now)
    if row is not None:
        tracker.change(row, state=InviteState.PLANNED, proposal="", answered_at=None)
    is_mailed = interview.is_told and write_date(tracker, interview, row, method="CANCEL", now=now)
    return _record(actor, "cancel", interview, is_mailed, tracker, now)


def _open(interview: Interview) -> tuple[Interview, ToHear | None]:
    """The interview as it is now, held against changes by others, and its row in the campaign."""
    found = Interview.objects.select_for_update(of=("self",)).select_related("person__user", "campaign")
    interview = found.get(pk=interview.pk)
    if interview.state != InterviewState.PLANNED:
        raise NotPlanned(_("This conversation is no longer to come: it took place or was cancelled."))
    rows = ToHear.objects.select_related("campaign", "person__user", "interviewer")
    is_known = interview.campaign_id and interview.person_id
    row = (
        rows.filter(campaign=interview.campaign_id, person=interview.person_id).first() if is_known else None
    )
    return interview, row


def _record(
    actor: User | None,
    verb: str,
    interview: Interview,
    is_mailed: bool,
    tracker: audit.Tracker,
    now: dt.datetime,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INTERVIEW,
        object_id=interview.pk,
        object_name=interview.campaign.title if interview.campaign else "",
        particulars={"mailed": 1} if is_mailed else {},
        now=now,
        rows=tracker.changes,
    )


__all__ = [
    "InThePast",
    "NotPlanned",
    "PlannedBefore",
    "cancel_interview",
    "move_interview",
    "plan_interview",
]
