"""The stage of the function is noted field by field, and told over time in words."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import User
from vertebra.discovery.actions.stages import Effort, NotTheWhole, note_stage, withdraw_stage
from vertebra.discovery.models import StageOfFunction
from vertebra.discovery.queries.stages import stages
from vertebra.org.models import Field

pytestmark = pytest.mark.django_db


def field(name: str = "Process and tools") -> Field:
    return Field.objects.create(name=name)


def noted(actor: User, where: Field, effort: Effort, days: int = 0) -> None:
    note_stage(actor=actor, field=where, effort=effort, now=world.NOW + dt.timedelta(days=days))


def test_the_latest_stage_is_told_with_those_before_and_when_to_look_again() -> None:
    ines, process = world.ines(), field()
    noted(ines, process, Effort(70, 20, 10))
    noted(ines, process, Effort(20, 30, 50, ["expert", "analyst"]), days=190)
    day = world.TODAY + dt.timedelta(days=200)
    (found,) = stages(day)
    assert [moment.stage for moment in found.moments] == ["centre", "fire_fighter"]
    assert found.moves
    assert not found.is_due
    assert stages(day + dt.timedelta(days=180))[0].is_due


def test_what_lacks_for_a_centre_of_excellence_is_said() -> None:
    ines, process = world.ines(), field()
    noted(ines, process, Effort(40, 20, 40, ["expert", "analyst"]))
    (found,) = stages(world.TODAY)
    assert [str(one) for one in found.missing] == ["urgencies take more than a quarter of the effort"]


def test_a_field_that_nobody_noted_is_due_and_says_nothing() -> None:
    field()
    (found,) = stages(world.TODAY)
    assert (found.now, found.is_due, found.missing) == (None, True, [])


def test_shares_make_the_whole() -> None:
    ines, process = world.ines(), field()
    for shares in ((50, 50, 50), (-10, 60, 50)):
        with pytest.raises(NotTheWhole):
            noted(ines, process, Effort(*shares))


def test_said_again_the_same_day_it_replaces_and_can_be_undone() -> None:
    ines, process = world.ines(), field()
    noted(ines, process, Effort(70, 20, 10))
    entry = note_stage(actor=ines, field=process, effort=Effort(10, 20, 70), now=world.NOW)
    assert StageOfFunction.objects.get().urgencies == 10
    with pytest.raises(NothingChanges):
        noted(ines, process, Effort(10, 20, 70))
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert StageOfFunction.objects.get().urgencies == 70


def test_what_was_noted_can_be_taken_back() -> None:
    ines, process = world.ines(), field()
    noted(ines, process, Effort(70, 20, 10))
    entry = withdraw_stage(actor=ines, row=StageOfFunction.objects.get(), now=world.NOW)
    assert not StageOfFunction.objects.exists()
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert StageOfFunction.objects.get().urgencies == 70


def test_the_form_says_what_is_wrong_and_keeps_own_words_for_trades() -> None:
    ines, process = world.ines(), field()
    client = Client()
    client.force_login(ines)
    url = reverse("discovery:stage-create", args=(process.pk,))
    bad = client.post(url, {"urgencies": "50", "projects": "30", "standards": "30"})
    assert bad.status_code == 422
    both = {"urgencies": "50", "projects": "30", "standards": "20"}
    assert client.post(url, {**both, "skills": "expert", "skills_missing": "expert"}).status_code == 422
    client.post(url, {**both, "skills": "expert", "own_skills": "facilitator,  agile coach ,"})
    assert StageOfFunction.objects.get().skills == ["expert", "facilitator", "agile coach"]
    assert client.get(reverse("discovery:stage-list")).status_code == 200
    assert b"facilitator, agile coach" in client.get(url).content
