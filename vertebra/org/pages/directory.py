"""The directory: everybody, with every filter."""

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
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import AreaVersion, Mandate, Market, Membership, Ownership, Person
from vertebra.org.pages.frame import EARLIEST, Day, day_of, frame
from vertebra.org.queries.care import Areas
from vertebra.org.queries.people import Places, called
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
    held = Membership.objects.as_of(day.date)
    given = Mandate.objects.as_of(day.date)
    function = request.GET.get("function", "")
    known = _known(day)

    def in_unit(rows: Rows, value: str) -> Rows:
        inside = held.filter(unit__in=structure.under(int(value)))
        if function in Function.values:
            inside = inside.filter(function=function)
        return rows.filter(pk__in=inside.values("person"))

    def in_market(rows: Rows, value: str) -> Rows:
        owners = Ownership.objects.as_of(day.date).filter(market=int(value)).values("unit")
        works = held.filter(unit__in=owners).values("person")
        return rows.filter(Q(pk__in=given.filter(market=int(value)).values("person")) | Q(pk__in=works))

    def in_area(rows: Rows, value: str) -> Rows:
        inside = Areas.as_of(day.date).under(int(value))
        owners = Ownership.objects.as_of(day.date).filter(area__in=inside).values("unit")
        works = held.filter(unit__in=owners).values("person")
        return rows.filter(Q(pk__in=given.filter(area__in=inside).values("person")) | Q(pk__in=works))

    def with_state(rows: Rows, value: str) -> Rows:
        if value == "left":
            return rows.filter(left_on__lte=day.date)
        return rows.filter(joined_on__gt=day.date) if value == "coming" else rows

    def without(rows: Rows, value: str) -> Rows:
        if value == "unit":
            return rows.exclude(pk__in=held.values("person"))
        return rows.filter(manager__isnull=True)

    return [
        Filter("unit", _("Unit"), in_unit, lambda: _units(structure, request.GET.get("unit", ""))),
        Filter(
            "function",
            _("Function"),
            lambda rows, value: rows.filter(pk__in=held.filter(function=value).values("person")),
            lambda: Function.choices,
        ),
        Filter(
            "role",
            _("Answers as"),
            lambda rows, value: rows.filter(pk__in=given.filter(role=value).values("person")),
            lambda: MandateRole.choices,
        ),
        Filter("market", _("Market"), in_market, lambda: known["market"]),
        Filter(
            "country",
            _("Country"),
            lambda rows, value: rows.filter(country=value),
            lambda: [(name, name) for _id, name in known["country"]],
        ),
        Filter("area", _("Area"), in_area, lambda: known["area"]),
        Filter(
            "since",
            _("Joined since"),
            lambda rows, value: rows.filter(joined_on__gte=value),
            kind="date",
        ),
        Filter(
            "state",
            _("Presence"),
            with_state,
            lambda: [
                ("left", _("has left")),
                ("coming", _("has not joined yet")),
                ("all", _("everybody ever known")),
            ],
        ),
        Filter(
            "without",
            pgettext_lazy("filter", "Without"),
            without,
            lambda: [("unit", _("a unit")), ("manager", _("a manager"))],
        ),
    ]


def _units(structure: Structure, asked: str) -> Choices:
    """The units that hold others, and the one asked for."""
    nodes = [node for node in structure.all() if node.children and node.depth < 4][:MOST_CHOICES]
    choices = [(str(node.id), f"{'— ' * node.depth}{node.name}") for node in nodes]
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 18
    node = structure.get(int(asked)) if is_number else None
    if node is not None and node not in nodes:
        choices.append((str(node.id), node.name))
    return choices


def _known(day: Day) -> dict[str, Choices]:
    """Markets, countries and top areas that there are, in one query."""
    text = CharField(max_length=300)
    columns = ("what", "number", "words")
    countries = Person.objects.exclude(country="").order_by()
    parts: Iterable[Rows] = (
        Market.objects.filter(archived_at__isnull=True).annotate(
            what=Value("market"), number=F("id"), words=Cast("name", text)
        ),
        AreaVersion.objects.as_of(day.date)
        .filter(parent__isnull=True)
        .annotate(what=Value("area"), number=F("area_id"), words=Cast("name", text)),
        countries.annotate(what=Value("country"), number=Value(0), words=Cast("country", text)).distinct(),
    )
    first, *others = (part.order_by().values_list(*columns) for part in parts)
    found: dict[str, Choices] = {"market": [], "area": [], "country": []}
    for what, number, words in first.union(*others):
        found[what].append((str(number), words))
    return {what: sorted(choices, key=lambda one: one[1])[:MOST_CHOICES] for what, choices in found.items()}
