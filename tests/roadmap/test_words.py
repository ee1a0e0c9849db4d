"""The monthly word: asked once by mail, reminded once, said in a minute without an account, kept."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person
from tests.roadmap.undertaken import browser, started, undertaken
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.evidence.models import Ask
from vertebra.kit.seals import unseal
from vertebra.org.models import Person
from vertebra.roadmap.actions.initiatives import involve
from vertebra.roadmap.actions.words import NotUnderWay, NoWord, ask_words, remind_words, say_word
from vertebra.roadmap.jobs.words import ask_monthly_words, somebody_is_silent
from vertebra.roadmap.models import MonthlyWord, WordAsk

pytestmark = pytest.mark.django_db
# The twenty-third of the month: words are asked for from the twentieth on.
NOW = world.NOW.replace(day=23)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.ines()


def lead(name: str = "Lea Roux") -> Person:
    return person(name, email=f"{name.split()[0].lower()}@field.example", language="en")


def link(number: int = -1) -> str:
    return unseal(list(Message.objects.order_by("pk"))[number].address)


def days(count: float) -> dt.datetime:
    return NOW + dt.timedelta(days=count)


def test_a_lead_is_asked_by_one_mail_for_all_they_lead(ines: User) -> None:
    lea = lead()
    for title in ("One", "Two"):
        started(ines, title, lead=lea)
    undertaken(ines, "Not begun", lead=lea)
    assert somebody_is_silent()
    assert ask_monthly_words.call() == {"asked": 1, "reminded": 0}
    [message] = Message.objects.filter(template="monthly_word")
    assert (message.particulars["titles"], message.to_email) == (["One", "Two"], lea.email)
    assert ask_words(actor=None, now=days(1)) is None
    assert not Ask.objects.exists()  # who is in charge is not counted


def test_who_only_helps_is_asked_at_most_twice_a_week(ines: User) -> None:
    helper = lead("Hugo Help")
    row = started(ines)
    involve(actor=ines, initiative=row, who=[helper], part="builder", now=world.NOW)
    for number in (1, 2):
        Ask.objects.create(person=helper, kind="survey", object_id=number, on=NOW.date())
    assert ask_words(actor=None, now=NOW) is None
    Ask.objects.filter(object_id=1).delete()
    assert ask_words(actor=None, now=NOW) is not None
    assert Ask.objects.filter(person=helper, kind="initiative").exists()


def test_one_reminder_follows_and_no_more(ines: User) -> None:
    started(ines, lead=lead())
    ask_words(actor=None, now=NOW)
    first = link()
    assert remind_words(actor=None, now=days(4)) is None
    assert remind_words(actor=None, now=days(5)) is not None
    assert remind_words(actor=None, now=days(6)) is None
    assert Client().get(first).status_code == 404  # the reminder brought another link
    assert Client().get(link()).status_code == 200


def test_nobody_is_reminded_of_what_was_said(ines: User) -> None:
    row = started(ines, lead=lead())
    ask_words(actor=None, now=NOW)
    say_word(
        actor=ines, person=None, initiative=row, pace="on_track", line="Fine.", language="en", now=days(1)
    )
    assert remind_words(actor=None, now=days(6)) is None
    assert not somebody_is_silent()


def test_a_word_is_said_by_the_link_without_an_account(ines: User) -> None:
    lea = lead()
    row = started(ines, lead=lea)
    other = started(ines, "Somebody else’s", lead=lead("Otto Other"))
    ask_words(actor=None, now=NOW)
    address = unseal(Message.objects.get(to_email=lea.email).address)
    client = Client()
    page = client.get(address).content.decode()
    assert row.title in page and other.title not in page
    assert not MonthlyWord.objects.exists()  # opening changes nothing
    client.post(address, {"initiative": row.pk, "pace": "at_risk", "line": "One team is late."})
    client.post(address, {"initiative": other.pk, "pace": "at_risk", "line": "Not mine."})
    word = MonthlyWord.objects.get()
    assert (word.initiative, word.pace, word.said_by) == (row, "at_risk", lea)
    assert AuditEntry.objects.filter(verb="say_pace", object_id=row.pk).exists()
    for wrong in ({"pace": "great", "line": "x"}, {"pace": "on_track", "line": " "}):
        client.post(address, {"initiative": row.pk, **wrong})
    client.post(address, {"initiative": row.pk, "pace": "on_track", "line": "It is back."})
    word.refresh_from_db()
    assert word.line == "It is back."
    page = browser(ines).get(reverse("roadmap:initiative-show", args=(row.pk,))).content.decode()
    assert "It is back." in page and "Lea Roux" in page


def test_an_old_or_cut_link_says_so(ines: User, settings: Any) -> None:
    started(ines, lead=lead())
    ask_words(actor=None, now=NOW)
    settings.FIXED_NOW = days(60)
    assert Client().get(link()).status_code == 410
    assert Client().get(reverse("roadmap:word-by-link", args=("0" * 64,))).status_code == 404


def test_what_cannot_be_said_is_refused_and_each_month_is_kept(ines: User) -> None:
    row = started(ines)
    said: dict[str, Any] = {"actor": ines, "person": None, "initiative": row, "language": "en"}
    with pytest.raises(NoWord):
        say_word(pace="fine", line="x", now=NOW, **said)
    say_word(pace="on_track", line="First.", now=NOW, **said)
    say_word(pace="off_track", line="Second.", now=days(20), **said)
    assert [word.line for word in row.words.all()] == ["Second.", "First."]
    with pytest.raises(NotUnderWay):
        say_word(pace="on_track", line="x", now=NOW, **(said | {"initiative": undertaken(ines, "Idle")}))
    assert WordAsk.objects.count() == 0
