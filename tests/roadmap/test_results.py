"""Results come due by themselves, say how sure they are, and are told again when values were corrected."""

import datetime as dt
from typing import Any

import numpy as np
import pytest
from django.test import Client, override_settings
from django.urls import reverse

from tests import world
from tests.roadmap import moved
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link, Message, User
from vertebra.discovery.labels import Moment
from vertebra.discovery.models import PainPoint
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.models import Metric
from vertebra.roadmap.actions.key_results import capture_baseline, note_figure, set_key_result
from vertebra.roadmap.actions.results import TooEarly, measure_result
from vertebra.roadmap.actions.states import close_initiative, deliver_initiative, start_initiative
from vertebra.roadmap.jobs.results import measure_results, something_to_measure
from vertebra.roadmap.labels.results import CAUTION_WORDS, METHOD_WORDS, REASON_WORDS, EffectVerdict, Method
from vertebra.roadmap.models import Initiative, KeyResult, Result
from vertebra.roadmap.queries.results import corrected, due, measured_of, proposed_outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.ines()


def started(ines: User, **wanted: object) -> tuple[Initiative, KeyResult]:
    row = moved.initiative(ines)
    found = set_key_result(actor=ines, initiative=row, wanted=moved.wanted_of(**wanted), now=world.NOW)
    capture_baseline(actor=ines, initiative=row, now=world.NOW)
    start_initiative(actor=ines, initiative=row, now=world.NOW)
    found.refresh_from_db()
    return row, found


def on_metric(ines: User, **wanted: object) -> tuple[Initiative, KeyResult, Metric]:
    metric = moved.metric(ines)
    row, found = started(ines, metric=metric, target=46.0, effect_from=moved.month(36), **wanted)
    return row, found, metric


def run(months: int) -> dict[str, int]:
    with override_settings(FIXED_NOW=moved.later(months)):
        assert something_to_measure()
        done: dict[str, int] = measure_results.func()
        return done


def test_the_result_comes_by_itself_once_the_window_is_over(ines: User) -> None:
    row, found, metric = on_metric(ines)
    with override_settings(FIXED_NOW=moved.later(3)):
        assert not something_to_measure()
    with pytest.raises(TooEarly):
        measure_result(actor=ines, key_result=found, now=moved.later(3))
    moved.record(ines, metric, 34, 36, now=moved.later(2))
    moved.record(ines, metric, 36, 42, effect=8.0, now=moved.later(9))
    assert run(9) == {"asked": 0, "measured": 1, "again": 0}
    result = Result.objects.get()
    assert (result.method, result.verdict, result.reason) == ("series", "better", "")
    assert result.low is not None and result.high is not None and result.low < 8 < result.high
    assert result.analysis == "impact 1"
    assert sum(point[5] for point in result.series["points"]) == 6
    assert Link.objects.filter(from_kind=Kind.RESULT, from_id=result.pk, to_id=row.pk).exists()
    assert Message.objects.filter(template="result_in", to_user=ines).count() == 1
    [one] = measured_of(row, moved.later(9).date())
    assert one.reached is True and proposed_outcome([one]) == "achieved"
    with override_settings(FIXED_NOW=moved.later(9)):
        assert not something_to_measure()


