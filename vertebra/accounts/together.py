"""What people share about an object: discussion, followers, history, and views of lists."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Comment, SavedView, User, Watch
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.queries import HistoryItem, feed
from vertebra.kit import markdown
from vertebra.kit.cards import Card, Panel, Titled

# So many ids go into one question.
BATCH = 500
Found = dict[int, tuple[str, str]]
Namer = Callable[[User, Sequence[int]], Found]
Resolver = Callable[[User, str, Sequence[int]], dict[int, Card]]


class Names:
    """What the objects of a module are called and where they open, by kind (list THREAD)."""

    def __init__(self, namers: Mapping[Kind, Titled | Namer]) -> None:
        self._namers: dict[str, Titled | Namer] = {str(kind): namer for kind, namer in namers.items()}

    def titled(self, kind: str) -> Titled | None:
        """The column that names the objects of the kind, where that is all there is to it."""
        found = self._namers.get(kind)
        return found if isinstance(found, Titled) else None

    def __call__(self, user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
        """A card for each of these objects that exists and that the user may open."""
        namer = self._namers.get(kind)
        if namer is None or not may(user, Right.READ):
            return {}
        found: dict[int, Card] = {}
        for batch in _batches(ids):
            if isinstance(namer, Titled):
                found |= {
                    pk: namer.card(kind, pk, title) for _kind, pk, title in namer.rows(user, kind, batch)
                }
            else:
                named = namer(user, batch)
                found |= {pk: Card(str(kind), pk, title, url) for pk, (title, url) in named.items()}
        return found


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


@cache
def _resolvers(paths: tuple[str, ...]) -> tuple[Resolver, ...]:
    return tuple(cast(Resolver, import_string(path)) for path in paths)


def cards_of(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """The objects of a kind among these that the user may open, asked of every module."""
    found: dict[int, Card] = {}
    for resolve in _resolvers(tuple(settings.THREAD)):
        found |= resolve(user, kind, ids)
    return found


def cards_of_kinds(user: User, wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], Card]:
    """The objects of several kinds that the user may open: one question for all kinds that a column names."""
    titled = {kind: _titled(kind) for kind in wanted} if may(user, Right.READ) else {}
    plain = {kind: names for kind, names in titled.items() if names}
    found: dict[tuple[str, int], Card] = {}
    rows = [
        names.rows(user, kind, batch) for kind, names in plain.items() for batch in _batches(wanted[kind])
    ]
    if rows:
        for kind, pk, title in rows[0].union(*rows[1:], all=True):
            found[kind, pk] = plain[kind].card(kind, pk, title)
    for kind, ids in wanted.items():
        if kind not in plain:
            found |= {(kind, pk): card for pk, card in cards_of(user, kind, ids).items()}
    return found


def _titled(kind: str) -> Titled | None:
    resolvers = (one for one in _resolvers(tuple(settings.THREAD)) if isinstance(one, Names))
    return next((found for one in resolvers if (found := one.titled(kind))), None)


def card_of(user: User, kind: str, object_id: int) -> Card | None:
    """The object, if it exists and is open to the user."""
    return cards_of(user, kind, [object_id]).get(object_id)


def panels_of(kind: str, object_id: int) -> list[Panel]:
    """What later modules show on the page of an object (list PANELS); each part asks for its own right."""
    found = [panel(kind, object_id) for panel in _panels(tuple(settings.PANELS))]
    return [one for one in found if one is not None]


@cache
def _panels(paths: tuple[str, ...]) -> tuple[Callable[[str, int], Panel | None], ...]:
    return tuple(cast(Callable[[str, int], Panel | None], import_string(path)) for path in paths)


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
