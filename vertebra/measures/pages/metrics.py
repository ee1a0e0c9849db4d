"""The catalogue: the list, a new metric, changing one, what no metric covers."""

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.measures.actions import metrics as actions
from vertebra.measures.forms.metrics import MetricForm
from vertebra.measures.labels.metrics import METRIC_TONES, Grain, MetricState
from vertebra.measures.models import Metric
from vertebra.measures.pages.frame import asked_in_form, metric_to_change
from vertebra.measures.queries.catalogue import counts, metrics, team_count, teams_without, with_target
from vertebra.measures.queries.figures import change_between, reaches, said
from vertebra.measures.queries.periods import is_stale, stale
from vertebra.measures.queries.pictures import targets_of
from vertebra.org.empty_spaces import Names, language_now, parent_units
from vertebra.org.pages.frame import base
from vertebra.org.queries.structure import Structure

MOST_CHOICES = 80
SHOWN_TEAMS = 200
SHOWN_OF_EACH = 8
Rows = QuerySet[Any]


def _yes_no(rows: Rows, value: str, condition: Q) -> Rows:
    return rows.filter(condition) if value == "yes" else rows.exclude(condition)


def _list_of(today: dt.date, names: Names) -> ListOf:
    units = parent_units(today, MOST_CHOICES)
    yes_no = (("yes", pgettext_lazy("value", "yes")), ("no", pgettext_lazy("value", "no")))

    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(of_unit__in=Structure.as_of(today, with_members=False).under(int(value)))

    return ListOf(
        page="metrics",
        file_name="metrics",
        sort="name",
        columns=(
            Column("name", gettext_lazy("Metric"), lambda row: row.name, sort="name"),
            Column("value", gettext_lazy("Latest value"), lambda row: row.latest_value, is_numeric=True),
            Column("change", pgettext_lazy("of a value", "Change"), lambda row: _change(row), is_numeric=True),
            Column("way", gettext_lazy("Trend"), lambda row: ""),
            Column("target", gettext_lazy("Target"), lambda row: "", is_optional=True),
            Column("period", gettext_lazy("Period"), lambda row: row.latest_on, sort="seen_on"),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
            Column("owner", gettext_lazy("Owner"), lambda row: row.owner.name if row.owner else ""),
            Column("unit", gettext_lazy("Unit"), lambda row: names.units.get(row.of_unit_id, "")),
            Column("grain", gettext_lazy("One value per"), lambda row: row.get_grain_display(), is_optional=True),
            Column("source", gettext_lazy("Where it comes from"), lambda row: row.where_from, is_optional=True),
            Column("definition", gettext_lazy("What it counts"), lambda row: row.definition, is_optional=True),
        ),
        filters=(
            Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: MetricState.choices),
            Filter("unit", gettext_lazy("Inside"), inside, lambda: units),
            Filter("owned", gettext_lazy("Has an owner"), lambda rows, value: _yes_no(rows, value, Q(owner__isnull=False)), lambda: yes_no),
            Filter("target", gettext_lazy("Has a target"), lambda rows, value: with_target(rows).filter(has_target=value == "yes"), lambda: yes_no),
            Filter("stale", gettext_lazy("Value is overdue"), lambda rows, value: _yes_no(rows, value, stale(today)), lambda: yes_no),
            Filter("empty", gettext_lazy("Has no value"), lambda rows, value: _yes_no(rows, value, Q(latest_on__isnull=True)), lambda: yes_no),
            Filter("grain", gettext_lazy("One value per"), lambda rows, value: rows.filter(grain=value), lambda: Grain.choices),
        ),
        search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(slug__icontains=text) | Q(definition__icontains=text)),
    )  # fmt: skip


def _change(row: Metric) -> str:
    found = change_between(row, row.before_value, row.latest_value)
    return found.text if found else ""


