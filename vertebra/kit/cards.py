"""An object as other modules may name it: what it is, and where it opens."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Card:
    """One object that the asking user may open."""

    kind: str
    id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What a later module shows on the page of an object: the part of a page of its own, by the name of that part."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Tie:
    """An object that comes just before or after another in the thread, as the module that knows both tells it."""

    kind: str
    id: int
    is_before: bool
    relation: str
    why: str
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class Titled:
    """A kind of object that one column (or expression) names; whoever may read opens it, or those whom `open_to` says."""

    model: type[Model]
    page: str
    title: str | Combinable = "title"
    only: Q = field(default_factory=Q)
    open_to: Callable[[Any], QuerySet[Any, Any]] | None = None

    def rows(self, user: Any, kind: str, ids: Sequence[int]) -> QuerySet[Any, Any]:
        """Kind, number and title of those of the objects that are there, and open to who asks."""
        known = self.open_to(user) if self.open_to else self.model._default_manager
        rows = known.filter(self.only, pk__in=ids).order_by()
        title = self.title if isinstance(self.title, Combinable) else F(self.title)
        named = Cast(title, TextField())
        return rows.values_list(Value(str(kind), output_field=TextField()), "pk", named)

    def card(self, kind: str, pk: int, title: str) -> Card:
        """One of them, as it is named and where it opens."""
        return Card(str(kind), pk, title, reverse(self.page, args=(pk,)))
