"""Marking what somebody said, tying it to what hurts, taking the mark away."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.follow_up import index_pain_points
from vertebra.discovery.actions.pain_points import (
    EvidenceDraft,
    raise_pain_point,
    tie_evidence,
    untie_evidence,
)
from vertebra.discovery.labels import Consent, PainState
from vertebra.discovery.models import Evidence, Interview, PainPoint, Transcript, Verbatim
from vertebra.discovery.queries.voices import told_cells
from vertebra.kit import clock

LONGEST = 2000


class NothingSelected(Refusal):
    """A verbatim is some words."""


class TooLong(Refusal):
    """A verbatim is a sentence or a few, not a speech."""


class NotAgreed(Refusal):
    """Nobody is quoted who was not asked, or who took their agreement back."""


@transaction.atomic
def mark_verbatim(
    *,
    actor: User | None,
    interview: Interview,
    text: str,
    transcript: Transcript | None = None,
    position: int | None = None,
    pain_point: PainPoint | None = None,
    new_pain_point_title: str = "",
    now: dt.datetime,
) -> Verbatim:
    """Keep words of an interview exactly as they were said, and tie them to what they show to hurt.

    The same words marked again are the same verbatim, which may show several pain points.
    """
    interview = Interview.objects.select_for_update(of=("self",)).defer("notes").get(pk=interview.pk)
    text = text.strip()
    _refuse_unless_quotable(interview, text)
    same = Verbatim.objects.filter(interview=interview, transcript=transcript, text=text, withdrawn_at=None)
    if position is not None:
        same = same.filter(position=position)
    verbatim = same.order_by("pk").first() or _mark(actor, interview, text, transcript, position, now)
    _tie(actor, verbatim, pain_point, new_pain_point_title, now)
    return verbatim


def _refuse_unless_quotable(interview: Interview, text: str) -> None:
    if not text:
        raise NothingSelected(_("Select the words that were said, then mark them."))
    if len(text) > LONGEST:
        raise TooLong(
            _("A verbatim has at most %(limit)s characters; this has %(count)s. Select the part that counts.")
            % {"limit": LONGEST, "count": len(text)}
        )
    if interview.consent == Consent.UNASKED:
        raise NotAgreed(_("First ask whether they agree to be quoted, and note what they said."))
    if interview.consent == Consent.WITHDRAWN:
        raise NotAgreed(_("They took back their agreement: nothing more of this conversation can be marked."))


def _mark(
    actor: User | None,
    interview: Interview,
    text: str,
    transcript: Transcript | None,
    position: int | None,
    now: dt.datetime,
) -> Verbatim:
    today = clock.today(now)
    said_on = interview.held_on or (clock.today(interview.starts_at) if interview.starts_at else today)
    said_on = min(said_on, today)
    [(function, unit)] = told_cells([(interview.function, interview.unit_id, said_on)], today)
    verbatim = Verbatim(
        interview=interview,
        transcript=transcript,
        position=position,
        text=text,
        language=interview.language,
        person_id=interview.person_id,
        function=interview.function,
        unit_id=interview.unit_id,
        shown_function=function,
        shown_unit_id=unit,
        said_on=said_on,
        marked_by=actor,
        created_at=now,
    )
    tracker = audit.Tracker()
    tracker.create(verbatim)
    _record(actor, "create", verbatim, tracker, now)
    return verbatim


def _tie(
    actor: User | None, verbatim: Verbatim, pain_point: PainPoint | None, title: str, now: dt.datetime
) -> None:
    draft = EvidenceDraft(verbatim=verbatim, seen_on=verbatim.said_on)
    if pain_point is not None:
        tied = Evidence.objects.filter(pain_point=pain_point, verbatim=verbatim, ended_at=None)
        if not tied.exists():
            tie_evidence(actor=actor, pain_point=pain_point, draft=draft, now=now)
    elif title.strip():
        raise_pain_point(actor=actor, title=title, language=verbatim.language, evidence=[draft], now=now)


@transaction.atomic
def tie_verbatim(
    *,
    actor: User | None,
    verbatim: Verbatim,
    pain_point: PainPoint | None = None,
    new_pain_point_title: str = "",
    now: dt.datetime,
) -> Verbatim:
    """Say what words marked before show to hurt; the pain point's own entry tells it."""
    verbatim = Verbatim.objects.select_for_update(of=("self",)).get(pk=verbatim.pk)
    if verbatim.withdrawn_at:
        raise NotAgreed(_("These words were taken back: they show nothing any more."))
    if pain_point is None and not new_pain_point_title.strip():
        raise NothingSelected(_("Choose a pain point, or say in one sentence what hurts."))
    _tie(actor, verbatim, pain_point, new_pain_point_title, now)
    return verbatim


@transaction.atomic
def unmark_verbatim(*, actor: User, verbatim: Verbatim, now: dt.datetime) -> AuditEntry:
    """Take a mark away: the words stay in the notes, and show nothing any more."""
    verbatim = Verbatim.objects.select_for_update(of=("self",)).get(pk=verbatim.pk)
    if verbatim.withdrawn_at:
        raise NothingChanges(_("This mark was taken away already."))
    tracker = audit.Tracker()
    tracker.change(verbatim, withdrawn_at=now)
    for pain_point in untie_all(actor=actor, verbatims=[verbatim], now=now):
        # Raised by this one gesture and shown by nothing else: it goes with the mark.
        is_bare = pain_point.state == PainState.RAISED and not pain_point.settled_on
        if is_bare and not Evidence.objects.filter(pain_point=pain_point, ended_at=None).exists():
            tracker.change(pain_point, archived_at=now)
            index_pain_points([pain_point.pk], now)
    return _record(actor, "withdraw", verbatim, tracker, now)


@transaction.atomic
def untie_all(*, actor: User | None, verbatims: list[Verbatim], now: dt.datetime) -> list[PainPoint]:
    """End all that these verbatims show, and count again the pain points that they showed."""
    shown = Evidence.objects.filter(verbatim__in=verbatims, ended_at=None).select_related("pain_point")
    touched = {}
    for evidence in shown.order_by("pk"):
        untie_evidence(actor=actor, evidence=evidence, now=now, is_withdrawn=True)
        touched[evidence.pain_point_id] = evidence.pain_point
    return list(PainPoint.objects.filter(pk__in=touched))


def _record(
    actor: User | None, verb: str, verbatim: Verbatim, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    # Who runs the instance sees the audit, and not what was said: the entry names neither words nor people.
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.VERBATIM,
        object_id=verbatim.pk,
        now=now,
        rows=tracker.changes,
    )
