"""The steps of an import between upload and result: what the files are, which column is what, the preview."""

from collections.abc import Callable
from functools import wraps
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import demo_sign_in
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.files import labels as file_labels
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.values import header_name
from vertebra.kit.numbers import whole_number
from vertebra.sources import drafts, uploads
from vertebra.sources.forms import ColumnsForm, OptionsForm, WayForm
from vertebra.sources.labels import DRAFTS, EFFECTS, ImportState
from vertebra.sources.models import ImportRun
from vertebra.sources.target import AT_ONCE_BYTES, TableKind, Targets

SAMPLES = 3
PAGE = 50


def steps_of(run: ImportRun | None, current: int) -> list[dict[str, Any]]:
    """The five steps, those behind us as links while the import is a draft."""
    labels = (_("Files"), _("What they are"), _("Columns"), _("Preview"), _("Result"))
    names = ("", "import-format", "import-columns", "import-preview", "")
    is_draft = run is not None and run.state in DRAFTS
    steps = []
    for number, (label, name) in enumerate(zip(labels, names, strict=True)):
        if number == 2 and run is not None and run.recipe and not run.recipe.startswith("table:"):
            continue
        url = reverse(f"sources:{name}", args=[run.pk]) if is_draft and name and run is not None else ""
        steps.append(
            {"label": label, "url": url, "is_done": number < current, "is_current": number == current}
        )
    return steps


def _draft(run_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.select_related("source"), pk=run_id)


Page = Callable[[PageRequest, int, Targets], HttpResponseBase]


