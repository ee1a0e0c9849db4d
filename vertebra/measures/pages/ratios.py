"""Ratios: for how many there is one, today, month by month, and ahead with the hiring plan."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.pictures import Line, TimeChart
from vertebra.kit.tables import table_response
from vertebra.measures.actions import ratios as actions
from vertebra.measures.actions.plans import import_plan
from vertebra.measures.forms.plans import PlanForm, RatioForm
from vertebra.measures.jobs.ratios import count_ratios
from vertebra.measures.labels.plans import MANAGERS, REPORTS
from vertebra.measures.models import PlannedHire, RatioRule
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.measures.queries.figures import plain
from vertebra.measures.queries.periods import next_period
from vertebra.measures.queries.problems import all_said
from vertebra.measures.queries.ratios import MONTHS, Told, counts_on, expected, history, rules, sentence, told
from vertebra.measures.queries.series import Series
from vertebra.measures.readers.plans import Plan, read_plan
from vertebra.org.empty_spaces import Names, language_now
from vertebra.org.forms.fields import read_day
from vertebra.org.labels import Function

MOST_PARTS = 12
MOST_HIRES = 60
Told_ = dict[int, dict[str, Series]]


@require_GET
@requires(Right.READ)
def ratio_list(request: PageRequest) -> HttpResponseBase:
    """The ratios that the company watches, the one that changes most first."""
    today = clock.today()
    day = min(read_day(request.GET.get("as_of", "")) or today, today)
    watched = rules()
    since = next_period(today.replace(day=1), "month", 1 - MONTHS)
    past = history(watched, since)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(watched, past, request.GET["format"])
    plan = expected(today) if day == today else []
    found = told(watched, counts_on(day) if watched else {}, plan, day)
    hires = list(
        PlannedHire.objects.filter(archived_at__isnull=True, on__gt=today).order_by("on", "pk")[:MOST_HIRES]
    )
    context = {
        "rows": [
            _shown(one, past.get(one.rule.metric_id or 0, {}), day, is_past=day < today) for one in found
        ],
        "first": sentence(max(found, key=lambda one: one.change), is_past=day < today) if found else "",
        "day": day,
        "today": today,
        "is_past": day < today,
        "hires": [_hire(row, names) for names in [Names(today)] for row in hires],
        "may_edit": may(request.user, Right.EDIT_ORGANISATION),
        "may_import": may(request.user, Right.IMPORT),
    }
    return render(request, "measures/ratio_list.html", context)


def _hire(row: PlannedHire, names: Names) -> dict[str, Any]:
    where = names.units.get(row.of_unit_id, "") if row.of_unit_id else ""
    market = names.markets.get(row.market_id, "") if row.market_id else ""
    return {
        "on": row.on,
        "function": Function(row.function).label,
        "count": f"{row.count:+d}",
        "where": " · ".join(one for one in (where, market) if one),
    }


def _shown(one: Told, past: dict[str, Series], day: dt.date, *, is_past: bool) -> dict[str, Any]:
    """One ratio as its section shows it."""
    line = [point for point in past.get("", []) if point[0] <= day]
    ahead = [(point.on, point.value) for point in one.ahead if point.value is not None]
    now = one.today.value
    lines = [Line(_("counted"), line)]
    if now is not None and any(value != now for _on, value in ahead):
        lines.append(Line(_("with the hiring plan"), [(day, now), *ahead], "3", is_faint=True))
    rule = one.rule
    said = _("too many above %(value)s") % {"value": plain(rule.threshold)} if rule.threshold else ""
    chart = TimeChart(
        rule.name, lines, step=32, target=rule.threshold, target_label=said, today=day, said=_said
    )
    parts = {name: series for name, series in past.items() if name and len(series) > 1}
    largest = sorted(parts, key=lambda name: -parts[name][-1][1])[:MOST_PARTS]
    year = [value for on, value in line if (day - on).days >= 365]
    return {
        "rule": rule,
        "sentence": sentence(one, is_past=is_past),
        "now": plain(round(now, 1)) if now is not None else "",
        "many": one.today.many,
        "one": one.today.one,
        "is_above": one.is_above,
        "is_of_today": bool({REPORTS, MANAGERS} & {*rule.many, *rule.one}),
        "crosses_on": one.crosses_on if not one.is_above else None,
        "year_ago": plain(round(year[-1], 1)) if year else "",
        "chart": chart if sum(len(each.points) for each in lines) > 1 else None,
        "ahead": [
            {"on": point.on, "value": plain(round(point.value, 1)) if point.value is not None else "", "many": point.many, "one": point.one}
            for point in one.ahead
        ] if len(lines) > 1 else [],
        "parts": [TimeChart(name, [Line("", parts[name])], step=32, target=rule.threshold, said=_said) for name in largest] if rule.is_per_unit else [],
        "hidden_parts": max(0, len(parts) - MOST_PARTS) if rule.is_per_unit else 0,
    }  # fmt: skip


def _said(value: float) -> str:
    return plain(round(value, 1))


def _export(watched: list[RatioRule], past: Told_, form: str) -> HttpResponseBase:
    header = [_("Ratio"), _("Part"), _("Month"), _("Value")]
    rows = [
        [rule.name, part, on.isoformat(), round(value, 3)]
        for rule in watched
        for part, series in sorted(past.get(rule.metric_id or 0, {}).items())
        for on, value in series
    ]
    return table_response("ratios", form, header, rows)


@require_POST
@requires(Right.EDIT_ORGANISATION)
def ratio_adoption(request: PageRequest) -> HttpResponse:
    """Watch the ratios that ship with Vertebra."""

    def act() -> object:
        entry = actions.adopt_ratios(actor=request.user, language=language_now(), now=clock.now())
        count_ratios.enqueue()
        return entry

    return did(
        request, act, _("Watched: the last three years are being counted."), reverse("measures:ratio-list")
    )


def _form_page(request: PageRequest, form: RatioForm, act: Any, heading: str) -> HttpResponseBase:
    def then() -> object:
        made = act()
        count_ratios.enqueue()
        return made

    back = reverse("measures:ratio-list")
    return asked_in_form(request, form, then, {"heading": heading, "cancel_url": back, "done": back})


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def ratio_create(request: PageRequest) -> HttpResponseBase:
    """Watch a ratio of one's own."""
    form = RatioForm(request.POST or None)

    def act() -> object:
        return actions.create_ratio(
            actor=request.user, language=language_now(), now=clock.now(), **form.cleaned_data
        )

    return _form_page(request, form, act, _("New ratio"))


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def ratio_edit(request: PageRequest, ratio_id: int) -> HttpResponseBase:
    """Change a ratio."""
    rule = get_object_or_404(RatioRule, pk=ratio_id)
    names = ("name", "many", "one", "threshold", "is_per_unit")
    form = RatioForm(request.POST or None, initial={name: getattr(rule, name) for name in names})
    return _form_page(
        request,
        form,
        lambda: actions.change_ratio(actor=request.user, rule=rule, now=clock.now(), **form.cleaned_data),
        _("Change the ratio"),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def ratio_archiving(request: PageRequest, ratio_id: int) -> HttpResponse:
    """Watch a ratio no longer."""
    rule = get_object_or_404(RatioRule, pk=ratio_id)
    return did(
        request,
        lambda: actions.archive_ratio(actor=request.user, rule=rule, is_archived=True, now=clock.now()),
        _("No longer watched; its values stay in the catalogue."),
        reverse("measures:ratio-list"),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT)
def plan_upload(request: PageRequest) -> HttpResponse:
    """Take a hiring plan; while anything in it is wrong, nothing changes."""
    form = PlanForm(request.POST or None, request.FILES or None)
    plan: Plan | None = None
    done = None
    if request.method == "POST" and form.is_valid():
        plan = _read(form.cleaned_data["file"])
        if not plan.problems and plan.hires:
            done = import_plan(
                actor=request.user, hires=plan.hires, source=form.cleaned_data["source"].strip(), now=clock.now()
            )  # fmt: skip
    context = {
        "form": form,
        "done": done,
        "is_empty": plan is not None and not plan.hires and not plan.problems,
        "problems": all_said(plan.problems[:100]) if plan else [],
    }
    return render(request, "measures/plan_upload.html", context, status=422 if plan and not done else 200)


def _read(upload: Any) -> Plan:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(upload.name).replace("\\", "/")).name
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return read_plan(path, clock.today())