@require_GET
@requires(Right.READ)
def metric_list(request: PageRequest) -> HttpResponseBase:
    """Every metric, what it says now and what it lacks."""
    today = clock.today()
    names = Names(today)
    rows = (
        metrics().select_related("owner").defer("definition") if not request.GET.get("format") else metrics()
    )
    views = saved_views(request.user, "metrics", request.get_full_path())
    listing = _list_of(today, names).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    names = names.only(row.of_unit_id for row in listing.rows)
    targets = targets_of(listing.rows, today)
    for row in listing.rows:
        row.tone = METRIC_TONES[row.state]
        row.said = said(row, row.latest_value) if row.latest_value is not None else ""
        row.moved = change_between(row, row.before_value, row.latest_value)
        row.is_stale = is_stale(row.latest_on, row.grain, today)
        row.unit_name = names.units.get(row.of_unit_id, "")
        row.target_row = targets.get(row.pk)
        row.target_said = said(row, row.target_row.value) if row.target_row else ""
        has_both = row.target_row and row.latest_value is not None
        row.is_reached = reaches(row, row.latest_value, row.target_row) if has_both else None
    context = {
        "listing": listing,
        "counts": counts(today),
        "metric_base": base("measures:metric-show"),
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
        "may_import": may(request.user, Right.IMPORT),
    }
    return render(request, "measures/metric_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def metric_create(request: PageRequest) -> HttpResponseBase:
    """Put a metric in the catalogue."""
    form = MetricForm(
        request.POST or None, today=clock.today(),
        initial={"name": request.GET.get("name", "")[:200], "of_unit": request.GET.get("unit", "")[:18]},
    )  # fmt: skip

    def act() -> Metric:
        values = actions.MetricValues(language=language_now(), **form.values())
        return actions.create_metric(actor=request.user, values=values, now=clock.now())

    return asked_in_form(
        request, form, act,
        {
            "heading": _("New metric"),
            "submit_label": _("Put it in the catalogue"),
            "cancel_url": reverse("measures:metric-list"),
            "done": lambda row: reverse("measures:metric-show", args=(row.pk,)),
            "draft": "metric",
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def metric_edit(request: PageRequest, metric_id: int) -> HttpResponseBase:
    """Change what is said of a metric."""
    row = metric_to_change(request, metric_id)
    initial = {name: getattr(row, name) for name in MetricForm.base_fields} | {
        "of_unit": row.of_unit_id, "area": row.area_id, "market": row.market_id, "owner": row.owner,
    }  # fmt: skip
    form = MetricForm(request.POST or None, today=clock.today(), initial=initial)
    back = reverse("measures:metric-show", args=(row.pk,))
    is_verified = row.state == MetricState.VERIFIED
    return asked_in_form(
        request, form,
        lambda: actions.change_metric(actor=request.user, metric=row, now=clock.now(), **form.values()),
        {
            "heading": _("Change the metric"),
            "metric": row,
            "intro": _("It is verified. When what it means changes, somebody has to verify it again.") if is_verified else "",
            "cancel_url": back,
            "done": back,
        },
    )  # fmt: skip


@require_GET
@requires(Right.READ)
def coverage(request: PageRequest) -> HttpResponse:
    """What the catalogue lacks: teams without a metric, metrics without owner, target, fresh values or verification."""
    today = clock.today()
    structure = Structure.as_of(today)
    teams = teams_without(today, structure=structure)
    return render(
        request,
        "measures/coverage.html",
        {
            "counts": counts(today),
            "teams": teams[:SHOWN_TEAMS],
            "missing": len(teams),
            "team_count": team_count(today),
            "unit_base": base("org:unit-show"),
            "no_owner": list(metrics().filter(owner__isnull=True).order_by("name")[:SHOWN_OF_EACH]),
            "no_target": list(
                with_target(metrics()).filter(has_target=False).order_by("name")[:SHOWN_OF_EACH]
            ),
            "stale": list(
                metrics().filter(stale(today)).order_by(F("latest_on").asc(), "pk")[:SHOWN_OF_EACH]
            ),
            "unverified": list(metrics().filter(state=MetricState.DRAFT).order_by("name")[:SHOWN_OF_EACH]),
            "metric_base": base("measures:metric-show"),
            "may_edit": may(request.user, Right.EDIT_ORGANISATION),
        },
    )
