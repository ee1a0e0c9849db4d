"""Before the start: what an initiative should move, where that stands, and when it will be looked at."""

import datetime as dt

import pytest

from tests import world
from tests.roadmap import moved
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link, User
from vertebra.discovery.labels import Moment
from vertebra.measures.models import Mark
from vertebra.roadmap.actions import key_results as actions
from vertebra.roadmap.actions.key_results import Wanted
from vertebra.roadmap.actions.states import NoBaseline, start_initiative
from vertebra.roadmap.forms.results import KeyResultForm
from vertebra.roadmap.models import Initiative, KeyResult
from vertebra.roadmap.queries.baselines import has_baseline

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.ines()


def aimed(actor: User, row: Initiative, **wanted: object) -> KeyResult:
    return actions.set_key_result(
        actor=actor,
        initiative=row,
        wanted=moved.wanted_of(**wanted),
        now=world.NOW,
    )


def test_a_metric_and_a_target_are_enough(ines: User) -> None:
    row, metric = moved.initiative(ines), moved.metric(ines)
    found = aimed(ines, row, metric=metric, target=60.0)
    assert (found.measured_by, found.name) == ("metric", metric.name)
    assert found.effect_from == world.TODAY + dt.timedelta(days=31)
    assert found.effect_until is not None and found.due_on is not None
    assert found.effect_until < found.due_on <= found.effect_until + dt.timedelta(days=40)
    assert not has_baseline(row)
    actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    found.refresh_from_db()
    row.refresh_from_db()
    assert found.baseline == metric.latest_value and found.baseline_on == metric.latest_on
    assert row.baseline_at == world.NOW and has_baseline(row)
    assert Link.objects.filter(from_kind=Kind.METRIC, relation="measures", to_id=row.pk).exists()
    assert Mark.objects.get(object_kind=Kind.INITIATIVE, object_id=row.pk).starts_on == found.effect_from


def test_no_start_without_a_baseline_or_a_signed_reason(ines: User) -> None:
    row = moved.initiative(ines)
    with pytest.raises(NoBaseline):
        start_initiative(actor=ines, initiative=row, now=world.NOW)
    aimed(ines, row, metric=moved.metric(ines), target=60.0)
    with pytest.raises(NoBaseline):
        start_initiative(actor=ines, initiative=row, now=world.NOW)
    actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    start_initiative(actor=ines, initiative=row, now=world.NOW)
    other = moved.initiative(ines)
    start_initiative(actor=ines, initiative=other, reason="The law asks for it.", now=world.NOW)
    other.refresh_from_db()
    assert (other.no_baseline_reason, other.no_baseline_by) == ("The law asks for it.", ines)


def test_a_baseline_after_the_start_is_refused(ines: User) -> None:
    row = moved.initiative(ines)
    start_initiative(actor=ines, initiative=row, reason="No time.", now=world.NOW)
    with pytest.raises(actions.BaselineTooLate):
        aimed(ines, row, metric=moved.metric(ines), target=60.0)
    with pytest.raises(actions.BaselineTooLate):
        actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)


def test_a_target_in_the_wrong_direction_is_refused(ines: User) -> None:
    row = moved.initiative(ines)
    with pytest.raises(actions.WrongDirection) as refused:
        aimed(ines, row, metric=moved.metric(ines), target=20.0)
    assert "Higher is better here" in str(refused.value)
    with pytest.raises(actions.WrongDirection):
        aimed(ines, row, metric=moved.metric(ines, direction="down", name="Tickets"), target=60.0)
    with pytest.raises(actions.WrongDirection):
        aimed(ines, row, name="Days to open", today=30.0, is_lower_better=True, target=40.0)
    aimed(ines, row, metric=moved.metric(ines, direction="keep", name="Temperature"), target=20.0)
    assert row.key_results.count() == 1


