"""Pages of units: the list, each unit, and what one does to it."""

from typing import Any, cast

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion, panels_of, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.actions import units as actions
from vertebra.org.forms.together import remember_shown
from vertebra.org.forms.units import UnitCloseForm, UnitForm
from vertebra.org.models import Membership, Unit, UnitKind, UnitVersion
from vertebra.org.pages.frame import Ask, answer, base, day_of, frame, suggest
from vertebra.org.queries.structure import Structure
from vertebra.org.queries.units import (
    SHOWN_MEMBERS,
    holdings,
    mandates_of,
    members_by_function,
    told,
    versions_of,
)

MOST_CHOICES = 80
Rows = QuerySet[Any, Any]


@require_GET
@requires(Right.READ)
def unit_list(request: PageRequest) -> HttpResponseBase:
    """List the units of a day."""
    day = day_of(request)
    structure = Structure.as_of(day.date)
    people = (
        Membership.objects.as_of(day.date)
        .filter(unit=OuterRef("unit"))
        .order_by()
        .values("unit")
        .annotate(people=Count("person", distinct=True))
        .values("people")
    )
    rows = UnitVersion.objects.as_of(day.date).select_related("kind")
    rows = rows.annotate(own_members=Coalesce(Subquery(people, output_field=IntegerField()), 0))
    views = saved_views(request.user, "units", request.get_full_path())
    listing = _list_of(structure).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.above = " › ".join(node.name for node in structure.above(row.unit_id))
        row.members = structure.nodes[row.unit_id].members
    context = {**frame(request, day, "units"), "listing": listing, "total": len(structure.nodes)}
    return render(request, "org/unit_list.html", context)


def _list_of(structure: Structure) -> ListOf:
    def searched(rows: Rows, text: str) -> Rows:
        wanted = fold(text)
        return rows.filter(unit__in=[n.id for n in structure.nodes.values() if wanted in fold(n.name)])

    return ListOf(
        page="units",
        file_name="units",
        sort="name",
        columns=_columns(structure),
        filters=_filters(structure),
        search=searched,
    )


def _columns(structure: Structure) -> list[Column]:
    def above(row: Any) -> str:
        return " › ".join(node.name for node in structure.above(row.unit_id))

    def members(row: Any) -> int:
        return structure.nodes[row.unit_id].members

    return [
        Column("name", gettext_lazy("Unit"), lambda row: row.name, sort="name"),
        Column("kind", gettext_lazy("Kind"), lambda row: str(row.kind), sort="kind__position"),
        Column("above", pgettext_lazy("a unit", "Inside"), above),
        Column(
            "own",
            gettext_lazy("People of its own"),
            lambda row: row.own_members,
            sort="own_members",
            is_numeric=True,
        ),
        Column("members", gettext_lazy("People, with its units"), members, is_numeric=True),
        Column("since", gettext_lazy("As it is since"), lambda row: row.starts_on, sort="starts_on"),
        Column("purpose", gettext_lazy("What it is for"), lambda row: row.purpose, is_optional=True),
    ]


def _filters(structure: Structure) -> list[Filter]:
    parents = [node for node in structure.all() if node.children and node.depth < 4][:MOST_CHOICES]
    used = sorted({node.kind for node in structure.nodes.values()}, key=lambda kind: kind.position)
    kinds = [(kind.slug, str(kind)) for kind in used]

    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(unit__in=structure.under(int(value)))

    def peopled(rows: Rows, value: str) -> Rows:
        return rows.filter(own_members=0) if value == "nobody" else rows.filter(own_members__gt=0)

    def since(rows: Rows, value: str) -> Rows:
        return rows.filter(starts_on__gte=value)

    people = [
        ("nobody", gettext_lazy("nobody of its own")),
        ("somebody", gettext_lazy("at least one person")),
    ]
    places = [(str(node.id), node.name) for node in parents]
    return [
        Filter(
            "kind",
            gettext_lazy("Kind"),
            lambda rows, value: rows.filter(kind__slug=value),
            lambda: kinds,
        ),
        Filter("inside", pgettext_lazy("a unit", "Inside"), inside, lambda: places),
        Filter("has", gettext_lazy("People"), peopled, lambda: people),
        Filter("since", gettext_lazy("Changed since"), since, kind="date"),
    ]


