"""What is being designed and what comes out next, for the whole field: where, when, and how sure that is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry
from vertebra.org.models import AreaVersion, Mandate, UnitVersion
from vertebra.org.queries.remembered import remembered
from vertebra.releases.labels.consultations import Certainty
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Release, ReleaseMarket
from vertebra.releases.queries.audiences import Reading
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState, Pace
from vertebra.roadmap.models import Initiative, Involvement

Rows = QuerySet[Any]
FAR = dt.date(9999, 1, 1)
# What changes the product; quick wins and changes of how people work together are not for customers.
KINDS = (InitiativeKind.PRODUCT, InitiativeKind.TRANSVERSE, InitiativeKind.LAUNCH)
STATES = (InitiativeState.IDEA, InitiativeState.PLANNED, InitiativeState.STARTED, InitiativeState.PAUSED)


def coming() -> "QuerySet[Release]":
    """The releases that are not out yet."""
    return Release.objects.filter(archived_at=None, state__in=UPCOMING)


def designed() -> "QuerySet[Initiative]":
    """The initiatives that change the product and are not over."""
    return Initiative.objects.filter(archived_at=None, kind__in=KINDS, state__in=STATES)


def in_design(day: dt.date) -> Rows:
    """Both, as search knows them, each with its day (far away without one) and how sure it is."""
    rows = SearchEntry.objects.filter(
        Q(kind=Kind.RELEASE, object_id__in=coming().values("pk"))
        | Q(kind=Kind.INITIATIVE, object_id__in=designed().values("pk"))
    )
    releases = _told(Release.objects.annotate(sure=_sure_of_release(day)))
    initiatives = _told(Initiative.objects.annotate(sure=_sure_of_initiative(day)))
    return rows.annotate(
        on=Coalesce(
            _either(releases.values("planned_on"), initiatives.values("due_on"), DateField()), Value(FAR)
        ),
        certainty=_either(releases.values("sure"), initiatives.values("sure"), IntegerField()),
    )


def _told(rows: Rows) -> Rows:
    return rows.filter(pk=OuterRef("object_id"))


def _either(release: Rows, initiative: Rows, output: Any) -> Case:
    return Case(
        When(kind=Kind.RELEASE, then=Subquery(release[:1])), default=Subquery(initiative[:1]), output_field=output
    )  # fmt: skip


def _sure_of_release(day: dt.date) -> Case:
    return Case(
        When(planned_on=None, then=Value(Certainty.BEGUN)),
        When(planned_on__lt=day, then=Value(Certainty.SHAKY)),
        When(state=ReleaseState.CHECKING, then=Value(Certainty.SURE)),
        default=Value(Certainty.LIKELY),
        output_field=IntegerField(),
    )


def _sure_of_initiative(day: dt.date) -> Case:
    return Case(
        When(state=InitiativeState.IDEA, then=Value(Certainty.IDEA)),
        When(state=InitiativeState.PLANNED, then=Value(Certainty.WANTED)),
        When(state=InitiativeState.PAUSED, then=Value(Certainty.SHAKY)),
        When(due_on=None, then=Value(Certainty.BEGUN)),
        When(due_on__lt=day, then=Value(Certainty.SHAKY)),
        When(pace__in=(Pace.AT_RISK, Pace.OFF_TRACK), then=Value(Certainty.SHAKY)),
        default=Value(Certainty.LIKELY),
        output_field=IntegerField(),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Areas, markets and units that something may be for."""

    areas: Collection[int] = ()
    markets: Collection[int] = ()
    units: Collection[int] = ()

    def __bool__(self) -> bool:
        return bool(self.areas or self.markets or self.units)


def within(rows: Rows, places: Places, here: Reading) -> Rows:
    """Of these, what is for an area, for one of these markets, or built by a unit that owns such an area."""
    units = set(places.units) | {unit for area in places.areas for unit in here.owners.of_area.get(area, ())}
    parts = Involvement.objects.filter(initiative=OuterRef("object_id"))
    release = coming().filter(pk=OuterRef("object_id"))
    initiative = designed().filter(pk=OuterRef("object_id"))
    markets = ReleaseMarket.objects.filter(release=OuterRef("object_id"), market__in=places.markets)
    is_release = Exists(release.filter(area__in=places.areas)) | Exists(markets)
    is_initiative = Exists(initiative.filter(owner_unit__in=units)) | Exists(
        parts.filter(Q(area__in=places.areas) | Q(market__in=places.markets) | Q(of_unit__in=units))
    )
    return rows.filter((Q(kind=Kind.RELEASE) & is_release) | (Q(kind=Kind.INITIATIVE) & is_initiative))


