"""What the objects of the organisation are called, for comments, watches, search and the thread."""

from collections.abc import Callable, Sequence

from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit.cards import Card
from vertebra.org.empty_spaces import title_of
from vertebra.org.models import AreaVersion, EmptySpace, Field, Gap, Market, Person, UnitVersion


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """A card for each of these objects that exists, if the user may read the organisation."""
    if kind not in _NAMES or not may(user, Right.READ):
        return {}
    names, page = _NAMES[kind]
    found: dict[int, Card] = {}
    for start in range(0, len(ids), 500):
        for pk, name in names(ids[start : start + 500]).items():
            address = reverse(page) if kind == Kind.FIELD else reverse(page, args=(pk,))
            found[pk] = Card(str(kind), pk, name, address)
    return found


def _units(ids: Sequence[int]) -> dict[int, str]:
    """The latest name of each unit, closed ones included: links to them stay."""
    rows = UnitVersion.objects.all_time().filter(unit__in=ids).order_by("starts_on")
    return dict(rows.values_list("unit_id", "name"))


def _areas(ids: Sequence[int]) -> dict[int, str]:
    rows = AreaVersion.objects.all_time().filter(area__in=ids).order_by("starts_on")
    return dict(rows.values_list("area_id", "name"))


def _people(ids: Sequence[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))


def _markets(ids: Sequence[int]) -> dict[int, str]:
    return dict(Market.objects.filter(pk__in=ids).values_list("pk", "name"))


def _fields(ids: Sequence[int]) -> dict[int, str]:
    return dict(Field.objects.filter(pk__in=ids).values_list("pk", "name"))


def _spaces(ids: Sequence[int]) -> dict[int, str]:
    return {space.pk: title_of(space) for space in EmptySpace.objects.filter(pk__in=ids)}


def _gaps(ids: Sequence[int]) -> dict[int, str]:
    rows = Gap.objects.filter(pk__in=ids)
    return {gap.pk: " · ".join(filter(None, (gap.subject, str(gap.get_rule_display())))) for gap in rows}


_NAMES: dict[str, tuple[Callable[[Sequence[int]], dict[int, str]], str]] = {
    Kind.UNIT: (_units, "org:unit-show"),
    Kind.AREA: (_areas, "org:area-show"),
    Kind.PERSON: (_people, "org:person-show"),
    Kind.MARKET: (_markets, "org:market-show"),
    Kind.FIELD: (_fields, "org:field-list"),
    Kind.EMPTY_SPACE: (_spaces, "org:empty-space-show"),
    Kind.GAP: (_gaps, "org:gap-show"),
}
