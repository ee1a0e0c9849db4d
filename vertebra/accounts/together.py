"""What people share about an object: discussion, followers, history, and views of lists."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from vertebra.accounts.models import Comment, SavedView, User, Watch
from vertebra.accounts.queries import HistoryItem, feed
from vertebra.kit import markdown
from vertebra.kit.cards import Card

Resolver = Callable[[User, str, Sequence[int]], dict[int, Card]]


@cache
def _resolvers(paths: tuple[str, ...]) -> tuple[Resolver, ...]:
    return tuple(cast(Resolver, import_string(path)) for path in paths)


def cards_of(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """The objects of a kind among these that the user may open, asked of every module."""
    found: dict[int, Card] = {}
    for resolve in _resolvers(tuple(settings.THREAD)):
        found |= resolve(user, kind, ids)
    return found


def card_of(user: User, kind: str, object_id: int) -> Card | None:
    """The object, if it exists and is open to the user."""
    return cards_of(user, kind, [object_id]).get(object_id)


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as a reader sees it."""

    comment: Comment
    html: SafeString
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Discussion:
    """Everything that people share about one object."""

    kind: str
    object_id: int
    comments: list[Said]
    is_watching: bool
    watcher_count: int
    history: list[HistoryItem]


def discussion(user: User, kind: str, object_id: int, now: dt.datetime | None = None) -> Discussion:
    """Comments, followers and history of an object; with `now`, what the user could still take back."""
    comments = Comment.objects.filter(kind=kind, object_id=object_id, archived_at=None).order_by("id")
    watches = Watch.objects.filter(kind=kind, object_id=object_id, user__is_active=True)
    counted = watches.aggregate(all=Count("id"), mine=Count("id", filter=Q(user=user)))
    return Discussion(
        kind=kind,
        object_id=object_id,
        comments=[
            Said(comment, markdown.render(comment.body), comment.author_id == user.pk)
            for comment in comments[:500]
        ],
        is_watching=bool(counted["mine"]),
        watcher_count=counted["all"],
        history=feed(kind, object_id, user=user, now=now),
    )


@dataclass(frozen=True, slots=True)
class ShownView:
    """A saved view as the menu of a list shows it."""

    id: int
    label: str
    url: str
    is_mine: bool
    is_shared: bool
    owner: str
    is_current: bool = False


def saved_views(user: User, page: str, current: str = "") -> list[ShownView]:
    """The views of a list that this person kept, then those that others share; `current` is the address shown."""
    views = SavedView.objects.filter(Q(user=user) | Q(is_shared=True), page=page).select_related("user")
    shown = [
        ShownView(
            id=view.pk,
            label=view.name if view.user_id == user.pk else f"{view.name} ({view.user.name})",
            url=view.query,
            is_mine=view.user_id == user.pk,
            is_shared=view.is_shared,
            owner=view.user.name,
            is_current=view.query == current,
        )
        for view in views
    ]
    return sorted(shown, key=lambda view: (not view.is_mine, view.label.casefold()))
