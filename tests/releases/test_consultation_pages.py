"""Pages of consultations: whom to ask and why, answered by a link without an account, minutes shown to few."""

import csv
import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, area, person
from tests.releases.made import champion, planned
from tests.releases.test_consultations import ask_of, asked, days, said
from tests.roadmap.undertaken import browser, undertaken
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import words_of
from vertebra.accounts.together import card_of
from vertebra.kit.seals import unseal
from vertebra.org.models import Area, Person
from vertebra.releases.actions.consultation_rounds import let_go
from vertebra.releases.actions.consultations import close_consultation
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk
from vertebra.web.home import home_of
from vertebra.web.thread import thread_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boats() -> Area:
    return area("Bateaux")


@pytest.fixture
def lea() -> User:
    return world.lea()


@pytest.fixture
def bo(boats: Area) -> Person:
    return champion("Bo Chen", "sales", area=boats, email="bo@field.example", language="en")


@pytest.fixture
def leas(boats: Area, lea: User) -> Person:
    """Léa, a champion with an account."""
    return champion("Lea Roux", "support", area=boats, user=lea)


def link() -> str:
    return unseal(Message.objects.filter(template="consultation_ask").latest("pk").address)


def _form(**given: Any) -> dict[str, Any]:
    due_on = (world.TODAY + dt.timedelta(days=7)).isoformat()
    return {"title": "A new hull", "details": "It **floats**.", "due_on": due_on, **given}


def test_a_contributor_sees_who_is_proposed_and_why_before_anything_is_kept(
    karim: User, boats: Area, bo: Person
) -> None:
    client = browser(karim)
    url = reverse("releases:consultation-create")
    assert client.get(url).status_code == 200
    page = client.post(url, _form(area=boats.pk, look="1"))
    assert page.status_code == 200
    assert "Bo Chen" in page.content.decode()
    assert "answers for Bateaux" in page.content.decode()
    assert Consultation.objects.count() == 0


def test_those_who_are_ticked_are_asked_and_nobody_else(karim: User, boats: Area, bo: Person) -> None:
    client, url = browser(karim), reverse("releases:consultation-create")
    stranger = champion("Cy Roux", "sales", area=area("Voiles"), email="cy@field.example")
    assert client.post(url, _form(area=boats.pk, ask="1", people=[stranger.pk])).status_code == 422
    assert client.post(url, _form(area=boats.pk, ask="1")).status_code == 422
    done = client.post(url, _form(area=boats.pk, ask="1", people=[bo.pk]))
    row = Consultation.objects.get()
    assert done["Location"] == reverse("releases:consultation-show", args=(row.pk,))
    assert (row.made_by, row.area, row.language) == (karim, boats, "en")
    assert ask_of(bo).reasons[0] == "area"


def test_without_an_area_champions_are_offered_by_trade_and_asked_by_name(
    karim: User, boats: Area, bo: Person
) -> None:
    client, url = browser(karim), reverse("releases:consultation-create")
    page = client.post(url, _form(title="Doors creak", details="", look="1")).content.decode()
    assert "Bo Chen" in page
    assert "All champions, by trade" in page
    assert 'href="/search/"' in page and 'form="report-nobody" name="begin"' in page
    report = page.index('<form id="report-nobody"')
    assert page.count("<form", 0, report) == page.count("</form>", 0, report), "in no other form"
    named = client.post(url, _form(title="Doors creak", details="", ask="1", somebody=f"Bo Chen #{bo.pk}"))
    assert named.status_code == 302
    assert ask_of(bo).consultation.title == "Doors creak"


def test_whoever_is_no_champion_is_not_asked_by_name_and_that_is_said(
    karim: User, boats: Area, bo: Person
) -> None:
    client, url = browser(karim), reverse("releases:consultation-create")
    other = person("Cy Roux", email="cy@field.example")
    sent = _form(area=boats.pk, ask="1", people=[bo.pk], somebody=f"Cy Roux #{other.pk}")
    page = client.post(url, sent)
    assert page.status_code == 422
    assert "Cy Roux cannot be asked: is no Product Champion." in page.content.decode()
    assert Consultation.objects.count() == 0


def test_a_reader_asks_about_what_they_lead_and_nothing_else(
    ines: User, lea: User, leas: Person, boats: Area
) -> None:
    client, url = browser(lea), reverse("releases:consultation-create")
    assert client.get(url).status_code == 403
    other, mine = planned(ines, "Not mine", area=boats), planned(ines, "Mine", area=boats, lead=leas)
    assert client.get(url, {"release": other.pk}).status_code == 403
    assert "Mine" in client.get(url, {"release": mine.pk}).content.decode()
    assert client.get(url, {"release": 10**9}).status_code == 404


