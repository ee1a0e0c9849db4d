"""The ways of working of the demo company: at every point of their life, and lived as the work shows."""

import pytest

from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.demo.tracker import projects
from vertebra.evidence.models import FlowOpening
from vertebra.practices.labels.adoption import AdoptionState, CardState
from vertebra.practices.labels.practices import ContributionKind, PracticeState, Reach
from vertebra.practices.models import (
    Adaptation,
    Adoption,
    AdoptionCard,
    Check,
    CheckAdaptation,
    CheckTrial,
    Contribution,
    Practice,
    PracticeReach,
    Routine,
)

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("loaded", ["small", "scale-up"], indirect=True)


@BOTH
def test_ways_of_working_are_at_every_point_of_their_life(loaded: Summary) -> None:
    states = set(Practice.objects.values_list("state", flat=True))
    assert states == set(PracticeState.values)
    assert set(PracticeReach.objects.values_list("reach", flat=True)) >= {Reach.STANDARD, Reach.RECOMMENDED}
    assert Adaptation.objects.exists()
    assert Routine.objects.count() == 3
    assert FlowOpening.objects.filter(unit=None, closed_at=None).count() == 1


@BOTH
def test_what_teams_say_is_what_their_work_shows(loaded: Summary) -> None:
    checked = Practice.objects.get(shipped="qa-process")
    said = set(
        Adoption.objects.filter(practice=checked)
        .exclude(state=AdoptionState.NOT_YET)
        .values_list("unit", flat=True)
    )
    assert said
    began = {team.unit_id: team.habits.checked_from for team in projects(DAY)}
    assert all(began[unit] for unit in said)
    sorting = Adoption.objects.filter(practice__name="Tri des bugs du lundi", ends_on=None)
    assert (
        sorting.filter(state=AdoptionState.LAPSED).count()
        > sorting.filter(state=AdoptionState.ADOPTED).count()
    )


@BOTH
def test_nobody_objects_to_what_they_carry(loaded: Summary) -> None:
    objections = Contribution.objects.filter(kind=ContributionKind.OBJECTION)
    assert objections.count() >= 2
    assert all(one.person_id != one.practice.carrier_id for one in objections.select_related("practice"))


@BOTH
def test_teams_are_asked_once_a_quarter_and_most_answer(loaded: Summary) -> None:
    cards = AdoptionCard.objects.exclude(state=CardState.DECLINED)
    assert len(set(cards.values_list("quarter", flat=True))) == 3
    assert cards.filter(state=CardState.ANSWERED).count() > cards.count() / 2
    # Nadia has not answered yet: Home shows what waits for her.
    assert cards.get(person__name="Nadia Benhaddou", quarter="2026-10-01").state == CardState.WAITING
    assert set(Adoption.objects.values_list("state", flat=True)) == set(AdoptionState.values)


@BOTH
def test_checks_belong_to_practices_built_together_and_were_tried_before_they_were_on(
    loaded: Summary,
) -> None:
    checks = Check.objects.select_related("practice")
    assert {(one.kind, one.practice.shipped) for one in checks} == {
        ("own", "qa-process"), ("shipped", "tracker-hygiene"),
    }  # fmt: skip
    for check in checks:
        tried = CheckTrial.objects.get(check_row=check)
        assert check.practice.co_authors.exists()
        assert check.on_since is not None
        assert check.created_at < tried.asked_at < check.on_since
    assert CheckAdaptation.objects.count() == 1