@require_GET
@requires(Right.READ)
def unit_page(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """Show a unit: what it is for, how to work with it, who, what it owns and lacks, what it was."""
    day = day_of(request)
    structure = Structure.as_of(day.date)
    node = structure.get(unit_id)
    versions = versions_of(unit_id)
    if not versions:
        raise Http404
    shown = next((version for version in versions if version.holds(day.date)), None)
    groups = members_by_function(unit_id, day.date) if node else []
    held = holdings(unit_id, day.date)
    own_count = sum(len(group.members) for group in groups)
    context = {
        **frame(request, day, "units"),
        "unit_id": unit_id,
        "membership_base": base("org:membership-edit"),
        "version": shown or versions[0],
        "node": node,
        "is_there": shown is not None,
        "above": structure.above(unit_id),
        "groups": groups,
        "own_count": own_count,
        "member_count": node.members if node and node.children else own_count,
        "is_cut": own_count >= SHOWN_MEMBERS,
        "mandates": mandates_of(request.user, day.date, unit=unit_id),
        "held": held,
        "history": told(versions),
        "discussion": discussion(request.user, Kind.UNIT, unit_id, clock.now()),
        "panels": panels_of(Kind.UNIT, unit_id),
    }
    return render(request, "org/unit.html", context)


@require_GET
@requires(Right.READ)
def unit_suggest(request: PageRequest) -> HttpResponseBase:
    """Suggest units of today while one types the name of a unit."""
    return suggest(request, Structure.as_of(clock.today(), with_members=False).all())


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def unit_create(request: PageRequest) -> HttpResponseBase:
    """Create a unit."""
    now = clock.now()
    today = clock.today(now)
    structure = Structure.as_of(today, with_members=False)
    teams = UnitKind.objects.filter(is_team=True).values_list("slug", flat=True)
    kind = (teams.first() or "team") if structure.nodes else "company"
    initial = {"parent": request.GET.get("parent", ""), "kind": kind}
    form = UnitForm(request.POST or None, today=today, structure=structure, initial=initial)
    ask = Ask(
        form=form,
        act=lambda given: actions.create_unit(
            actor=request.user,
            name=given["name"],
            kind=given["kind"],
            parent=_unit(given["parent"]),
            purpose=given["purpose"],
            how_to_work=given["how_to_work"],
            on=given["on"],
            now=now,
        ),
        heading=_("Create a unit"),
        submit=_("Create the unit"),
        done=_("%(name)s now exists."),
        cancel_url=reverse("org:unit-list"),
        back=lambda entry: reverse("org:unit-show", args=(entry.object_id,)),
    )
    return answer(request, ask, draft="unit")


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def unit_edit(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """Change a unit: everything in a form, or the one field that was edited in place."""
    now = clock.now()
    today = clock.today(now)
    unit = get_object_or_404(Unit, pk=unit_id)
    version = UnitVersion.objects.as_of(today).filter(unit=unit).select_related("kind").first()
    if version is None:
        raise Http404
    structure = Structure.as_of(today, with_members=False)
    initial = {name: getattr(version, name) for name in ("name", "purpose", "how_to_work")}
    initial |= {"kind": version.kind.slug, "parent": version.parent_id}
    form = UnitForm(request.POST or None, today=today, structure=structure, unit_id=unit_id, initial=initial)
    remember_shown(form)
    if form.is_bound:
        form.keep_given()
    ask = Ask(
        form=form,
        act=lambda given: actions.change_unit(
            actor=request.user, unit=unit, changes=_changes(given), on=given["on"], now=now
        ),
        heading=_("Change %(name)s") % {"name": version.name},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=reverse("org:unit-show", args=(unit_id,)),
        back=lambda entry: reverse("org:unit-show", args=(unit_id,)),
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def unit_close(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """Close a unit."""
    now = clock.now()
    today = clock.today(now)
    unit = get_object_or_404(Unit, pk=unit_id)
    structure = Structure.as_of(today)
    node = structure.get(unit_id)
    if node is None:
        raise Http404
    form = UnitCloseForm(request.POST or None, today=today, node=node, parent=structure.get(node.parent_id))
    ask = Ask(
        form=form,
        act=lambda given: actions.close_unit(
            actor=request.user, unit=unit, contents=given.get("contents") or None, on=given["on"], now=now
        ),
        heading=_("Close %(name)s") % {"name": node.name},
        submit=_("Close the unit"),
        done=_("%(name)s is closed."),
        cancel_url=reverse("org:unit-show", args=(unit_id,)),
        back=lambda entry: reverse("org:unit-show", args=(unit_id,)),
        intro=_("It stays on the map of the days before."),
    )
    return answer(request, ask)


def _unit(unit_id: int | None) -> Unit | None:
    return Unit.objects.get(pk=unit_id) if unit_id else None


def _changes(given: dict[str, Any]) -> actions.UnitChanges:
    """The fields that were sent, as the action takes them."""
    found = {name: value for name, value in given.items() if name in actions.UnitChanges.__annotations__}
    if "parent" in found:
        found["parent"] = _unit(found["parent"])
    return cast(actions.UnitChanges, found)
