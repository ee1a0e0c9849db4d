"""Pages of markets and of fields of action."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.actions import care as actions
from vertebra.org.forms.areas import FieldForm, MarketForm
from vertebra.org.forms.together import remember_shown
from vertebra.org.labels import Domain, MandateRole
from vertebra.org.models import Field, Mandate, Market, Ownership
from vertebra.org.pages.frame import Ask, answer, day_of, do, frame
from vertebra.org.queries.care import Owners
from vertebra.org.queries.structure import Structure
from vertebra.org.queries.units import mandates_of, spaces_beside

Rows = QuerySet[Any, Any]


@require_GET
@requires(Right.READ)
def market_list(request: PageRequest) -> HttpResponseBase:
    """List the markets, who takes care of each and who is its champion."""
    day = day_of(request)
    owners = Owners.as_of(day.date)
    structure = Structure.as_of(day.date, with_members=False)
    champions: dict[int, list[str]] = {}
    held = Mandate.objects.as_of(day.date).filter(market__isnull=False, role=MandateRole.CHAMPION)
    for market, name, reference in held.values_list("market_id", "person__name", "reference"):
        champions.setdefault(market, []).append(name or reference)
    rows = Market.objects.all()
    if request.GET.get("state") != "archived":
        rows = rows.filter(archived_at__isnull=True)
    views = saved_views(request.user, "markets", request.get_full_path())
    listing = _list_of(owners, structure, champions).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.owners = [structure.nodes[u] for u in owners.of_market.get(row.pk, ()) if u in structure.nodes]
        row.champions = ", ".join(champions.get(row.pk, []))
    open_ids = Market.objects.filter(archived_at__isnull=True).values_list("pk", flat=True)
    context = {
        **frame(request, day, "markets"),
        "listing": listing,
        "without": sum(1 for pk in open_ids if not champions.get(pk)),
    }
    return render(request, "org/market_list.html", context)


def _list_of(owners: Owners, structure: Structure, champions: dict[int, list[str]]) -> ListOf:
    return ListOf(
        page="markets",
        file_name="markets",
        sort="name",
        columns=[
            Column("name", gettext_lazy("Market"), lambda row: row.name, sort="name"),
            Column("code", gettext_lazy("Code"), lambda row: row.code, sort="code"),
            Column(
                "owners",
                gettext_lazy("Taken care of by"),
                lambda row: ", ".join(structure.names(owners.of_market.get(row.pk, ()))),
            ),
            Column(
                "champions",
                gettext_lazy("Product Champions"),
                lambda row: ", ".join(champions.get(row.pk, [])),
            ),
        ],
        filters=[
            Filter(
                "champion",
                gettext_lazy("Champion"),
                lambda rows, value: (
                    rows.exclude(pk__in=list(champions))
                    if value == "none"
                    else rows.filter(pk__in=list(champions))
                ),
                lambda: [("none", gettext_lazy("nobody")), ("some", gettext_lazy("somebody"))],
            ),
            Filter(
                "state",
                gettext_lazy("State"),
                lambda rows, value: rows.filter(archived_at__isnull=False),
                lambda: [("archived", gettext_lazy("archived"))],
            ),
        ],
        search=lambda rows, text: rows.filter(name__icontains=text),
    )


@require_GET
@requires(Right.READ)
def market_page(request: PageRequest, market_id: int) -> HttpResponseBase:
    """Show a market: who takes care of it, who speaks for it, what nobody does there."""
    day = day_of(request)
    market = get_object_or_404(Market, pk=market_id)
    structure = Structure.as_of(day.date, with_members=False)
    owners = Ownership.objects.as_of(day.date).filter(market=market).values_list("unit_id", "id")
    context = {
        **frame(request, day, "markets"),
        "market": market,
        "owners": [
            {"node": structure.nodes[unit], "row": row} for unit, row in owners if unit in structure.nodes
        ],
        "mandates": mandates_of(request.user, day.date, market=market_id),
        "spaces": spaces_beside(market=market_id),
        "discussion": discussion(request.user, Kind.MARKET, market_id, clock.now()),
    }
    return render(request, "org/market.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def market_create(request: PageRequest) -> HttpResponseBase:
    """Create a market."""
    now = clock.now()
    ask = Ask(
        form=MarketForm(request.POST or None),
        act=lambda given: actions.create_market(actor=request.user, now=now, **given),
        heading=_("Create a market"),
        submit=_("Create the market"),
        done=_("%(name)s now exists."),
        cancel_url=reverse("org:market-list"),
        back=lambda entry: reverse("org:market-show", args=(entry.object_id,)),
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def market_edit(request: PageRequest, market_id: int) -> HttpResponseBase:
    """Change a market's name or code."""
    now = clock.now()
    market = get_object_or_404(Market, pk=market_id)
    back = reverse("org:market-show", args=(market_id,))
    initial = {"name": market.name, "code": market.code}
    form = MarketForm({**initial, **request.POST.dict()} if request.POST else None, initial=initial)
    remember_shown(form)
    ask = Ask(
        form=form,
        act=lambda given: actions.change_market(
            actor=request.user, market=market, now=now, **(initial | given)
        ),
        heading=_("Change %(name)s") % {"name": market.name},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda entry: back,
    )
    return answer(request, ask)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def market_archive(request: PageRequest, market_id: int) -> HttpResponseBase:
    """Take a market out of the lists."""
    now = clock.now()
    market = get_object_or_404(Market, pk=market_id)
    return do(
        request,
        lambda: actions.archive_market(actor=request.user, market=market, now=now),
        _("%(name)s is archived."),
        reverse("org:market-show", args=(market_id,)),
    )


