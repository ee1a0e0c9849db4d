"""Merging pain points that say the same, splitting one that says two things: evidence is ended and tied again."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.actions.thread import carry_over, steps_at, tie
from vertebra.accounts.audit import Refusal, RowChange, Tracker
from vertebra.accounts.labels import Kind, Operation, Relation
from vertebra.accounts.models import AuditEntry, Comment, User, Watch
from vertebra.discovery.actions.follow_up import (
    bring_back,
    call_off_asking,
    follow_evidence,
    index_pain_points,
    record,
    recount,
    set_groups,
    tell_followers,
    watch,
)
from vertebra.discovery.models import Evidence, PainPoint, QuickWin, Stance
from vertebra.discovery.queries.hurting import groups_of
from vertebra.discovery.queries.pain_points import above, parents_now


class NotAMerge(Refusal):
    """A pain point is merged into another one that is still there."""


class NotASplit(Refusal):
    """Splitting leaves evidence on both sides."""


@transaction.atomic
def merge_pain_points(*, actor: User, kept: PainPoint, duplicate: PainPoint, now: dt.datetime) -> AuditEntry:
    """Merge a pain point into another that says the same: evidence, parts, quick wins and followers come along."""
    if kept.pk == duplicate.pk:
        raise NotAMerge(_("Choose another pain point: this one is the one you are looking at."))
    locked = PainPoint.objects.select_for_update().in_bulk(sorted((kept.pk, duplicate.pk)))
    kept, duplicate = locked[kept.pk], locked[duplicate.pk]
    if kept.archived_at or duplicate.archived_at:
        raise NotAMerge(_("One of the two was merged into another before."))
    tracker = Tracker()
    _make_independent(tracker, kept, duplicate)
    evidence = list(Evidence.objects.filter(pain_point=duplicate, ended_at__isnull=True))
    _carry(tracker, evidence, kept, actor, now)
    _carry_groups(tracker, duplicate, kept, now)
    _carry_others(tracker, duplicate, kept, actor, now)
    tracker.change(kept, to_directors_on=kept.to_directors_on or duplicate.to_directors_on)
    tracker.change(duplicate, merged_into=kept, archived_at=now, changed_at=now, to_directors_on=None)
    recount([kept, duplicate], now, tracker)
    follow_evidence(tracker, kept, now)
    latest = max((one.seen_on for one in evidence), default=None)
    is_back = latest is not None and bring_back(tracker, kept, latest, now)
    tracker.change(kept, changed_at=now)
    entry = record(actor, "merge", kept, tracker, now, to_name=duplicate.title, other=duplicate.pk)
    tell_followers(kept, entry=entry, actor=actor, now=now, is_back=is_back)
    index_pain_points([kept.pk, duplicate.pk], now)
    return entry


def _make_independent(tracker: Tracker, kept: PainPoint, duplicate: PainPoint) -> None:
    """What is kept must not stay a part of what goes."""
    if duplicate.pk in above(kept.pk, parents_now()):
        tracker.change(kept, parent=duplicate.parent if duplicate.parent_id != kept.pk else None)


def _carry(
    tracker: Tracker, evidence: Sequence[Evidence], to: PainPoint, actor: User | None, now: dt.datetime
) -> None:
    """End rows of evidence and tie the same things to another pain point, all at once: there may be thousands."""
    there = Evidence.objects.filter(pain_point=to, ended_at__isnull=True)
    known = {_thing(one) for one in there}
    made = []
    for one in evidence:
        one.ended_at = now
        if _thing(one) in known:
            continue
        known.add(_thing(one))
        made.append(
            Evidence(
                pain_point=to, verbatim_id=one.verbatim_id, kind=one.kind, object_id=one.object_id,
                person_id=one.person_id, function=one.function, unit_id=one.unit_id, why=one.why,
                seen_on=one.seen_on, made_by_id=one.made_by_id, made_at=one.made_at,
            )
        )  # fmt: skip
    Evidence.objects.bulk_update(evidence, ["ended_at"], batch_size=500)
    label = Evidence._meta.label_lower
    ended = {"ended_at": None}, {"ended_at": now}
    tracker.changes += [RowChange(label, one.pk, Operation.CHANGED, *ended) for one in evidence]
    made = Evidence.objects.bulk_create(made, batch_size=500)
    tracker.changes += [RowChange(label, one.pk, Operation.CREATED) for one in made]
    things = {(one.kind, one.object_id) for one in evidence if one.kind}
    for old in sorted({one.pain_point_id for one in evidence if one.kind}):
        here, there_now = (Kind.PAIN_POINT, old), (Kind.PAIN_POINT, to.pk)
        shown = steps_at(here).filter(to_kind=Kind.PAIN_POINT, to_id=old, relation=Relation.EVIDENCES)
        steps = [step for step in shown if (step.from_kind, step.from_id) in things]
        carry_over(tracker, steps, here, there_now, by=actor, now=now)


def _thing(one: Evidence) -> tuple[int, str, int]:
    return one.verbatim_id or 0, one.kind, one.object_id or 0


def _carry_groups(tracker: Tracker, duplicate: PainPoint, kept: PainPoint, now: dt.datetime) -> None:
    """Whom it hurts was said by hand of one of the two: it is then said of both together."""
    if kept.has_own_groups or duplicate.has_own_groups:
        tracker.change(kept, has_own_groups=True)
        set_groups(tracker, kept, groups_of([*kept.groups.all(), *duplicate.groups.all()]), now)


def _carry_others(
    tracker: Tracker, duplicate: PainPoint, kept: PainPoint, actor: User, now: dt.datetime
) -> None:
    """Parts, quick wins, comments, stances, followers and other steps of the thread."""
    for child in duplicate.children.exclude(pk=kept.pk):
        tracker.change(child, parent=kept)
    for win in QuickWin.objects.filter(pain_point=duplicate):
        tracker.change(win, pain_point=kept)
    about = {"kind": Kind.PAIN_POINT, "object_id": duplicate.pk}
    for comment in Comment.objects.filter(**about):
        tracker.change(comment, object_id=kept.pk)
    for stance in Stance.objects.filter(**about):
        tracker.change(stance, object_id=kept.pk)
    for one in Watch.objects.filter(**about).select_related("user"):
        watch(tracker, kept, one.user, now)
    call_off_asking(tracker, duplicate, now)
    gone = (Kind.PAIN_POINT, duplicate.pk)
    # What shows it came along with the evidence.
    steps = steps_at(gone).exclude(to_kind=gone[0], to_id=gone[1], relation=Relation.EVIDENCES)
    carry_over(tracker, steps, gone, (Kind.PAIN_POINT, kept.pk), by=actor, now=now)


@transaction.atomic
def split_pain_point(
    *, actor: User, pain_point: PainPoint, title: str, evidence: Sequence[Evidence], now: dt.datetime
) -> PainPoint:
    """Make a pain point of its own from some of the evidence of another."""
    title = " ".join(title.split())
    row = PainPoint.objects.select_for_update().get(pk=pain_point.pk)
    mine = Evidence.objects.filter(pain_point=row, ended_at__isnull=True)
    chosen = list(mine.filter(pk__in=[one.pk for one in evidence]))
    if not title:
        raise NotASplit(_("Say in one sentence what hurts."))
    if row.archived_at:
        raise NotASplit(_("This pain point was merged into another: work on that one."))
    if not chosen or not mine.exclude(pk__in=[one.pk for one in chosen]).exists():
        raise NotASplit(_("Choose some of the evidence, and leave some."))
    tracker = Tracker()
    new = PainPoint(
        title=title, language=row.language, field=row.field, parent=row.parent, severity=row.severity,
        state=row.state, reason=row.reason, settled_on=row.settled_on, first_seen_on=row.first_seen_on,
        latest_seen_on=row.latest_seen_on, made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker.create(new)
    _carry(tracker, chosen, new, actor, now)
    recount([row, new], now, tracker)
    follow_evidence(tracker, row, now)
    follow_evidence(tracker, new, now)
    for one in Watch.objects.filter(kind=Kind.PAIN_POINT, object_id=row.pk).select_related("user"):
        watch(tracker, new, one.user, now)
    split, whole = (Kind.PAIN_POINT, new.pk), (Kind.PAIN_POINT, row.pk)
    tie(tracker, split, Relation.RAISED_FROM, whole, by=actor, now=now)
    tracker.change(row, changed_at=now)
    record(actor, "split", row, tracker, now, to_name=title, other=new.pk)
    index_pain_points([row.pk, new.pk], now)
    return new
