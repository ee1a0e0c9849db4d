"""The history of work items: what each source told, as counts of the whole source, never of anybody."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.evidence.actions.trail import say_what_statuses_mean
from vertebra.evidence.forms.trail import StatusesForm
from vertebra.evidence.models import StatusMeaning, TrailVersion
from vertebra.evidence.trail.staged import MOST_PARTS
from vertebra.kit import clock
from vertebra.kit.listing import Column, ListOf
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun

TARGET = "trail"
TRAILS = ListOf(
    page="trails",
    file_name="work-items",
    columns=(
        Column("name", gettext_lazy("Source"), lambda row: row.source.name, sort="source__name"),
        Column("items", gettext_lazy("Work items"), lambda row: row.counts.get("items", 0), is_numeric=True),
        Column("changes", gettext_lazy("Changes"), lambda row: row.counts.get("changes", 0), is_numeric=True),
        Column("earliest", pgettext_lazy("history", "From"), lambda row: row.earliest_at, sort="earliest_at"),
        Column("latest", pgettext_lazy("history", "To"), lambda row: row.latest_at, sort="latest_at"),
    ),
    filters=(),
    search=lambda rows, text: rows.filter(source__name__icontains=text),
    sort="name",
)


@requires(Right.IMPORT)
def trail_list(request: PageRequest) -> HttpResponseBase:
    """Every source that told of work items."""
    rows = TrailVersion.objects.filter(superseded_at=None).select_related("source")
    listing = TRAILS.read(request, rows)
    if listing.export:
        return listing.export
    items = sum(counts.get("items", 0) for counts in rows.values_list("counts", flat=True))
    context = {
        "listing": listing,
        "items": items,
        "target": TARGET,
        "may_connect": may(request.user, Right.ADMINISTER),
    }
    return render(request, "evidence/trail_list.html", context)


def _find(source_id: int) -> TrailVersion:
    rows = TrailVersion.objects.select_related("source", "made_by")
    return get_object_or_404(rows, source=source_id, superseded_at=None)


@requires(Right.IMPORT)
def trail_show(request: PageRequest, source_id: int) -> HttpResponse:
    """What the work items of one source are: how many, from when to when, of which projects, kinds and statuses."""
    return _shown(request, _find(source_id))


@requires(Right.IMPORT)
@require_POST
def trail_statuses(request: PageRequest, source_id: int) -> HttpResponse:
    """Say where the work items of each status stand."""
    version = _find(source_id)
    form = _form(version, request.POST)
    if not form.is_valid():
        return _shown(request, version, form)
    entry = say_what_statuses_mean(
        actor=request.user, source=version.source, meanings=form.meanings(), now=clock.now()
    )
    if entry:
        messages.success(request, _("Noted."), extra_tags=f"undo:{entry.pk}")
    return redirect("evidence:trail-show", source_id)


def _form(version: TrailVersion, data: Any = None) -> StatusesForm:
    said = dict(StatusMeaning.objects.filter(source=version.source_id).values_list("status", "category"))
    return StatusesForm(data, statuses=version.parts.get("statuses", []), said=said)


def _shown(request: PageRequest, version: TrailVersion, form: StatusesForm | None = None) -> HttpResponse:
    runs = ImportRun.objects.filter(source=version.source_id, target=TARGET, state=ImportState.APPLIED)
    context = {
        "version": version,
        "source": version.source,
        "counts": version.counts,
        "form": form or _form(version),
        "parts": [
            (_("Projects"), _named(version.parts.get("projects", []))),
            (_("Kinds"), _named(version.parts.get("kinds", []))),
        ],
        "runs": runs.order_by("-pk")[:10],
        "target": TARGET,
        "most": MOST_PARTS,
    }
    status = 422 if form is not None else 200
    return render(request, "evidence/trail_show.html", context, status=status)


def _named(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a whole, or none where nothing was told of them."""
    return parts if any(part["name"] for part in parts) else []