def test_the_question_of_the_pain_point_is_what_is_looked_at_unless_said_otherwise(ines: User) -> None:
    pain_point = moved.pain_point(ines)
    row = moved.initiative(ines, answers=pain_point, kind="quick_win")
    with pytest.raises(actions.NoFigure):
        actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    moved.answered(pain_point, Moment.BEFORE, 3.0, world.NOW, count=4)
    with pytest.raises(actions.NoFigure):
        actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    moved.answered(pain_point, Moment.BEFORE, 7.4, world.NOW + dt.timedelta(days=1))
    actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    found = row.key_results.get()
    assert (found.measured_by, found.baseline, found.baseline_count, found.target) == ("re_ask", 7.4, 12, 6.4)
    assert found.is_lower_better


def test_what_was_noted_is_not_edited(ines: User) -> None:
    row, metric = moved.initiative(ines), moved.metric(ines)
    found = aimed(ines, row, metric=metric, target=60.0)
    found = actions.set_key_result(
        actor=ines, initiative=row, wanted=Wanted(metric=metric, target=55.0), key_result=found, now=world.NOW
    )
    assert (row.key_results.count(), found.target) == (1, 55.0)
    actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    found.refresh_from_db()
    with pytest.raises(actions.AlreadyFixed):
        actions.set_key_result(
            actor=ines,
            initiative=row,
            wanted=Wanted(metric=metric, target=41.0),
            key_result=found,
            now=world.NOW,
        )
    with pytest.raises(actions.AlreadyFixed):
        actions.drop_key_result(actor=ines, key_result=found, now=world.NOW)
    with pytest.raises(actions.NotMeasuredByHand):
        actions.note_figure(actor=ines, key_result=found, value=60, on=world.TODAY, now=world.NOW)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"name": "Days", "today": float("inf"), "target": 3.0},
        {"name": "Days", "today": 3.0, "target": float("nan")},
        {"name": "Days", "today": 3.0, "target": 9.0, "effect_from": world.TODAY},
        {
            "name": "Days", "today": 3.0, "target": 9.0,
            "effect_from": world.TODAY + dt.timedelta(days=9), "effect_until": world.TODAY + dt.timedelta(days=8),
        },
    ],
)  # fmt: skip
def test_what_cannot_be_looked_at_is_refused(ines: User, wanted: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        aimed(ines, moved.initiative(ines), **wanted)
    assert not KeyResult.objects.exists()


def test_a_metric_without_values_gives_no_baseline(ines: User) -> None:
    row, metric = moved.initiative(ines), moved.metric(ines)
    type(metric).objects.filter(pk=metric.pk).update(latest_value=None, latest_on=None)
    metric.refresh_from_db()
    aimed(ines, row, metric=metric, target=60.0)
    with pytest.raises(actions.NoFigure):
        actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)


def test_a_figure_by_hand_is_noted_once_before_and_once_after(ines: User) -> None:
    row = moved.initiative(ines)
    found = aimed(ines, row, name="Days to open a shop", today=30.0, is_lower_better=True, target=20.0)
    actions.capture_baseline(actor=ines, initiative=row, now=world.NOW)
    start_initiative(actor=ines, initiative=row, now=world.NOW)
    then = moved.later(2)
    with pytest.raises(actions.WrongWindow):
        actions.note_figure(actor=ines, key_result=found, value=18, on=world.TODAY, now=then)
    actions.note_figure(actor=ines, key_result=found, value=18, on=then.date(), now=then)
    with pytest.raises(actions.AlreadyFixed):
        actions.note_figure(actor=ines, key_result=found, value=10, on=then.date(), now=then)


def test_the_form_reads_units_with_their_days_and_says_what_it_cannot_read(ines: User) -> None:
    form = KeyResultForm({"target": "3", "stages": "Team; A; 2027-01-15\n\nTeam B;2027-02-15"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["stages"] == [
        ("Team; A", dt.date(2027, 1, 15)),
        ("Team B", dt.date(2027, 2, 15)),
    ]
    for wrong in ("Team B", "; 2027-02-15", "Team; 2027-02-31", "Team; 99999-01-01"):
        assert "stages" in KeyResultForm({"target": "3", "stages": wrong}).errors
    with pytest.raises(actions.WrongWindow):
        aimed(
            ines, moved.initiative(ines), metric=moved.metric(ines), target=60.0, stages=(("A", world.TODAY),)
        )
