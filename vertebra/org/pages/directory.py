"""The directory: everybody, with every filter."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.numbers import whole_number
from vertebra.org.forms.fields import EARLIEST
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import AreaVersion, Mandate, Market, Membership, Ownership, Person
from vertebra.org.pages.frame import Day, day_of, frame
from vertebra.org.queries.care import Areas
from vertebra.org.queries.people import Places, called
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure

MOST_CHOICES = 60
Rows = QuerySet[Any, Any]
Choices = list[tuple[str, str]]


@require_GET
@requires(Right.READ)
def person_list(request: PageRequest) -> HttpResponseBase:
    """List the people of a day, by every question one asks of a directory."""
    day = day_of(request)
    structure = Structure.as_of(day.date, with_members=False)
    places = Places(structure)
    state = request.GET.get("state", "")
    everybody = Person.objects.filter(archived_at__isnull=True).select_related("manager")
    rows = everybody if state else everybody.present_on(day.date)
    rows = rows.annotate(joined_sort=Coalesce("joined_on", Value(EARLIEST)))
    if request.GET.get("format"):
        places.load()
    listing = _list_of(request, day, places).read(
        request, rows, saved_views=saved_views(request.user, "people", request.get_full_path())
    )
    if listing.export:
        return listing.export
    places.load([row.pk for row in listing.rows])
    for row in listing.rows:
        row.units = places.units(row.pk)
        row.functions = ", ".join(places.functions(row.pk))
        row.roles = places.roles.get(row.pk, [])
    context = {**frame(request, day, "people"), "listing": listing, "state": state}
    return render(request, "org/person_list.html", context)


def _list_of(request: PageRequest, day: Day, places: Places) -> ListOf:
    return ListOf(
        page="people",
        file_name="people",
        sort="name",
        columns=_columns(places),
        filters=_filters(request, day, places.structure),
        search=called,
    )


def _columns(places: Places) -> list[Column]:
    return [
        Column("name", _("Name"), lambda row: row.name, sort="name_folded"),
        Column("title", _("Job title"), lambda row: row.title, sort="title"),
        Column("unit", _("Unit"), lambda row: ", ".join(name for _id, name in places.units(row.pk))),
        Column("function", _("Function"), lambda row: ", ".join(places.functions(row.pk))),
        Column("roles", _("Answers for"), lambda row: ", ".join(places.roles.get(row.pk, []))),
        Column(
            "manager", _("Manager"), lambda row: row.manager.name if row.manager else row.manager_reference
        ),
        Column("country", _("Country"), lambda row: row.country, sort="country"),
        Column("joined", _("Joined on"), lambda row: row.joined_on, sort="joined_sort", is_optional=True),
        Column("left", _("Left on"), lambda row: row.left_on, is_optional=True),
        Column("email", _("E-mail"), lambda row: row.email, is_optional=True),
        Column("handle", _("Login"), lambda row: row.handle, is_optional=True),
    ]


def _filters(request: PageRequest, day: Day, structure: Structure) -> list[Filter]:
    asks = _Questions(day, structure, request.GET.get("function", ""))
    known = _known(day.date)
    countries = [(name, name) for _id, name in known["country"]]
    without = [("unit", _("a unit")), ("manager", _("a manager"))]
    states = [
        ("left", _("has left")),
        ("coming", _("has not joined yet")),
        ("all", _("everybody ever known")),
    ]
    return [
        Filter("unit", _("Unit"), asks.in_unit, lambda: _units(structure, request.GET.get("unit", ""))),
        Filter("function", _("Function"), asks.in_function, lambda: Function.choices),
        Filter("role", _("Answers as"), asks.in_role, lambda: MandateRole.choices),
        Filter("market", _("Market"), asks.in_market, lambda: known["market"]),
        Filter("country", _("Country"), lambda rows, name: rows.filter(country=name), lambda: countries),
        Filter("area", _("Area"), asks.in_area, lambda: known["area"]),
        Filter("since", _("Joined since"), lambda rows, on: rows.filter(joined_on__gte=on), kind="date"),
        Filter("state", _("Presence"), asks.in_state, lambda: states),
        Filter("without", pgettext_lazy("filter", "Without"), asks.without, lambda: without),
    ]


class _Questions:
    """What one may ask of the directory of a day, each as a narrowing of its rows."""

    def __init__(self, day: Day, structure: Structure, function: str) -> None:
        self.day = day.date
        self.structure = structure
        self.function = function if function in Function.values else ""
        self.held = Membership.objects.as_of(self.day)
        self.given = Mandate.objects.as_of(self.day)

    def in_unit(self, rows: Rows, value: str) -> Rows:
        """Who works in a unit or inside it, in the function asked for beside it."""
        inside = self.held.filter(unit__in=self.structure.under(int(value)))
        if self.function:
            inside = inside.filter(function=self.function)
        return rows.filter(pk__in=inside.values("person"))

    def in_function(self, rows: Rows, value: str) -> Rows:
        """Who works in a function."""
        return rows.filter(pk__in=self.held.filter(function=value).values("person"))

    def in_role(self, rows: Rows, value: str) -> Rows:
        """Who holds a mandate of a role."""
        return rows.filter(pk__in=self.given.filter(role=value).values("person"))

    def in_market(self, rows: Rows, value: str) -> Rows:
        """Who answers for a market, or works where it is taken care of."""
        return self._caring(rows, market=int(value))

    def in_area(self, rows: Rows, value: str) -> Rows:
        """Who answers for an area or one inside it, or works where it is taken care of."""
        return self._caring(rows, area__in=Areas.as_of(self.day).under(int(value)))

    def _caring(self, rows: Rows, **what: object) -> Rows:
        owners = Ownership.objects.as_of(self.day).filter(**what).values("unit")
        works = self.held.filter(unit__in=owners).values("person")
        return rows.filter(Q(pk__in=self.given.filter(**what).values("person")) | Q(pk__in=works))

    def in_state(self, rows: Rows, value: str) -> Rows:
        """Who has left, is still to come, or everybody."""
        if value == "left":
            return rows.filter(left_on__lte=self.day)
        return rows.filter(joined_on__gt=self.day) if value == "coming" else rows

    def without(self, rows: Rows, value: str) -> Rows:
        """Who works in no unit, or has no manager."""
        if value == "unit":
            return rows.exclude(pk__in=self.held.values("person"))
        return rows.filter(manager__isnull=True)


def _units(structure: Structure, asked: str) -> Choices:
    """Every unit when they are few, else those that hold others; and the one asked for."""
    nodes = list(structure.all())
    if len(nodes) > MOST_CHOICES:
        nodes = [node for node in nodes if node.children and node.depth < 4][:MOST_CHOICES]
    choices = [(str(node.id), f"{'— ' * node.depth}{node.name}") for node in nodes]
    node = structure.get(whole_number(asked))
    if node is not None and node not in nodes:
        choices.append((str(node.id), node.name))
    return choices


@remembered
def _known(day: dt.date) -> dict[str, Choices]:
    """Markets, countries and top areas that there are, in one query."""
    text = CharField(max_length=300)
    columns = ("what", "number", "words")
    countries = Person.objects.exclude(country="").order_by()
    parts: Iterable[Rows] = (
        Market.objects.filter(archived_at__isnull=True).annotate(
            what=Value("market"), number=F("id"), words=Cast("name", text)
        ),
        AreaVersion.objects.as_of(day)
        .filter(parent__isnull=True)
        .annotate(what=Value("area"), number=F("area_id"), words=Cast("name", text)),
        countries.annotate(what=Value("country"), number=Value(0), words=Cast("country", text)).distinct(),
    )
    first, *others = (part.order_by().values_list(*columns) for part in parts)
    found: dict[str, Choices] = {"market": [], "area": [], "country": []}
    for what, number, words in first.union(*others):
        found[what].append((str(number), words))
    return {what: sorted(choices, key=lambda one: one[1])[:MOST_CHOICES] for what, choices in found.items()}
