"""What the pages of measures share: doing what a button asks, finding a metric, what somebody wants to see."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest
from vertebra.kit.picture_files import as_file
from vertebra.kit.pictures import TimeChart
from vertebra.kit.tables import table_response
from vertebra.measures.forms.metrics import ChartForm
from vertebra.measures.labels.charts import ChartKind
from vertebra.measures.models import Metric
from vertebra.measures.queries.catalogue import may_change
from vertebra.measures.queries.pictures import Asked, Picture

FORM_PAGE = "measures/form.html"


def did(request: PageRequest, act: Callable[[], object], text: str, url: str) -> HttpResponse:
    """Do what a button asks and go to a page, saying what was done or why it was not."""
    try:
        entry = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    else:
        can_undo = isinstance(entry, AuditEntry) and entry.rows.exists()
        messages.success(request, text, extra_tags=f"undo:{entry.pk}" if can_undo else "")  # type: ignore[attr-defined]
    return HttpResponseRedirect(url)


def asked_in_form(
    request: PageRequest, form: BaseForm, act: Callable[[], object], said: dict[str, Any]
) -> HttpResponseBase:
    """Show a form, or do what it asks and go where `said["done"]` says; refusals stand in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as wrong:
            form.add_error(None, wrong.messages)
        else:
            goes_to = said["done"]
            return HttpResponseRedirect(goes_to(made) if callable(goes_to) else goes_to)
    context = {"form": form, **{name: value for name, value in said.items() if name != "done"}}
    return render(request, said.get("template", FORM_PAGE), context, status=422 if form.is_bound else 200)


def metric_of(metric_id: int, *related: str) -> Metric:
    """A metric of the catalogue, archived or not."""
    return get_object_or_404(Metric.objects.select_related(*related), pk=metric_id)


def metric_to_change(request: PageRequest, metric_id: int) -> Metric:
    """A metric that whoever asks may change; for others it has no such page."""
    row = metric_of(metric_id)
    if not may_change(request.user, row):
        raise Http404
    return row


def asked_of(request: HttpRequest) -> tuple[Asked, ChartForm]:
    """What the address asks to see; what it asks wrongly is as if it had not."""
    initial = {"kind": ChartKind.LINE, "months": 24, "comparison": "", "is_split": False, "title": ""}
    given = {**initial, **{name: request.GET[name] for name in initial if name in request.GET}}
    form = ChartForm(given, auto_id="show-%s")
    if not form.is_valid():
        form = ChartForm(initial, auto_id="show-%s")
        form.is_valid()
    said = form.cleaned_data
    return Asked(said["months"], said["kind"], said["comparison"], said["is_split"]), form


def query_of(form: ChartForm) -> str:
    """What the form asks, as it stands in an address."""
    said = {name: value for name, value in form.cleaned_data.items() if value not in ("", False)}
    return urlencode(said)


def handed_over(request: HttpRequest, pictures: list[Picture], name: str) -> HttpResponseBase | None:
    """The picture as a file, or its numbers as a table, when the address asks for one."""
    form = request.GET.get("format", "")
    number = request.GET.get("at", "0")
    at = int(number) if number.isdecimal() and len(number) < 4 else 0
    if form not in {"svg", "csv", "xlsx"} or at >= len(pictures):
        return None
    picture = pictures[at]
    if form == "svg":
        return svg_response(picture.chart, name)
    cells = ([day.isoformat(), *values] for day, values in picture.rows)
    return table_response(name, form, picture.header, cells)


def svg_response(chart: TimeChart, name: str) -> HttpResponse:
    """A picture as a file."""
    answer = HttpResponse(
        as_file(chart) if not chart.is_empty else "<svg xmlns='http://www.w3.org/2000/svg'/>",
        content_type="image/svg+xml",
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return answer
