"""Raising pain points from what shows them, tying evidence, and what becomes of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal, Tracker
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.follow_up import (
    bring_back,
    current_of,
    end_evidence,
    follow_evidence,
    index_pain_points,
    record,
    recount,
    set_groups,
    tell_followers,
    watch,
    write_thread,
)
from vertebra.discovery.labels import Severity
from vertebra.discovery.models import Evidence, PainPoint, Verbatim
from vertebra.discovery.queries.hurting import Group
from vertebra.kit import clock
from vertebra.org.models import Field, Person, Unit

__all__ = [
    "EvidenceDraft",
    "Group",
    "NoEvidence",
    "raise_pain_point",
    "recount",
    "tie_evidence",
    "untie_evidence",
]


class NoEvidence(Refusal):
    """A pain point has evidence."""


class NoTitle(Refusal):
    """A pain point says in one sentence what hurts."""


class TiedBefore(Refusal):
    """The same thing shows this pain point already."""


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """What shows that something hurts: a verbatim (which says who, where and when), or another object."""

    seen_on: dt.date | None = None
    verbatim: Verbatim | None = None
    kind: str = ""
    object_id: int | None = None
    person: Person | None = None
    function: str = ""
    unit: Unit | None = None
    why: str = ""


@transaction.atomic
def raise_pain_point(
    *,
    actor: User | None,
    title: str,
    language: str,
    evidence: Sequence[EvidenceDraft],
    description: str = "",
    field: Field | None = None,
    parent: PainPoint | None = None,
    severity: int = Severity.MEDIUM,
    groups: Sequence[Group] = (),
    now: dt.datetime,
) -> PainPoint:
    """Say that something hurts, with what shows it; whom it hurts follows from the evidence unless said."""
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say in one sentence what hurts."))
    if not evidence:
        raise NoEvidence(
            _("A pain point needs something that shows it: a verbatim, an empty space, a request.")
        )
    day = clock.today(now)
    tracker = Tracker()
    pain_point = PainPoint(
        title=title, description=description, language=language, field=field, parent=parent,
        severity=severity, has_own_groups=bool(groups), first_seen_on=day, latest_seen_on=day,
        made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker.create(pain_point)
    for draft in evidence:
        _add(tracker, pain_point, draft, actor, now)
    recount([pain_point], now, tracker)
    if groups:
        set_groups(tracker, pain_point, groups, now)
    follow_evidence(tracker, pain_point, now)
    if actor:
        watch(tracker, pain_point, actor, now)
    record(actor, "raise", pain_point, tracker, now)
    index_pain_points([pain_point.pk], now)
    return pain_point


@transaction.atomic
def tie_evidence(
    *, actor: User | None, pain_point: PainPoint, draft: EvidenceDraft, now: dt.datetime
) -> Evidence:
    """Tie one more thing that shows a pain point; seen after it was settled or dismissed, it brings it back."""
    pain_point = current_of(pain_point)
    tracker = Tracker()
    evidence = _add(tracker, pain_point, draft, actor, now)
    is_new_group = (evidence.function or evidence.unit_id) and not Evidence.objects.filter(
        pain_point=pain_point, ended_at__isnull=True, function=evidence.function, unit=evidence.unit_id
    ).exclude(pk=evidence.pk).exists()
    recount([pain_point], now, tracker)
    if is_new_group:
        follow_evidence(tracker, pain_point, now)
    is_back = bring_back(tracker, pain_point, evidence.seen_on, now)
    entry = record(actor, "reopen" if is_back else "link", pain_point, tracker, now, why="evidence" * is_back)
    if is_back:
        tell_followers(pain_point, entry=entry, actor=actor, now=now, is_back=True)
        index_pain_points([pain_point.pk], now)
    return evidence


def _add(
    tracker: Tracker, pain_point: PainPoint, draft: EvidenceDraft, actor: User | None, now: dt.datetime
) -> Evidence:
    said = draft.verbatim
    if said is None and not (draft.kind and draft.object_id):
        raise NoEvidence(_("Say what shows that it hurts."))
    same = Evidence.objects.filter(pain_point=pain_point, ended_at__isnull=True)
    same = same.filter(verbatim=said) if said else same.filter(kind=draft.kind, object_id=draft.object_id)
    if same.exists():
        raise TiedBefore(_("This shows “%(title)s” already.") % {"title": pain_point.title})
    day = clock.today(now)
    evidence = Evidence(
        pain_point=pain_point, verbatim=said, why=draft.why, made_by=actor, made_at=now,
        kind="" if said else draft.kind, object_id=None if said else draft.object_id,
        person_id=said.person_id if said else (draft.person.pk if draft.person else None),
        function=said.function if said else draft.function,
        unit_id=said.unit_id if said else (draft.unit.pk if draft.unit else None),
        seen_on=min(day, (said.said_on if said else draft.seen_on) or day),
    )  # fmt: skip
    tracker.create(evidence)
    write_thread(tracker, evidence, now)
    return evidence


@transaction.atomic
def untie_evidence(
    *, actor: User | None, evidence: Evidence, now: dt.datetime, is_withdrawn: bool = False
) -> AuditEntry:
    """End what showed a pain point; the last one stays unless whoever said it takes it back."""
    pain_point = current_of(evidence.pain_point)
    others = Evidence.objects.filter(pain_point=pain_point, ended_at__isnull=True).exclude(pk=evidence.pk)
    if not is_withdrawn and not others.exists():
        raise NoEvidence(_("This is all that shows it: dismiss the pain point instead, with a reason."))
    tracker = Tracker()
    end_evidence(tracker, evidence, now)
    recount([pain_point], now, tracker)
    follow_evidence(tracker, pain_point, now)
    return record(actor, "unlink", pain_point, tracker, now)
