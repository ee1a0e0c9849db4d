"""Champions whom no mail reaches: asked by whoever leads the consultation, who hands them a link that is told once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import area
from tests.releases.made import champion, planned
from tests.releases.test_consultations import DUE, ask_of, asked, days, said
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import CannotUndo, undo
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User
from vertebra.evidence.models import Ask
from vertebra.org.actions.erasure import erase_person
from vertebra.org.models import Area, Person
from vertebra.releases.actions.consultation_links import LinkNotMade, make_consultation_link
from vertebra.releases.actions.consultation_rounds import ask_waiting, let_go, remind_champions
from vertebra.releases.actions.consultations import NobodyToAsk, change_consultation, close_consultation
from vertebra.releases.actions.states import withdraw_release
from vertebra.releases.jobs.consultations import is_consultation_due
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk

pytestmark = pytest.mark.django_db
DUMMY = "django.core.mail.backends.dummy.EmailBackend"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def boats() -> Area:
    return area("Bateaux")


@pytest.fixture
def bo(boats: Area) -> Person:
    return champion("Bo Chen", "sales", area=boats, email="bo@field.example", language="en")


@pytest.fixture
def mo(boats: Area) -> Person:
    """A champion of the workshop, with neither an account nor an address."""
    return champion("Mo Hart", "support", area=boats, language="en")


def handed(actor: User, who: Person, now: dt.datetime = world.NOW) -> str:
    """A link made for somebody."""
    return make_consultation_link(actor=actor, ask=ask_of(who), now=now)[1]


def press(client: Client, row: Consultation, who: Person) -> Any:
    return client.post(reverse("releases:consultation-link", args=(row.pk, who.pk)))


def page(client: Client, row: Consultation) -> str:
    return client.get(reverse("releases:consultation-show", args=(row.pk,))).content.decode()


def opens(address: str) -> int:
    return Client().get(address).status_code


class TestAsking:
    def test_one_may_be_ticked_with_a_word_that_one_hands_the_link_over(
        self, karim: User, boats: Area, bo: Person, mo: Person
    ) -> None:
        client, url = browser(karim), reverse("releases:consultation-create")
        sent = {"title": "A new hull", "due_on": DUE.isoformat(), "area": boats.pk}
        shown = client.post(url, {**sent, "look": "1"}).content.decode()
        assert (
            shown.count("Product Ops hand over the link") == 1
            and "disabled" not in shown.split('id="who"')[1]
        )
        done = client.post(url, {**sent, "ask": "1", "people": [bo.pk, mo.pk]}, follow=True).content.decode()
        assert "1 champion is asked." in done and "No mail reaches 1 champion" in done
        assert (ask_of(bo).state, ask_of(mo).state) == ("waiting", "held")
        assert "waits for its link" in done and "waits for a free week" not in done
        [entry] = AuditEntry.objects.filter(verb="ask")
        assert entry.particulars == {"count": 2, "mailed": 1, "by_hand": 1}

    def test_nothing_is_asked_of_them_until_the_link_is_made(self, ines: User, mo: Person) -> None:
        asked(ines, mo)
        assert not Message.objects.exists() and not Ask.objects.exists()
        assert ask_waiting(actor=None, now=days(1)) == []
        assert not is_consultation_due()

    def test_where_no_mail_is_set_up_an_address_alone_is_no_way(
        self, ines: User, bo: Person, settings: Any
    ) -> None:
        settings.EMAIL_BACKEND = DUMMY
        asked(ines, bo)
        assert ask_of(bo).state == "held" and opens(handed(ines, bo)) == 200

    def test_once_mail_reaches_them_they_are_asked_by_mail(self, ines: User, mo: Person) -> None:
        asked(ines, mo)
        Person.objects.filter(pk=mo.pk).update(email="mo@field.example")
        assert len(ask_waiting(actor=None, now=days(1))) == 1
        assert Message.objects.get().to_email == "mo@field.example"

    def test_whoever_has_a_closed_account_is_handed_a_link(self, ines: User, boats: Area) -> None:
        account = world.lea()
        lea = champion("Lea Roux", "support", area=boats, user=account)
        User.objects.filter(pk=account.pk).update(is_active=False)
        lea.refresh_from_db()
        asked(ines, lea)
        assert not Message.objects.exists()
        assert opens(handed(ines, lea)) == 200


class TestHandingOver:
    def test_a_link_is_shown_once_and_answers_without_an_account(
        self, karim: User, ines: User, mo: Person
    ) -> None:
        row, client = asked(karim, mo), browser(ines)
        assert page(client, row).count("Make a link to hand over") == 1
        shown = press(client, row, mo)
        assert shown.status_code == 200
        assert shown["Referrer-Policy"] == "same-origin" and "no-store" in shown["Cache-Control"]
        assert shown["X-Robots-Tag"] == "noindex, nofollow"
        address = shown.context["address"]
        assert f'value="{address}"' in shown.content.decode()
        assert address not in page(client, row), "never again"
        assert ask_of(mo).state == "waiting" and Ask.objects.get().person == mo
        assert Client().post(address, {"impact": "high"}).status_code == 302
        assert ConsultationAnswer.objects.get().ask.person == mo
        assert "Make a link to hand over" not in page(client, row)

    def test_another_one_ends_the_one_before_and_counts_once(self, ines: User, mo: Person) -> None:
        asked(ines, mo)
        first, second = handed(ines, mo), handed(ines, mo, days(1))
        assert (opens(first), opens(second)) == (404, 200)
        assert Ask.objects.count() == 1

    def test_it_is_audited_without_the_secret_and_not_undone(self, ines: User, mo: Person) -> None:
        asked(ines, mo)
        before = AuditEntry.objects.get(verb="ask")
        entry, address = make_consultation_link(actor=ines, ask=ask_of(mo), now=world.NOW)
        secret = address.rstrip("/").rpartition("/")[2]
        assert (entry.actor, entry.verb, entry.kind) == (ines, "ask", "consultation")
        kept = str([(one.before, one.after) for one in AuditRow.objects.all()]) + str(entry.particulars)
        assert secret not in kept and ask_of(mo).digest not in kept
        for one in (entry, before):
            with pytest.raises(CannotUndo):
                undo(actor=ines, entry=one, now=days(0.1))

    def test_it_counts_among_the_two_things_of_a_week(self, ines: User, mo: Person) -> None:
        for title in ("A hull", "A mast"):
            row = asked(ines, mo, title=title)
            make_consultation_link(actor=ines, ask=row.asks.get(), now=world.NOW)
        Person.objects.filter(pk=mo.pk).update(email="mo@field.example")
        mo.refresh_from_db()
        assert asked(ines, mo, title="A sail").asks.get().state == "held"

    def test_whoever_vertebra_writes_to_gets_their_own_and_nobody_else_holds_it(
        self, ines: User, bo: Person
    ) -> None:
        row = asked(ines, bo)
        client, digest = browser(ines), ask_of(bo).digest
        assert "Make a link to hand over" not in page(client, row)
        done = client.post(reverse("releases:consultation-link", args=(row.pk, bo.pk)), follow=True)
        assert "nobody else is given their link" in done.content.decode()
        assert ask_of(bo).digest == digest

    def test_only_product_ops_make_one(self, ines: User, karim: User, mo: Person, boats: Area) -> None:
        lea = world.lea()
        champion("Lea Roux", "sales", area=boats, user=lea)
        row = asked(karim, mo, Person.objects.get(user=lea))
        for user in (lea, karim, world.ada()):
            assert press(browser(user), row, mo).status_code == 403
            assert "Make a link to hand over" not in page(browser(user), row)
        assert "who hand them a link" in page(browser(karim), row)
        assert press(browser(ines), row, mo).status_code == 200
        assert press(browser(ines), row, Person.objects.get(user=lea)).status_code == 302
        other = asked(karim, Person.objects.get(user=lea), title="Another")
        assert press(browser(ines), other, mo).status_code == 404
        assert (
            browser(ines).get(reverse("releases:consultation-link", args=(row.pk, mo.pk))).status_code == 405
        )


class TestRefusals:
    def test_closed_answered_and_expired_are_refused_with_words(self, ines: User, mo: Person) -> None:
        row = asked(ines, mo)
        handed(ines, mo)
        with pytest.raises(LinkNotMade, match="asked no more"):
            handed(ines, mo, days(40))
        said(mo)
        with pytest.raises(LinkNotMade, match="answered already"):
            handed(ines, mo)
        close_consultation(actor=ines, consultation=row, outcome="We wait.", now=world.NOW)
        with pytest.raises(LinkNotMade, match="closed"):
            handed(ines, mo)

    def test_of_what_is_withdrawn_no_link_is_made(self, ines: User, mo: Person) -> None:
        release = planned(ines, "A new hull")
        row = asked(ines, mo, release=release)
        address = handed(ines, mo)
        withdraw_release(actor=ines, release=release, reason="It leaks.", now=world.NOW)
        with pytest.raises(LinkNotMade, match="withdrawn"):
            handed(ines, mo)
        assert opens(address) == 410
        assert "Make a link to hand over" not in page(browser(ines), row)

    def test_once_the_day_is_over_more_time_is_given_first(
        self, ines: User, mo: Person, settings: Any
    ) -> None:
        row = asked(ines, mo)
        settings.FIXED_NOW = days(8)
        with pytest.raises(LinkNotMade, match="more time"):
            handed(ines, mo, days(8))
        later = world.TODAY + dt.timedelta(days=20)
        change_consultation(actor=ines, consultation=row, changes={"due_on": later}, now=days(8))
        assert opens(handed(ines, mo, days(8))) == 200

    def test_whoever_was_erased_is_asked_nothing_and_their_link_opens_nothing(
        self, ines: User, bo: Person, mo: Person
    ) -> None:
        row = asked(ines, mo)
        address = handed(ines, mo)
        erase_person(actor=ines, person=mo, typed_name=mo.name, now=world.NOW)
        assert opens(address) == 410
        with pytest.raises(LinkNotMade):
            handed(ines, mo)
        assert "Make a link to hand over" not in page(browser(ines), row)
        gone = Person.objects.get(pk=mo.pk)
        with pytest.raises(NobodyToAsk):
            asked(ines, gone, title="Again")


class TestReminding:
    def test_nobody_is_marked_as_reminded_whom_nobody_reminded(
        self, ines: User, bo: Person, mo: Person, settings: Any
    ) -> None:
        asked(ines, bo, mo)
        handed(ines, mo)
        [entry] = remind_champions(actor=None, now=days(5))
        assert entry.particulars["count"] == 1
        assert (ask_of(bo).state, ask_of(mo).state, ask_of(mo).reminded_at) == ("reminded", "waiting", None)
        settings.FIXED_NOW = days(5)
        assert not is_consultation_due(), "nothing is left to do before the day is over"

    def test_where_mail_was_switched_off_since_nobody_is_reminded(
        self, ines: User, bo: Person, settings: Any
    ) -> None:
        asked(ines, bo)
        settings.EMAIL_BACKEND = DUMMY
        assert remind_champions(actor=None, now=days(5)) == []
        assert ask_of(bo).state == "waiting"

    def test_a_mail_never_brings_a_link_that_opens_no_more(
        self, ines: User, bo: Person, settings: Any
    ) -> None:
        asked(ines, bo)
        settings.EMAIL_BACKEND = DUMMY
        address = handed(ines, bo)
        settings.EMAIL_BACKEND = LOCMEM
        assert remind_champions(actor=None, now=days(5)) == []
        assert not Message.objects.filter(template="consultation_reminder").exists()
        assert opens(address) == 200

    def test_the_day_over_they_are_in_no_digest_and_a_late_word_is_taken(
        self, ines: User, mo: Person, settings: Any
    ) -> None:
        asked(ines, mo)
        address = handed(ines, mo)
        let_go(actor=None, now=days(8))
        assert ask_of(mo).state == "lapsed" and not Message.objects.exists()
        settings.FIXED_NOW = days(9)
        assert opens(address) == 200
        assert opens(handed(ines, mo, days(9))) == 200
        assert ask_of(mo).state == "lapsed"

    def test_what_became_of_it_stands_behind_their_link_and_no_mail_is_counted(
        self, ines: User, mo: Person
    ) -> None:
        row = asked(ines, mo)
        address = handed(ines, mo)
        said(mo)
        entry = close_consultation(actor=ines, consultation=row, outcome="We wait for May.", now=world.NOW)
        assert "mailed" not in entry.particulars and not Message.objects.exists()
        assert "We wait for May." in Client().get(address).content.decode()


def test_a_page_of_many_of_them_keeps_to_its_budget(
    ines: User, boats: Area, django_assert_max_num_queries: Any
) -> None:
    people = [champion(f"P {at}", "sales", area=boats) for at in range(12)]
    row = asked(ines, *people)
    client = browser(ines)
    page(client, row)
    with django_assert_max_num_queries(12):
        assert page(client, row).count("Make a link to hand over") == 12
    assert ConsultationAsk.objects.filter(state="held").count() == 12
