"""Consultations: champions asked by name, twice a week at most, reminded once, told what became of it."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import LONG_AGO, area, person
from tests.releases.made import champion, planned
from vertebra.accounts.audit import CannotUndo, NothingChanges, Refusal, undo
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User, Watch
from vertebra.evidence.models import Ask
from vertebra.kit.personal import Subject as Whose
from vertebra.kit.seals import unseal
from vertebra.org.labels import MandateRole
from vertebra.org.models import Area, Mandate, Person
from vertebra.releases.actions.consultation_answers import TooLate, answer_consultation
from vertebra.releases.actions.consultation_rounds import ask_waiting, let_go, remind_champions
from vertebra.releases.actions.consultations import (
    MOST,
    IsClosed,
    NobodyToAsk,
    NoOutcome,
    NotAsked,
    Wanted,
    ask_champions,
    ask_more_champions,
    change_consultation,
    close_consultation,
)
from vertebra.releases.jobs.consultations import is_consultation_due, look_after_consultations
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk
from vertebra.releases.personal import HOLDING
from vertebra.releases.queries.consultations import Subject, whom_to_ask

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DUE = world.TODAY + dt.timedelta(days=7)


@pytest.fixture
def boats() -> Area:
    return area("Bateaux")


@pytest.fixture
def bo(boats: Area) -> Person:
    return champion("Bo Chen", "sales", area=boats, email="bo@field.example", language="en")


@pytest.fixture
def cy(boats: Area) -> Person:
    return champion("Cy Roux", "support", area=boats, email="cy@field.example", language="fr")


def days(count: float) -> dt.datetime:
    return world.NOW + dt.timedelta(days=count)


def asked(actor: User, *people: Person, now: dt.datetime = world.NOW, **given: Any) -> Consultation:
    """A consultation of these people."""
    wanted = Wanted(**{"title": "A new hull", "due_on": DUE, "language": "en", **given})
    return ask_champions(actor=actor, wanted=wanted, people={one.pk: ["area"] for one in people}, now=now)[0]


def ask_of(who: Person) -> ConsultationAsk:
    return ConsultationAsk.objects.get(person=who)


def said(who: Person, impact: str = "low", now: dt.datetime = world.NOW, **given: Any) -> AuditEntry:
    return answer_consultation(
        actor=None, ask=ask_of(who), impact=impact, language="en", now=now, **given
    )  # fmt: skip


def test_each_champion_is_asked_by_a_mail_with_a_link_of_their_own(
    ines: User, boats: Area, bo: Person, cy: Person
) -> None:
    row = asked(ines, bo, cy, area=boats)
    messages = Message.objects.filter(template="consultation_ask").order_by("pk")
    assert [(one.to_email, one.language, one.kind) for one in messages] == [
        ("bo@field.example", "en", "consultations"),
        ("cy@field.example", "fr", "consultations"),
    ]
    links = {unseal(one.address) for one in messages}
    assert len(links) == 2
    assert all(one.startswith("/releases/consulted/") for one in links)
    ask = ask_of(bo)
    assert (ask.state, ask.reasons, ask.mandate.area_id) == ("waiting", ["area"], boats.pk)
    assert not any(ask.digest in one for one in links)
    assert set(Ask.objects.values_list("person", "kind", "object_id")) == {
        (bo.pk, "consultation", row.pk),
        (cy.pk, "consultation", row.pk),
    }


def test_whoever_was_asked_twice_this_week_waits_for_a_week_with_room(ines: User, bo: Person) -> None:
    for number in (1, 2):
        Ask.objects.create(person=bo, kind="survey", object_id=number, on=world.TODAY)
    asked(ines, bo, due_on=world.TODAY + dt.timedelta(days=20))
    assert (ask_of(bo).state, Message.objects.count()) == ("held", 0)
    first = ask_of(bo).digest
    assert ask_waiting(actor=None, now=days(6)) == []
    [entry] = ask_waiting(actor=None, now=days(8))
    assert entry.particulars["count"] == 1
    assert (ask_of(bo).state, Message.objects.count()) == ("waiting", 1)
    assert ask_of(bo).digest != first
    assert ask_waiting(actor=None, now=days(8)) == []


def test_a_third_consultation_in_a_week_is_held_and_only_one_is_asked_for_each_room(
    ines: User, bo: Person
) -> None:
    late = world.TODAY + dt.timedelta(days=30)
    for number in range(4):
        asked(ines, bo, title=f"Hull {number}", due_on=late)
    states = list(ConsultationAsk.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["waiting", "waiting", "held", "held"]
    ask_waiting(actor=None, now=days(8))
    assert ConsultationAsk.objects.filter(state="held").count() == 1


def test_nobody_without_a_mandate_or_who_left_is_asked(ines: User, boats: Area, bo: Person) -> None:
    stranger = person("Stranger", email="s@field.example")
    gone = champion("Gone", "sales", area=boats, email="g@field.example", left_on=world.TODAY)
    with pytest.raises(NobodyToAsk):
        asked(ines, stranger, gone)
    assert Consultation.objects.count() == 0
    asked(ines, bo, stranger, gone)
    assert [one.person for one in ConsultationAsk.objects.all()] == [bo]


def test_whoever_asks_does_not_ask_themselves_and_asks_a_few(ines: User, boats: Area) -> None:
    mine = champion("Ines Barbier", "sales", area=boats, user=ines)
    with pytest.raises(NobodyToAsk):
        asked(ines, mine)
    many = [champion(f"P {at}", "sales", area=boats, email=f"p{at}@field.example") for at in range(MOST + 1)]
    with pytest.raises(NobodyToAsk):
        asked(ines, *many)


@pytest.mark.parametrize("given", [{"title": " "}, {"due_on": world.TODAY}])
def test_what_is_asked_says_what_and_leaves_a_day(ines: User, bo: Person, given: dict[str, Any]) -> None:
    with pytest.raises(NotAsked):
        asked(ines, bo, **given)


def test_an_answer_is_taken_and_may_be_better_until_the_end(ines: User, bo: Person) -> None:
    row = asked(ines, bo)
    said(bo, "high", readiness="Two macros.", words="When?")
    held = ConsultationAnswer.objects.get()
    assert (held.impact, held.readiness, held.words, held.minutes) == ("high", "Two macros.", "When?", 2)
    with pytest.raises(NothingChanges):
        said(bo, "high", readiness="Two macros.", words="When?")
    said(bo, "low", minutes=15)
    held.refresh_from_db()
    assert (held.impact, held.readiness, held.minutes) == ("low", "", 15)
    close_consultation(actor=ines, consultation=row, outcome="Macros are written.", now=days(1))
    with pytest.raises(TooLate):
        said(bo, "none", now=days(2))


def test_the_audit_keeps_neither_the_answer_nor_its_minutes(ines: User, bo: Person) -> None:
    asked(ines, bo)
    entry = said(bo, "high", readiness="A secret need", minutes=99)
    assert not AuditRow.objects.filter(entry=entry).exists()
    assert "99" not in str(entry.particulars) and "secret" not in str(entry.particulars)


def test_an_impact_is_one_of_three(ines: User, bo: Person) -> None:
    asked(ines, bo)
    with pytest.raises(Refusal):
        said(bo, "enormous")


def test_one_reminder_comes_two_days_before_with_the_same_link_and_no_more(ines: User, bo: Person) -> None:
    asked(ines, bo)
    first = Message.objects.get().address
    assert remind_champions(actor=None, now=days(4)) == []
    assert len(remind_champions(actor=None, now=days(5))) == 1
    assert remind_champions(actor=None, now=days(6)) == []
    again = Message.objects.get(template="consultation_reminder")
    assert unseal(again.address) == unseal(first)
    assert ask_of(bo).state == "reminded"


def test_nobody_is_reminded_of_what_they_answered_nor_on_the_day_they_were_asked(
    ines: User, bo: Person, cy: Person
) -> None:
    soon = world.TODAY + dt.timedelta(days=1)
    asked(ines, bo, cy, due_on=soon)
    assert remind_champions(actor=None, now=world.NOW + dt.timedelta(hours=1)) == []
    said(bo)
    remind_champions(actor=None, now=days(1))
    assert [one.to_email for one in Message.objects.filter(template="consultation_reminder")] == [cy.email]


def test_after_the_day_nothing_is_waited_for_and_a_late_word_is_still_taken(ines: User, bo: Person) -> None:
    row = asked(ines, bo)
    assert let_go(actor=None, now=days(7)) is None
    assert let_go(actor=None, now=days(8)) is not None
    assert ask_of(bo).state == "lapsed"
    said(bo, "high", now=days(10))
    assert ask_of(bo).state == "answered"
    row.refresh_from_db()
    with pytest.raises(TooLate):
        said(bo, "low", now=days(60))


def test_the_job_asks_reminds_and_lets_go_and_knows_when_it_has_nothing_to_do(
    ines: User, bo: Person, settings: Any
) -> None:
    assert not is_consultation_due()
    asked(ines, bo)
    settings.FIXED_NOW = days(5)
    assert is_consultation_due()
    assert look_after_consultations.call() == {"asked": 0, "reminded": 1, "let_go": 0}
    settings.FIXED_NOW = days(8)
    assert look_after_consultations.call() == {"asked": 0, "reminded": 0, "let_go": 1}
    assert not is_consultation_due()


def test_more_time_waits_again_for_those_who_had_not_answered(ines: User, bo: Person) -> None:
    row = asked(ines, bo)
    let_go(actor=None, now=days(8))
    later = world.TODAY + dt.timedelta(days=20)
    change_consultation(actor=ines, consultation=row, changes={"due_on": later}, now=days(9))
    assert ask_of(bo).state == "waiting"
    with pytest.raises(NotAsked):
        change_consultation(actor=ines, consultation=row, changes={"due_on": world.TODAY}, now=days(9))
    with pytest.raises(NothingChanges):
        change_consultation(actor=ines, consultation=row, changes={"title": "A new hull"}, now=days(9))


def test_others_are_asked_the_same_and_nobody_twice(ines: User, bo: Person, cy: Person) -> None:
    row = asked(ines, bo)
    ask_more_champions(actor=ines, consultation=row, people={bo.pk: ["area"], cy.pk: ["area"]}, now=world.NOW)
    assert ConsultationAsk.objects.count() == 2
    with pytest.raises(NobodyToAsk):
        ask_more_champions(actor=ines, consultation=row, people={bo.pk: ["area"]}, now=world.NOW)


def test_closing_says_what_became_of_it_to_those_who_answered_alone(
    ines: User, bo: Person, cy: Person
) -> None:
    row = asked(ines, bo, cy)
    said(bo)
    with pytest.raises(NoOutcome):
        close_consultation(actor=ines, consultation=row, outcome=" ", now=days(1))
    entry = close_consultation(actor=ines, consultation=row, outcome="The hull waits for May.", now=days(1))
    told = Message.objects.get(template="consultation_outcome")
    assert (told.to_email, told.particulars["outcome"]) == (bo.email, "The hull waits for May.")
    assert ask_of(cy).state == "lapsed"
    with pytest.raises(IsClosed):
        close_consultation(actor=ines, consultation=row, outcome="Again", now=days(1))
    with pytest.raises(CannotUndo):
        undo(actor=ines, entry=entry, now=days(1))


def test_asking_somebody_by_mail_is_not_undone_but_a_consultation_that_is_held_is(
    ines: User, bo: Person
) -> None:
    asked(ines, bo)
    with pytest.raises(CannotUndo):
        undo(actor=ines, entry=AuditEntry.objects.get(verb="ask"), now=world.NOW)
    Consultation.objects.all().delete()
    Ask.objects.create(person=bo, kind="survey", object_id=9, on=world.TODAY)
    asked(ines, bo, title="Held")
    entry = AuditEntry.objects.filter(verb="ask").latest("pk")
    undo(actor=ines, entry=entry, now=world.NOW)
    assert not Consultation.objects.exists()


def test_a_change_is_undone(ines: User, bo: Person) -> None:
    row = asked(ines, bo)
    entry = change_consultation(actor=ines, consultation=row, changes={"title": "Another"}, now=world.NOW)
    undo(actor=ines, entry=entry, now=world.NOW)
    row.refresh_from_db()
    assert row.title == "A new hull"


def test_the_nearest_mandate_is_the_one_that_is_counted(ines: User, boats: Area, bo: Person) -> None:
    other = area("Voiles")
    near = Mandate.objects.create(
        person=bo, role=MandateRole.CHAMPION, function="sales", area=other, starts_on=LONG_AGO
    )
    asked(ines, bo, area=other)
    assert ask_of(bo).mandate == near


def test_a_release_proposes_the_champions_of_its_area_without_a_word(
    ines: User, boats: Area, bo: Person
) -> None:
    release = planned(ines, "Zzz", area=boats)
    told = whom_to_ask(Subject("qqq", release=release), world.NOW)
    assert [one.champion for one in told.answer.proposals] == [bo.pk]
    assert whom_to_ask(Subject("qqq"), world.NOW).answer.proposals == ()


def test_a_person_who_left_answers_no_more(ines: User, bo: Person) -> None:
    asked(ines, bo)
    Person.objects.filter(pk=bo.pk).update(left_on=world.TODAY)
    with pytest.raises(TooLate):
        said(bo)


def test_minutes_are_handed_over_to_who_gave_them_alone(ines: User, bo: Person) -> None:
    asked(ines, bo)
    said(bo, minutes=17)
    for is_asking in (True, False):
        whose = Whose(bo.pk, None, bo.name, bo.email, "x", is_asking=is_asking)
        [row] = HOLDING.export(whose)["consulted"]
        assert ("answer__minutes" in row) is is_asking


def test_what_was_asked_is_followed_by_who_asked(ines: User, bo: Person) -> None:
    row = asked(ines, bo)
    assert Watch.objects.filter(user=ines, kind=Kind.CONSULTATION, object_id=row.pk).exists()
