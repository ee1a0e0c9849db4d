"""How work flows: questions of a team about itself, against its own past; no list of units is sorted by a figure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.evidence.labels import FlowGrain
from vertebra.evidence.models import FlowFigure, HandOverQuestion, TrailVersion, WorkPlace
from vertebra.evidence.queries.flow import FlowOf, Shown, latest_run, own_rows
from vertebra.evidence.queries.flow_words import (
    MEASURES,
    QUESTIONS,
    Measure,
    Question,
    answer,
    percent,
    question_of,
)
from vertebra.kit import clock
from vertebra.kit.pictures import Line, TimeChart
from vertebra.kit.tables import table_response
from vertebra.org.forms.fields import INDENT
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Node

SHOWN = 26
MOST_UNITS = 400


@require_GET
@requires(Right.READ)
def flow_list(request: PageRequest) -> HttpResponseBase:
    """For whom flow is looked at and why, unit by unit in the order of the organisation."""
    flow = FlowOf(request.user, clock.now())
    is_ops = may(request.user, Right.PRODUCT_OPS)
    told = flow.told_units & flow.units
    nodes = [node for node in flow.structure.all() if node.id in told][:MOST_UNITS]
    context = {
        "flow": flow,
        "nodes": [
            {"node": node, "indent": INDENT * min(node.depth, 6), "is_own": flow.is_own(node.id)}
            for node in nodes
        ],
        "openings": [
            {
                "why": one.why,
                "since": one.opened_at,
                "unit": flow.structure.get(one.unit_id),
                "is_all": one.unit_id is None,
            }
            for one in flow.openings
        ],
        "is_ops": is_ops,
        "unmapped": WorkPlace.objects.filter(is_mapped=False).count() if is_ops else 0,
        "hand_overs": _questions() if is_ops else [],
        "sources": _sources() if is_ops else [],
        "run": latest_run(),
    }
    return render(request, "evidence/flow_list.html", context)


def _questions() -> list[HandOverQuestion]:
    """The questions about hand-overs, in the order in which they were asked."""
    return list(HandOverQuestion.objects.select_related("source").order_by("pk"))


def _sources() -> list[TrailVersion]:
    """The sources about whose hand-overs one may ask."""
    rows = TrailVersion.objects.filter(superseded_at=None).select_related("source")
    return list(rows.order_by("source__name")[:50])


@require_GET
@requires(Right.READ)
def flow_show(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """What a unit may read of its flow, question by question."""
    flow = FlowOf(request.user, clock.now())
    node = flow.structure.get(unit_id)
    if node is None or unit_id not in flow.units:
        raise Http404
    asked = _asked(request, flow, unit_id)
    shown = flow.read(unit_id, kind=asked["kind"], grain=asked["grain"], area=asked["area"])
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(request.GET["format"], node, shown)
    question = question_of(request.GET.get("ask", ""))
    own = own_rows(shown)
    around = shown[0].around if shown and not own else None
    rows = own or [one.row for one in shown if one.around == around][::-1]
    answering, sentences = answer(question, rows)
    context = {
        **asked,
        "node": node,
        "above": flow.structure.above(unit_id),
        "inside": [one for one in node.children if one.id in flow.told_units],
        "openings": flow.asked_for(unit_id),
        "question": question,
        "tabs": _tabs(request, question),
        "answer": sentences,
        "answered_for": _named(answering) if answering else "",
        "latest": rows[-1] if rows else None,
        "around": around,
        "charts": _charts(question, rows[-SHOWN:], asked["grain"]),
        "statuses": _statuses(rows[-1]) if rows and question.code == "time" else [],
        "measures": question.measures,
        "table": [_line(question, one) for one in shown[:SHOWN]],
        "waits_until": flow.waiting_until(unit_id),
        "is_own": flow.is_own(unit_id),
        "run": latest_run(),
        "export_url": _address(request, format="csv"),
    }
    return render(request, "evidence/flow.html", context)


def _asked(request: PageRequest, flow: FlowOf, unit_id: int) -> dict[str, Any]:
    """The type of work, the area and the period that are asked for, as far as they are told."""
    told = flow.told_of(unit_id)
    kinds, areas = told.kinds, told.areas
    known = Areas.as_of(flow.structure.day).nodes if areas else {}
    kind, area = request.GET.get("kind", ""), request.GET.get("area", "")
    is_week = told.has_weeks and request.GET.get("by") == FlowGrain.WEEK
    return {
        "kind": kind if kind in kinds else "",
        "kinds": kinds,
        "area": int(area) if area.isdecimal() and int(area) in areas else None,
        "areas": [(one, known[one].name) for one in areas if one in known],
        "grain": FlowGrain.WEEK if is_week else FlowGrain.MONTH,
        "has_weeks": told.has_weeks,
        "is_week": is_week,
    }


def _address(request: PageRequest, **values: str) -> str:
    asked = request.GET.copy()
    asked.pop("format", None)
    for key, value in values.items():
        asked[key] = value
    return f"?{asked.urlencode()}"


def _tabs(request: PageRequest, question: Question) -> list[dict[str, object]]:
    return [
        {"url": _address(request, ask=one.code), "label": one.title, "is_current": one is question}
        for one in QUESTIONS
    ]


def _named(row: FlowFigure) -> str:
    """What a period is called: a month by the Thursday of its second week, a week by its Monday."""
    if row.grain == FlowGrain.WEEK:
        return _("week of %(day)s") % {"day": formats.date_format(row.starts_on, "SHORT_DATE_FORMAT")}
    return formats.date_format(row.starts_on + dt.timedelta(days=10), "YEAR_MONTH_FORMAT")


def _line(question: Question, one: Shown) -> dict[str, Any]:
    cells = [_cell(measure, one.row) for measure in question.measures]
    return {
        "label": _named(one.row),
        "around": one.around,
        "cells": cells,
        "is_silent": not any(said for _label, said in cells),
    }


def _cell(measure: Measure, row: FlowFigure) -> tuple[str, str]:
    value = measure.read(row)
    return str(measure.label), "" if value is None else measure.said(value)


def _charts(question: Question, rows: Sequence[FlowFigure], grain: str) -> list[TimeChart]:
    """The figures of a question over time."""
    found = []
    for code in question.drawn:
        measure = MEASURES[code]
        is_share = measure.said is percent
        points = [
            (row.starts_on, 100 * value if is_share else float(value))
            for row in rows
            if (value := measure.read(row)) is not None
        ]
        title = _("%(what)s, in %%") % {"what": measure.label} if is_share else str(measure.label)
        said = measure.said
        chart = TimeChart(
            title, [Line("", points)], step=8 if grain == FlowGrain.WEEK else 40,
            said=(lambda value: percent(value / 100)) if is_share else said,
        )  # fmt: skip
        if len(points) > 1:
            found.append(chart)
    return found


def _statuses(row: FlowFigure) -> list[dict[str, Any]]:
    """The share of each status in the time of what was finished."""
    return [
        {"name": name or _("others together"), "share": share, "said": percent(share)}
        for name, share in row.statuses
    ]


def _export(form: str, node: Node, shown: Iterable[Shown]) -> HttpResponseBase:
    """All figures that are shown, whatever the question; those of a unit around it say so."""
    head = [_("Begins on"), _("Weeks"), _("As of"), *(str(measure.label) for measure in MEASURES.values())]
    rows = [
        [
            one.row.starts_on, one.row.weeks, one.around.name if one.around else node.name,
            *(_plain(measure.read(one.row)) for measure in MEASURES.values()),
        ]
        for one in shown
    ]  # fmt: skip
    return table_response("flow", form, head, rows)


def _plain(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
