"""Results: all of them, and each with its answer, its picture, its method and its doubts."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.tables import table_response
from vertebra.org.pages.frame import base
from vertebra.roadmap.labels.initiatives import OUTCOME_TONES, Outcome
from vertebra.roadmap.labels.results import VERDICT_TONES, EffectVerdict, MeasuredBy, Method
from vertebra.roadmap.models import KeyResult, Result
from vertebra.roadmap.pages import result_words as words
from vertebra.roadmap.pages.result_picture import picture_of
from vertebra.roadmap.queries.results import (
    Measured,
    counts,
    history_of,
    measured,
    measured_of,
    proposed_outcome,
    standing,
)
from vertebra.roadmap.queries.rights import may_change

Rows = QuerySet[Any, Any]


def _figure(row: Any) -> object:
    return "" if row.effect is None else round(row.effect, 6)


LIST = ListOf(
    page="results",
    file_name="results",
    sort="-computed",
    columns=(
        Column("initiative", gettext_lazy("Initiative"), lambda row: row.key_result.initiative.title),
        Column("name", gettext_lazy("What we looked at"), lambda row: row.key_result.name),
        Column(
            "verdict", gettext_lazy("What it says"), lambda row: row.get_verdict_display(), sort="verdict"
        ),
        Column("effect", gettext_lazy("Effect"), _figure, is_numeric=True),
        Column(
            "low", pgettext_lazy("interval", "From"), lambda row: row.low, is_numeric=True, is_optional=True
        ),
        Column(
            "high", pgettext_lazy("interval", "To"), lambda row: row.high, is_numeric=True, is_optional=True
        ),
        Column("method", gettext_lazy("Method"), lambda row: row.get_method_display(), is_optional=True),
        Column(
            "outcome", gettext_lazy("Outcome"), lambda row: row.key_result.initiative.get_outcome_display()
        ),
        Column(
            "computed", gettext_lazy("Measured"), lambda row: clock.today(row.computed_at), sort="computed_at"
        ),
    ),
    filters=(
        Filter(
            "verdict",
            gettext_lazy("What it says"),
            lambda rows, value: rows.filter(verdict=value),
            lambda: EffectVerdict.choices,
        ),
        Filter(
            "method",
            gettext_lazy("Method"),
            lambda rows, value: rows.filter(method=value),
            lambda: Method.choices,
        ),
        Filter(
            "outcome",
            gettext_lazy("Outcome"),
            lambda rows, value: rows.filter(key_result__initiative__outcome=value),
            lambda: Outcome.choices,
        ),
    ),
    search=lambda rows, text: rows.filter(key_result__initiative__title__icontains=text),
)


@require_GET
@requires(Right.READ)
def result_list(request: PageRequest) -> HttpResponseBase:
    """List what was measured, the latest first."""
    rows = standing().select_related("key_result__initiative").defer("series")
    views = saved_views(request.user, "results", request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = VERDICT_TONES[row.verdict]
        row.effect_words = words.say(row.effect, words.places_of(words.spread_of(row)), with_sign=True)
        row.outcome_tone = OUTCOME_TONES.get(row.key_result.initiative.outcome, "neutral")
    said = counts()
    context = {
        "listing": listing,
        "told": [
            {"code": code, "words": words.counted(code, count)} for code, count in said.items() if count
        ],
        "all": sum(said.values()),
        "result_base": base("roadmap:result-show"),
    }
    return render(request, "roadmap/result_list.html", context)


def _found(key_result_id: int) -> Measured:
    rows = KeyResult.objects.select_related("initiative__lead", "metric", "pain_point")
    rows = rows.filter(initiative__archived_at__isnull=True)
    return measured(get_object_or_404(rows, pk=key_result_id), clock.today())


@require_GET
@requires(Right.READ)
def result_page(request: PageRequest, key_result_id: int) -> HttpResponse:
    """Show the result of a key result: the answer, the picture, how it was reckoned, how far it can be trusted."""
    one = _found(key_result_id)
    key_result, result = one.key_result, one.result
    row = key_result.initiative
    all_of_it = measured_of(row, clock.today())
    outcome = proposed_outcome(all_of_it)
    controls = list(key_result.controls.order_by("pk").values_list("name", flat=True))
    context: dict[str, Any] = {
        "row": row,
        "key_result": key_result,
        "result": result,
        "state": one.state,
        "baseline": words.baseline_of(key_result),
        "controls": controls,
        "can_change": may_change(request.user, row),
        "proposed": Outcome(outcome).label if outcome and not row.closed_at else "",
        "proposed_code": outcome,
        "outcome_tone": OUTCOME_TONES.get(row.outcome or outcome, "neutral"),
        "siblings": [other for other in all_of_it if other.key_result.pk != key_result.pk],
    }
    if result is not None:
        context |= _told(one, result, controls)
    return render(request, "roadmap/result.html", context)


def _told(one: Measured, result: Result, controls: list[str]) -> dict[str, Any]:
    """What the page says of a result that is there."""
    places = words.places_of(words.spread_of(result))
    points = result.series.get("points", [])
    placebos = [_placebo(each, places) for each in result.checks.get("placebo_dates", [])]
    units = [_placebo(each, places, controls) for each in result.checks.get("placebo_units", [])]
    return {
        "answer": words.answer_of(one.key_result, result),
        "target": words.target_of(one.key_result, one.reached),
        "reason": words.reason_of(result),
        "method": words.method_of(result),
        "cautions": words.cautions_of(result),
        "tone": VERDICT_TONES[result.verdict],
        "figures": _figures(result, places) if one.key_result.measured_by != MeasuredBy.HAND else [],
        "chart": picture_of(one.key_result, result, places),
        "is_expected": any(point[2] is not None for point in points),
        "is_bounded": any(point[3] is not None for point in points),
        "numbers": [_number(point, places) for point in reversed(points)],
        "placebos": placebos,
        "alarms": sum(each["is_alarm"] for each in placebos),
        "units": units,
        "unit_alarms": sum(each["is_alarm"] for each in units),
        "earlier": [each for each in history_of(one.key_result) if each.pk != result.pk],
    }


def _figures(result: Result, places: int) -> list[dict[str, str]]:
    """The effect, the total and what they were read from, as a table."""
    found = [
        (_("Effect, on average"), result.effect, result.low, result.high, True),
        (_("Effect, added up over the window"), result.total, result.total_low, result.total_high, True),
    ]
    slope = result.checks.get("slope")
    if slope:
        found.append(
            (_("Change of the effect, each period"), slope["mean"], slope["low"], slope["high"], True)
        )
    found.append((_("Seen, on average"), result.observed, None, None, False))
    found.append((_("Expected, on average"), result.expected, None, None, False))
    wide = max(0, places - 1)
    return [
        {
            "label": label,
            "value": words.say(value, wide if number == 1 else places, with_sign=signed),
            "low": words.say(low, wide if number == 1 else places, with_sign=signed)
            if low is not None
            else "",
            "high": words.say(high, wide if number == 1 else places, with_sign=signed)
            if high is not None
            else "",
        }
        for number, (label, value, low, high, signed) in enumerate(found)
        if value is not None
    ]


def _placebo(each: dict[str, Any], places: int, names: list[str] | None = None) -> dict[str, Any]:
    unit = each.get("unit")
    return {
        "on": parse_date(each["on"]) if each.get("on") else None,
        "name": names[unit] if names and unit is not None and unit < len(names) else "",
        "effect": words.say(each["mean"], places, with_sign=True),
        "low": words.say(each["low"], places, with_sign=True),
        "high": words.say(each["high"], places, with_sign=True),
        "is_alarm": bool(each["is_alarm"]),
    }


def _number(point: list[Any], places: int) -> dict[str, Any]:
    return {
        "on": dt.date.fromisoformat(point[0]),
        "seen": words.say(point[1], places),
        "expected": words.say(point[2], places),
        "low": words.say(point[3], places) if point[3] is not None else "",
        "high": words.say(point[4], places) if point[4] is not None else "",
        "is_after": point[5],
    }


@require_GET
@requires(Right.READ)
def result_file(request: PageRequest, key_result_id: int) -> HttpResponseBase:
    """The numbers behind the picture, as a table."""
    one = _found(key_result_id)
    points = one.result.series.get("points", []) if one.result else []
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    header = (_("Day"), _("Seen"), _("Expected"), _("At least"), _("At most"), _("Afterwards"))
    rows = (
        (
            dt.date.fromisoformat(point[0]),
            *("" if value is None else value for value in point[1:5]),
            int(point[5]),
        )
        for point in points
    )
    return table_response("result", form, [str(each) for each in header], rows)
