"""The plans as rows of the organisation's tables."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings

from vertebra.accounts.models import User
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.holdings import AreaPlan, Care, Holdings, MarketPlan
from vertebra.demo.mandates import Holding
from vertebra.demo.placing import works
from vertebra.demo.plans import Employee, Structure, UnitPlan
from vertebra.demo.profiles import Profile
from vertebra.demo.timeline import Timeline
from vertebra.kit.text import fold
from vertebra.org import labels
from vertebra.org.models import (
    Area,
    AreaStep,
    AreaVersion,
    Field,
    Mandate,
    Market,
    Membership,
    Ownership,
    Person,
    Unit,
    UnitKind,
    UnitVersion,
)
from vertebra.sources.models import Source

KINDS = ("company", "division", "sphere", "tribe", "team", "chapter", "department", "group")
LANGUAGE = "fr"


@dataclass
class Company:
    """Everything planned, before it becomes rows."""

    profile: Profile
    timeline: Timeline
    structure: Structure
    people: list[Employee]
    holdings: Holdings
    mandates: list[Holding]
    cast: dict[str, Employee]

    def there_on(self, keys: tuple[str, ...], day: dt.date) -> str:
        """The first of these members of the cast who worked here that day, or nobody."""
        there = (key for key in keys if key in self.cast and self.cast[key].joined_on <= day)
        return next(there, "")


def at(day: dt.date, hour: int = 8, minute: int = 30) -> dt.datetime:
    """A moment of a day, on the company's clock."""
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(settings.TIME_ZONE))


def write_company(company: Company, book: Book, kinds: dict[str, int]) -> dict[str, int]:
    """Note every row of the organisation and the accounts of the cast; gives the cast's account ids."""
    users = _users(company, book)
    source = _source(company, book, users)
    _units(company, book, source, kinds)
    _people(company, book, source, users)
    _memberships(company, book, source)
    _areas(company, book)
    for care in company.holdings.cares:
        _care(book, care)
    for holding in company.mandates:
        _mandate(book, holding)
    return users


def _users(company: Company, book: Book) -> dict[str, int]:
    roles = {member["key"]: member for member in content.names()["cast"]}
    users = {}
    for key, person in company.cast.items():
        users[key] = book.add(
            User,
            password="!" + key,
            email=person.email,
            name=person.name,
            role=roles[key]["role"],
            language=roles[key]["language"],
            is_cast=True,
            created_at=at(max(person.joined_on, company.timeline.start)),
        )
    return users


def _source(company: Company, book: Book, users: dict[str, int]) -> int | None:
    if not company.profile.has_source:
        return None
    return book.add(
        Source,
        name=content.company()["directory"],
        kind="file",
        is_demo=True,
        made_by_id=users["ada"],
        made_at=at(max(company.cast["ada"].joined_on, company.timeline.start)),
    )


def _units(company: Company, book: Book, source: int | None, kinds: dict[str, int]) -> None:
    for position, kind in enumerate(KINDS):
        if kind not in kinds:
            kinds[kind] = max(kinds.values(), default=0) + 1
            is_team = kind in labels.TEAM_KINDS
            book.add(UnitKind, id=kinds[kind], slug=kind, position=position, is_team=is_team)
    units = company.structure.units.values()
    for unit in units:
        book.add(
            Unit,
            id=unit.id,
            source_id=source,
            external_id=unit.key if source else "",
            created_at=at(unit.opened_on),
        )
    for unit in units:
        for starts_on, ends_on in unit.periods():
            parent = unit.parent.at(starts_on)
            book.add(
                UnitVersion,
                unit_id=unit.id,
                name=unit.name.at(starts_on),
                kind_id=kinds[unit.kind],
                parent_id=parent.id if parent else None,
                purpose=unit.purpose.at(starts_on),
                how_to_work=unit.how_to_work.at(starts_on),
                language=LANGUAGE,
                starts_on=starts_on,
                ends_on=ends_on,
            )


def _reference(person: Employee) -> str:
    return f"M{person.id:05d}"


def _people(company: Company, book: Book, source: int | None, users: dict[str, int]) -> None:
    countries = {c["key"]: c["market"] for c in content.company()["country"]}
    for person in company.people:
        book.add(
            Person,
            id=person.id,
            source_id=source,
            external_id=_reference(person) if source else "",
            name=person.name,
            name_folded=fold(person.name)[:200],
            email=person.email,
            handle=person.email.partition("@")[0],
            title=person.title,
            language=person.language,
            country=countries[person.country],
            joined_on=person.joined_on,
            left_on=person.left_on,
            manager_id=person.manager.id if person.manager else None,
            manager_reference=person.manager_reference,
            user_id=users.get(person.cast_key),
            created_at=at(person.joined_on),
        )


def _memberships(company: Company, book: Book, source: int | None) -> None:
    for work in works(company.people):
        person = work.person
        if not person.is_placed and work.ends_on is None:
            continue
        book.add(
            Membership,
            source_id=source,
            external_id=f"{_reference(person)}/{work.unit.key}" if source else "",
            person_id=person.id,
            unit_id=work.unit.id,
            function=work.function,
            share=work.share,
            starts_on=work.starts_on,
            ends_on=work.ends_on,
        )


def _areas(company: Company, book: Book) -> None:
    for position, (name, description, domains) in enumerate(content.company()["fields"]):
        book.add(Field, name=name, description=description, domains=domains, position=position)
    for market in company.holdings.markets:
        book.add(Market, id=market.id, name=market.name, code=market.code, created_at=at(market.starts_on))
    for area in company.holdings.areas:
        book.add(Area, id=area.id, kind=area.kind, created_at=at(area.starts_on))
    for area in company.holdings.areas:
        _area_versions(book, area)
        for position, crossed in enumerate(area.crosses):
            book.add(AreaStep, journey_id=area.id, area_id=crossed.id, position=position)


def _area_versions(book: Book, area: AreaPlan) -> None:
    bounds = [area.starts_on, *(day for day, _ in area.name.changes if day > area.starts_on)]
    for starts_on, ends_on in zip(bounds, [*bounds[1:], None], strict=True):
        book.add(
            AreaVersion,
            area_id=area.id,
            name=area.name.at(starts_on),
            parent_id=area.parent.id if area.parent else None,
            description=area.description,
            language=LANGUAGE,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _care(book: Book, care: Care) -> None:
    book.add(
        Ownership,
        unit_id=care.unit.id,
        area_id=care.thing.id if isinstance(care.thing, AreaPlan) else None,
        market_id=care.thing.id if isinstance(care.thing, MarketPlan) else None,
        starts_on=care.starts_on,
        ends_on=care.ends_on,
    )


def _mandate(book: Book, holding: Holding) -> None:
    thing = holding.thing
    book.add(
        Mandate,
        role=holding.role,
        title=holding.title,
        function=holding.function,
        person_id=holding.person.id if holding.person else None,
        reference=holding.reference,
        is_acting=holding.is_acting,
        unit_id=thing.id if isinstance(thing, UnitPlan) else None,
        area_id=thing.id if isinstance(thing, AreaPlan) else None,
        market_id=thing.id if isinstance(thing, MarketPlan) else None,
        hours_per_month=holding.hours,
        starts_on=holding.starts_on,
        ends_on=holding.ends_on,
    )
