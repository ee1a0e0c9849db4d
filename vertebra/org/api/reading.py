"""Reading the organisation as of any day, by pages."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest, Bearer
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right
from vertebra.kit import clock
from vertebra.kit.api import LARGEST_PAGE, PROBLEMS, Fields, answer, page_of, refuse_unknown
from vertebra.org.api import schemas
from vertebra.org.api.routes import router
from vertebra.org.api.schemas import Day, Id
from vertebra.org.models import AreaVersion, Mandate, Market, Membership, Ownership, Person, UnitVersion
from vertebra.org.queries.people import with_hours

READ = Bearer(Right.READ, "read")
_DATES = {"starts_on": "starts_on", "ends_on": "ends_on"}


def _own(*names: str, **others: str) -> dict[str, str]:
    return (
        {"id": "id", "source": "source__name", "external_id": "external_id"} | {n: n for n in names} | others
    )


def _of(thing: str, *names: str) -> dict[str, str]:
    return {
        "id": f"{thing}_id",
        "source": f"{thing}__source__name",
        "external_id": f"{thing}__external_id",
        "parent": "parent_id",
        **{name: name for name in names},
    }


UNITS = Fields(_of("unit", "name", "purpose", "how_to_work") | _DATES | {"kind": "kind__slug"}, "unit_id")
AREAS = Fields(_of("area", "name", "description") | _DATES | {"kind": "area__kind"}, "area_id")
PEOPLE = Fields(
    _own(
        *(
            "name",
            "email",
            "handle",
            "title",
            "language",
            "country",
            "manager_reference",
            "joined_on",
            "left_on",
        ),
        manager="manager_id",
    )
)
MARKETS = Fields(_own("name", "code"))
MEMBERSHIPS = Fields(_own("function", "title", "share", person="person_id", unit="unit_id") | _DATES)
MANDATES = Fields(
    _own(
        *("role", "title", "function", "reference", "is_acting"),
        hours_per_month="hours_shown",
        person="person_id",
        unit="unit_id",
        area="area_id",
        market="market_id",
    )
    | _DATES
)
OWNERSHIPS = Fields(_own(unit="unit_id", area="area_id", market="market_id") | _DATES)


def present(day: dt.date) -> QuerySet[Person]:
    """People who are there on that day."""
    return Person.objects.present_on(day).filter(archived_at__isnull=True)


# Name in the address, fields, answer, the rows of a day, and the columns one may filter by.
Rows = Callable[[dt.date], QuerySet[Any, Any]]
RESOURCES: tuple[tuple[str, Fields, type[Schema], Rows, tuple[str, ...]], ...] = (
    ("units", UNITS, schemas.UnitOut, UnitVersion.objects.as_of, ("parent",)),
    ("people", PEOPLE, schemas.PersonOut, present, ("manager",)),
    ("areas", AREAS, schemas.AreaOut, AreaVersion.objects.as_of, ("parent",)),
    (
        "markets",
        MARKETS,
        schemas.MarketOut,
        lambda _day: Market.objects.filter(archived_at__isnull=True),
        (),
    ),
    ("memberships", MEMBERSHIPS, schemas.MembershipOut, Membership.objects.as_of, ("unit", "person")),
    ("mandates", MANDATES, schemas.MandateOut, Mandate.objects.as_of, ("unit", "area", "market", "person")),
    ("ownerships", OWNERSHIPS, schemas.OwnershipOut, Ownership.objects.as_of, ("unit", "area", "market")),
)


def _for(user: User, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The rows as this person may read them: of the hours agreed, their own; Product Ops those of all."""
    return with_hours(rows, user) if rows.model is Mandate else rows


def _narrowing(name: str, allowed: tuple[str, ...]) -> type[Schema]:
    """What a list may be asked: the day, and what its rows belong to."""
    kinds = {"as_of": Day | None} | dict.fromkeys(allowed, Id | None)
    doc = "The day, and what the rows belong to."
    return type(
        f"{name.title()}Narrowing",
        (Schema,),
        {"__annotations__": kinds, "__doc__": doc} | dict.fromkeys(kinds),
    )


def _add(name: str, fields: Fields, schema: type[Schema], rows_of: Rows, allowed: tuple[str, ...]) -> None:
    """Two routes: the list by pages, and one row by its id."""
    narrowing = _narrowing(name, allowed)

    def read_list(
        request: ApiRequest,
        asked: Annotated[narrowing, Query()],  # type: ignore[valid-type]
        cursor: Annotated[str, Query(max_length=100)] = "",
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    ) -> HttpResponse:
        """Rows that hold on the day (today unless `as_of` says otherwise), ordered by id."""
        refuse_unknown(request, (*allowed, "as_of", "cursor", "limit"))
        wanted = asked.dict(exclude_none=True)  # type: ignore[attr-defined]
        rows = _for(request.user, rows_of(wanted.pop("as_of", None) or clock.today()))
        rows = rows.filter(**{f"{each}_id": value for each, value in wanted.items()})
        return answer(fields.page(rows, cursor, limit))

    def read_one(
        request: ApiRequest, row_id: Id, as_of: Annotated[Day | None, Query()] = None
    ) -> HttpResponse:
        """The row as it is on the day."""
        rows = _for(request.user, rows_of(as_of or clock.today()))
        return answer(fields.one(rows.filter(**{fields.key: row_id})))

    router.get(
        f"/{name}",
        response={200: page_of(schema), **PROBLEMS},
        auth=READ,
        operation_id=f"list_{name}",
        summary=f"List {name}",
    )(read_list)
    router.get(
        f"/{name}/{{row_id}}",
        response={200: schema, **PROBLEMS},
        auth=READ,
        operation_id=f"read_{name}",
        summary=f"Read one of the {name}",
    )(read_one)


for _name, _fields, _schema, _rows, _allowed in RESOURCES:
    _add(_name, _fields, _schema, _rows, _allowed)
