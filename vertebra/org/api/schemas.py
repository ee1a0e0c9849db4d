"""What the API says of the organisation, and what it takes."""

import datetime as dt
from typing import Annotated, Literal

from ninja import Field, Schema

from vertebra.org.labels import AreaKind, Function, MandateRole

Id = Annotated[int, Field(ge=1, le=2**53)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Short = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
LongText = Annotated[str, Field(max_length=8000, pattern=r"^[^\x00]*$")]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2200, 1, 1))]


class Row(Schema):
    """A row, with where it comes from."""

    id: int
    source: str | None
    external_id: str


class UnitOut(Row):
    """A unit as it is on a day."""

    name: str
    kind: str
    parent: int | None
    purpose: str
    how_to_work: str
    starts_on: dt.date
    ends_on: dt.date | None


class PersonOut(Row):
    """Somebody of the organisation."""

    name: str
    email: str
    handle: str
    title: str
    language: str
    country: str
    manager: int | None
    manager_reference: str
    joined_on: dt.date | None
    left_on: dt.date | None


class AreaOut(Row):
    """A product area, a journey or a hand-over as it is on a day."""

    name: str
    kind: str
    parent: int | None
    description: str
    starts_on: dt.date
    ends_on: dt.date | None


class MarketOut(Row):
    """A market."""

    name: str
    code: str


class MembershipOut(Row):
    """Where somebody works."""

    person: int
    unit: int
    function: str
    title: str
    share: int
    starts_on: dt.date
    ends_on: dt.date | None


class MandateOut(Row):
    """What somebody answers for."""

    role: str
    title: str
    function: str
    person: int | None
    reference: str
    is_acting: bool
    unit: int | None
    area: int | None
    market: int | None
    hours_per_month: int | None
    starts_on: dt.date
    ends_on: dt.date | None


class OwnershipOut(Row):
    """What a unit takes care of."""

    unit: int
    area: int | None
    market: int | None
    starts_on: dt.date
    ends_on: dt.date | None


class Made(Schema):
    """What was made or changed, and the audit entry that can be undone for 24 hours."""

    id: int
    entry: int


class UnitIn(Schema):
    """A unit to make."""

    name: Name
    kind: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")] = "team"
    parent: Id | None = None
    purpose: Text = ""
    how_to_work: LongText = ""
    on: Day | None = None


class UnitPatch(Schema):
    """What to change of a unit; a field that is absent stays as it is."""

    name: Name | None = None
    kind: str | None = Field(None, min_length=1, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    parent: Id | None = None
    purpose: Text | None = None
    how_to_work: LongText | None = None
    on: Day | None = None


class PersonIn(Schema):
    """Somebody to add."""

    name: Name
    email: Annotated[str, Field(max_length=254, pattern=r"^([^\s@\x00]+@[^\s@\x00]+\.[^\s@\x00]+)?$")] = ""
    handle: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    title: Short = ""
    language: Literal["", "fr", "en"] = ""
    country: Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")] = ""
    manager: Id | None = None
    joined_on: Day | None = None


class MembershipIn(Schema):
    """Where somebody will work."""

    person: Id
    unit: Id
    function: Function = Function.OTHER
    title: Short = ""
    share: Annotated[int, Field(ge=1, le=100)] = 100
    on: Day | None = None


class Target(Schema):
    """One unit, area or market."""

    unit: Id | None = None
    area: Id | None = None
    market: Id | None = None


class MandateIn(Target):
    """What somebody will answer for: a unit, an area or a market."""

    role: MandateRole
    person: Id
    title: Short = ""
    function: Function | Literal[""] = ""
    is_acting: bool = False
    hours_per_month: Annotated[int, Field(ge=0, le=300)] | None = None
    on: Day | None = None


class OwnershipIn(Schema):
    """What a unit will take care of: an area or a market."""

    unit: Id
    area: Id | None = None
    market: Id | None = None
    on: Day | None = None


class AreaIn(Schema):
    """An area to make."""

    name: Name
    kind: AreaKind = AreaKind.PRODUCT
    parent: Id | None = None
    description: Text = ""
    steps: Annotated[list[Id], Field(max_length=100)] = []
    on: Day | None = None


class MarketIn(Schema):
    """A market to add."""

    name: Name
    code: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = ""
