"""Conversations: started, agreed to, held; and the agreement to be quoted, taken back at any time."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.actions.follow_up import follow_evidence, recount
from vertebra.discovery.actions.hearing import Meeting, can_be_written_to, planned
from vertebra.discovery.labels import Consent, InterviewState, InviteState
from vertebra.discovery.models import (
    Campaign,
    Evidence,
    Guide,
    Interview,
    PainPoint,
    ToHear,
    Verbatim,
)
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person, Unit


class NobodyNamed(Refusal):
    """A conversation is with somebody, known by name or by what they do and where."""


class NotToCome(Refusal):
    """A conversation that was cancelled did not take place."""


class NotAnAnswer(Refusal):
    """People agree to be quoted, or to notes only."""


@dataclass(frozen=True, slots=True)
class Close:
    """How a conversation ends: what hurts most, what comes next, and a word of thanks."""

    most_painful: str = ""
    next_step: str = ""
    thanks: bool = True


@transaction.atomic
def start_interview(
    *,
    actor: User,
    person: Person | None = None,
    function: str = "",
    unit: Unit | None = None,
    campaign: Campaign | None = None,
    guide: Guide | None = None,
    language: str = "",
    now: dt.datetime,
) -> Interview:
    """Begin a conversation now: with somebody of the directory, or somebody of a function and a unit.

    One that was planned with the same person for today is the one that begins.
    """
    if person is None and not (function or unit):
        raise NobodyNamed(_("Say who it is; if they are not in the directory, say their function and unit."))
    tracker = audit.Tracker()
    if person is not None:
        waiting = _waiting(person, campaign, now)
        if waiting is not None:
            return _begin(actor, tracker, waiting, now)
        meeting = Meeting(now, interviewer=actor)
        made, _row = planned(tracker, person=person, campaign=campaign, guide=guide, meeting=meeting, now=now)
    else:
        made = Interview(
            campaign=campaign, function=function, unit=unit, guide=guide, interviewer=actor,
            starts_at=now, language=language or actor.language, created_at=now, changed_at=now,
        )  # fmt: skip
        tracker.create(made)
    if made.guide is None:
        tracker.change(made, guide=_guide_for(made, campaign))
    _record(actor, "create", made, tracker, now)
    return made


def _waiting(person: Person, campaign: Campaign | None, now: dt.datetime) -> Interview | None:
    """The conversation with this person that is planned: in this campaign, or for today."""
    rows = Interview.objects.filter(person=person, state=InterviewState.PLANNED, archived_at=None)
    if campaign is not None:
        return rows.filter(campaign=campaign).order_by("pk").first()
    today = clock.today(now)
    near = [
        row for row in rows.order_by("starts_at") if row.starts_at and clock.today(row.starts_at) == today
    ]
    return near[0] if near else None


def _begin(actor: User, tracker: audit.Tracker, interview: Interview, now: dt.datetime) -> Interview:
    began = interview.starts_at
    if began is None or began > now or clock.today(began) != clock.today(now):
        tracker.change(interview, starts_at=now, changed_at=now)
    if interview.interviewer_id is None:
        tracker.change(interview, interviewer=actor)
    if tracker.changes:
        _record(actor, "change", interview, tracker, now)
    return interview


def _guide_for(interview: Interview, campaign: Campaign | None) -> Guide | None:
    """The campaign's guide, else the one for the function in the language of the conversation."""
    if campaign is not None and campaign.guide:
        return campaign.guide
    guides = Guide.objects.filter(archived_at=None, language=interview.language)
    return guides.filter(function=interview.function).exclude(function="").order_by("-pk").first()


@transaction.atomic
def record_consent(*, actor: User, interview: Interview, consent: str, now: dt.datetime) -> AuditEntry:
    """Note what the person heard agreed to: to be quoted without a name, or to notes only."""
    if consent not in (Consent.GIVEN, Consent.NOTES_ONLY):
        raise NotAnAnswer(_("Note what they said: they agree to be quoted, or to notes only."))
    interview = _locked(interview)
    tracker = audit.Tracker()
    if not tracker.change(interview, consent=consent):
        raise NothingChanges(_("This is noted already."))
    tracker.change(interview, consent_at=now, changed_at=now)
    return _record(actor, "accept", interview, tracker, now)