def test_what_nobody_answers_for_leads_to_an_empty_space(karim: User) -> None:
    sails = area("Voiles")
    url = reverse("releases:consultation-create")
    page = browser(karim).post(url, _form(area=sails.pk, look="1")).content.decode()
    assert "No champion answers for Voiles." in page
    assert f"near=area:{sails.pk}" in page


def test_it_is_answered_by_the_link_without_an_account_and_opening_changes_nothing(
    ines: User, bo: Person
) -> None:
    row = asked(ines, bo, details="It **floats**.", questions="Which colour?")
    address, visitor = link(), Client()
    entries = AuditEntry.objects.count()
    for _gateway in range(3):
        page = visitor.get(address)
        visitor.head(address)
    assert page.status_code == 200
    assert page["Cache-Control"].count("private") or "no-store" in page["Cache-Control"]
    assert "<strong>floats</strong>" in page.content.decode() and "Which colour?" in page.content.decode()
    assert (AuditEntry.objects.count(), ConsultationAnswer.objects.count()) == (entries, 0)
    assert visitor.post(address, {}).status_code == 422
    done = visitor.post(address, {"impact": "high", "readiness": "Two macros."})
    assert (done.status_code, done["Location"]) == (302, address)
    held = ConsultationAnswer.objects.get()
    assert (held.impact, held.readiness, held.minutes) == ("high", "Two macros.", 2)
    row.refresh_from_db()
    assert "Answer better" in visitor.get(address).content.decode()


def test_the_same_answer_sent_twice_is_one_and_another_replaces_it(ines: User, bo: Person) -> None:
    asked(ines, bo)
    visitor, address = Client(), link()
    for impact in ("low", "low", "none"):
        assert visitor.post(address, {"impact": impact}).status_code == 302
    assert ConsultationAnswer.objects.get().impact == "none"
    assert AuditEntry.objects.filter(verb="answer").count() == 2


def test_a_link_that_is_wrong_expired_or_of_somebody_gone_opens_nothing(ines: User, bo: Person) -> None:
    asked(ines, bo, title="A hull of its own")
    visitor = Client()
    page = visitor.get(
        reverse("releases:consultation-by-link", args=("0" * 64,)), headers={"Accept-Language": "en"}
    )
    assert page.status_code == 404 and "<h1>This link opens nothing</h1>" in page.content.decode()
    ConsultationAsk.objects.update(expires_at=world.NOW)
    page = visitor.get(link())
    assert page.status_code == 410 and "<h1>This link has expired</h1>" in page.content.decode()
    assert visitor.post(link(), {"impact": "low"}).status_code == 410
    ConsultationAsk.objects.update(expires_at=days(9))
    Person.objects.filter(pk=bo.pk).update(left_on=world.TODAY)
    page = visitor.get(link())
    assert page.status_code == 410
    assert "A hull of its own" not in page.content.decode()
    assert ConsultationAnswer.objects.count() == 0


def test_late_is_said_and_still_taken_and_closed_shows_what_became_of_it(
    ines: User, bo: Person, settings: Any
) -> None:
    row = asked(ines, bo)
    settings.FIXED_NOW = days(9)
    let_go(actor=None, now=days(9))
    visitor, address = Client(), link()
    assert "yours is still taken" in visitor.get(address).content.decode()
    assert visitor.post(address, {"impact": "low"}).status_code == 302
    close_consultation(actor=ines, consultation=row, outcome="It waits for May.", now=days(10))
    page = visitor.get(address)
    assert page.status_code == 200 and "It waits for May." in page.content.decode()
    visitor.post(address, {"impact": "high"})
    assert ConsultationAnswer.objects.get().impact == "low"


def test_script_in_what_is_asked_and_answered_stays_text(ines: User, bo: Person) -> None:
    row = asked(ines, bo, title="<b>x</b>", details="<script>alert(1)</script>", questions="<i>?</i>")
    said(bo, readiness="<img src=x onerror=alert(1)>")
    for page in (Client().get(link()), browser(ines).get(f"/releases/consultations/{row.pk}/")):
        body = page.content.decode()
        assert "<script>alert" not in body and "<img src=x" not in body and "<i>?</i>" not in body