def test_one_result_that_fails_holds_up_no_other(ines: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = on_metric(ines)[1]
    second = on_metric(ines)[1]

    def measured(*, key_result: KeyResult, **given: Any) -> object:
        if key_result == first:
            raise ZeroDivisionError
        return measure_result(key_result=key_result, **given)

    monkeypatch.setattr("vertebra.roadmap.jobs.results.measure_result", measured)
    assert run(10) == {"asked": 0, "measured": 1, "again": 0}
    assert Result.objects.get().key_result == second


def test_late_values_are_waited_for_but_not_for_ever(ines: User) -> None:
    _row, _found, metric = on_metric(ines)
    moved.record(ines, metric, 34, 39, now=moved.later(6))
    assert due(moved.later(9).date()) == []
    assert len(due(moved.later(10).date())) == 1
    run(10)
    assert "window_incomplete" in Result.objects.get().checks["cautions"]


def test_corrected_values_tell_again_and_keep_what_was_told(ines: User) -> None:
    _row, found, metric = on_metric(ines)
    moved.record(ines, metric, 34, 36, now=moved.later(2))
    moved.record(ines, metric, 36, 42, effect=8.0, now=moved.later(9))
    run(9)
    moved.record(ines, metric, 36, 42, effect=-0.5, now=moved.later(10))
    assert list(corrected()) == [found]
    assert run(10) == {"asked": 0, "measured": 0, "again": 1}
    first, second = Result.objects.order_by("pk")
    assert (first.verdict, second.verdict) == ("better", "no_effect")
    assert first.superseded_at == moved.later(10) and second.superseded_at is None
    assert Link.objects.filter(from_id=second.pk, relation="replaces", to_id=first.pk).exists()
    assert Message.objects.filter(template="result_in").count() == 2
    assert not corrected().exists()


def test_corrected_controls_tell_again_too(ines: User) -> None:
    control = moved.metric(ines, name="Another")
    _row, found, metric = on_metric(ines, controls=[control])
    for each in (metric, control):
        moved.record(ines, each, 34, 42, now=moved.later(9))
    run(9)
    moved.record(ines, control, 36, 37, effect=3.0, now=moved.later(10))
    assert list(corrected()) == [found]
    assert Result.objects.get().method == "controls"


def test_too_short_a_past_is_said_plainly(ines: User) -> None:
    metric = moved.metric(ines)
    metric.measurements.filter(on__lt=moved.month(28)).delete()
    row, _found = started(ines, metric=metric, target=46.0, effect_from=moved.month(36))
    moved.record(ines, metric, 36, 42, effect=8.0, now=moved.later(9))
    run(9)
    result = Result.objects.get()
    assert (result.verdict, result.reason, result.effect) == ("cannot_tell", "too_few_before", None)
    assert proposed_outcome(measured_of(row, moved.later(9).date())) == "cannot_tell"


def test_a_roll_out_unit_by_unit_is_held_against_units_not_reached_yet(ines: User) -> None:
    metric = moved.metric(ines)
    draw = np.random.default_rng(4)
    reached = {f"team {number}": moved.month(36 + number % 3) for number in range(6)}
    level = {f"team {number}": float(draw.normal() * 4) for number in range(9)}
    rows = [
        Value(
            moved.month(at),
            30 + level[part] + at * 0.2 + float(draw.normal()) + (5 if _is_in(reached, part, at) else 0),
            part,
        )
        for part in level
        for at in range(20, 42)
    ]
    record_values(
        actor=ines, metric=metric, rows=[row for row in rows if row.on <= world.TODAY], now=world.NOW
    )
    _row, found = started(ines, metric=metric, target=46.0, stages=tuple(reached.items()))
    assert found.effect_from == moved.month(36)
    record_values(actor=ines, metric=metric, rows=rows, now=moved.later(9))
    moved.record(ines, metric, 34, 42, now=moved.later(9))
    run(9)
    result = Result.objects.get()
    assert (result.method, result.verdict) == ("staged", "better")
    assert result.low is not None and result.high is not None and result.low < 5 < result.high


def _is_in(reached: dict[str, dt.date], part: str, at: int) -> bool:
    return part in reached and moved.month(at) >= reached[part]


def asked(ines: User) -> tuple[PainPoint, Initiative]:
    pain_point = moved.pain_point(ines)
    moved.answered(pain_point, Moment.BEFORE, 7.4, world.NOW)
    row = moved.initiative(ines, answers=pain_point)
    capture_baseline(actor=ines, initiative=row, now=world.NOW + dt.timedelta(hours=1))
    start_initiative(actor=ines, initiative=row, now=world.NOW + dt.timedelta(hours=1))
    return pain_point, row


def test_those_it_hurts_are_asked_at_delivery_and_six_months_later(ines: User) -> None:
    pain_point, row = asked(ines)
    deliver_initiative(actor=ines, initiative=row, now=moved.later(1))
    assert run(1) == {"asked": 1, "measured": 0, "again": 0}
    planned = pain_point.re_asks.filter(read_at__isnull=True).order_by("due_on")
    assert [one.moment for one in planned] == [Moment.DELIVERY, Moment.SIX_MONTHS]
    planned.update(answered=11, mean=4.1, low=3.2, high=5.0, read_at=moved.later(2))
    planned.filter(moment=Moment.SIX_MONTHS).update(read_at=None, mean=None)
    run(2)
    result = Result.objects.get()
    assert (result.method, result.verdict, result.observed) == ("before_after", "better", 4.1)
    pain_point.re_asks.filter(moment=Moment.SIX_MONTHS).update(
        answered=10, mean=7.0, low=6.0, high=8.0, read_at=moved.later(9)
    )
    run(9)
    assert Result.objects.count() == 2
    again = Result.objects.get(superseded_at=None)
    assert (again.verdict, again.observed) != ("better", 4.1)


def test_fewer_than_five_answers_are_never_shown(ines: User) -> None:
    pain_point, row = asked(ines)
    deliver_initiative(actor=ines, initiative=row, now=moved.later(1))
    moved.answered(pain_point, Moment.DELIVERY, 1.0, moved.later(2), count=4)
    run(2)
    result = Result.objects.get()
    assert (result.verdict, result.reason, result.observed, result.effect) == (
        "cannot_tell", "too_few_answers", None, None,
    )  # fmt: skip
    page = reader().get(reverse("roadmap:result-show", args=(result.key_result_id,))).content.decode()
    assert "Fewer than five people answered" in page


def test_two_figures_by_hand_say_nothing_of_chance_but_reach_a_target(ines: User) -> None:
    row, found = started(ines, name="Days to open", today=30.0, is_lower_better=True, target=20.0)
    note_figure(actor=ines, key_result=found, value=18.0, on=moved.later(1).date(), now=moved.later(1))
    run(1)
    result = Result.objects.get()
    assert (result.verdict, result.reason) == ("cannot_tell", "no_uncertainty")
    assert proposed_outcome(measured_of(row, moved.later(1).date())) == "achieved"


def test_what_was_stopped_is_not_measured(ines: User) -> None:
    row, _found, metric = on_metric(ines)
    close_initiative(
        actor=ines, initiative=row, outcome="stopped", reason="Nobody needs it.", now=moved.later(1)
    )
    moved.record(ines, metric, 34, 42, now=moved.later(9))
    assert due(moved.later(9).date()) == []


def test_every_code_of_the_arithmetic_has_words() -> None:
    from vertebra.analysis import impact

    assert {code.value for code in impact.Reason} == set(REASON_WORDS)
    assert {code.value for code in impact.Caution} == set(CAUTION_WORDS)
    assert {code.value for code in impact.Method} == set(METHOD_WORDS) == set(Method.values)
    assert {"no_effect", "cannot_tell"} <= set(EffectVerdict.values)


def reader() -> Client:
    client = Client()
    user = world.lea()
    user.language = "en"
    user.save()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_page_answers_first_and_draws_what_was_expected(ines: User) -> None:
    _row, found, metric = on_metric(ines)
    client = reader()
    address = reverse("roadmap:result-show", args=(found.pk,))
    early = client.get(address).content.decode()
    assert "It is too early to tell" in early and "time-chart" not in early
    moved.record(ines, metric, 34, 36, now=moved.later(2))
    moved.record(ines, metric, 36, 42, effect=8.0, now=moved.later(9))
    run(9)
    page = client.get(address).content.decode()
    assert "It is better: +" in page and "The target of 46 is reached" in page
    assert 'class="chart-band"' in page and "earlier windows in which nothing was done" in page
    file = client.get(reverse("roadmap:result-file", args=(found.pk,))).getvalue()
    assert file.count(b"\n") == 43
    listed = client.get(reverse("roadmap:result-list")).content.decode()
    assert "better than expected without it" in listed
