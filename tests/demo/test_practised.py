"""The ways of working of the demo company: at every point of their life, and lived as the work shows."""

import pytest

from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary
from vertebra.demo.tracker import projects
from vertebra.evidence.models import FlowOpening
from vertebra.practices.labels.adoption import AdoptionState
from vertebra.practices.labels.practices import ContributionKind, PracticeState, Reach
from vertebra.practices.models import Adaptation, Adoption, Contribution, Practice, PracticeReach, Routine

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
    said = set(Adoption.objects.filter(practice=checked).values_list("unit", flat=True))
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
