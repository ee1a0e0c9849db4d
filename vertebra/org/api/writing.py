"""Writing the organisation one row at a time, through the same actions as the pages."""

import datetime as dt
from typing import Any

from django.http import HttpResponse

from vertebra.accounts.api import ApiRequest, Bearer, made
from vertebra.accounts.permissions import Right
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Problem, named, needed, one_of, row_or_404
from vertebra.org.actions.areas import create_area as make_area
from vertebra.org.actions.care import create_market as make_market
from vertebra.org.actions.care import give_ownership
from vertebra.org.actions.mandates import give_mandate
from vertebra.org.actions.people import create_person as add_person
from vertebra.org.actions.people import join_unit
from vertebra.org.actions.units import change_unit as alter_unit
from vertebra.org.actions.units import create_unit as make_unit
from vertebra.org.api import schemas
from vertebra.org.api.routes import router
from vertebra.org.api.schemas import Id, Made
from vertebra.org.labels import TEAM_KINDS
from vertebra.org.models import Area, Market, Person, Unit, UnitKind

WRITE = Bearer(Right.EDIT_ORGANISATION, "write")


def _kind(slug: str) -> UnitKind:
    """The kind of that word; a new one is made by the action, with the unit that is the first of it."""
    known = UnitKind.objects.filter(slug=slug).first()
    return known or UnitKind(slug=slug, is_team=slug in TEAM_KINDS)


def _when(asked: dt.date | None) -> tuple[dt.date, dt.datetime]:
    now = clock.now()
    return asked or clock.today(now), now


@router.post("/units", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Make a unit")
def create_unit(request: ApiRequest, body: schemas.UnitIn) -> HttpResponse:
    """Make a unit that exists from a day on (today unless `on` says otherwise)."""
    on, now = _when(body.on)
    parent = named(Unit, body.parent, "parent")
    entry = make_unit(
        actor=request.user,
        name=body.name,
        kind=_kind(body.kind),
        parent=parent,
        purpose=body.purpose,
        how_to_work=body.how_to_work,
        on=on,
        now=now,
    )
    return made(entry)


@router.patch("/units/{row_id}", response={200: Made, **PROBLEMS}, auth=WRITE, summary="Change a unit")
def change_unit(request: ApiRequest, row_id: Id, body: schemas.UnitPatch) -> HttpResponse:
    """Rename, move, describe a unit or make it another kind from a day on; what it was before is kept."""
    on, now = _when(body.on)
    unit = row_or_404(Unit, row_id)
    changes: dict[str, Any] = body.dict(exclude_unset=True, exclude={"on"})
    missing = [
        name
        for name in ("name", "kind", "purpose", "how_to_work")
        if name in changes and changes[name] is None
    ]
    if missing:
        raise Problem(422, "not_valid", f"“{missing[0]}” cannot be null.")
    if "kind" in changes:
        changes["kind"] = _kind(changes["kind"])
    if "parent" in changes:
        changes["parent"] = named(Unit, changes["parent"], "parent")
    return made(alter_unit(actor=request.user, unit=unit, changes=changes, on=on, now=now), 200)  # type: ignore[arg-type]


@router.post("/people", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Add somebody")
def create_person(request: ApiRequest, body: schemas.PersonIn) -> HttpResponse:
    """Add somebody to the directory."""
    values: dict[str, Any] = body.dict(exclude={"manager"})
    values["manager"] = named(Person, body.manager, "manager")
    return made(add_person(actor=request.user, values=values, now=clock.now()))  # type: ignore[arg-type]


@router.post(
    "/memberships", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Let somebody work in a unit"
)
def create_membership(request: ApiRequest, body: schemas.MembershipIn) -> HttpResponse:
    """Let somebody work in a unit, in a function, from a day on."""
    on, now = _when(body.on)
    entry = join_unit(
        actor=request.user,
        person=needed(Person, body.person, "person"),
        unit=needed(Unit, body.unit, "unit"),
        function=body.function,
        title=body.title,
        share=body.share,
        on=on,
        now=now,
    )
    return made(entry)


@router.post("/mandates", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Give a mandate")
def create_mandate(request: ApiRequest, body: schemas.MandateIn) -> HttpResponse:
    """Let somebody answer for a unit, an area or a market from a day on."""
    on, now = _when(body.on)
    entry = give_mandate(
        actor=request.user,
        role=body.role,
        person=needed(Person, body.person, "person"),
        target=one_of(
            ((Unit, body.unit, "unit"), (Area, body.area, "area"), (Market, body.market, "market"))
        ),
        title=body.title,
        function=body.function,
        is_acting=body.is_acting,
        hours_per_month=body.hours_per_month,
        on=on,
        now=now,
    )
    return made(entry)


@router.post(
    "/ownerships", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Let a unit take care of something"
)
def create_ownership(request: ApiRequest, body: schemas.OwnershipIn) -> HttpResponse:
    """Let a unit take care of an area or a market from a day on."""
    on, now = _when(body.on)
    unit = needed(Unit, body.unit, "unit")
    target = one_of(((Area, body.area, "area"), (Market, body.market, "market")))
    return made(give_ownership(actor=request.user, unit=unit, target=target, on=on, now=now))


@router.post("/areas", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Make an area")
def create_area(request: ApiRequest, body: schemas.AreaIn) -> HttpResponse:
    """Make a product area, a journey or a hand-over."""
    on, now = _when(body.on)
    entry = make_area(
        actor=request.user,
        name=body.name,
        kind=body.kind,
        parent=named(Area, body.parent, "parent"),
        description=body.description,
        steps=body.steps,
        on=on,
        now=now,
    )
    return made(entry)


@router.post("/markets", response={201: Made, **PROBLEMS}, auth=WRITE, summary="Add a market")
def create_market(request: ApiRequest, body: schemas.MarketIn) -> HttpResponse:
    """Add a country or a segment that the company sells to."""
    return made(make_market(actor=request.user, name=body.name, code=body.code, now=clock.now()))
