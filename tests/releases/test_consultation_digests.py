"""One reminder, then the digest: an ask that nobody answered is never a second reminder mail."""

import datetime as dt

import pytest
from django.core import mail

from tests import world
from tests.org.company import area
from tests.releases.made import champion
from tests.releases.test_consultations import asked, days, said
from vertebra.accounts import outbox
from vertebra.accounts.actions.reach import Times, choose_telling
from vertebra.accounts.labels import Channel, DeliveryState, Pace
from vertebra.accounts.models import ChannelChoice, Delivery, Message, Rhythm, User
from vertebra.evidence.models import Ask
from vertebra.org.models import Person
from vertebra.releases.actions.consultation_rounds import let_go, remind_champions
from vertebra.releases.actions.consultations import change_consultation, close_consultation
from vertebra.releases.models import Consultation

pytestmark = pytest.mark.django_db
LEFT = {"message__template": "consultation_left"}


@pytest.fixture
def lea() -> Person:
    """A champion with an account, who is told at once."""
    return champion("Lea Roux", "sales", area=area("Bateaux"), user=world.english(world.lea()))


def sent(now: dt.datetime) -> list[str]:
    """What is mailed until then, digests included; the subjects."""
    before = len(mail.outbox)
    outbox.gather(now)
    outbox.deliver(now)
    return [str(one.subject) for one in mail.outbox[before:]]


def silent(ines: User, *people: Person) -> Consultation:
    """A consultation of these people, who were asked and reminded by mail, and whose day is over."""
    row = asked(ines, *people)
    assert len(sent(days(0))) == len(people)
    remind_champions(actor=None, now=days(5))
    assert len(sent(days(5))) == len(people)
    let_go(actor=None, now=days(8))
    return row


def test_after_its_one_reminder_an_ask_is_a_line_of_the_digest_and_no_mail_of_its_own(
    ines: User, lea: Person
) -> None:
    silent(ines, lea)
    first, again = (one.subject for one in mail.outbox)
    assert first == "Two minutes: what does “A new hull” change for your trade?"
    assert again.startswith("Your word on “A new hull” still helps until")
    assert sent(days(8)) == [], "nothing goes at once"
    [digest] = Delivery.objects.filter(**LEFT)
    assert (digest.state, digest.channel) == (DeliveryState.HELD, Channel.MAIL)
    assert digest.due_at <= days(15), "the next of the week"
    assert sent(days(15)) == ["Your word on “A new hull” is late and still helps"]
    assert "/releases/consulted/" in mail.outbox[-1].body
    assert Message.objects.filter(template="digest").count() == 1
    remind_champions(actor=None, now=days(16))
    let_go(actor=None, now=days(16))
    assert sent(days(40)) == [], "and never again"
    assert Message.objects.filter(template="consultation_reminder").count() == 1


def test_it_comes_with_what_else_waits_for_the_digest_of_the_day(ines: User, lea: Person) -> None:
    ChannelChoice.objects.create(user=lea.user, kind="consultations", channel=Channel.MAIL, pace=Pace.DAILY)
    row = asked(ines, lea)
    assert sent(days(1)) == ["Two minutes: what does “A new hull” change for your trade?"]
    remind_champions(actor=None, now=days(5))
    sent(days(6))
    let_go(actor=None, now=days(8))
    asked(ines, lea, title="A new mast", due_on=world.TODAY + dt.timedelta(days=30), now=days(8))
    assert sent(days(9)) == ["2 things you were not told at once"]
    assert "A new hull" in mail.outbox[-1].body and "A new mast" in mail.outbox[-1].body
    assert row.closed_at is None


def test_a_digest_is_no_third_ask_of_the_week(ines: User, lea: Person) -> None:
    silent(ines, lea)
    assert Ask.objects.filter(person=lea).count() == 1
    sent(days(15))
    assert Ask.objects.filter(person=lea).count() == 1


@pytest.mark.parametrize("moment", ["held", "gathered"])
def test_what_is_answered_meanwhile_is_not_in_the_digest(ines: User, lea: Person, moment: str) -> None:
    silent(ines, lea)
    if moment == "gathered":
        outbox.gather(days(15))
    said(lea, now=days(9))
    assert sent(days(15)) == []
    assert Delivery.objects.get(**LEFT).state == DeliveryState.STOPPED


def test_what_is_closed_meanwhile_is_not_in_the_digest(ines: User, lea: Person) -> None:
    row = silent(ines, lea)
    close_consultation(actor=ines, consultation=row, outcome="It waits for May.", now=days(9))
    assert sent(days(15)) == []


def test_an_answer_does_not_rewrite_what_a_digest_said(ines: User, lea: Person) -> None:
    silent(ines, lea)
    sent(days(15))
    said(lea, now=days(16))
    assert Delivery.objects.get(**LEFT).state == DeliveryState.GATHERED


def test_more_time_makes_no_second_line_and_no_second_reminder(ines: User, lea: Person) -> None:
    row = silent(ines, lea)
    later = world.TODAY + dt.timedelta(days=20)
    change_consultation(actor=ines, consultation=row, changes={"due_on": later}, now=days(9))
    assert remind_champions(actor=None, now=days(19)) == []
    let_go(actor=None, now=days(21))
    assert Message.objects.filter(template="consultation_left").count() == 1


def test_choosing_anew_how_to_be_told_makes_no_mail_of_it(ines: User, lea: Person) -> None:
    silent(ines, lea)
    assert lea.user is not None
    times = Times(None, None, Rhythm.DIGEST_AT, 0)
    choose_telling(
        actor=lea.user, user=lea.user, paces={("followed", "mail"): "daily"}, times=times, now=days(8)
    )
    assert Delivery.objects.get(**LEFT).state == DeliveryState.HELD
    assert sent(days(8)) == []


def test_whoever_has_no_digest_gets_no_further_mail(ines: User) -> None:
    bo = champion("Bo Chen", "sales", area=area("Voiles"), email="bo@field.example", language="en")
    silent(ines, bo)
    assert not Message.objects.filter(template="consultation_left").exists()
    assert sent(days(30)) == []


def test_whoever_was_never_asked_for_want_of_room_is_not_asked_by_the_digest(ines: User, lea: Person) -> None:
    for number in (1, 2):
        Ask.objects.create(person=lea, kind="survey", object_id=number, on=world.TODAY)
    asked(ines, lea)
    let_go(actor=None, now=days(8))
    assert not Message.objects.exists()
