"""Time asked: minutes of each function by all standards and routines together, their ceiling, what is given back."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.analysis.time_asked import Group, OfFunction, by_function, by_group
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.kit.tables import table_response
from vertebra.org.labels import Function
from vertebra.org.pages.frame import Ask, answer, day_of, frame
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.time_ceilings import set_ceiling
from vertebra.practices.forms.routines import CeilingForm
from vertebra.practices.queries.time_asked import Moment, given_back_on, moment_of

MOST_UNITS = 60


@require_GET
@requires(Right.READ)
def time_asked(request: PageRequest) -> HttpResponseBase:
    """Show what is asked of each function on a day, in the whole company or in one unit."""
    day = day_of(request)
    moment = moment_of(day.date)
    structure = moment.structure
    unit = structure.get(whole_number(request.GET.get("unit", "")))
    people = moment.narrowed(structure.under(unit.id)) if unit else moment.people
    told = by_function(moment.asked, people, moment.ceilings)
    given = {} if unit else given_back_on(day.date)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _file(told, given, request.GET["format"])
    most = max((max(one.most, one.ceiling or 0) for one in told), default=0) or 1
    labels = {code: str(label) for code, label in Function.choices}
    context = {
        **frame(request, day),
        "rows": [_shown(one, given, most, structure, labels) for one in told],
        "unit": unit,
        "units": [node for node in structure.all() if node.depth <= 2][:MOST_UNITS],
        "by_unit": _by_unit(moment, structure, [one.function for one in told], labels),
        "functions": [labels[one.function] for one in told],
        "by_thing": _by_thing(moment, people, labels),
        "hours": sum(one.hours for one in told),
        "given": sum(given.values()),
        "over": [one for one in told if one.is_over],
        "may_set": day.is_today and may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "practices/time_asked.html", context)


def _shown(
    one: OfFunction, given: dict[str, float], most: float, structure: Structure, labels: dict[str, Any]
) -> dict[str, Any]:
    return {
        "row": one,
        "label": labels[one.function],
        "width": round(100 * one.most / most, 1),
        "ceiling_at": round(100 * one.ceiling / most, 1) if one.ceiling else None,
        "given": given.get(one.function),
        "over_in": structure.names(one.over)[:6],
    }


def _by_unit(
    moment: Moment, structure: Structure, functions: list[str], labels: dict[str, str]
) -> list[dict[str, Any]]:
    """The most that is asked of anyone in each unit under the company, function by function."""
    nodes = [one for root in structure.roots for one in (root.children or [root])][:MOST_UNITS]
    inside = {unit: node.id for node in nodes for unit in structure.under(node.id)}
    most = dict[Group, float]()
    for (unit, function), minutes in by_group(moment.asked, moment.people).items():
        if unit in inside:
            group = inside[unit], function
            most[group] = max(minutes, most.get(group, 0.0))
    found = []
    for node in nodes:
        cells = []
        for function in functions:
            ceiling, value = moment.ceilings.get(function), most.get((node.id, function))
            cells.append(
                {
                    "label": labels[function],
                    "minutes": value,
                    "is_over": ceiling is not None and (value or 0) > ceiling,
                }
            )
        if any(cell["minutes"] for cell in cells):
            found.append({"node": node, "cells": cells})
    return found


def _by_thing(
    moment: Moment, people: dict[tuple[int, str], int], labels: dict[str, Any]
) -> list[dict[str, Any]]:
    """What each standard and routine asks of each function, the most hours all together first."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for one in moment.asked:
        count = sum(people.get((unit, one.function), 0) for unit in one.units)
        if not count:
            continue
        title, language = moment.names[one.kind, one.number]
        row = found.setdefault(
            (one.kind, one.number),
            {
                "title": title,
                "language": language,
                "url": _url(one.kind, one.number),
                "hours": 0.0,
                "roles": [],
            },
        )
        row["hours"] += one.minutes * count / 60
        row["roles"].append((labels[one.function], one.minutes))
    return sorted(found.values(), key=lambda row: -row["hours"])


def _url(kind: str, number: int) -> str:
    name = "practices:practice-show" if kind == Kind.PRACTICE else "practices:routine-show"
    return reverse(name, args=(number,))


def _file(told: list[OfFunction], given: dict[str, float], form: str) -> HttpResponseBase:
    header = [
        _("Function"),
        _("People"),
        _("Minutes a month each, at most"),
        _("Minutes a month each, on average"),
        _("Ceiling"),
        _("Hours asked a month"),
        _("Hours given back a month, measured"),
    ]
    labels = dict(Function.choices)
    rows = [
        (
            labels[one.function], one.people, round(one.most, 1), round(one.mean, 1), one.ceiling,
            round(one.hours, 1), round(given[one.function], 1) if one.function in given else None,
        )
        for one in told
    ]  # fmt: skip
    return table_response("time-asked", form, header, rows)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def ceiling(request: PageRequest) -> HttpResponseBase:
    """Say the most that may be asked of a function."""
    url = reverse("practices:time-asked")
    ask = Ask(
        form=CeilingForm(request.POST or None, initial={"function": request.GET.get("function", "")[:20]}),
        act=lambda given: set_ceiling(actor=request.user, now=clock.now(), **given),
        heading=_("The most time that may be asked"),
        submit=_("Keep to it"),
        done=_("%(name)s: the ceiling holds from today."),
        cancel_url=url,
        back=lambda _entry: url,
        intro=_(
            "What all standards and routines together may ask of each person of a function. A standard that would go "
            "over it is refused, unless somebody signs why."
        ),
        template="practices/routine_ask.html",
    )
    return answer(request, ask)
