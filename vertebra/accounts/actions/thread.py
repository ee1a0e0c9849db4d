"""The golden thread: steps from one object to another, noted in the entry of the action that ties or unties them.

tie(tracker, (Kind.QUICK_WIN, win.pk), Relation.ANSWERS, (Kind.PAIN_POINT, pain_point.pk), by=actor, now=now)
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from vertebra.accounts.audit import Tracker
from vertebra.accounts.models import Link, User

# What is tied: its kind and its id.
End = tuple[str, int]


def tie(
    tracker: Tracker,
    one: End,
    relation: str,
    other: End,
    *,
    by: User | None,
    why: str = "",
    now: dt.datetime,
) -> Link:
    """Tie two objects as one says it (a quick win *answers* a pain point): once, again if the step had ended."""
    link = _between(one, relation, other).select_for_update().first()
    if link is None:
        link = Link(
            from_kind=one[0], from_id=one[1], relation=relation, to_kind=other[0], to_id=other[1],
            made_by=by, why=why, since_at=now,
        )  # fmt: skip
        tracker.create(link)
    elif link.ended_at:
        tracker.change(link, ended_at=None, since_at=now, made_by=by, why=why)
    return link


def untie(tracker: Tracker, one: End, relation: str, other: End, *, now: dt.datetime) -> None:
    """End the step from one object to the other; it is kept as ended."""
    for link in _between(one, relation, other).filter(ended_at__isnull=True):
        tracker.change(link, ended_at=now)


def steps_at(one: End) -> QuerySet[Link]:
    """The steps that hold from an object or to it."""
    is_from = Q(from_kind=one[0], from_id=one[1])
    return Link.objects.filter(is_from | Q(to_kind=one[0], to_id=one[1]), ended_at__isnull=True)


def carry_over(
    tracker: Tracker, steps: Iterable[Link], old: End, new: End, *, by: User | None, now: dt.datetime
) -> None:
    """End these steps at one object and write each again at another, such as the one that it is merged into."""
    for step in list(steps):
        tracker.change(step, ended_at=now)
        one, other = (
            new if end == old else end for end in ((step.from_kind, step.from_id), (step.to_kind, step.to_id))
        )
        if one != other:
            tie(tracker, one, step.relation, other, by=by, why=step.why, now=now)


def _between(one: End, relation: str, other: End) -> QuerySet[Link]:
    return Link.objects.filter(
        from_kind=one[0], from_id=one[1], relation=relation, to_kind=other[0], to_id=other[1]
    )