def test_minutes_are_seen_by_the_champion_and_product_ops_and_nobody_else(
    ines: User, karim: User, lea: User, leas: Person, bo: Person
) -> None:
    row = asked(karim, leas, bo)
    for who in (leas, bo):
        said(who, "high", readiness="Time.", minutes=47)
    url = reverse("releases:consultation-show", args=(row.pk,))
    shown = {user.pk: browser(user).get(url).content.decode() for user in (ines, karim, lea)}
    assert all("Time." in page for page in shown.values())
    assert shown[ines.pk].count("47 minutes") == 2
    assert shown[lea.pk].count("47 minutes") == 1
    assert "47 minutes" not in shown[karim.pk]
    assert "47 minutes" not in browser(world.ada()).get(url).content.decode()


def test_who_did_not_answer_is_told_to_themselves_to_who_asked_and_to_product_ops(
    ines: User, karim: User, lea: User, leas: Person, bo: Person
) -> None:
    row = asked(karim, bo, leas)
    ConsultationAsk.objects.update(state="lapsed")
    url = reverse("releases:consultation-show", args=(row.pk,))
    seen = {
        user.name: browser(user).get(url).content.decode().count("not answered in time")
        for user in (ines, karim, lea, world.account("Omar Field", Role.CONTRIBUTOR))
    }
    assert seen == {ines.name: 2, karim.name: 2, lea.name: 1, "Omar Field": 0}


def test_who_is_asked_answers_on_the_page_too_and_others_cannot(
    ines: User, karim: User, lea: User, leas: Person
) -> None:
    row = asked(ines, leas)
    url = reverse("releases:consultation-answer", args=(row.pk,))
    assert browser(karim).post(url, {"impact": "low"}).status_code == 404
    client = browser(lea)
    page = client.get(reverse("releases:consultation-show", args=(row.pk,))).content.decode()
    assert 'name="impact"' in page
    assert client.post(url, {"impact": "none"}).status_code == 302
    assert ConsultationAnswer.objects.get().impact == "none"
    assert client.get(url).status_code == 405


def test_the_end_is_written_by_who_asked_and_told(ines: User, karim: User, lea: User, leas: Person) -> None:
    row = asked(karim, leas)
    said(leas)
    url = reverse("releases:consultation-closing", args=(row.pk,))
    assert browser(lea).get(url).status_code == 403
    client = browser(karim)
    assert client.get(url).status_code == 200
    assert client.post(url, {"outcome": ""}).status_code == 422
    assert client.post(url, {"outcome": "We wait."}).status_code == 302
    told = Message.objects.get(template="consultation_outcome")
    assert told.to_user == lea
    assert "We wait." in words_of(told, "en").body
    page = client.get(reverse("releases:consultation-show", args=(row.pk,))).content.decode()
    assert "We wait." in page


def test_others_are_asked_later_from_its_page(karim: User, boats: Area, bo: Person, leas: Person) -> None:
    row = asked(karim, bo, area=boats)
    client, url = browser(karim), reverse("releases:consultation-people", args=(row.pk,))
    page = client.get(url).content.decode()
    assert "Lea Roux" in page and "Bo Chen" not in page
    assert client.post(url, {"ask": "1"}).status_code == 422
    assert client.post(url, {"ask": "1", "people": [leas.pk]}).status_code == 302
    assert ConsultationAsk.objects.count() == 2


def test_more_time_is_given_on_its_page(karim: User, bo: Person) -> None:
    row = asked(karim, bo)
    url = reverse("releases:consultation-edit", args=(row.pk,))
    later = (world.TODAY + dt.timedelta(days=20)).isoformat()
    done = browser(karim).post(url, {"title": row.title, "due_on": later, "details": "", "questions": ""})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.due_on.isoformat() == later


def test_a_release_and_an_initiative_show_what_champions_say_of_them(ines: User, bo: Person) -> None:
    release, initiative = planned(ines, "Hull"), undertaken(ines, "Hulls", kind="product")
    asked(ines, bo, title="Of the release", release=release)
    asked(ines, bo, title="Of the initiative", initiative=initiative)
    client = browser(ines)
    page = client.get(reverse("releases:release-consultations", args=(release.pk,))).content.decode()
    assert "Of the release" in page and "0 of 1 answered" in page and "Of the initiative" not in page
    page = client.get(reverse("releases:initiative-consultations", args=(initiative.pk,))).content.decode()
    assert "Of the initiative" in page
    for name, row in (("releases:release-show", release), ("roadmap:initiative-show", initiative)):
        assert "What champions say of it" in client.get(reverse(name, args=(row.pk,))).content.decode()


