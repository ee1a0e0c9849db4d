"""Undo takes back what was written, and never what people took, began or answered on top of it."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.learning.made import crowd, published
from tests.org.company import area, person, unit
from tests.releases.made import champion, planned
from vertebra.accounts import audit
from vertebra.accounts.labels import Operation
from vertebra.accounts.models import AuditEntry, User
from vertebra.learning.actions import assigning, paths
from vertebra.learning.actions.taking import answer_lesson, begin_path, do_step
from vertebra.learning.labels import StepKind
from vertebra.learning.models import Completion, Enrolment, Path, PathStep, StepDone
from vertebra.learning.queries.lessons import versions_of
from vertebra.learning.queries.mine import paths_of, steps_of
from vertebra.org.models import Mandate
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import ask_question
from vertebra.releases.actions.consultation_answers import answer_consultation
from vertebra.releases.actions.consultations import Wanted, ask_champions
from vertebra.releases.actions.reading import say_word
from vertebra.releases.actions.relays import pass_on
from vertebra.releases.models import BriefQuestion, ConsultationAnswer, ConsultationAsk, Receipt, Relay

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def karim() -> User:
    return world.karim()


def refused(**about: Any) -> None:
    """Every entry about it, from the last to the first, is refused."""
    entries = list(AuditEntry.objects.filter(**about).order_by("-pk"))
    assert entries
    with pytest.raises(audit.CannotUndo):
        for entry in entries:
            audit.undo(actor=User.objects.get(), entry=entry, now=NOW)


def test_a_path_that_somebody_walks_stays(karim: User) -> None:
    path = paths.create_path(actor=karim, values={"title": "Selling it", "language": "en"}, now=NOW)
    begin_path(person=person("Sam"), path_id=path.pk, now=NOW)
    refused(kind="path", verb="create")
    assert Enrolment.objects.filter(path=path).exists()


def test_a_step_that_somebody_did_stays(karim: User) -> None:
    path = paths.create_path(actor=karim, values={"title": "Selling it", "language": "en"}, now=NOW)
    values = {"kind": StepKind.PAGE, "title": "Read", "web_address": "/releases/", "day": 1}
    paths.write_step(actor=karim, path=path, values=values, now=NOW)
    sam = person("Sam")
    begin_path(person=sam, path_id=path.pk, now=NOW)
    do_step(person=sam, step=PathStep.objects.get(), now=NOW)
    refused(kind="path", verb="change")
    assert StepDone.objects.exists()


def test_a_step_that_is_taken_away_stays_in_the_record_of_whoever_did_it_and_comes_back(karim: User) -> None:
    path = paths.create_camp(actor=karim, language="en", now=NOW)
    sam, step = person("Sam"), PathStep.objects.filter(path=path)[0]
    mine = begin_path(person=sam, path_id=path.pk, now=NOW)
    do_step(person=sam, step=step, now=NOW)
    entry = paths.remove_step(actor=karim, step=step, now=NOW)
    assert StepDone.objects.filter(step=step).exists()
    assert [(one.steps, one.done) for one in paths_of(sam)] == [(7, 0)]
    assert step.pk not in {one.row.pk for one in steps_of(path, mine, TODAY)}
    audit.undo(actor=karim, entry=entry, now=NOW)
    assert [(one.steps, one.done) for one in paths_of(sam)] == [(8, 1)]


def test_a_lesson_that_somebody_took_stays(karim: User) -> None:
    lesson = published(karim)
    version = versions_of(lesson).current
    assert version is not None
    answer_lesson(person=person("Sam"), version=version, choice=1, is_right=True, now=NOW)
    for entry in AuditEntry.objects.filter(kind="lesson").exclude(verb="create").order_by("-pk"):
        audit.undo(actor=karim, entry=entry, now=NOW)
    refused(kind="lesson", verb="create")
    assert Completion.objects.exists()


def test_giving_is_undone_and_who_was_given_it_keeps_it(karim: User) -> None:
    crowd(unit("Support"), 2)
    audience = create_audience(actor=karim, name="Everybody", rules={"any": [{}]}, now=NOW)
    entry = assigning.give_lesson(actor=karim, lesson=published(karim), audience=audience, now=NOW)
    assigning.enrol_due(actor=None, now=NOW)
    audit.undo(actor=karim, entry=entry, now=NOW)
    assert set(Enrolment.objects.values_list("assignment", flat=True)) == {None}


def test_a_consultation_that_a_champion_answered_stays(karim: User) -> None:
    bo = champion("Bo Chen", "sales", area=area("Boats"), email="bo@field.example", language="en")
    wanted = Wanted(title="A new hull", due_on=TODAY + dt.timedelta(days=7), language="en")
    ask_champions(actor=karim, wanted=wanted, people={bo.pk: ["area"]}, now=NOW)
    # As it is where nobody wrote down that the morning's mail left.
    AuditEntry.objects.filter(kind="consultation").update(particulars={})
    ask = ConsultationAsk.objects.get()
    answer_consultation(actor=None, ask=ask, impact="low", language="en", now=NOW)
    refused(kind="consultation", verb="ask")
    assert ConsultationAnswer.objects.exists()


def test_a_release_that_people_said_something_about_stays(karim: User) -> None:
    row = planned(karim)
    say_word(person=person("Sam"), release=row, state="understood", now=NOW)
    refused(kind="release", verb="create")
    assert Receipt.objects.exists()
    Receipt.objects.all().delete()
    ask_question(actor=None, release=row, question="Why?", language="en", person=None, now=NOW)
    refused(kind="release", verb="create")
    assert BriefQuestion.objects.exists()


def test_what_goes_along_is_looked_through_to_the_end(karim: User) -> None:
    path = paths.create_path(actor=karim, values={"title": "Selling it", "language": "en"}, now=NOW)
    # A step that no entry knows of, as a job would write it, and somebody's tick on it.
    step = PathStep.objects.create(path=path, kind=StepKind.PAGE, title="Read", web_address="/releases/")
    other = Path.objects.create(title="Another", language="en", created_at=NOW, changed_at=NOW)
    enrolment = Enrolment.objects.create(person=person("Sam"), path=other, started_on=TODAY)
    StepDone.objects.create(enrolment=enrolment, step=step, done_on=TODAY)
    refused(kind="path", verb="create")
    assert StepDone.objects.exists()


def test_what_a_champion_passed_on_stays(karim: User) -> None:
    bo = champion("Bo Chen", "sales", area=area("Boats"), email="bo@field.example", language="en")
    pass_on(actor=karim, person=bo, line="Sales asks for two hulls", language="en", now=NOW)
    mandate = Mandate.objects.as_of(TODAY).get(person=bo)
    entry = audit.record(
        actor=karim, verb="create", kind="mandate", object_id=mandate.pk, object_name="Champion", now=NOW,
        rows=[audit.RowChange("org.mandate", mandate.pk, Operation.CREATED)],
    )  # fmt: skip
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=karim, entry=entry, now=NOW)
    assert Relay.objects.exists()
