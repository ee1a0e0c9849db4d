"""What somebody answers by the link of their invitation: this moment, another one, or rather not."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.hearing import (
    Meeting,
    can_be_written_to,
    planned,
    planned_ones,
    tell_interviewer,
    write_date,
)
from vertebra.discovery.labels import InterviewState, InviteState
from vertebra.discovery.models import Interview, ToHear
from vertebra.discovery.queries.hearing import free_moments


class MomentTaken(Refusal):
    """Somebody else took the moment meanwhile, or it has passed."""


class NothingToAccept(Refusal):
    """There is no date to say yes to."""


class NothingProposed(Refusal):
    """Another moment is said in words."""


@transaction.atomic
def choose_moment(*, actor: User | None, row: ToHear, moment: dt.datetime, now: dt.datetime) -> AuditEntry:
    """Agree to one of the moments offered: the conversation is planned, both receive it for their calendar."""
    row = _held(row)
    # Two people who choose at once wait for each other here.
    list(User.objects.select_for_update(no_key=True).filter(pk=row.interviewer_id or 0))
    if moment not in free_moments(row, now, most=None):
        raise MomentTaken(_("Somebody has just taken that moment. Choose another one."))
    tracker = audit.Tracker()
    talk = _talk(row)
    if talk is not None:
        # The same conversation moves: calendars know it by its name.
        tracker.change(
            talk, starts_at=moment, minutes=row.minutes, sequence=talk.sequence + 1, changed_at=now
        )
    else:
        meeting = Meeting(moment, row.minutes, row.place, row.interviewer)
        guide = row.campaign.guide
        talk, found = planned(
            tracker, person=row.person, campaign=row.campaign, guide=guide, meeting=meeting, now=now
        )
        row = found or row
    tracker.change(row, state=InviteState.AGREED, answered_at=now, proposal="", is_waiting=False)
    if can_be_written_to(row.person):
        write_date(tracker, talk, row, method="REQUEST", now=now)
    tell_interviewer(row, what="agreed", interview=talk, now=now)
    return _record(actor, "accept", row, tracker, now)


@transaction.atomic
def accept_date(*, actor: User | None, row: ToHear, now: dt.datetime) -> AuditEntry:
    """Say yes to the date that was set."""
    row = _held(row)
    talk = _talk(row)
    if talk is None:
        raise NothingToAccept(_("There is no date to say yes to any more."))
    tracker = audit.Tracker()
    tracker.change(row, state=InviteState.AGREED, answered_at=now, proposal="")
    tell_interviewer(row, what="agreed", interview=talk, now=now)
    return _record(actor, "accept", row, tracker, now)


@transaction.atomic
def propose_another(*, actor: User | None, row: ToHear, words: str, now: dt.datetime) -> AuditEntry:
    """Say in words when it would suit better; whoever listens sets the date."""
    said = " ".join(words.split())
    if not said:
        raise NothingProposed(_("Say when it would suit you, in a few words."))
    row = _held(row)
    tracker = audit.Tracker()
    # Declining is no last word: whoever proposes a moment wants to be heard.
    state = InviteState.AGREED if _talk(row) else InviteState.INVITED
    tracker.change(row, state=state, proposal=said[:500], answered_at=now)
    tell_interviewer(row, what="other", interview=None, now=now)
    return _record(actor, "answer", row, tracker, now)


@transaction.atomic
def decline_invitation(*, actor: User | None, row: ToHear, now: dt.datetime) -> AuditEntry:
    """Say that one would rather not; no reason is asked, and nothing more is sent but what clears the calendar."""
    row = _held(row)
    tracker = audit.Tracker()
    talk = _talk(row)
    if talk is not None:
        tracker.change(talk, state=InterviewState.CANCELLED, sequence=talk.sequence + 1, changed_at=now)
        if talk.is_told:
            write_date(tracker, talk, row, method="CANCEL", now=now)
    tracker.change(row, state=InviteState.DECLINED, proposal="", answered_at=now, is_waiting=False)
    tell_interviewer(row, what="declined", interview=talk, now=now)
    return _record(actor, "decline", row, tracker, now)


def _held(row: ToHear) -> ToHear:
    """The row as it is now, held against changes by others."""
    rows = ToHear.objects.select_for_update(of=("self",))
    return rows.select_related("campaign__guide", "person__user", "interviewer").get(pk=row.pk)


def _talk(row: ToHear) -> Interview | None:
    talks = planned_ones(row.campaign).filter(person=row.person_id)
    found: Interview | None = talks.select_related("person", "campaign", "interviewer").first()
    return found


def _record(
    actor: User | None, verb: str, row: ToHear, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    # Mails leave with an answer: it is changed by another answer, not undone.
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CAMPAIGN,
        object_id=row.campaign_id,
        object_name=row.campaign.title,
        particulars={"mailed": 1},
        now=now,
        rows=tracker.changes,
    )
