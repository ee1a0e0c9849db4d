"""What an initiative should move: said and looked at before it starts, and where its measure stands."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.actions.re_asks import ask_now
from vertebra.kit import clock
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.roadmap.actions import key_results as actions
from vertebra.roadmap.actions.key_results import Wanted
from vertebra.roadmap.actions.states import WAITING
from vertebra.roadmap.forms.results import FigureForm, KeyResultForm
from vertebra.roadmap.labels.initiatives import OUTCOME_TONES, Outcome
from vertebra.roadmap.labels.results import STATE_TONES, VERDICT_TONES, MeasuredBy, ResultState
from vertebra.roadmap.models import Initiative, KeyResult
from vertebra.roadmap.pages.initiative import found
from vertebra.roadmap.pages.initiative_forms import changeable
from vertebra.roadmap.pages.result_words import answer_of, baseline_of, places_of, say
from vertebra.roadmap.queries.baselines import latest_answers, pain_point_of, today_of
from vertebra.roadmap.queries.results import Measured, measured_of, proposed_outcome
from vertebra.roadmap.queries.rights import may_change

FORM_PAGE = "roadmap/key_result_form.html"


def measure_page_of(row: Initiative) -> str:
    """The address of what an initiative should move."""
    return reverse("roadmap:key-result-list", args=(row.pk,))


@require_GET
@requires(Right.READ)
def key_result_list(request: PageRequest, initiative_id: int) -> HttpResponse:
    """Show what an initiative should move: where it stood, where it should go, what came of it."""
    row = found(initiative_id)
    today = clock.today()
    measured = measured_of(row, today)
    can_change = may_change(request.user, row) and row.archived_at is None
    outcome = proposed_outcome(measured)
    is_before = row.state in WAITING and not row.started_at
    pain_point = pain_point_of(row) if is_before else None
    context = {
        "row": row,
        "shown": [shown(one) for one in measured],
        "is_before": is_before,
        "is_noted": any(one.key_result.fixed_at for one in measured),
        "can_change": can_change,
        "may_ask": may(request.user, Right.PRODUCT_OPS),
        "pain_point": pain_point,
        "answers": latest_answers(pain_point) if pain_point else None,
        "to_note": [one for one in measured if one.state == ResultState.OPEN],
        "next_due": min((day for one in measured if (day := _awaited(one))), default=None),
        "proposed": Outcome(outcome).label if outcome and not row.closed_at else "",
        "proposed_code": outcome,
        "outcome_tone": OUTCOME_TONES.get(row.outcome or outcome, "neutral"),
        "role_time_count": row.role_times.count(),
    }
    return render(request, "roadmap/key_results.html", context)


def _awaited(one: Measured) -> dt.date | None:
    """The day from which a result that is not there yet is expected."""
    is_awaited = one.result is None and one.key_result.fixed_at is not None
    return one.key_result.due_on if is_awaited and one.key_result.measured_by == MeasuredBy.METRIC else None


def shown(one: Measured) -> dict[str, Any]:
    """A key result as a page shows it."""
    key_result, result = one.key_result, one.result
    today = today_of(key_result) if one.state == ResultState.OPEN else None
    return {
        "key_result": key_result,
        "words": baseline_of(key_result),
        "today": say(today.value, places_of(today.value / 10)) if today else "",
        "today_on": today.on if today else None,
        "state": ResultState(one.state).label,
        "tone": STATE_TONES[one.state],
        "result": result,
        "answer": answer_of(key_result, result) if result else "",
        "verdict_tone": VERDICT_TONES[result.verdict] if result else "",
        "is_by_hand": key_result.measured_by == MeasuredBy.HAND,
        "awaits_figure": key_result.measured_by == MeasuredBy.HAND
        and key_result.fixed_at is not None
        and key_result.after is None,
    }


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def key_result_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say what an initiative should move: a metric and a target are enough."""
    return _form(request, changeable(request, initiative_id), None)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def key_result_edit(request: PageRequest, key_result_id: int) -> HttpResponseBase:
    """Say it otherwise, as long as the baseline was not noted."""
    key_result = get_object_or_404(KeyResult, pk=key_result_id)
    return _form(request, changeable(request, key_result.initiative_id), key_result)


