"""The imports that were prepared and done, and each of them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from vertebra.accounts import audit
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.files import labels as file_labels
from vertebra.kit.listing import Column, Filter, ListOf, Rows
from vertebra.kit.numbers import whole_number
from vertebra.sources import actions, drafts, uploads
from vertebra.sources.forms import UploadForm
from vertebra.sources.labels import AT_WORK, EFFECTS, ImportState
from vertebra.sources.models import ImportRun, Source
from vertebra.sources.pages.steps import steps_of
from vertebra.sources.target import AT_ONCE_BYTES, AT_ONCE_ROWS, Target, Targets, Unfit


def _by_state(rows: Rows, value: str) -> Rows:
    if value == ImportState.UNDONE:
        return rows.filter(entry__undone_by__isnull=False)
    rows = rows.filter(state=value)
    return rows.filter(entry__undone_by=None) if value == ImportState.APPLIED else rows


def _sources() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Source.objects.order_by("name").values_list("pk", "name")[:500]]


def _changes(run: ImportRun) -> int:
    counts = run.summary.get("counts", {}).values()
    return sum(one.get(effect, 0) for one in counts for effect in ("created", "changed", "closed"))


IMPORTS = ListOf(
    page="imports",
    file_name="imports",
    columns=(
        Column("source", gettext_lazy("From"), lambda run: run.source.name, sort="source__name"),
        Column("state", gettext_lazy("State"), lambda run: run.state_label),
        Column("changes", gettext_lazy("Changes"), _changes, is_numeric=True),
        Column("made_by", gettext_lazy("By"), lambda run: str(run.made_by or "Vertebra")),
        Column("made_at", gettext_lazy("When"), lambda run: run.made_at, sort="made_at"),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), _by_state, lambda: ImportState.choices),
        Filter("source", gettext_lazy("From"), lambda rows, value: rows.filter(source=value), _sources),
    ),
    search=lambda rows, text: rows.filter(Q(source__name__icontains=text) | Q(recipe__icontains=text)),
    sort="-made_at",
)


@requires(Right.IMPORT)
def import_list(request: PageRequest, targets: Targets) -> HttpResponseBase:
    """Every import, the latest first."""
    rows = ImportRun.objects.select_related("source", "made_by", "entry__undone_by")
    listing = IMPORTS.read(request, rows)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.change_count = _changes(row)
    return render(request, "sources/import_list.html", {"listing": listing})


@csrf_exempt
@requires(Right.IMPORT)
def import_create(request: HttpRequest, targets: Targets) -> HttpResponseBase:
    """Take the files; what is too large is refused before it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.MAX_UPLOAD_BYTES + 2**20:
        form = UploadForm(target=_target(request, targets))
        context = {"form": form, "steps": steps_of(None, 0), "limit": settings.MAX_UPLOAD_BYTES // 2**20}
        return render(request, "sources/import_create.html", {**context, "is_too_large": True}, status=413)
    taken: HttpResponseBase = csrf_protect(_take)(request, targets)  # type: ignore[arg-type]
    return taken


def _take(request: PageRequest, targets: Targets) -> HttpResponseBase:
    target = _target(request, targets)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        initial={"source": request.GET.get("source", "")},
        target=target,
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.start_import(
                actor=request.user,
                target=target,
                source=form.cleaned_data["source"].strip(),
                files=form.cleaned_data["uploads"],
                now=clock.now(),
            )
        except actions.NoRoom as reason:
            form.add_error("uploads", str(reason))
        except actions.Unreadable as refusal:
            for problem in refusal.problems[:50]:
                form.add_error("uploads", file_labels.told(problem))
        else:
            return redirect("sources:import-format", run.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "sources/import_create.html", {"form": form, "steps": steps_of(None, 0)}, status=status
    )


def _target(request: HttpRequest, targets: Targets) -> Target:
    return targets.get(request.GET.get("target", ""), next(iter(targets.values())))


@requires(Right.IMPORT)
def import_show(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
    """What an import did; a draft opens at the step where it was left, work under way shows how far it is."""
    run = find(run_id)
    if "wait" in request.GET and request.htmx and run.state not in AT_WORK:
        return HttpResponse(
            status=204, headers={"HX-Redirect": reverse("sources:import-show", args=[run.pk])}
        )
    if run.state in AT_WORK:
        return render(request, "sources/import_wait.html", {"run": run, "steps": steps_of(run, 3)})
    if run.state in (ImportState.PLANNED, ImportState.REFUSED):
        return redirect("sources:import-preview", run.pk)
    if run.state == ImportState.UPLOADED:
        return redirect("sources:import-format", run.pk)
    entry = run.entry
    why_not = audit.why_not_undoable(entry, clock.now()) if entry else ""
    context = {
        "run": run,
        "steps": steps_of(run, 4),
        "counts": counts_of(run, targets),
        "effects": EFFECTS,
        "why_not": why_not,
        "left_out": targets[run.target].left_out_lines(run.summary.get("left_out", {})),
        "unknowns": uploads.read_unknowns(run, 20),
        "change_count": _changes(run),
    }
    return render(request, "sources/import_show.html", context)


def find(run_id: int) -> ImportRun:
    """The import, with what its pages show."""
    return get_object_or_404(
        ImportRun.objects.select_related("source", "made_by", "entry__undone_by"), pk=run_id
    )


def counts_of(run: ImportRun, targets: Targets) -> list[dict[str, Any]]:
    """What happens to each kind of rows, in words and figures."""
    kinds = targets[run.target].kinds
    return [
        {
            "kind": kind,
            "label": kinds.get(kind, kind),
            "cells": [(effect, counts.get(effect, 0)) for effect in EFFECTS],
        }
        for kind, counts in run.summary.get("counts", {}).items()
    ]


@requires(Right.IMPORT)
@require_POST
def import_apply(request: PageRequest, run_id: int, targets: Targets) -> HttpResponseBase:
    """Do what the preview showed: at once when it is little, by a job when it is much."""
    run = find(run_id)
    confirmed = request.POST.get("confirmed_closing", "").strip()
    if run.summary.get("must_confirm") and confirmed != str(run.summary.get("closing")):
        messages.error(request, _("Write the exact number of rows to close, then apply again."))
        return redirect("sources:import-preview", run.pk)
    if not drafts.claim(run, state=ImportState.RUNNING, among=[ImportState.PLANNED]):
        messages.info(request, _("Nothing more was applied: see how this import stands."))
        return redirect("sources:import-show", run.pk)
    # What is applied is what was asked last, be it in another window.
    run = find(run_id)
    run.options = {**run.options, "by": request.user.pk}
    if (number := whole_number(confirmed)) is not None:
        run.options["confirmed_closing"] = number
    run.save(update_fields=["options"])
    target = targets[run.target]
    if _changes(run) > AT_ONCE_ROWS or run.size > AT_ONCE_BYTES or target.is_left_to_jobs:
        target.enqueue_apply(run.pk)
        return redirect("sources:import-show", run.pk)
    try:
        drafts.carry_out(actor=request.user, run=run, target=target, now=clock.now())
    except Unfit as reason:
        messages.error(request, str(reason))
        return redirect("sources:import-show", run.pk)
    count = _changes(run)
    text = ngettext("Imported: %(count)d change.", "Imported: %(count)d changes.", count) % {"count": count}
    messages.success(request, text, extra_tags=f"undo:{run.entry_id}" if run.entry_id else "")
    return redirect("sources:import-show", run.pk)
