"""What search should know of units, people, areas and markets, as they are on a day."""

import datetime as dt
from collections.abc import Callable, Iterable

from vertebra.accounts.labels import Kind
from vertebra.accounts.search import Entry
from vertebra.org.empty_spaces import open_spaces, title_of
from vertebra.org.models import AreaVersion, Market, Membership, Person, UnitVersion


def entries(kind: str, ids: Iterable[int], day: dt.date) -> list[Entry]:
    """One entry for each of these objects that exists on the day."""
    wanted = list(ids)
    found: list[Entry] = []
    for start in range(0, len(wanted), 500):
        found += _READERS[kind](wanted[start : start + 500], day)
    return found


def _units(ids: list[int], day: dt.date) -> list[Entry]:
    versions = list(UnitVersion.objects.as_of(day).filter(unit__in=ids))
    parents = {version.parent_id for version in versions if version.parent_id}
    names = dict(UnitVersion.objects.as_of(day).filter(unit__in=parents).values_list("unit_id", "name"))
    return [
        Entry(
            Kind.UNIT,
            version.unit_id,
            version.name,
            names.get(version.parent_id, ""),
            f"{version.purpose}\n{version.how_to_work}",
            version.language or "fr",
        )
        for version in versions
    ]


def _areas(ids: list[int], day: dt.date) -> list[Entry]:
    versions = list(AreaVersion.objects.as_of(day).filter(area__in=ids))
    parents = {version.parent_id for version in versions if version.parent_id}
    names = dict(AreaVersion.objects.as_of(day).filter(area__in=parents).values_list("area_id", "name"))
    return [
        Entry(
            Kind.AREA,
            version.area_id,
            version.name,
            names.get(version.parent_id, ""),
            version.description,
            version.language or "fr",
        )
        for version in versions
    ]


def _people(ids: list[int], day: dt.date) -> list[Entry]:
    people = Person.objects.present_on(day).filter(pk__in=ids, archived_at__isnull=True)
    memberships = Membership.objects.as_of(day).filter(person__in=ids).order_by("-share", "id")
    unit_of: dict[int, int] = {}
    for person, unit in memberships.values_list("person_id", "unit_id"):
        unit_of.setdefault(person, unit)
    names: dict[int, str] = {}
    if unit_of:
        units = UnitVersion.objects.as_of(day).filter(unit__in=set(unit_of.values()))
        names = dict(units.values_list("unit_id", "name"))
    # Plain values: an import makes an entry for each of tens of thousands.
    told = people.values_list("pk", "name", "title", "email", "handle", "language")
    return [_person(names.get(unit_of.get(pk, 0), ""), pk, *values) for pk, *values in told]


def newcomer(person: Person) -> Entry:
    """The entry of somebody who works nowhere yet."""
    return _person("", person.pk, person.name, person.title, person.email, person.handle, person.language)


def _person(unit: str, pk: int, name: str, title: str, email: str, handle: str, language: str) -> Entry:
    detail = " · ".join(filter(None, (title, unit)))
    return Entry(Kind.PERSON, pk, name, detail, f"{email} {handle}", language[:2] or "fr")


def _markets(ids: list[int], day: dt.date) -> list[Entry]:
    markets = Market.objects.filter(pk__in=ids, archived_at__isnull=True)
    return [Entry(Kind.MARKET, market.pk, market.name, market.code) for market in markets]


def _spaces(ids: list[int], day: dt.date) -> list[Entry]:
    return [
        Entry(
            Kind.EMPTY_SPACE,
            space.pk,
            title_of(space),
            str(space.get_state_display()),
            language=space.language or "fr",
        )
        for space in open_spaces().filter(pk__in=ids)
    ]


_READERS: dict[str, Callable[[list[int], dt.date], list[Entry]]] = {
    Kind.UNIT: _units,
    Kind.AREA: _areas,
    Kind.PERSON: _people,
    Kind.MARKET: _markets,
    Kind.EMPTY_SPACE: _spaces,
}
KINDS = frozenset(_READERS)
