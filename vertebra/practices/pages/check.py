"""One check: what it points at, what it would have found, where it looks, how teams adapted it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis.expressions.completing import complete
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.kit.pictures import Line, TimeChart
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions import checks as actions
from vertebra.practices.forms.checks import AdaptationForm, ScopeForm
from vertebra.practices.hygiene import library
from vertebra.practices.jobs import checks as jobs
from vertebra.practices.labels.checks import FIELDS, CheckKind, TrialState, rule_said
from vertebra.practices.models import Check, CheckTrial
from vertebra.practices.pages.checks import (
    FORM,
    check_of,
    check_to_change,
    list_of,
    page_of,
    percent,
    seen,
    tried_in,
)
from vertebra.practices.queries.check_links import item_links, jiras, searches
from vertebra.practices.queries.checks import adaptations_on, is_built_together, name_of
from vertebra.practices.queries.rights import may_change, teams_of

LONGEST_ASKED = 2_000


@require_GET
@requires(Right.READ)
def check_page(request: PageRequest, check_id: int) -> HttpResponseBase:
    """Show a check; what its try found is for those who build its practice."""
    check = check_of(check_id)
    is_builder = may_change(request.user, check.practice)
    trial = next((one for one in check.trials.all() if one.asked_at >= check.changed_at), None)
    told = trial if is_builder else None
    keys = list(told.examples) if told else []
    found_in = jiras()
    today = clock.today()
    structure = Structure.as_of(today, with_members=False)
    context = {
        "check": check, "practice": check.practice, "name": name_of(check), "said": _said(check),
        "trial": told, "tried_in": tried_in(told), "percent": percent(told),
        "is_waiting": bool(told and told.state == TrialState.WAITING),
        "chart": _chart(told), "weeks": _weeks(told), "examples": item_links(keys, found_in),
        "searches": searches(check, keys, found_in), "may_change": is_builder,
        "is_built_together": is_built_together(check.practice),
        "scopes": [(one.unit_id, _name(structure, one.unit_id)) for one in check.scopes.all()],
        "scope_form": ScopeForm(structure) if is_builder else None,
        "adaptations": [
            (one, _name(structure, unit), _settled_words(check, one.parameters))
            for unit, one in adaptations_on(check, today).items()
        ],
        "may_adapt": bool(teams_of(request.user, check.practice, structure)),
    }  # fmt: skip
    return render(request, "practices/check.html", context)


def _name(structure: Structure, unit_id: int) -> str:
    node = structure.get(unit_id)
    return node.name if node else ""


def _said(check: Check) -> dict[str, Any]:
    """What a check says: why, how to mend it, what it points at."""
    if check.kind == CheckKind.RULE:
        return {"rule": rule_said(check.parameters)}
    if check.kind == CheckKind.OWN:
        return {"how": check.how, "among": check.among, "flags": check.flags}
    shipped = library()[check.code]
    among, flags = shipped.written(check.parameters)
    settled = _settled_words(check, check.parameters)
    return {"why": shipped.why, "how": shipped.how, "among": among, "flags": flags, "settled": settled}


def _settled_words(check: Check, given: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """How a check of the library is set, each setting with what it is called."""
    shipped = library().get(check.code)
    return [(one.words, given.get(one.name, one.default)) for one in shipped.parameters] if shipped else []


def _chart(trial: CheckTrial | None) -> TimeChart | None:
    points = [(one["on"], one["percent"]) for one in _weeks(trial) if one["percent"] is not None]
    if len(points) < 2:
        return None
    return TimeChart(_("Share that it would have pointed at, in percent"), [Line("", points)], step=8)


def _weeks(trial: CheckTrial | None) -> list[dict[str, Any]]:
    return [
        {
            "on": dt.date.fromisoformat(one["week"]),
            "count": one["count"],
            "flagged": one["flagged"],
            "percent": round(100 * one["flagged"] / one["count"]) if one["count"] else None,
        }
        for one in (trial.weeks if trial else [])
    ]


@require_POST
@requires(Right.TAKE_PART)
def check_trial(request: PageRequest, check_id: int) -> HttpResponse:
    """Try a check on the past again."""
    check = check_to_change(request.user, check_id)

    def act() -> object:
        trial = actions.ask_trial(actor=request.user, check=check, now=clock.now())
        return jobs.try_check.enqueue(trial.pk)

    return did(request, act, _("It is being tried on the past."), page_of(check))


@require_POST
@requires(Right.TAKE_PART)
def check_switching(request: PageRequest, check_id: int) -> HttpResponse:
    """Switch a check on, or off."""
    check = check_to_change(request.user, check_id)
    if check.on_since:
        return did(
            request, lambda: actions.switch_off(actor=request.user, check=check, now=clock.now()),
            _("Off: what it found stays."), page_of(check),
        )  # fmt: skip

    def act() -> object:
        entry = actions.switch_on(actor=request.user, check=check, now=clock.now())
        jobs.count_checks.enqueue()
        return entry

    return did(
        request, act, _("On: teams see their own figures now, others two weeks later."), page_of(check)
    )


@require_POST
@requires(Right.TAKE_PART)
def check_archiving(request: PageRequest, check_id: int) -> HttpResponse:
    """Take a check out of its practice."""
    check = check_to_change(request.user, check_id)
    return did(
        request, lambda: actions.archive_check(actor=request.user, check=check, now=clock.now()),
        _("Taken out of the practice."), list_of(check.practice),
    )  # fmt: skip


@require_POST
@requires(Right.TAKE_PART)
def scope_create(request: PageRequest, check_id: int) -> HttpResponse:
    """Have a check look in one more unit."""
    check = check_to_change(request.user, check_id)
    form = ScopeForm(Structure.as_of(clock.today(), with_members=False), request.POST)

    def act() -> object:
        form.full_clean()
        chosen = form.cleaned_data.get("unit")
        units = [one.unit for one in check.scopes.select_related("unit")]
        return actions.scope_check(
            actor=request.user, check=check, units=[*units, *([chosen] if chosen else [])], now=clock.now()
        )

    return did(request, act, _("It looks there as well."), page_of(check))


@require_POST
@requires(Right.TAKE_PART)
def scope_removal(request: PageRequest, check_id: int, unit_id: int) -> HttpResponse:
    """Have a check look in a unit no longer."""
    check = check_to_change(request.user, check_id)
    get_object_or_404(check.scopes.all(), unit=unit_id)

    def act() -> object:
        rest = [one.unit for one in check.scopes.select_related("unit").exclude(unit=unit_id)]
        return actions.scope_check(actor=request.user, check=check, units=rest, now=clock.now())

    return did(request, act, _("It looks there no longer."), page_of(check))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def check_adaptation(request: PageRequest, check_id: int) -> HttpResponseBase:
    """Set a check otherwise for a team, with a reason and an end: its own people may, and those who build the practice."""
    check = check_of(check_id)
    teams = teams_of(request.user, check.practice, Structure.as_of(clock.today(), with_members=False))
    if not teams:
        raise PermissionDenied
    wanted = whole_number(request.POST.get("unit", ""))
    if wanted and wanted not in {node.id for node in teams}:
        raise PermissionDenied
    shipped = library().get(check.code)
    initial = {**check.parameters, "unit": request.GET.get("unit", "")[:18]}
    form = AdaptationForm(teams, request.POST or None, initial=initial, shipped=shipped)

    def act() -> object:
        given = dict(form.cleaned_data)
        unit, reason = given.pop("unit"), given.pop("reason")
        is_off, ends_on = given.pop("is_off"), given.pop("ends_on")
        return actions.adapt_check(
            actor=request.user, check=check, unit=unit, parameters=given, is_off=is_off, reason=reason,
            ends_on=ends_on, now=clock.now(),
        )  # fmt: skip

    said = {
        "heading": _("Adapt this check for a team"), "practice": check.practice, "done": page_of(check),
        "cancel_url": page_of(check), "template": FORM,
        "intro": _("A team that works otherwise says so: that is information, not a fault."),
    }  # fmt: skip
    return asked_in_form(request, form, act, said)


@require_GET
@requires(Right.TAKE_PART)
def check_completions(request: PageRequest) -> HttpResponseBase:
    """What may come next in an expression that is being written."""
    text = next((request.GET[name] for name in ("flags", "among") if name in request.GET), "")
    text = text[:LONGEST_ASKED]
    at = request.GET.get("at", "")
    place = int(at) if at.isdecimal() and len(at) < 5 else len(text)
    offered = complete(text, min(place, len(text)), seen())
    told = [(one, FIELDS.get(one.text, "")) for one in offered]
    return render(request, "practices/check_completions.html", {"offered": told, "at": place})
