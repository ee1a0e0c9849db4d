"""Reading a release: in one's own words and language, one's word by a button, questions answered once for all."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.releases.made import major, planned
from tests.releases.told import ready, say, tell
from tests.roadmap.undertaken import browser
from tests.waiting import needs_of
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.kit.seals import unseal
from vertebra.org.models import Person
from vertebra.releases.actions import states
from vertebra.releases.actions.briefs import ask_question
from vertebra.releases.actions.checks import NoChoice, set_check
from vertebra.releases.actions.questions import NotAlike, answer_for_all, merge_questions
from vertebra.releases.home import part
from vertebra.releases.models import CheckCount, Receipt, Recipient, Release
from vertebra.releases.queries.reading import sealed_link
from vertebra.releases.queries.understanding import check_asked

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture
def seller() -> Person:
    return person("Seller", unit("Sales team"), "sales", email="seller@example.org")


def link(name: str, one: Person, **_: Any) -> str:
    return reverse(f"releases:{name}", args=(f"secret{one.pk}",))


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def signed_in(user: User, **fields: Any) -> tuple[Client, Person]:
    return browser(user), person(
        user.name, unit("Their team"), fields.pop("function", "sales"), user=user, **fields
    )


class TestWords:
    def test_i_read_my_trade_in_my_language_and_what_stands_in_is_said(self, karim: User) -> None:
        row = major(karim)
        client, _me = signed_in(world.lea())
        url = reverse("releases:release-read", args=(row.pk,))
        ready(row, "everyone", "en", "For all of us", "Everyone reads this.")
        text = page(client, url)
        assert "Everyone reads this." in text and "Nothing was written for Sales in particular" in text
        ready(row, "sales", "fr", "Pour la vente", "Vendez-le.")
        assert "Everyone reads this." in page(client, url)
        ready(row, "sales", "en", "Sell it", "Say <script>alert(1)</script> *this*.")
        text = page(client, url)
        assert "Sell it" in text and "<em>this</em>" in text and "<script>alert" not in text
        assert "Nothing was written for" not in text
        assert "Vendez-le." in page(client, f"{url}?language=fr")
        ready(row, "support", "fr", "Pour le support", "Aidez.")
        other = page(client, f"{url}?trade=support&language=en")
        assert "Aidez." not in other.split("In the words of other trades")[0]

    def test_languages_stand_side_by_side_with_what_is_missing(self, karim: User) -> None:
        row = planned(karim, body="Text.")
        client, _me = signed_in(world.lea())
        ready(row, "sales", "en", "Sell it", "Sell.")
        text = page(client, reverse("releases:release-read", args=(row.pk,)) + "?beside=1")
        assert "Nobody wrote it in this language yet." in text and "Sell." in text

    def test_what_is_not_ready_is_not_read(self, karim: User) -> None:
        row = major(karim, body="The source.")
        brief = ready(row, "sales", "en", "Half written", "Unsure.")
        brief.state, brief.ready_at = "draft", None
        brief.save()
        client, _me = signed_in(world.lea())
        text = page(client, reverse("releases:release-read", args=(row.pk,)))
        assert "Unsure." not in text and "The source." in text

    def test_other_trades_fold_and_a_long_one_is_a_link(self, karim: User) -> None:
        row = major(karim)
        for trade in ("sales", "support", "marketing", "product"):
            ready(row, trade, "en", f"For {trade}", "word " * 9_000)
        client, _me = signed_in(world.lea())
        url = reverse("releases:release-read", args=(row.pk,))
        text = page(client, url)
        assert "For support" in text and len(text) <= 150_000
        assert f"{url}?trade=support" in text

    def test_an_account_outside_the_directory_reads_and_says_nothing(self, karim: User) -> None:
        row = planned(karim, body="Text.")
        client = browser(world.lea())
        assert "You are not in the directory" in page(
            client, reverse("releases:release-read", args=(row.pk,))
        )
        client.post(reverse("releases:release-word", args=(row.pk,)), {"state": "understood"})
        assert not Receipt.objects.exists()


class TestWord:
    def test_opening_changes_nothing_however_often(self, karim: User, seller: Person) -> None:
        row = planned(karim, body="Text.")
        tell(row, [seller])
        client = Client()
        with CaptureQueriesContext(connection) as found:
            for _time in range(3):
                assert "Text." in page(client, link("read-by-link", seller))
                client.head(link("read-by-link", seller))
        assert not [one for one in found if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        for name in ("word-by-link", "ask-by-link", "understanding-by-link"):
            assert client.get(link(name, seller) + "?state=understood").status_code == 405
        assert not Receipt.objects.exists() and not AuditEntry.objects.filter(verb="ask").exists()

    def test_a_word_is_said_by_a_button_without_an_account_and_may_be_changed(
        self, karim: User, seller: Person
    ) -> None:
        row = planned(karim, body="Text.")
        tell(row, [seller])
        client, entries = Client(), AuditEntry.objects.count()
        for state in ("understood", "understood", "acknowledged"):
            assert client.post(link("word-by-link", seller), {"state": state}).status_code == 302
            said = Receipt.objects.get()
            assert (said.person, said.state) == (seller, state)
        client.post(link("word-by-link", seller), {"state": "opened"})
        assert Receipt.objects.get().state == "acknowledged"
        # Nobody else reads whose word it is: no entry, no message.
        assert AuditEntry.objects.count() == entries and not Message.objects.exists() and not mail.outbox

    def test_a_form_of_another_site_says_nothing(self, karim: User, seller: Person) -> None:
        tell(planned(karim), [seller])
        client = Client(enforce_csrf_checks=True)
        assert client.post(link("word-by-link", seller), {"state": "understood"}).status_code == 403
        assert not Receipt.objects.exists()

    def test_links_that_open_nothing(self, karim: User, seller: Person, settings: Any) -> None:
        row = planned(karim)
        tell(row, [seller])
        made = sealed_link(Recipient.objects.get())
        for secret in ("x", made[:-2], "1:abc", f"{Recipient.objects.get().pk + 1}:{made.partition(':')[2]}"):
            assert Client().get(reverse("releases:read-by-link", args=(secret,))).status_code == 404
        assert Client().get(reverse("releases:read-by-link", args=(made,))).status_code == 200
        settings.FIXED_NOW = NOW + dt.timedelta(days=200)
        assert Client().get(link("read-by-link", seller)).status_code == 404
        settings.FIXED_NOW = NOW
        seller.left_on = TODAY
        seller.save()
        assert Client().get(link("read-by-link", seller)).status_code == 404
        assert Client().post(link("word-by-link", seller), {"state": "understood"}).status_code == 404

    def test_what_is_withdrawn_says_why_and_takes_no_word(self, karim: User, seller: Person) -> None:
        row = planned(karim, body="Text.")
        tell(row, [seller])
        states.withdraw_release(actor=karim, release=row, reason="It loses data.", now=NOW)
        text = page(Client(), link("read-by-link", seller))
        assert "It loses data." in text and "I understood it" not in text
        Client().post(link("word-by-link", seller), {"state": "understood"})
        assert not Receipt.objects.exists()

    def test_the_page_speaks_the_language_that_the_reader_was_written_to_in(
        self, karim: User, seller: Person
    ) -> None:
        tell(planned(karim, body="Text.", language="fr"), [seller], language="fr")
        response = Client().get(link("read-by-link", seller))
        assert response["Content-Language"] == "fr" and b'<html lang="fr"' in response.content
        assert b'<html lang="en"' in Client().get(link("read-by-link", seller) + "?language=en").content


class TestOneQuestion:
    def given(self, karim: User, seller: Person) -> Release:
        row = major(karim)
        tell(row, [seller])
        other = {
            "fr": {"question": "Où ?", "right": "En ligne", "wrong": ["Au guichet"], "explanation": "Oui."}
        }
        set_check(
            actor=karim, release=row, question="Where?", right="Online", wrong=["At the desk"],
            explanation="Because.", language="en", other=other, now=NOW,  # type: ignore[arg-type]
        )  # fmt: skip
        return row

    def test_it_is_asked_after_understood_explained_afterwards_and_counted_without_a_name(
        self, karim: User, seller: Person
    ) -> None:
        row = self.given(karim, seller)
        client, url = Client(), link("read-by-link", seller)
        assert "Where?" not in page(client, url)
        client.post(link("understanding-by-link", seller), {"choice": "0"})
        assert not CheckCount.objects.exists()
        client.post(link("word-by-link", seller), {"state": "understood"})
        text = page(client, url)
        assert "Where?" in text and "Because." not in text
        assert "Où ?" in page(client, f"{url}?language=fr")
        for _time in range(3):
            client.post(link("understanding-by-link", seller), {"choice": "0"})
        assert list(CheckCount.objects.values_list("choice", "count")) == [(0, 1)]
        assert "Because." in page(client, url) and 'name="choice"' not in page(client, url)
        held = {field.name for field in CheckCount._meta.get_fields()}
        assert held == {"id", "check_question", "choice", "count"}
        assert row.receipts.get().checked

    @pytest.mark.parametrize("choice", ["", "7", "-1", "x", "9" * 30])
    def test_what_is_no_answer_is_not_counted(self, karim: User, seller: Person, choice: str) -> None:
        row = self.given(karim, seller)
        say(row, [seller])
        assert Client().post(link("understanding-by-link", seller), {"choice": choice}).status_code == 422
        assert not CheckCount.objects.exists()

    def test_a_lower_tier_asks_nothing(self, karim: User, seller: Person) -> None:
        row = planned(karim)
        set_check(actor=karim, release=row, question="Where?", right="a", wrong=["b"], language="en", now=NOW)
        tell(row, [seller])
        say(row, [seller])
        assert "Where?" not in page(Client(), link("read-by-link", seller))

    def test_a_reworded_explanation_keeps_what_was_answered_another_question_does_not(
        self, karim: User, seller: Person
    ) -> None:
        row = self.given(karim, seller)
        say(row, [seller])
        Client().post(link("understanding-by-link", seller), {"choice": "1"})
        words: dict[str, Any] = {
            "actor": karim,
            "release": row,
            "language": "en",
            "right": "Online",
            "now": NOW,
        }
        set_check(question="Where?", wrong=["At the desk"], explanation="Since May.", **words)
        assert CheckCount.objects.get().count == 1
        with pytest.raises(NoChoice):
            set_check(question="Where?", wrong=["At the desk"], other={"fr": {"question": "Où ?", "right": "x", "wrong": [], "explanation": ""}}, **words)  # fmt: skip
        set_check(question="Where then?", wrong=["At the desk"], **words)
        assert CheckCount.objects.get().check_question != check_asked(row), (
            "it stays with the question it answered"
        )
        text = page(Client(), link("read-by-link", seller))
        assert "Where then?" in text and 'name="choice"' in text

    def test_it_begins_from_the_brief_in_each_language(self, karim: User) -> None:
        row = major(karim, summary="Pay in the app.")
        ready(row, "everyone", "en", "Everybody pays in the app")
        ready(row, "everyone", "fr", "Chacun paie dans l’application")
        client = browser(karim)
        url = reverse("releases:release-check", args=(row.pk,))
        text = page(client, url)
        assert "Everybody pays in the app" in text and "Chacun paie dans l’application" in text
        given = {
            "question": "Where?",
            "right": "App",
            "wrong": "Desk\nPost",
            "question_fr": "Où ?",
            "right_fr": "Appli",
        }
        assert client.post(url, given).status_code == 422
        assert client.post(url, {**given, "wrong_fr": "Guichet\nPoste"}).status_code == 302
        held = row.check_questions.get()
        assert held.choices == ["App", "Desk", "Post"]
        assert held.other_words["fr"]["choices"] == ["Appli", "Guichet", "Poste"]
        assert "Guichet" in page(client, url)


class TestQuestions:
    def test_a_reader_asks_and_is_told_the_answer_once(self, karim: User, seller: Person) -> None:
        row = planned(karim)
        tell(row, [seller])
        client = Client()
        client.post(link("ask-by-link", seller), {"question": "  "})
        assert not row.questions.exists()
        client.post(link("ask-by-link", seller), {"question": "Also in Spain?"})
        question = row.questions.get()
        assert (question.asked_by, question.trade, row.receipts.get().state) == (seller, "sales", "question")
        assert "You asked this" in page(client, link("read-by-link", seller))
        for answer in ("In May.", "In June."):
            answer_for_all(actor=karim, question=question, answer=answer, person=None, now=NOW)
        told = Message.objects.get()
        assert told.to_email == "seller@example.org" and told.particulars["answer"] == "In May."
        address = unseal(told.address)
        assert "In June." in page(client, address)

    def test_those_that_ask_the_same_are_made_one_and_all_are_told(self, karim: User) -> None:
        row = planned(karim)
        people = [person(f"P{at}", email=f"p{at}@example.org") for at in range(3)]
        tell(row, people)
        for at, one in enumerate(people):
            ask_question(
                actor=None, release=row, question=f"Spain {at}?", language="en", person=one,
                now=NOW + dt.timedelta(minutes=at),
            )  # fmt: skip
        first, second, third = row.questions.all()
        merge_questions(actor=karim, release=row, numbers=[first.pk, second.pk], now=NOW)
        answer_for_all(actor=karim, question=first, answer="In May.", person=None, now=NOW)
        assert set(Message.objects.values_list("to_email", flat=True)) == {"p0@example.org", "p1@example.org"}
        merge_questions(actor=karim, release=row, numbers=[first.pk, third.pk], now=NOW)
        assert Message.objects.count() == 3
        assert list(row.questions.filter(archived_at=None)) == [first]
        with pytest.raises(NotAlike):
            merge_questions(actor=karim, release=row, numbers=[first.pk], now=NOW)

    def test_the_team_reads_questions_without_names_and_others_do_not_work_on_them(self, karim: User) -> None:
        row = planned(karim)
        asker = person("Zebulon Unique", email="z@example.org")
        ask_question(actor=None, release=row, question="Also in Spain?", language="en", person=asker, now=NOW)
        url = reverse("releases:release-questions", args=(row.pk,))
        text = page(browser(karim), url)
        assert "Also in Spain?" in text and "Zebulon" not in text
        lea = browser(world.lea())
        assert lea.get(url).status_code == 403
        merging = reverse("releases:release-merging", args=(row.pk,))
        assert lea.post(merging, {"questions": [1, 2]}).status_code == 403
        assert browser(karim).post(merging, {"questions": ["x", "9" * 40]}).status_code == 302

    def test_no_entry_nor_history_says_who_asked(self, karim: User, seller: Person) -> None:
        row = planned(karim)
        tell(row, [seller])
        Client().post(link("ask-by-link", seller), {"question": "Also in Spain?"})
        entry = AuditEntry.objects.filter(verb="ask").get()
        assert entry.actor is None and not entry.rows.exists()


class TestNews:
    def test_it_lists_what_i_was_told_in_my_words_unread_first(self, karim: User) -> None:
        client, me = signed_in(world.lea())
        read, unread, withdrawn, strange = (
            planned(karim, name) for name in ("Read", "Unread", "Gone", "Strange")
        )
        for row in (unread, read, withdrawn):
            tell(row, [me])
        say(read, [me])
        ready(unread, "sales", "en", "Sell the new thing")
        states.withdraw_release(actor=karim, release=withdrawn, reason="No.", now=NOW)
        text = page(client, reverse("releases:news"))
        assert text.index(">Unread") < text.index(">Gone") and text.index(">Unread") < text.index(">Read")
        assert "Sell the new thing" in text and "Strange" not in text
        assert "<b>1 release</b> that you were told of" in text
        only = page(client, reverse("releases:news") + "?said=unread")
        assert ">Unread" in only and ">Read<" not in only
        assert strange.pk

    def test_hundreds_of_releases_cost_no_more_queries_and_page(self, karim: User) -> None:
        client, me = signed_in(world.lea())
        first = planned(karim)
        rows = Release.objects.bulk_create(
            Release(title=f"R{at}", language="en", tier=first.tier, created_at=NOW, changed_at=NOW)
            for at in range(120)
        )
        for row in rows:
            tell(row, [me])
        url = reverse("releases:news")
        page(client, url)
        with CaptureQueriesContext(connection) as found:
            text = page(client, url)
        assert len(found) <= 12 and len(text) <= 150_000
        assert "after=" in text

    def test_home_asks_to_read_before_its_day_and_shows_what_is_new(self, karim: User) -> None:
        lea = world.lea()
        client, me = signed_in(lea)
        row, minor = major(karim), planned(karim, "A small one")
        tell(row, [me])
        tell(minor, [me])
        [need] = [one for one in needs_of([part(lea, NOW)]) if one.ask]
        assert "before" in need.sentence and need.ask == ("release", row.pk)
        assert [line.title for line in part(lea, NOW).blocks()[0].lines] == ["A small one", row.title]
        client.post(reverse("releases:release-word", args=(row.pk,)), {"state": "acknowledged"})
        assert not [one for one in needs_of([part(lea, NOW)]) if one.ask]

    def test_a_reader_page_asks_the_database_little(self, karim: User) -> None:
        client, me = signed_in(world.lea())
        row = major(karim)
        ready(row, "sales", "en", "Sell it")
        set_check(actor=karim, release=row, question="Where?", right="a", wrong=["b"], language="en", now=NOW)
        tell(row, [me])
        say(row, [me])
        for url in (reverse("releases:release-read", args=(row.pk,)), link("read-by-link", me)):
            page(client, url)
            with CaptureQueriesContext(connection) as found:
                page(client, url)
            assert len(found) <= 12, [one["sql"][:120] for one in found]
