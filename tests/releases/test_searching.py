"""Search finds what comes out in every trade's words, and forgets what is put away; the bar leads on from a sentence."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import area
from tests.releases.made import champion, planned, tier
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit.undoing import undo
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import User
from vertebra.releases.actions.briefs import write_brief
from vertebra.releases.actions.consultations import Wanted, ask_champions, close_consultation
from vertebra.releases.actions.releases import archive_release, restore_release
from vertebra.web.search import find

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = world.NOW


@pytest.fixture
def karim() -> User:
    return world.english(world.karim())


def found(user: User, text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.title) for one in find(user, text)]


def test_a_brief_is_found_by_its_words_once_somebody_wrote_it(karim: User) -> None:
    row = planned(
        karim, "Refunds", tier=tier("major"), planned_on=world.TODAY + dt.timedelta(days=9), body="Paella."
    )
    assert [kind for kind, _title in found(karim, "paella")] == [Kind.RELEASE], "a copy is not found twice"
    brief = row.briefs.get(trade="sales", language="fr")
    entry = write_brief(actor=karim, brief=brief, line="Vendez", body="Le client dira gazpacho.", now=NOW)
    assert found(karim, "gazpacho") == [(Kind.BRIEF, "Refunds · Sales")]
    archive_release(actor=karim, release=row, now=NOW)
    assert found(karim, "gazpacho") == found(karim, "paella") == []
    row.refresh_from_db()
    restored = restore_release(actor=karim, release=row, now=NOW)
    assert found(karim, "gazpacho") == [(Kind.BRIEF, "Refunds · Sales")]
    undo(actor=karim, entry=restored, now=NOW)
    assert found(karim, "gazpacho") == []
    assert entry.verb == "write"


def test_a_brief_that_is_taken_back_is_forgotten(karim: User) -> None:
    row = planned(karim, "Refunds", tier=tier("major"), planned_on=world.TODAY + dt.timedelta(days=9))
    brief = row.briefs.get(trade="sales", language="fr")
    entry = write_brief(actor=karim, brief=brief, line="Vendez", body="Le client dira gazpacho.", now=NOW)
    undo(actor=karim, entry=entry, now=NOW)
    assert found(karim, "gazpacho") == []


def test_a_consultation_is_found_by_what_is_asked_and_what_became_of_it(karim: User) -> None:
    bo = champion("Bo Chen", "sales", area=area("Carts"), user=world.lea())
    due_on = world.TODAY + dt.timedelta(days=9)
    wanted = Wanted(title="New carts", details="What would gazpacho change?", language="en", due_on=due_on)
    row, _entry = ask_champions(actor=karim, wanted=wanted, people={bo.pk: []}, now=NOW)
    assert found(karim, "gazpacho") == [(Kind.CONSULTATION, "New carts")]
    close_consultation(actor=karim, consultation=row, outcome="We serve salmorejo.", now=NOW)
    assert found(karim, "salmorejo") == [(Kind.CONSULTATION, "New carts")]


def test_the_bar_leads_from_a_sentence_to_whom_to_tell() -> None:
    client = browser(world.english(world.account("Rita Reader", Role.READER)))
    ticket = "the refund of a customer is stuck & she waits"
    page = client.post(reverse("web:commands"), {"q": ticket}).content.decode()
    assert "Whom do I tell about" in page
    assert "/releases/whom-to-tell/?" not in page, "what a customer wrote stays out of addresses"
    assert '<form method="post" action="/releases/whom-to-tell/" hidden>' in page
    assert 'name="text" value="the refund of a customer is stuck &amp; she waits"' in page
    assert "csrfmiddlewaretoken" in page
    assert "Search everywhere for" in page
    assert "Whom do I tell about" not in client.get(reverse("web:commands"), {"q": "refund"}).content.decode()