def places_of(mandates: Iterable[Mandate], here: Reading) -> Places:
    """What somebody's mandates cover: areas and units with all inside them, what these units own, markets."""
    areas: set[int] = set()
    markets: set[int] = set()
    units: set[int] = set()
    for row in mandates:
        if row.area_id:
            areas.add(row.area_id)
        elif row.market_id:
            markets.add(row.market_id)
        elif row.unit_id:
            units |= here.structure.under(row.unit_id)
    areas |= {area for unit in units for area in here.owners.areas_of_unit.get(unit, ())}
    return Places({one for area in areas for one in here.areas.under(area)}, markets, units)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence above the list says."""

    all: int
    soon: int
    shaky: int


@remembered
def counts(day: dt.date) -> Counts:
    """How much is being designed, has a day within thirty days, and has a day that may not hold."""
    soon = day + dt.timedelta(days=30)
    found = in_design(day).aggregate(
        all=Count("pk"),
        soon=Count("pk", filter=Q(on__gte=day, on__lte=soon)),
        shaky=Count("pk", filter=Q(certainty=Certainty.SHAKY)),
    )
    return Counts(**found)


@dataclass(slots=True)
class Design:
    """One thing that is being designed, as a page shows it."""

    kind: str
    number: int
    title: str
    language: str
    certainty: Certainty
    on: dt.date | None
    lead: str = ""
    line: str = ""
    state: str = ""
    places: list[str] = field(default_factory=list)

    @property
    def is_release(self) -> bool:
        """Whether it comes out as a release."""
        return self.kind == Kind.RELEASE


def shown(rows: Iterable[Any], day: dt.date) -> list[Design]:
    """These rows with who leads each, for where, and its latest word, in one question."""
    found = {
        (row.kind, row.object_id): Design(
            row.kind, row.object_id, row.title, row.language, Certainty(row.certainty), row.on if row.on < FAR else None
        )
        for row in rows
    }  # fmt: skip
    asked = _about(found, day)
    where: dict[tuple[str, int], list[tuple[int, str]]] = defaultdict(list)
    for kind, number, order, lead, line, state, place in (
        asked[0].union(*asked[1:], all=True) if asked else ()
    ):
        if not order:
            one = found[kind, number]
            one.lead, one.line, one.state = lead or "", line, str(_STATES[kind](state).label)
        if place:
            where[kind, number].append((order, place))
    for key, one in found.items():
        # What a unit builds is for that unit, where nothing else is said.
        told = [order_and_name for order_and_name in where[key] if order_and_name[0] or one.is_release]
        one.places = [name for _order, name in sorted(told or where[key])]
    return list(found.values())


_STATES: dict[str, Any] = {Kind.RELEASE: ReleaseState, Kind.INITIATIVE: InitiativeState}


def _about(found: Iterable[tuple[str, int]], day: dt.date) -> list[Rows]:
    """What is told of each, and (with an order above zero) each further place that it is for."""
    releases = [number for kind, number in found if kind == Kind.RELEASE]
    initiatives = [number for kind, number in found if kind == Kind.INITIATIVE]
    nothing = Value("", TextField())
    area = Subquery(AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1])
    unit = Subquery(UnitVersion.objects.as_of(day).filter(unit=OuterRef("owner_unit")).values("name")[:1])
    markets = ReleaseMarket.objects.filter(release__in=releases)
    parts = Involvement.objects.filter(initiative__in=initiatives).exclude(area=None, market=None)
    first, text = Value(0, BigIntegerField()), TextField()
    asked: list[Rows] = []
    if releases:
        told = (F("pk"), first, F("lead__name"), F("summary"), F("state"), area)
        asked.append(_named(Kind.RELEASE, Release.objects.filter(pk__in=releases), told))
        one = Value(1, BigIntegerField())
        asked.append(
            _named(Kind.RELEASE, markets, (F("release"), one, nothing, nothing, nothing, F("market__name")))
        )
    if initiatives:
        told = (F("pk"), first, F("lead__name"), F("pace_line"), F("state"), unit)
        asked.append(_named(Kind.INITIATIVE, Initiative.objects.filter(pk__in=initiatives), told))
        place = Coalesce(Cast(area, text), Cast(F("market__name"), text))
        asked.append(
            _named(Kind.INITIATIVE, parts, (F("initiative"), F("pk"), nothing, nothing, nothing, place))
        )
    return asked  # fmt: skip


def _named(kind: str, rows: Rows, told: Sequence[Any]) -> Rows:
    number, order, *texts = told
    words = [Cast(one, TextField()) for one in texts]
    found: Rows = rows.order_by().values_list(Value(str(kind), TextField()), number, order, *words)
    return found


def around(places: Places, here: Reading, most: int) -> list[Design]:
    """What is being designed in some places, the nearest day first."""
    if not places:
        return []
    rows = within(in_design(here.day), places, here).order_by("on", "pk")
    return shown(rows[:most], here.day)
