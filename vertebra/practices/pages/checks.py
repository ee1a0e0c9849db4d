"""The checks of a practice: chosen, tried on the past, switched on and off."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.models import TrailVersion
from vertebra.kit import clock
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.practices.actions import checks as actions
from vertebra.practices.forms.checks import OwnCheckForm, ParametersForm, RuleForm, typed
from vertebra.practices.hygiene import CHECKS, library
from vertebra.practices.jobs import checks as jobs
from vertebra.practices.labels.checks import CheckKind, TrialState, rule_said
from vertebra.practices.models import Check, CheckTrial, Practice, RuleSuggestion
from vertebra.practices.pages.frame import changeable, found
from vertebra.practices.queries.checks import checks_of, is_built_together, name_of
from vertebra.practices.queries.looking import monday_of
from vertebra.practices.queries.rights import may_change
from vertebra.practices.queries.texts import with_names

FORM = "practices/check_form.html"


@require_GET
@requires(Right.READ)
def check_list(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """The checks of a practice, and for those who build it what else could be looked at."""
    practice = found(practice_id)
    may = may_change(request.user, practice)
    rows = [shown(check, may=may) for check in checks_of(practice.pk)]
    taken = {row["check"].code for row in rows}
    context = {
        "practice": practice,
        "rows": rows,
        "on_count": sum(1 for row in rows if row["check"].on_since),
        "is_waiting": any(row["is_waiting"] for row in rows),
        "may_change": may,
        "is_built_together": is_built_together(practice),
        "has_trail": TrailVersion.objects.filter(superseded_at=None).exists(),
        "library": [one for one in CHECKS if one.code not in taken] if may else [],
        "library_size": len(CHECKS),
        "suggestions": _suggestions() if may else [],
    }
    return render(request, "practices/check_list.html", context)


def shown(check: Check, *, may: bool) -> dict[str, Any]:
    """A check as lists show it: its name, how it is, what it would have found."""
    trial = next(iter(check.trials.all()), None)
    is_fresh = trial is not None and trial.asked_at >= check.changed_at
    told = trial if may and is_fresh and trial and trial.state == TrialState.DONE else None
    return {
        "check": check,
        "name": name_of(check),
        "why": library()[check.code].why if check.code in library() else "",
        "trial": trial if may and is_fresh else None,
        "is_waiting": bool(trial and trial.state == TrialState.WAITING and may),
        "percent": percent(told),
        "tried_in": tried_in(told),
        "shares": [100 * week["flagged"] / week["count"] for week in told.weeks if week["count"]]
        if told
        else [],
    }


def percent(trial: CheckTrial | None) -> int | None:
    """The share that a try would have pointed at, in percent; nothing where it is not told."""
    if trial is None or not trial.item_count or trial.flagged_count is None:
        return None
    return round(100 * trial.flagged_count / trial.item_count)


def tried_in(trial: CheckTrial | None) -> dt.date | None:
    """The week that a try was about, where it is not this one."""
    week = dt.date.fromisoformat(trial.weeks[-1]["week"]) if trial and trial.weeks else None
    return week if week != monday_of(clock.today()) else None


def _suggestions() -> list[dict[str, Any]]:
    rows = RuleSuggestion.objects.select_related("source")
    return [
        {
            "row": row,
            "said": rule_said(row.rule),
            "percent": round(100 * row.share),
            "examples": row.examples[:5],
        }
        for row in rows
    ]


def check_of(check_id: int) -> Check:
    """The check of that number, put away or not."""
    rows = Check.objects.select_related("practice__carrier").prefetch_related(
        "scopes", "adaptations", "trials"
    )
    row = get_object_or_404(rows, pk=check_id)
    with_names([row.practice])
    return row


def check_to_change(user: User, check_id: int) -> Check:
    """The check, if this person may write its practice; for others it has no such page."""
    row = check_of(check_id)
    if not may_change(user, row.practice):
        raise Http404
    return row


def list_of(practice: Practice) -> str:
    """The address of the checks of a practice."""
    return reverse("practices:check-list", args=(practice.pk,))


def page_of(check: Check) -> str:
    """The address of a check."""
    return reverse("practices:check-show", args=(check.pk,))


def _tried(user: User, check: Check) -> Check:
    """Have a check tried on the past as soon as it is written."""
    now = clock.now()
    trial = actions.ask_trial(actor=user, check=check, now=now)
    jobs.try_check.enqueue(trial.pk)
    return check


@require_POST
@requires(Right.TAKE_PART)
def check_choice(request: PageRequest, practice_id: int, code: str) -> HttpResponse:
    """Take a check of the library, and have it tried on the past."""
    practice = changeable(request, practice_id)

    def act() -> object:
        made = actions.choose_check(
            actor=request.user, practice=practice, code=code, parameters={}, now=clock.now()
        )
        return _tried(request.user, made)

    return did(request, act, _("Taken: it is off, and being tried on the past."), list_of(practice))


@require_POST
@requires(Right.TAKE_PART)
def suggestion_choice(request: PageRequest, practice_id: int, suggestion_id: int) -> HttpResponse:
    """Take a habit that was found as a rule, and have it tried on the past."""
    practice = changeable(request, practice_id)
    suggestion = get_object_or_404(RuleSuggestion, pk=suggestion_id)

    def act() -> object:
        made = actions.observe_rule(
            actor=request.user, practice=practice, rule=suggestion.rule, now=clock.now()
        )
        return _tried(request.user, made)

    return did(request, act, _("Taken: it is off, and being tried on the past."), list_of(practice))


@require_POST
@requires(Right.TAKE_PART)
def habit_search(request: PageRequest, practice_id: int) -> HttpResponse:
    """Look for habits in the history of work items."""
    practice = changeable(request, practice_id)
    return did(
        request,
        lambda: jobs.find_habits.enqueue(),
        _("Being looked for: come back in a minute."),
        list_of(practice),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def check_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Write a check in the company's own words."""
    practice = changeable(request, practice_id)
    form = OwnCheckForm(request.POST or None)

    def act() -> object:
        made = actions.write_check(
            actor=request.user, practice=practice, language=get_language() or "en", now=clock.now(),
            **form.cleaned_data,
        )  # fmt: skip
        return _tried(request.user, made)

    said = {
        "heading": _("A check of our own"), "practice": practice, "done": page_of, "cancel_url": list_of(practice),
        "submit_label": _("Try it on the past"), "is_expression": True, "template": FORM,
    }  # fmt: skip
    return asked_in_form(request, form, act, said)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def rule_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Write a rule over the history of work items."""
    practice = changeable(request, practice_id)
    form = RuleForm(request.POST or None)

    def act() -> object:
        made = actions.observe_rule(
            actor=request.user, practice=practice, rule=form.cleaned_data["told"], now=clock.now()
        )
        return _tried(request.user, made)

    said = {
        "heading": _("A rule over the history"), "practice": practice, "done": page_of,
        "cancel_url": list_of(practice), "submit_label": _("Try it on the past"), "template": FORM,
        "statuses": seen().get("status", []),
    }  # fmt: skip
    return asked_in_form(request, form, act, said)


def seen() -> dict[str, list[str]]:
    """The values that work items have, of the fields of which they are known without opening a file."""
    found: dict[str, list[str]] = {}
    parts = TrailVersion.objects.filter(superseded_at=None).order_by("source").values_list("parts", flat=True)
    for held in parts:
        for field, part in (("status", "statuses"), ("kind", "kinds"), ("project", "projects")):
            names = found.setdefault(field, [])
            names += [one["name"] for one in held.get(part, ()) if one["name"] and one["name"] not in names]
    return found


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def check_edit(request: PageRequest, check_id: int) -> HttpResponseBase:
    """Say a check otherwise; it is tried on the past anew."""
    check = check_to_change(request.user, check_id)
    form = _form_of(check, request.POST or None)

    def act() -> object:
        given = dict(form.cleaned_data)
        values = given if check.kind == CheckKind.OWN else {}
        parameters = None if check.kind == CheckKind.OWN else given.get("told", given)
        actions.change_check(
            actor=request.user, check=check, values=values, parameters=parameters, now=clock.now()
        )
        return _tried(request.user, check_of(check.pk))

    said = {
        "heading": name_of(check), "practice": check.practice, "done": page_of(check), "cancel_url": page_of(check),
        "submit_label": _("Try it on the past"), "is_expression": check.kind == CheckKind.OWN, "template": FORM,
        "statuses": seen().get("status", []) if check.kind == CheckKind.RULE else [],
    }  # fmt: skip
    return asked_in_form(request, form, act, said)


def _form_of(check: Check, data: Any) -> Any:
    if check.kind == CheckKind.OWN:
        initial = {"name": check.name, "flags": check.flags, "among": check.among, "how": check.how}
        return OwnCheckForm(data, initial=initial)
    if check.kind == CheckKind.SHIPPED:
        return ParametersForm(library()[check.code], data, initial=check.parameters)
    return RuleForm(data, initial=typed(check.parameters))
