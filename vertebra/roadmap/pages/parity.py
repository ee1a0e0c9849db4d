"""What each market has of each feature: one table, edited in place, in and out as CSV."""

import contextlib
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.kit.tables import csv_lines
from vertebra.org.models import Market
from vertebra.org.pages.frame import do
from vertebra.roadmap.actions import parity as actions
from vertebra.roadmap.forms.launches import FeatureForm, TableForm
from vertebra.roadmap.labels.projects import PARITY_TONES, Parity
from vertebra.roadmap.models import Feature
from vertebra.roadmap.pages.table_frame import ask
from vertebra.roadmap.queries.parity import (
    SIGNS,
    Shown,
    markets,
    missing,
    read_parity,
    table,
)


@require_GET
@requires(Right.READ)
def parity_page(request: PageRequest) -> HttpResponseBase:
    """Show the table, or send it as a file; `market` leaves one column, `lacking` the features that it lacks."""
    every = markets()
    wanted = whole_number(request.GET.get("market", ""))
    shown = [one for one in every if one.pk == wanted] or every
    lines = table(shown)
    if request.GET.get("format") == "csv":
        return _file(shown, lines)
    lacks = missing(lines)
    columns = [{"row": one, "missing": lacks.get(one.pk, 0)} for one in shown]
    if request.GET.get("lacking") == "1":
        lines = [
            line for line in lines if any(cell.state not in ("full", "not_needed") for cell in line.cells)
        ]
    most = max(columns, key=lambda one: lacks.get(one["row"].pk, 0), default=None) if lines else None  # type: ignore[attr-defined]
    context = {
        "lines": lines,
        "columns": columns,
        "most": most,
        "every": every,
        "wanted": wanted,
        "is_lacking": request.GET.get("lacking") == "1",
        "states": [(code, label, SIGNS[code]) for code, label in Parity.choices],
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "roadmap/parity.html", context)


def _file(shown: list[Market], lines: Any) -> HttpResponse:
    heads = [pgettext("of a product", "feature"), *(one.name for one in shown)]
    rows = ([line.feature.name, *(str(cell.label) for cell in line.cells)] for line in lines)
    headers = {"Content-Disposition": 'attachment; filename="parity.csv"'}
    text = "".join(csv_lines(heads, rows))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def feature_create(request: PageRequest) -> HttpResponse:
    """Write down a feature."""
    form = FeatureForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    return do(
        request,
        lambda: actions.add_feature(actor=request.user, name=name, now=clock.now()),
        _("%(name)s is in the table."),
        reverse("roadmap:parity"),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def feature_archiving(request: PageRequest, feature_id: int) -> HttpResponse:
    """Take a feature out of the table."""
    row = get_object_or_404(Feature, pk=feature_id)
    return do(
        request,
        lambda: actions.archive_feature(actor=request.user, feature=row, now=clock.now()),
        _("%(name)s is out of the table."),
        reverse("roadmap:parity"),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def parity_cell(request: PageRequest, feature_id: int, market_id: int) -> HttpResponse:
    """Say how much of a feature a market has; the cell alone answers where only it was asked."""
    feature = get_object_or_404(Feature, pk=feature_id)
    market = get_object_or_404(Market, pk=market_id)
    state = str(request.POST.get("state", ""))
    if request.htmx and state in Parity.values:
        with contextlib.suppress(NothingChanges):
            actions.set_parity(
                actor=request.user, feature=feature, market=market, state=state, now=clock.now()
            )
        cell = Shown(market, state, Parity(state).label, PARITY_TONES[state], SIGNS[state])
        states = [(code, label, SIGNS[code]) for code, label in Parity.choices]
        context = {"cell": cell, "feature": feature, "states": states, "may_write": True}
        return render(request, "roadmap/_parity_cell.html", context)
    return do(
        request,
        lambda: actions.set_parity(
            actor=request.user, feature=feature, market=market, state=state, now=clock.now()
        ),
        _("Noted."),
        f"{reverse('roadmap:parity')}#feature-{feature.pk}",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT)
def parity_import(request: PageRequest) -> HttpResponseBase:
    """Take over a table of features and markets from a file."""

    def done(given: dict[str, Any]) -> str:
        file = given["file"]
        content = file.read() if file else given["rows"].encode()
        name = file.name if file else "table.csv"
        actions.set_many(actor=request.user, cells=read_parity(content, name), now=clock.now())
        return reverse("roadmap:parity")

    return ask(
        request,
        TableForm(request.POST or None, request.FILES or None),
        done,
        heading=_("Features and markets from a file"),
        submit=_("Take it over"),
        done=_("Taken over."),
        cancel_url=reverse("roadmap:parity"),
        intro=_(
            "A line for each feature, a column for each market; in each cell: whole, in part, planned, absent, not needed here. What the file does not name stays."
        ),
        section={"url": reverse("roadmap:parity"), "title": _("Features by market")},
    )