def test_the_thread_leads_from_a_release_to_its_consultations_and_back(ines: User, bo: Person) -> None:
    release = planned(ines, "Hull")
    row = asked(ines, bo, release=release)
    card = card_of(ines, Kind.CONSULTATION, row.pk)
    assert card is not None and card.title == row.title
    before = [step.card.id for step in thread_of(ines, card).before]
    there = card_of(ines, Kind.RELEASE, release.pk)
    assert there is not None
    after = [step.card.kind for step in thread_of(ines, there).after]
    assert before == [release.pk] and after == ["consultation"]


def test_home_asks_the_champion_and_then_who_asked(
    karim: User, lea: User, leas: Person, settings: Any
) -> None:
    row = asked(karim, leas)
    [need] = [one for one in home_of(lea, world.NOW).needs if one.ask]
    assert "A new hull" in need.sentence and need.ask == ("consultation", row.pk)
    assert not [one for one in home_of(karim, world.NOW).needs if "A new hull" in one.sentence]
    said(leas)
    assert not [one for one in home_of(lea, world.NOW).needs if one.ask]
    settings.FIXED_NOW = days(9)
    assert [one.url for one in home_of(karim, days(9)).needs if "A new hull" in one.sentence] == [
        reverse("releases:consultation-closing", args=(row.pk,))
    ]


def test_the_list_filters_counts_and_exports(ines: User, lea: User, leas: Person, bo: Person) -> None:
    asked(ines, bo, leas, title="Open one")
    said(bo, "high")
    over = asked(ines, bo, title="Closed one")
    close_consultation(actor=ines, consultation=over, outcome="Done.", now=world.NOW)
    client, url = browser(lea), reverse("releases:consultation-list")
    page = client.get(url).content.decode()
    assert "Open one" in page and "1 of 2" in page
    page = client.get(url, {"state": "closed"}).content.decode()
    assert "Closed one" in page and "Open one" not in page
    page = client.get(url, {"mine": "of"}).content.decode()
    assert "Open one" in page and "Closed one" not in page
    export = b"".join(client.get(url, {"format": "csv"})).decode()
    assert "Open one" in export and "inutes" not in export


def test_the_export_says_no_more_of_how_many_answered_than_the_page(
    ines: User, lea: User, boats: Area
) -> None:
    seven = [champion(f"Bo {at}", "sales", area=boats, email=f"p{at}@field.example") for at in range(7)]
    asked(ines, *seven, title="Open one")
    for one in seven:
        said(one, "high")
    url = reverse("releases:consultation-list")
    query = {"format": "csv", "columns": "title,answered"}
    assert "at least 5" in browser(lea).get(url).content.decode()
    assert "Open one;at least 5" in _lines(b"".join(browser(lea).get(url, query)))
    assert "Open one;7" in _lines(b"".join(browser(ines).get(url, query)))


def _lines(export: bytes) -> list[str]:
    return [";".join(line) for line in csv.reader(export.decode("utf-8-sig").splitlines())]


def test_the_pages_keep_to_their_budget(ines: User, boats: Area) -> None:
    people = [champion(f"P {at}", "sales", area=boats, email=f"p{at}@field.example") for at in range(12)]
    row = asked(ines, *people, area=boats)
    ConsultationAnswer.objects.bulk_create(
        ConsultationAnswer(ask=ask, impact="low", language="en", answered_at=world.NOW)
        for ask in ConsultationAsk.objects.all()
    )
    ConsultationAsk.objects.update(state="answered")
    client = browser(ines)
    for url in (f"/releases/consultations/{row.pk}/", "/releases/consultations/"):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) <= 12, [one["sql"] for one in captured]


def test_a_consultation_asks_for_the_mails_of_its_kind(ines: User, bo: Person) -> None:
    asked(ines, bo)
    message = Message.objects.get()
    words = words_of(message, "en")
    assert "A new hull" in words.subject and "Ines Barbier" not in words.subject
    assert unseal(message.address) in words.body and LONG_AGO.isoformat() not in words.body


@pytest.mark.parametrize("place", ["nowhere", "of nobody"])
def test_asking_others_keeps_to_its_budget_where_nobody_is_known(
    ines: User, bo: Person, leas: Person, place: str
) -> None:
    row = asked(ines, bo, title="Doors creak", area=area("Voiles") if place == "of nobody" else None)
    client, url = browser(ines), reverse("releases:consultation-people", args=(row.pk,))
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(url).content.decode()
    assert len(captured) <= 12, [one["sql"] for one in captured]
    assert "Lea Roux" in page and "Bo Chen" not in page
