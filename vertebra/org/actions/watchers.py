"""What follows a change of an empty space: those who follow it are told, search is kept true."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from vertebra.accounts.audit import Tracker
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.outbox import queue_message
from vertebra.org.actions.index import reindex
from vertebra.org.empty_spaces import title_of
from vertebra.org.models import EmptySpace


def watch_space(tracker: Tracker, space: EmptySpace, user: User, now: dt.datetime) -> None:
    """Let somebody follow an empty space, once."""
    if not Watch.objects.filter(user=user, kind=Kind.EMPTY_SPACE, object_id=space.pk).exists():
        tracker.create(Watch(user=user, kind=Kind.EMPTY_SPACE, object_id=space.pk, since_at=now))


def tell_watchers(
    spaces: Iterable[EmptySpace], *, entry: AuditEntry, actor: User | None, now: dt.datetime
) -> None:
    """Tell those who follow these empty spaces what became of them; whoever did it knows already."""
    by_id = {space.pk: space for space in spaces}
    watches = Watch.objects.filter(kind=Kind.EMPTY_SPACE, object_id__in=by_id, user__is_active=True)
    for watch in watches.select_related("user"):
        if actor is not None and watch.user_id == actor.pk:
            continue
        tell(watch.user, by_id[watch.object_id], "empty_space_changed", entry=entry, now=now)


def tell(user: User, space: EmptySpace, template: str, *, entry: AuditEntry, now: dt.datetime) -> None:
    """Queue one message about an empty space for one person, in the transaction that causes it."""
    queue_message(
        key=f"{template}:{space.pk}:{entry.pk}:{user.pk}",
        template=template,
        particulars={
            "title": title_of(space),
            "state": space.state,
            "reason": space.reason,
            "owner": space.owner.name if space.owner else "",
            "who": entry.actor_name,
        },
        language=user.language,
        now=now,
        to_user=user,
        address=reverse("org:empty-space-show", args=(space.pk,)),
    )


def index_spaces(spaces: Iterable[EmptySpace], *, now: dt.datetime) -> None:
    """Bring what search knows of these empty spaces up to date."""
    reindex(Kind.EMPTY_SPACE, [space.pk for space in spaces], now)
