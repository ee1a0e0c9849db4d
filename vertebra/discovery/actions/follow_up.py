"""What follows a change of a pain point: its counts, whom it hurts, what search knows, who follows it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.actions.thread import End, tie, untie
from vertebra.accounts.audit import Refusal, Tracker
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.permissions import Right
from vertebra.analysis.re_ask import months_later
from vertebra.discovery.labels import PAIN_SETTLED, Moment, PainState
from vertebra.discovery.models import Evidence, HurtGroup, PainPoint, ReAsk
from vertebra.discovery.queries.hurting import Group, groups_of, proposed, size_of
from vertebra.discovery.queries.pain_points import HEARD, TREND_DAYS, above, below, open_to, parents_now
from vertebra.kit import clock

TOGETHER = 500


class NotThere(Refusal):
    """The pain point was merged into another in a circle, or is gone."""


def current_of(pain_point: PainPoint) -> PainPoint:
    """The pain point itself, locked, or the one that it was merged into."""
    found = PainPoint.objects.select_for_update().get(pk=pain_point.pk)
    seen = {found.pk}
    while found.merged_into_id:
        if found.merged_into_id in seen:
            raise NotThere(_("This pain point was merged into another: work on that one."))
        seen.add(found.merged_into_id)
        found = PainPoint.objects.select_for_update().get(pk=found.merged_into_id)
    return found


def record(
    actor: User | None, verb: str, pain_point: PainPoint, tracker: Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    """Write the entry of what was done to a pain point."""
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.PAIN_POINT,
        object_id=pain_point.pk,
        object_name=pain_point.title,
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )


def end_evidence(tracker: Tracker, evidence: Evidence, now: dt.datetime) -> None:
    """End a row of evidence and its step of the thread."""
    tracker.change(evidence, ended_at=evidence.ended_at or now)
    if evidence.kind:
        untie(tracker, *_step_of(evidence), now=now)


def write_thread(tracker: Tracker, evidence: Evidence, now: dt.datetime) -> None:
    """Write the step of the thread from the object to the pain point that it shows."""
    if evidence.kind:
        tie(tracker, *_step_of(evidence), by=evidence.made_by, why=evidence.why, now=now)


def _step_of(evidence: Evidence) -> tuple[End, str, End]:
    shows = (evidence.kind, evidence.object_id or 0)
    return shows, Relation.EVIDENCES, (Kind.PAIN_POINT, evidence.pain_point_id)


def plan_asking(tracker: Tracker, pain_point: PainPoint, moment: Moment, day: dt.date) -> None:
    """Have the question of a pain point asked: before once, at each delivery, and six months after it."""
    asked = list(pain_point.re_asks.filter(cancelled_at__isnull=True))
    if moment == Moment.BEFORE:
        if not any(one.moment == Moment.BEFORE for one in asked):
            _due(tracker, pain_point, Moment.BEFORE, day)
        return
    if any(one.moment == Moment.DELIVERY and one.survey_id is None for one in asked):
        return
    later = months_later(day)
    for one in asked:
        if one.moment == Moment.SIX_MONTHS and one.survey_id is None and one.due_on != later:
            tracker.change(one, cancelled_at=pain_point.changed_at)
    _due(tracker, pain_point, Moment.DELIVERY, day)
    _due(tracker, pain_point, Moment.SIX_MONTHS, later)


def _due(tracker: Tracker, pain_point: PainPoint, moment: Moment, day: dt.date) -> None:
    row = pain_point.re_asks.filter(moment=moment, due_on=day).first()
    if row is None:
        tracker.create(ReAsk(pain_point=pain_point, moment=moment, due_on=day))
    elif row.survey_id is None:
        tracker.change(row, cancelled_at=None)


def call_off_asking(tracker: Tracker, pain_point: PainPoint, now: dt.datetime) -> None:
    """Ask no more what nobody has been asked yet."""
    for row in pain_point.re_asks.filter(survey__isnull=True, cancelled_at__isnull=True):
        tracker.change(row, cancelled_at=now)


def bring_back(tracker: Tracker, pain_point: PainPoint, seen_on: dt.date, now: dt.datetime) -> bool:
    """Open a settled or dismissed pain point again if it was seen after that day; whether it did.

    What was settled hurts again; what was dismissed must be looked at again.
    """
    was = pain_point.state
    if was not in PAIN_SETTLED or (pain_point.settled_on and seen_on <= pain_point.settled_on):
        return False
    state = PainState.CONFIRMED if was == PainState.SETTLED else PainState.RAISED
    tracker.change(pain_point, state=state, reason="", changed_at=now)
    return True


def recount(pain_points: Iterable[PainPoint], now: dt.datetime, tracker: Tracker | None = None) -> None:
    """Count again the people, teams and functions heard about these pain points, and write what differs."""
    rows = list(pain_points)
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        counted = counts_of([row.pk for row in some], clock.today(now))
        for row in some:
            _write(row, counted.get(row.pk, dict.fromkeys(COUNTS, 0)), tracker)
    _recount_branches(rows, tracker)


def _write(row: PainPoint, values: dict[str, Any], tracker: Tracker | None) -> None:
    values = {name: value for name, value in values.items() if getattr(row, name) != value}
    if values and tracker is not None:
        tracker.change(row, **values)
    elif values:
        PainPoint.objects.filter(pk=row.pk).update(**values)
        for name, value in values.items():
            setattr(row, name, value)


def _recount_branches(rows: list[PainPoint], tracker: Tracker | None) -> None:
    """Count each person once in a pain point and all that is part of it, for these and those above them."""
    parents = parents_now()
    known = {row.pk: row for row in rows}
    wanted = dict.fromkeys(pk for row in rows for pk in (row.pk, *above(row.pk, parents)))
    has_children = set(parents.values())
    known |= PainPoint.objects.in_bulk([pk for pk in wanted if pk not in known])
    for pk in wanted:
        row = known[pk]
        count = row.people_count
        if pk in has_children:
            branch = [pk, *below(pk, parents)]
            evidence = Evidence.objects.filter(pain_point__in=branch, ended_at__isnull=True)
            count = evidence.aggregate(people=Count(HEARD, distinct=True))["people"]
        _write(row, {"branch_count": count}, tracker)


COUNTS = ("evidence_count", "people_count", "team_count", "function_count", "recent_count", "before_count")


def counts_of(ids: list[int], day: dt.date) -> dict[int, dict[str, Any]]:
    """The counts of each of these pain points that has evidence, and the days it was seen."""
    recent = Q(seen_on__gt=day - TREND_DAYS)
    before = Q(seen_on__gt=day - 2 * TREND_DAYS, seen_on__lte=day - TREND_DAYS)
    rows = (
        Evidence.objects.filter(pain_point__in=ids, ended_at__isnull=True)
        .order_by()
        .alias(heard=HEARD)
        .values("pain_point")
        .annotate(
            evidence_count=Count("id"),
            people_count=Count("heard", distinct=True),
            team_count=Count("unit", distinct=True),
            function_count=Count("function", distinct=True, filter=~Q(function="")),
            recent_count=Count("heard", distinct=True, filter=recent),
            before_count=Count("heard", distinct=True, filter=before),
            first_seen_on=Min("seen_on"),
            latest_seen_on=Max("seen_on"),
        )
    )
    return {
        row["pain_point"]: {name: value for name, value in row.items() if name != "pain_point"}
        for row in rows
    }


def follow_evidence(tracker: Tracker, pain_point: PainPoint, now: dt.datetime) -> None:
    """Say again whom it hurts from what was heard, until somebody says so by hand."""
    if pain_point.has_own_groups:
        return
    evidence = Evidence.objects.filter(pain_point=pain_point, ended_at__isnull=True).order_by()
    heard = [Group(*pair) for pair in evidence.values_list("function", "unit_id").distinct()]
    set_groups(tracker, pain_point, proposed(heard, clock.today(now)), now)


def set_groups(tracker: Tracker, pain_point: PainPoint, groups: Iterable[Group], now: dt.datetime) -> None:
    """Make these the groups that a pain point hurts."""
    wanted = dict.fromkeys(groups)
    for row in pain_point.groups.all():
        [group] = groups_of([row])
        if group in wanted:
            del wanted[group]
        else:
            tracker.delete(row)
    for group in wanted:
        count = size_of(group, clock.today(now))
        row = HurtGroup(
            pain_point=pain_point, function=group.function, unit_id=group.unit_id, people_count=count
        )
        tracker.create(row)


def watch(tracker: Tracker, pain_point: PainPoint, user: User, now: dt.datetime) -> None:
    """Let somebody follow a pain point, once."""
    if not Watch.objects.filter(user=user, kind=Kind.PAIN_POINT, object_id=pain_point.pk).exists():
        tracker.create(Watch(user=user, kind=Kind.PAIN_POINT, object_id=pain_point.pk, since_at=now))


def tell_followers(
    pain_point: PainPoint, *, entry: AuditEntry, actor: User | None, now: dt.datetime, is_back: bool = False
) -> None:
    """Tell those who follow a pain point, and may open it, what became of it; whoever did it knows already."""
    watches = Watch.objects.filter(kind=Kind.PAIN_POINT, object_id=pain_point.pk, user__is_active=True)
    for one in watches.select_related("user").order_by("user"):
        if actor is not None and one.user_id == actor.pk:
            continue
        if not open_to(one.user).filter(pk=pain_point.pk).exists():
            continue
        queue_message(
            key=f"pain_point_changed:{entry.pk}:{one.user_id}",
            template="pain_point_changed",
            particulars={
                "title": pain_point.title,
                "state": "back" if is_back else pain_point.state,
                "reason": pain_point.reason,
            },
            language=one.user.language,
            now=now,
            to_user=one.user,
            address=reverse("discovery:pain-point-show", args=(pain_point.pk,)),
        )


def index_pain_points(ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these pain points up to date: what is not confirmed is Product Ops' alone."""
    wanted = set(ids)
    found = []
    for row in PainPoint.objects.filter(pk__in=wanted, archived_at__isnull=True).select_related("field"):
        is_private = row.state == PainState.RAISED and row.settled_on is None
        found.append(
            search.Entry(
                Kind.PAIN_POINT,
                row.pk,
                row.title,
                row.field.name if row.field else "",
                row.description,
                row.language or "fr",
                Right.PRODUCT_OPS if is_private else Right.READ,
            )
        )
    search.index_many(found, now=now)
    search.unindex(Kind.PAIN_POINT, wanted - {entry.object_id for entry in found})


def reindex(kind: str, ids: Iterable[int], now: dt.datetime) -> None:
    """Bring what search knows of these pain points up to date (list SEARCH)."""
    if kind == Kind.PAIN_POINT:
        index_pain_points(ids, now)