@transaction.atomic
def hold_interview(
    *, actor: User, interview: Interview, close: Close | None = None, now: dt.datetime
) -> AuditEntry:
    """End a conversation: it was held; whoever was heard is thanked, and told how to follow what becomes of it."""
    close = close or Close()
    interview = _locked(interview)
    if interview.state == InterviewState.CANCELLED:
        raise NotToCome(_("This conversation was cancelled: start another one."))
    if interview.state == InterviewState.HELD:
        raise NothingChanges(_("This conversation was closed already."))
    tracker = audit.Tracker()
    today = clock.today(now)
    began = clock.today(interview.starts_at) if interview.starts_at else today
    tracker.change(interview, state=InterviewState.HELD, held_on=min(began, today), changed_at=now)
    # What was said is kept out of the audit, which those who run the instance read.
    interview.most_painful = close.most_painful.strip()[:500]
    interview.next_step = close.next_step.strip()[:500]
    interview.save(update_fields=["most_painful", "next_step"])
    if interview.campaign_id and interview.person_id:
        for row in ToHear.objects.filter(campaign=interview.campaign_id, person=interview.person_id):
            tracker.change(row, state=InviteState.HEARD)
    is_mailed = _thank(tracker, interview, close, now) if close.thanks else False
    return _record(actor, "hold", interview, tracker, now, mailed=is_mailed)


def _thank(tracker: audit.Tracker, interview: Interview, close: Close, now: dt.datetime) -> bool:
    """Queue the thanks, with the link to what becomes of it and to taking the agreement back."""
    person = interview.person
    if person is None or not can_be_written_to(person):
        return False
    secret = new_secret()
    tracker.change(interview, follow_up_digest=digest_of(secret))
    queue_message(
        key=f"interview-thanks:{interview.pk}",
        template="interview_thanks",
        particulars={
            "name": person.name,
            "interviewer": interview.interviewer.name if interview.interviewer else "Product Ops",
            "next": close.next_step.strip(),
            "is_quoted": interview.consent == Consent.GIVEN,
        },
        language=interview.language,
        now=now,
        to_email=person.email,
        address=seal(reverse("discovery:follow-up", args=(secret,))),
    )
    return True


@transaction.atomic
def withdraw_consent(*, actor: User | None, interview: Interview, now: dt.datetime) -> AuditEntry:
    """Take back the agreement of whoever was heard: their words are shown nowhere and count no more, for good.

    Nothing of it can be undone by others, so the entry keeps no rows to put back.
    """
    interview = _locked(interview)
    if interview.consent == Consent.WITHDRAWN:
        raise NothingChanges(_("The agreement was taken back already."))
    Interview.objects.filter(pk=interview.pk).update(
        consent=Consent.WITHDRAWN, consent_at=now, changed_at=now
    )
    said = Verbatim.objects.filter(interview=interview, withdrawn_at=None)
    ids = list(said.values_list("pk", flat=True))
    tied = Evidence.objects.filter(verbatim__in=ids, ended_at=None)
    touched = list(PainPoint.objects.filter(pk__in=tied.values("pain_point")).select_for_update())
    tied.update(ended_at=now)
    Verbatim.objects.filter(pk__in=ids).update(withdrawn_at=now)
    _forget_changes(interview)
    recount(touched, now)
    for pain_point in touched:
        follow_evidence(audit.Tracker(), pain_point, now)
    if interview.interviewer and interview.interviewer != actor and interview.interviewer.is_active:
        queue_message(
            key=f"consent-withdrawn:{interview.pk}:{int(now.timestamp())}",
            template="consent_withdrawn",
            particulars={"count": len(ids)},
            language=interview.interviewer.language,
            now=now,
            to_user=interview.interviewer,
            address=reverse("discovery:interview-show", args=(interview.pk,)),
        )
    return _record(actor, "withdraw", interview, audit.Tracker(), now)


def _forget_changes(interview: Interview) -> None:
    """Keep nothing by which undoing something done before would show or count the words again."""
    said = Verbatim.objects.filter(interview=interview)
    tied = Evidence.objects.filter(verbatim__interview=interview)
    entries = AuditEntry.objects
    agreed = entries.filter(kind=Kind.INTERVIEW, object_id=interview.pk, verb="accept")
    # By their entries, not across them: PostgreSQL would read all rows against all rows.
    kept = AuditRow.objects
    kept.filter(entry__in=entries.filter(kind=Kind.VERBATIM, object_id__in=said.values("pk"))).delete()
    kept.filter(model=Evidence._meta.label_lower, row_id__in=tied.values("pk")).delete()
    kept.filter(entry__in=agreed).delete()


def _locked(interview: Interview) -> Interview:
    """The interview as it is now, without its notes, held against changes by others."""
    rows = Interview.objects.select_for_update(of=("self",)).defer("notes")
    return rows.select_related("person", "campaign", "interviewer").get(pk=interview.pk)


def _record(
    actor: User | None,
    verb: str,
    interview: Interview,
    tracker: audit.Tracker,
    now: dt.datetime,
    *,
    mailed: bool = False,
) -> AuditEntry:
    # Who runs the instance sees the audit, and not who was heard: the entry names the campaign only.
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INTERVIEW,
        object_id=interview.pk,
        object_name=interview.campaign.title if interview.campaign else "",
        particulars={"mailed": 1} if mailed else {},
        now=now,
        rows=tracker.changes,
    )
