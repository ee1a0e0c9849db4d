"""What the objects of the organisation are called, for comments, watches, search and the thread."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.org.empty_spaces import title_of
from vertebra.org.models import Area, AreaVersion, EmptySpace, Field, Gap, Market, Person, Unit, UnitVersion


def _latest(versions: QuerySet[Any], of: str) -> Subquery:
    """The latest name of each unit or area, closed ones included: links to them stay."""
    return Subquery(versions.filter(**{of: OuterRef("pk")}).order_by("-starts_on").values("name")[:1])


def _fields(_user: User, ids: Sequence[int]) -> Found:
    rows = Field.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("org:field-list")) for pk, name in rows}


def _spaces(_user: User, ids: Sequence[int]) -> Found:
    rows = EmptySpace.objects.filter(pk__in=ids)
    return {row.pk: (title_of(row), reverse("org:empty-space-show", args=(row.pk,))) for row in rows}


def _gaps(_user: User, ids: Sequence[int]) -> Found:
    rows = Gap.objects.filter(pk__in=ids)
    return {row.pk: (_said(row), reverse("org:gap-show", args=(row.pk,))) for row in rows}


def _said(row: Gap) -> str:
    return " · ".join(filter(None, (row.subject, str(row.get_rule_display()))))


resolve = Names(
    {
        Kind.UNIT: Titled(Unit, "org:unit-show", _latest(UnitVersion.objects.all_time(), "unit")),
        Kind.AREA: Titled(Area, "org:area-show", _latest(AreaVersion.objects.all_time(), "area")),
        Kind.PERSON: Titled(Person, "org:person-show", "name"),
        Kind.MARKET: Titled(Market, "org:market-show", "name"),
        Kind.FIELD: _fields,
        Kind.EMPTY_SPACE: _spaces,
        Kind.GAP: _gaps,
    }
)
