"""Whoever waits for a free week: asked once there is room, whatever happens to the day; what they answer stays."""

from typing import Any

import pytest

from tests import world
from tests.org.company import area
from tests.releases.made import champion
from tests.releases.test_consultations import ask_of, asked, days, said
from vertebra.accounts.audit import CannotUndo, undo
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User
from vertebra.evidence.models import Ask
from vertebra.org.models import Person
from vertebra.releases.actions.consultation_rounds import ask_waiting, let_go, remind_champions
from vertebra.releases.actions.consultations import change_consultation
from vertebra.releases.jobs.consultations import is_consultation_due
from vertebra.releases.models import ConsultationAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def bo() -> Person:
    """A champion who was asked for two things this week, six days ago."""
    found = champion("Bo Chen", "sales", area=area("Bateaux"), email="bo@field.example", language="en")
    for number in (1, 2):
        Ask.objects.create(person=found, kind="survey", object_id=number, on=days(-6).date())
    return found


def test_whoever_was_held_until_the_day_was_over_is_asked_when_more_time_is_given(
    ines: User, bo: Person, settings: Any
) -> None:
    Ask.objects.update(on=world.TODAY)
    row = asked(ines, bo, due_on=days(3).date())
    let_go(actor=None, now=days(4))
    settings.FIXED_NOW = days(4)
    assert ask_of(bo).state == "held", "nobody waits for an answer to what was never asked"
    assert not is_consultation_due()
    change_consultation(actor=ines, consultation=row, changes={"due_on": days(30).date()}, now=days(4))
    assert ask_of(bo).state == "held" and is_consultation_due()
    ask_waiting(actor=None, now=days(8))
    assert (ask_of(bo).state, Message.objects.filter(template="consultation_ask").count()) == ("waiting", 1)
    assert Ask.objects.filter(person=bo, kind="consultation", object_id=row.pk).exists()


def test_undo_after_ask_waiting_and_an_answer_is_refused(ines: User, bo: Person) -> None:
    asked(ines, bo)
    entry = AuditEntry.objects.get(verb="ask")
    ask_waiting(actor=None, now=days(0.96))
    said(bo, "high", now=days(0.97))
    with pytest.raises(CannotUndo, match="changed the same thing since"):
        undo(actor=ines, entry=entry, now=days(0.98))
    assert ConsultationAnswer.objects.count() == 1


def test_each_consultation_has_its_own_entry_of_who_was_asked_and_reminded(ines: User, bo: Person) -> None:
    cy = champion("Cy Roux", "support", area=area("Voiles"), email="cy@field.example")
    Ask.objects.update(on=world.TODAY)
    held, other = asked(ines, bo, title="Held", due_on=days(20).date()), asked(ines, cy, title="Other")
    assert ask_waiting(actor=None, now=days(6)) == []
    [entry] = ask_waiting(actor=None, now=days(7))
    assert (entry.object_id, entry.particulars["mailed"], entry.rows.count()) == (held.pk, True, 1)
    assert "digest" not in str(AuditRow.objects.get(entry=entry).after)
    reminded = remind_champions(actor=None, now=days(6))
    assert {(one.object_id, one.rows.count()) for one in reminded} == {(other.pk, 1)}
    assert all(one.particulars["mailed"] for one in reminded)
