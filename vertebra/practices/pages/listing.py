"""The list of ways of working: which there are, where each stands, what it is for whom."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit.listing import Column, ListOf
from vertebra.org.pages.frame import base
from vertebra.practices.models import Practice

PAGE = "practices"


@require_GET
@requires(Right.READ)
def practice_list(request: PageRequest) -> HttpResponseBase:
    """List the ways of working."""
    views = saved_views(request.user, PAGE, request.get_full_path())
    rows = Practice.objects.filter(archived_at=None).select_related("carrier", "field")
    listing = _list().read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    return render(
        request,
        "practices/practice_list.html",
        {"listing": listing, "practice_base": base("practices:practice-show")},
    )


def _list() -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="practices",
        columns=[Column("name", gettext_lazy("Practice"), lambda row: row.name, sort="name")],
        sort="name",
    )