def _of_a_draft(page: Page) -> Page:
    """Show how the import stands, and say so, when somebody else moved it on meanwhile."""

    @wraps(page)
    def shown(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
        try:
            return page(request, run_id, targets)
        except drafts.NotADraft as reason:
            messages.error(request, str(reason))
            return redirect("sources:import-show", run_id)

    return shown


@requires(Right.IMPORT)
@_of_a_draft
def import_format(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
    """Ask what the files are, with what they look like already chosen."""
    run = _draft(run_id)
    if run.state not in DRAFTS:
        return redirect("sources:import-show", run.pk)
    target, files = targets[run.target], uploads.files_of(run)
    if not files:
        return render(request, "sources/import_gone.html", {"run": run, "steps": steps_of(run, 1)})
    ways = target.ways(files)
    chosen = run.recipe if ":" in run.recipe else ""
    form = WayForm(request.POST or None, ways=ways, initial={"way": chosen or target.guess(files)})
    if request.method == "POST" and form.is_valid():
        way = form.cleaned_data["way"]
        recipe = way.removeprefix("recipe:")
        options = {"on": run.options.get("on") or clock.today().isoformat()}
        drafts.prepare(actor=request.user, run=run, recipe=recipe, options=options, now=clock.now())
        return redirect(
            "sources:import-columns" if way.startswith("table:") else "sources:import-preview", run.pk
        )
    context = {"run": run, "form": form, "steps": steps_of(run, 1), "files": run.files}
    return render(request, "sources/import_format.html", context, status=422 if form.is_bound else 200)


@requires(Right.IMPORT)
@_of_a_draft
def import_columns(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
    """Ask which column holds which of our fields, guessed by its heading or as it was chosen last time."""
    from vertebra.kit.files.tables import read_table

    run = _draft(run_id)
    if run.state not in DRAFTS:
        return redirect("sources:import-show", run.pk)
    files = uploads.files_of(run)
    if not run.recipe.startswith("table:") or not files:
        return redirect("sources:import-format", run.pk)
    kind = targets[run.target].table(run.recipe.removeprefix("table:"))
    try:
        table = read_table(files[0], files[0].name)
        rows = list(islice(table.rows(), SAMPLES))
    except Refused as refusal:
        messages.error(request, file_labels.told(refusal.problem))
        return redirect("sources:import-format", run.pk)
    headings = [heading for heading in table.header if heading]
    initial = _columns(run, kind, headings)
    form = ColumnsForm(request.POST or None, kind=kind, headings=headings, initial=initial)
    if request.method == "POST" and form.is_valid():
        mapping = {"headings": headings, "columns": form.columns()}
        drafts.prepare(actor=request.user, run=run, mapping=mapping, now=clock.now())
        return redirect("sources:import-preview", run.pk)
    samples = {
        heading: [str(row.cells[number]) for row in rows if row.cells[number] not in (None, "")]
        for number, heading in enumerate(table.header)
        if heading
    }
    context = {"run": run, "form": form, "kind": kind, "samples": samples, "steps": steps_of(run, 2)}
    context["back_url"] = reverse("sources:import-format", args=[run.pk])
    return render(request, "sources/import_columns.html", context, status=422 if form.is_bound else 200)


def _columns(run: ImportRun, kind: TableKind, headings: list[str]) -> dict[str, str]:
    """This draft's choice, else the latest for the same headings, else what the headings say."""
    if run.mapping.get("headings") == headings:
        return dict(run.mapping.get("columns", {}))
    earlier = ImportRun.objects.filter(target=run.target, recipe=run.recipe).exclude(pk=run.pk)
    for mapping in earlier.exclude(mapping={}).order_by("-pk").values_list("mapping", flat=True)[:50]:
        if mapping.get("headings") == headings:
            return dict(mapping.get("columns", {}))
    named = {header_name(heading): heading for heading in reversed(headings)}
    taken: set[str] = set()
    guessed: dict[str, str] = {}
    for field in kind.fields:
        for hint in (*field.hints, field.code):
            if hint in named and named[hint] not in taken:
                guessed[field.code] = named[hint]
                taken.add(named[hint])
                break
    return guessed


@requires(Right.IMPORT)
@_of_a_draft
def import_preview(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
    """Show what would be created, changed and closed, or everything that is wrong, before anything is done."""
    run = _draft(run_id)
    if run.state not in DRAFTS:
        return redirect("sources:import-show", run.pk)
    if not run.recipe or (run.recipe.startswith("table:") and not run.mapping):
        return redirect("sources:import-format", run.pk)
    initial = {"on": run.options.get("on"), "is_full": run.options.get("is_full", False)}
    form = OptionsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        options = {"on": form.cleaned_data["on"].isoformat(), "is_full": form.cleaned_data["is_full"]}
        drafts.prepare(
            actor=request.user, run=run, options={**options, "confirmed_closing": None}, now=clock.now()
        )
        return redirect("sources:import-preview", run.pk)
    if run.state in (ImportState.UPLOADED, ImportState.FAILED):
        if run.size > AT_ONCE_BYTES or targets[run.target].is_left_to_jobs:
            if drafts.claim(
                run, state=ImportState.PLANNING, among=[ImportState.UPLOADED, ImportState.FAILED]
            ):
                targets[run.target].enqueue_preview(run.pk)
            return redirect("sources:import-show", run.pk)
        drafts.look(actor=request.user, run=run, target=targets[run.target], now=clock.now())
    return render(request, "sources/import_preview.html", _previewed(request, run, form, targets))


def _unveil(request: PageRequest, change: dict[str, Any]) -> None:
    """Tell Product Ops what a private column held; nobody else who may import."""
    for field in change["fields"]:
        private = field.pop("private", "")
        if private and may(request.user, Right.PRODUCT_OPS):
            field["before"] = private


def _previewed(request: PageRequest, run: ImportRun, form: OptionsForm, targets: Targets) -> dict[str, Any]:
    from vertebra.sources.pages.imports import counts_of

    kind, effect = request.GET.get("kind", ""), request.GET.get("effect", "")
    kinds = targets[run.target].kinds
    kind, effect = kind if kind in kinds else "", effect if effect in EFFECTS else ""
    start = whole_number(request.GET.get("start", "")) or 0
    changes, has_more = uploads.read_changes(run, kind=kind, effect=effect, start=start, count=PAGE)
    for change in changes:
        change["kind_label"] = kinds.get(change["kind"], change["kind"])
        change["effect_label"] = EFFECTS.get(change["effect"], change["effect"])
        _unveil(request, change)
    counts = counts_of(run, targets)
    total = sum(count for one in counts for name, count in one["cells"] if name != "unchanged")
    return {
        "run": run,
        "form": form,
        "steps": steps_of(run, 3),
        "counts": counts,
        "effects": EFFECTS,
        "total": total,
        "changes": changes,
        "kind": kind,
        "effect": effect,
        "kind_label": kinds.get(kind, ""),
        "effect_label": EFFECTS.get(effect, ""),
        "next_start": start + PAGE if has_more else None,
        "previous_start": max(0, start - PAGE) if start else None,
        "problems": run.problems[:200],
        "problem_count": run.summary.get("problems", 0),
        "left_out": targets[run.target].left_out_lines(run.summary.get("left_out", {})),
        "unknowns": uploads.read_unknowns(run, 20),
        "is_refused": run.state == ImportState.REFUSED,
        "is_dated": targets[run.target].is_dated,
        "is_listed": targets[run.target].is_listed,
        "demo_warning": demo_sign_in.warning_of_closing() if total else "",
    }
