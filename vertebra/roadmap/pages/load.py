"""The load of the function: what it is asked, what it takes on, how long that takes, whether it needs a hand more."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.tables import table_response
from vertebra.roadmap.labels.topics import HIRE_TONES
from vertebra.roadmap.queries.load import Load, load


@require_GET
@requires(Right.READ)
def load_page(request: PageRequest) -> HttpResponseBase:
    """Demand, accepted, refused and lead time over five quarters, by field, against capacity."""
    found = load(clock.now())
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _exported(found, request.GET["format"])
    return _page(request, found)


def _page(request: PageRequest, found: Load) -> HttpResponse:
    context = {"load": found, "now_quarter": found.quarters[-1], "tone": HIRE_TONES[found.hire]}
    return render(request, "roadmap/load.html", context)


def _exported(found: Load, form: str) -> HttpResponseBase:
    heads = [
        _("Quarter"), _("Asked"), _("Taken on"), _("Refused or put off"), _("Half answered within (days)"),
        _("Days there are"), _("Days chosen"),
    ]  # fmt: skip
    rows = (
        [one.label, one.asked, one.accepted, one.refused, one.lead_days, one.capacity_days, one.days_chosen]
        for one in found.quarters
    )
    return table_response("load-of-product-ops", form, heads, rows)