@require_GET
@requires(Right.READ)
def field_list(request: PageRequest) -> HttpResponseBase:
    """Show the fields of action of Product Ops, in their order."""
    fields: list[Any] = list(Field.objects.filter(archived_at__isnull=True))
    for field in fields:
        field.covers = " · ".join(str(label) for code, label in Domain.choices if code in field.domains)
    context = {**frame(request, day_of(request), "fields"), "fields": fields}
    return render(request, "org/field_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def field_create(request: PageRequest) -> HttpResponseBase:
    """Create a field of action."""
    now = clock.now()
    ask = Ask(
        form=FieldForm(request.POST or None),
        act=lambda given: actions.create_field(actor=request.user, now=now, **given),
        heading=_("Create a field of action"),
        submit=_("Create the field"),
        done=_("%(name)s now exists."),
        cancel_url=reverse("org:field-list"),
        back=lambda entry: reverse("org:field-list"),
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def field_edit(request: PageRequest, field_id: int) -> HttpResponseBase:
    """Rename or describe a field of action, or say what it covers."""
    now = clock.now()
    field = get_object_or_404(Field, pk=field_id)
    initial = {"name": field.name, "description": field.description, "domains": field.domains}
    form = FieldForm(request.POST or None, initial=initial)
    remember_shown(form)
    ask = Ask(
        form=form,
        act=lambda given: actions.change_field(
            actor=request.user, field=field, changes=cast(actions.FieldChanges, given), now=now
        ),
        heading=_("Change %(name)s") % {"name": field.name},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=reverse("org:field-list"),
        back=lambda entry: reverse("org:field-list"),
    )
    return answer(request, ask)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def field_archive(request: PageRequest, field_id: int) -> HttpResponseBase:
    """Take a field of action out of the list."""
    now = clock.now()
    field = get_object_or_404(Field, pk=field_id)
    return do(
        request,
        lambda: actions.archive_field(actor=request.user, field=field, now=now),
        _("%(name)s is archived."),
        reverse("org:field-list"),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def field_order(request: PageRequest) -> HttpResponseBase:
    """Move one field of action a place up or down."""
    now = clock.now()
    order = list(Field.objects.filter(archived_at__isnull=True).values_list("pk", flat=True))
    moved = request.POST.get("up") or request.POST.get("down") or ""
    if moved in (places := [str(pk) for pk in order]):
        at = places.index(moved)
        to = at - 1 if "up" in request.POST else at + 1
        order.insert(max(0, to), order.pop(at))
    return do(
        request,
        lambda: actions.order_fields(actor=request.user, order=order, now=now),
        _("The fields are in another order."),
        reverse("org:field-list"),
    )