def _form(request: PageRequest, row: Initiative, key_result: KeyResult | None) -> HttpResponseBase:
    pain_point = pain_point_of(row)
    question = (
        _("The question asked of those it hurts: %(title)s") % {"title": pain_point.title}
        if pain_point
        else ""
    )
    form = KeyResultForm(request.POST or None, question=question, initial=_initial(key_result))

    def act(given: dict[str, Any]) -> AuditEntry:
        actions.set_key_result(
            actor=request.user, initiative=row, wanted=Wanted(**given), key_result=key_result, now=clock.now()
        )
        return AuditEntry.objects.filter(kind="initiative", object_id=row.pk, verb="aim").latest("pk")

    ask = Ask(
        form=form,
        act=act,
        heading=_("What should it move?"),
        submit=_("Keep it"),
        done=_("Noted. Now note the baseline, before the start."),
        cancel_url=measure_page_of(row),
        back=lambda _entry: measure_page_of(row),
        intro=_(
            "A metric and a target are enough: everything else has a default. The window is fixed with the baseline."
        ),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


def _initial(key_result: KeyResult | None) -> dict[str, Any]:
    if key_result is None:
        return {}
    is_by_hand = key_result.measured_by == MeasuredBy.HAND
    return {
        "metric": key_result.metric_id,
        "name": key_result.name if is_by_hand else "",
        "today": key_result.baseline,
        "is_lower_better": key_result.is_lower_better,
        "target": key_result.target,
        "effect_from": key_result.effect_from,
        "effect_until": key_result.effect_until,
        "controls": list(key_result.controls.values_list("pk", flat=True)),
        "stages": "\n".join(f"{one['part']}; {one['on']}" for one in key_result.stages),
    }


@require_POST
@requires(Right.TAKE_PART)
def key_result_removal(request: PageRequest, key_result_id: int) -> HttpResponseBase:
    """No longer look at it."""
    key_result = get_object_or_404(KeyResult.objects.select_related("initiative"), pk=key_result_id)
    row = changeable(request, key_result.initiative_id)
    return do(
        request,
        lambda: actions.drop_key_result(actor=request.user, key_result=key_result, now=clock.now()),
        _("It is no longer looked at."),
        measure_page_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def baseline(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Note where everything stands today."""
    row = changeable(request, initiative_id)
    return do(
        request,
        lambda: actions.capture_baseline(actor=request.user, initiative=row, now=clock.now()),
        _("The baseline is noted. The initiative can start; its result comes by itself."),
        measure_page_of(row),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def baseline_asking(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Ask those it hurts now what it costs them, for a baseline."""
    row = changeable(request, initiative_id)
    pain_point = pain_point_of(row)
    if pain_point is None:
        raise Http404
    return do(
        request,
        lambda: ask_now(actor=request.user, pain_point=pain_point, now=clock.now()),
        _("They are asked. Once five have answered and the question closes, note the baseline."),
        measure_page_of(row),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def figure_create(request: PageRequest, key_result_id: int) -> HttpResponseBase:
    """Note what a figure noted by hand is afterwards."""
    key_result = get_object_or_404(KeyResult.objects.select_related("initiative"), pk=key_result_id)
    row = changeable(request, key_result.initiative_id)
    now = clock.now()
    ask = Ask(
        form=FigureForm(request.POST or None, today=clock.today(now)),
        act=lambda given: actions.note_figure(actor=request.user, key_result=key_result, now=now, **given),
        heading=_("What is it now?"),
        submit=_("Note it"),
        done=_("Noted. The result follows."),
        cancel_url=measure_page_of(row),
        back=lambda _entry: measure_page_of(row),
        intro=key_result.name,
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)
