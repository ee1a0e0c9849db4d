"""Where rows come from: what each source brought and when, its name, and its removal."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf, Rows
from vertebra.sources import actions
from vertebra.sources.forms import NameForm
from vertebra.sources.labels import CHOICES, ImportState, SourceKind
from vertebra.sources.models import ImportRun, Source, SyncRun
from vertebra.sources.target import Targets


def _kept(rows: Rows, value: str) -> Rows:
    return rows.filter(archived_at__isnull=value != "archived")


SOURCES = ListOf(
    page="sources",
    file_name="sources",
    columns=(
        Column("name", gettext_lazy("Name"), lambda source: source.name, sort="name"),
        Column("imports", gettext_lazy("Imports"), lambda source: source.import_count, is_numeric=True),
        Column("latest", gettext_lazy("Latest"), lambda source: source.latest_at),
    ),
    filters=(
        Filter(
            "kept",
            gettext_lazy("State"),
            _kept,
            lambda: [("in_use", gettext_lazy("in use")), ("archived", gettext_lazy("archived"))],
        ),
    ),
    search=lambda rows, text: rows.filter(name__icontains=text),
    sort="name",
)


@requires(Right.IMPORT)
def source_list(request: PageRequest, targets: Targets) -> HttpResponseBase:
    """Every source, with its imports and the latest of them."""
    applied = Q(imports__state=ImportState.APPLIED)
    rows = Source.objects.select_related("connection").annotate(
        import_count=Count("imports", filter=applied), latest_at=Max("imports__applied_at", filter=applied)
    )
    listing = SOURCES.read(request, rows)
    if listing.export:
        return listing.export
    return render(
        request,
        "sources/source_list.html",
        {"listing": listing, "may_connect": may(request.user, Right.ADMINISTER)},
    )


@requires(Right.IMPORT)
def source_show(request: PageRequest, source_id: int, targets: Targets) -> HttpResponseBase:
    """One source: what it brought, its imports, its name."""
    source = get_object_or_404(Source.objects.select_related("connection", "made_by"), pk=source_id)
    form = NameForm(request.POST or None, initial={"name": source.name})
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.rename_source(
                actor=request.user, source=source, name=form.cleaned_data["name"].strip(), now=clock.now()
            )
        except actions.NameTaken as taken:
            form.add_error("name", str(taken))
            source.refresh_from_db()
        else:
            messages.success(request, _("Renamed."), extra_tags=f"undo:{entry.pk}")
            return redirect("sources:source-show", source.pk)
    brought = [
        {
            "label": target.kinds.get(kind, kind),
            "count": count,
            "url": target.page(source) if target.page else "",
        }
        for target in targets.values()
        for kind, count in target.brought(source).items()
    ]
    runs = ImportRun.objects.filter(source=source).select_related("source", "made_by", "entry__undone_by")
    context = {"source": source, "form": form, "brought": brought, "runs": runs.order_by("-pk")[:20]}
    places = [target.places(source) for target in targets.values() if target.places]
    context["places"] = next(filter(None, places), "")
    if source.kind in CHOICES:
        context |= {"connection": source.connection, "choices": CHOICES[SourceKind(source.kind)]}
        context["syncs"] = _syncs(source, targets)
    context["may_erase"] = may(request.user, Right.ADMINISTER)
    return render(request, "sources/source_show.html", context, status=422 if form.errors else 200)


def _syncs(source: Source, targets: Targets) -> list[tuple[SyncRun, list[str]]]:
    """The last readings of a connected system, each with what was wrong with single work items."""
    telling = next((one.told_flaws for one in targets.values() if one.told_flaws), None)
    return [(run, telling(run.flaws) if telling and run.flaws else []) for run in source.syncs.all()[:10]]


@requires(Right.IMPORT)
@require_POST
def source_archive(request: PageRequest, source_id: int, targets: Targets) -> HttpResponseBase:
    """Take a source out of the lists, or bring it back."""
    source = get_object_or_404(Source, pk=source_id)
    is_archived = source.archived_at is None
    entry = actions.archive_source(
        actor=request.user, source=source, is_archived=is_archived, now=clock.now()
    )
    text = _("Archived: what it brought stays.") if is_archived else _("Back among the sources.")
    messages.success(request, text, extra_tags=f"undo:{entry.pk}")
    return redirect("sources:source-show", source.pk)


@requires(Right.ADMINISTER)
def source_erase(request: PageRequest, source_id: int, targets: Targets) -> HttpResponseBase:
    """Remove a source and all that only it brought, after its name was typed."""
    source = get_object_or_404(Source, pk=source_id)
    error = ""
    if request.method == "POST":
        try:
            actions.erase_source(
                actor=request.user,
                source=source,
                typed=request.POST.get("typed", ""),
                targets=targets.values(),
                now=clock.now(),
            )
        except actions.WrongName as wrong:
            error = str(wrong)
        else:
            messages.success(request, _("The source and all that only it brought are gone."))
            return redirect("sources:source-list")
    brought = [
        {"label": target.kinds.get(kind, kind), "count": count}
        for target in targets.values()
        for kind, count in target.brought(source).items()
    ]
    context = {"source": source, "brought": brought, "error": error}
    return render(request, "sources/source_erase.html", context, status=422 if error else 200)
