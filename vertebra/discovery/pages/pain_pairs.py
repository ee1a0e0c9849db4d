"""The page of pairs: which functions, or units, suffer from the same things."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.discovery.queries.pain_words import ids_of
from vertebra.discovery.queries.pairs import by_functions, by_units
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure


@require_GET
@requires(Right.READ)
def pair_page(request: PageRequest) -> HttpResponse:
    """Functions by functions; or units by units, of the level asked for."""
    day = clock.today()
    is_units = request.GET.get("by") == "unit"
    parent = next(iter(ids_of([request.GET.get("inside", "")])), None)
    structure = Structure.as_of(day, with_members=False)
    matrix = by_units(request.user, day, parent) if is_units else by_functions(request.user, day)
    tabs = [
        {"label": _("Functions"), "url": "?", "is_current": not is_units},
        {"label": _("Units"), "url": "?by=unit", "is_current": is_units},
    ]
    context = {
        "matrix": matrix,
        "is_units": is_units,
        "keys": ("unit", "beside") if is_units else ("function", "with"),
        "parent": structure.get(parent),
        "above": structure.above(parent) if parent else [],
        "tabs": tabs,
    }
    return render(request, "discovery/pain_pairs.html", context)
