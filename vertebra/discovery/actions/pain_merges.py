"""Merging pain points that say the same, splitting one that says two things: evidence is ended and tied again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal, RowChange, Tracker
from vertebra.accounts.labels import Kind, Operation, Relation
from vertebra.accounts.models import AuditEntry, Comment, Link, User, Watch
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
    old = {one.pain_point_id for one in evidence}
    for link in Link.objects.filter(
        to_kind=Kind.PAIN_POINT, to_id__in=old, relation=Relation.EVIDENCES, ended_at__isnull=True
    ):
        if (0, link.from_kind, link.from_id) in {_thing(one) for one in evidence}:
            tracker.change(link, ended_at=now)
            _tie(tracker, link, to.pk, actor, now, is_from=False)


def _thing(one: Evidence) -> tuple[int, str, int]:
    return one.verbatim_id or 0, one.kind, one.object_id or 0


def _tie(
    tracker: Tracker, link: Link, pk: int, actor: User | None, now: dt.datetime, *, is_from: bool
) -> None:
    """Write a step of the thread again with another pain point at one end."""
    ends: dict[str, Any] = {
        "from_kind": link.from_kind,
        "from_id": pk if is_from else link.from_id,
        "to_kind": link.to_kind,
        "to_id": link.to_id if is_from else pk,
        "relation": link.relation,
    }
    if (ends["from_kind"], ends["from_id"]) == (ends["to_kind"], ends["to_id"]):
        return
    same = Link.objects.filter(**ends).first()
    if same is None:
        tracker.create(Link(**ends, made_by=actor, why=link.why, since_at=now))
    elif same.ended_at:
        tracker.change(same, ended_at=None, since_at=now, made_by=actor)


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
    outward = Link.objects.filter(from_kind=Kind.PAIN_POINT, from_id=duplicate.pk, ended_at__isnull=True)
    inward = Link.objects.filter(to_kind=Kind.PAIN_POINT, to_id=duplicate.pk, ended_at__isnull=True)
    for links, is_from in ((outward, True), (inward.exclude(relation=Relation.EVIDENCES), False)):
        for link in list(links):
            tracker.change(link, ended_at=now)
            _tie(tracker, link, kept.pk, actor, now, is_from=is_from)


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
    ends = {"from_kind": Kind.PAIN_POINT, "from_id": new.pk, "to_kind": Kind.PAIN_POINT, "to_id": row.pk}
    tracker.create(Link(**ends, relation=Relation.RAISED_FROM, made_by=actor, since_at=now))
    tracker.change(row, changed_at=now)
    record(actor, "split", row, tracker, now, to_name=title, other=new.pk)
    index_pain_points([row.pk, new.pk], now)
    return new
