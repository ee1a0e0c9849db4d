"""What moves what: an outline of levers, how far the data agree, and the initiatives that pull on each."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.tables import table_response
from vertebra.measures.actions import levers as actions
from vertebra.measures.forms.levers import LeverForm, WhyForm
from vertebra.measures.jobs.levers import measure_levers
from vertebra.measures.labels.levers import VERDICT_TONES, VERDICTS
from vertebra.measures.labels.metrics import Grain
from vertebra.measures.models import Lever
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.measures.queries.figures import plain, said
from vertebra.measures.queries.levers import Branch, initiatives_on, levers, tree
from vertebra.org.pages.frame import base


@require_GET
@requires(Right.READ)
def lever_tree(request: PageRequest) -> HttpResponseBase:
    """The outline of what moves what."""
    rows = levers()
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(rows, request.GET["format"])
    metrics = {row.driver_id for row in rows} | {row.outcome_id for row in rows}
    pulled = initiatives_on(request.user, metrics)
    branches = [_shown(one) for one in tree(rows, pulled)]
    seen = sum(1 for row in rows if row.verdict in {"with", "against"})
    alone = [row for row in rows if row.driver_id not in pulled and row.verdict in {"with", "against"}]
    context = {
        "branches": branches,
        "count": len(rows),
        "seen": seen,
        "alone": len(alone),
        "metric_base": base("measures:metric-show"),
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
    }
    return render(request, "measures/lever_tree.html", context)


def _shown(branch: Branch) -> dict[str, Any]:
    """A branch as the outline shows it."""
    row, metric = branch.lever, branch.metric
    return {
        "metric": metric,
        "value": said(metric, metric.latest_value) if metric.latest_value is not None else "",
        "initiatives": branch.initiatives,
        "is_told_above": branch.is_told_above,
        "size": branch.size,
        "lever": row,
        "verdict": str(VERDICTS[row.verdict])
        if row and row.verdict
        else _("not looked at yet")
        if row
        else "",
        "tone": VERDICT_TONES.get(row.verdict, "neutral") if row else "",
        "strength": strength_said(row) if row else "",
        "branches": [_shown(one) for one in branch.branches],
    }


def strength_said(row: Lever) -> str:
    """The association with its interval and its lag."""
    if row.strength is None or row.low is None or row.high is None or row.verdict in {"", "too_little"}:
        return ""
    text = _("%(value)s (%(low)s to %(high)s)") % {
        "value": _signed(row.strength), "low": _signed(row.low), "high": _signed(row.high),
    }  # fmt: skip
    if row.lag:
        text = f"{text}, {_lag_said(row)}"
    return text


def _lag_said(row: Lever) -> str:
    order = [Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER]
    grain = max(row.driver.grain, row.outcome.grain, key=lambda one: order.index(Grain(one)))
    count = row.lag or 0
    words = {
        Grain.DAY: ngettext("%(count)d day later", "%(count)d days later", count),
        Grain.WEEK: ngettext("%(count)d week later", "%(count)d weeks later", count),
        Grain.MONTH: ngettext("%(count)d month later", "%(count)d months later", count),
        Grain.QUARTER: ngettext("%(count)d quarter later", "%(count)d quarters later", count),
    }
    return words[Grain(grain)] % {"count": count}


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "\u2212" if value < 0 else ""
    return f"{sign}{plain(abs(round(value, 2)))}"


def _export(rows: list[Lever], form: str) -> HttpResponseBase:
    header = [
        _("Metric"), _("should move"), _("Why we think so"), _("In the data"), _("Association"), _("From"), _("To"),
        _("Periods later"), _("Periods compared"),
    ]  # fmt: skip
    cells = [
        [
            row.driver.name, row.outcome.name, row.why, str(VERDICTS.get(row.verdict, "")), _cell(row.strength),
            _cell(row.low), _cell(row.high), "" if row.lag is None else row.lag,
            "" if row.seen_count is None else row.seen_count,
        ]
        for row in rows
    ]  # fmt: skip
    return table_response("levers", form, header, cells)


def _cell(value: float | None) -> object:
    return "" if value is None else round(value, 3)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def lever_create(request: PageRequest) -> HttpResponseBase:
    """Say that one metric should move another."""
    initial = {name: request.GET.get(name, "")[:18] for name in ("driver", "outcome")}
    form = LeverForm(request.POST or None, initial=initial)

    def act() -> object:
        row = actions.create_lever(actor=request.user, now=clock.now(), **form.cleaned_data)
        measure_levers.enqueue()
        return row

    back = reverse("measures:lever-tree")
    intro = _("The data are then looked at: do later changes of the one go with changes of the other?")
    said_of = {"heading": _("New lever"), "intro": intro, "cancel_url": back, "done": back}
    return asked_in_form(request, form, act, said_of)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def lever_edit(request: PageRequest, lever_id: int) -> HttpResponseBase:
    """Say otherwise why one metric should move another."""
    row = get_object_or_404(Lever.objects.select_related("driver", "outcome"), pk=lever_id)
    form = WhyForm(request.POST or None, initial={"why": row.why})
    back = reverse("measures:lever-tree")
    return asked_in_form(
        request, form,
        lambda: actions.change_lever(actor=request.user, lever=row, now=clock.now(), **form.cleaned_data),
        {"heading": f"{row.driver.name} → {row.outcome.name}", "cancel_url": back, "done": back},
    )  # fmt: skip


@require_POST
@requires(Right.EDIT_ORGANISATION)
def lever_removal(request: PageRequest, lever_id: int) -> HttpResponse:
    """Hold no longer that one metric moves another."""
    row = get_object_or_404(Lever.objects.select_related("driver", "outcome"), pk=lever_id)
    return did(
        request,
        lambda: actions.remove_lever(actor=request.user, lever=row, now=clock.now()),
        _("Taken out of the tree."),
        reverse("measures:lever-tree"),
    )
