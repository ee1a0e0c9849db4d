"""Dashboards of other tools: the list, each one shown inside where that is allowed, else as a link."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.measures.actions import dashboards as actions
from vertebra.measures.forms.requests import DashboardForm
from vertebra.measures.labels.charts import DashboardTool
from vertebra.measures.models import Dashboard, Metric
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.org.empty_spaces import language_now
from vertebra.org.pages.frame import base

Rows = QuerySet[Any]
LIST = ListOf(
    page="dashboards",
    file_name="dashboards",
    sort="name",
    columns=(
        Column("name", gettext_lazy("Dashboard"), lambda row: row.name, sort="name"),
        Column("tool", gettext_lazy("Tool"), lambda row: row.get_tool_display(), sort="tool"),
        Column("owner", gettext_lazy("Owner"), lambda row: row.owner.name if row.owner else ""),
        Column("url", gettext_lazy("Address"), lambda row: row.url, is_optional=True),
    ),
    filters=(
        Filter("tool", gettext_lazy("Tool"), lambda rows, value: rows.filter(tool=value), lambda: DashboardTool.choices),
    ),
    search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(description__icontains=text)),
)  # fmt: skip


@require_GET
@requires(Right.READ)
def dashboard_list(request: PageRequest) -> HttpResponseBase:
    """Every dashboard of other tools that was registered."""
    rows = Dashboard.objects.filter(archived_at__isnull=True).select_related("owner")
    views = saved_views(request.user, "dashboards", request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "dashboard_base": base("measures:dashboard-show"),
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "measures/dashboard_list.html", context)


def frame_origin(row: Dashboard) -> str:
    """The site whose pages may stand in a frame here; empty unless an administrator named it."""
    parts = urlsplit(row.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if row.is_embedded and origin in settings.FRAME_ORIGINS else ""


@require_GET
@requires(Right.READ)
def dashboard_page(request: PageRequest, dashboard_id: int) -> HttpResponse:
    """One dashboard: inside the page where it is allowed, else a link to it."""
    row = get_object_or_404(Dashboard.objects.select_related("owner"), pk=dashboard_id)
    origin = frame_origin(row)
    context = {
        "dashboard": row,
        "origin": origin,
        "host": urlsplit(row.url).netloc,
        "metrics": list(row.metrics.filter(archived_at__isnull=True)),
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
        "discussion": discussion(request.user, Kind.DASHBOARD, row.pk, clock.now()),
    }
    answer = render(request, "measures/dashboard.html", context)
    if origin:
        # Frames are open on this page alone, for this site alone.
        answer._csp_update = {"frame-src": [origin]}  # type: ignore[attr-defined]
    return answer


def _given(form: DashboardForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    given["metrics"] = list(Metric.objects.filter(pk__in=given["metrics"]))
    return given


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def dashboard_create(request: PageRequest) -> HttpResponseBase:
    """Register a dashboard of another tool."""
    form = DashboardForm(request.POST or None)
    return asked_in_form(
        request, form,
        lambda: actions.register_dashboard(
            actor=request.user, language=language_now(), now=clock.now(), **_given(form)
        ),
        {
            "heading": _("Register a dashboard"),
            "submit_label": _("Register it"),
            "cancel_url": reverse("measures:dashboard-list"),
            "done": lambda row: reverse("measures:dashboard-show", args=(row.pk,)),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def dashboard_edit(request: PageRequest, dashboard_id: int) -> HttpResponseBase:
    """Say otherwise where a dashboard is and what it answers."""
    row = get_object_or_404(Dashboard.objects.select_related("owner"), pk=dashboard_id)
    names = ("name", "url", "description", "tool", "owner", "is_embedded")
    initial = {name: getattr(row, name) for name in names}
    initial["metrics"] = [str(pk) for pk in row.metrics.values_list("pk", flat=True)]
    form = DashboardForm(request.POST or None, initial=initial)
    back = reverse("measures:dashboard-show", args=(row.pk,))
    return asked_in_form(
        request, form,
        lambda: actions.change_dashboard(actor=request.user, dashboard=row, now=clock.now(), **_given(form)),
        {"heading": _("Change the dashboard"), "cancel_url": back, "done": back},
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def dashboard_archiving(request: PageRequest, dashboard_id: int) -> HttpResponse:
    """Take a dashboard out of the lists."""
    row = get_object_or_404(Dashboard, pk=dashboard_id)
    return did(
        request,
        lambda: actions.archive_dashboard(actor=request.user, dashboard=row, now=clock.now()),
        _("Archived."),
        reverse("measures:dashboard-list"),
    )
