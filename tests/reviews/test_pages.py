"""The pages of reviews: lists, what came back from the time before, what cannot be undone, whose turn it is, few queries."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import area, person
from tests.releases.made import champion, planned
from tests.reviews.made import AFTER, answered, consulted
from tests.roadmap.undertaken import browser, undertaken
from tests.waiting import needs_of
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.discovery.models import PainPoint
from vertebra.evidence.models import Survey
from vertebra.learning.actions.paths import create_camp
from vertebra.org.models import Mandate, Person
from vertebra.reviews.actions import cadences
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.home import part
from vertebra.reviews.jobs import look_back
from vertebra.reviews.models import Cadence, Review
from vertebra.reviews.queries.usage import figures_of

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
NEXT = AFTER + dt.timedelta(days=183)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def champions() -> list[Person]:
    payments = area("Payments")
    return [champion(f"Champion {at}", "sales", area=payments, email=f"c{at}@example.org") for at in range(6)]


@pytest.fixture
def cadence(ines: User, champions: list[Person]) -> Cadence:
    return cadences.create_cadence(
        actor=ines, title="The champions", language="en", role="champion", next_on=TODAY, now=NOW
    )


def opened(cadence: Cadence, now: dt.datetime = NOW) -> Review:
    return actions.open_review(actor=None, cadence=cadence, now=now)


def decided(actor: User, review: Review, verdict: str = "lighten") -> Review:
    actions.decide_review(
        actor=actor, review=review, verdict=verdict, reason="Too many meetings.", person=None, now=AFTER
    )
    review.refresh_from_db()
    return review


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"reviews:{name}", args=args) + query)
    assert response.status_code == 200
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return body.decode()


class TestTheTimeBefore:
    @pytest.fixture
    def second(self, ines: User, cadence: Cadence) -> Review:
        first = decided(ines, answered(opened(cadence)))
        actions.add_finding(actor=ines, review=first, line="Meetings are at night", now=AFTER)
        return opened(cadence, NEXT)

    def test_its_decision_and_its_findings_come_back_with_what_became_of_them(
        self, ines: User, second: Review
    ) -> None:
        shown = read(browser(ines), "review-show", second.pk)
        assert "Too many meetings." in shown
        assert "Meetings are at night" in shown
        assert str(PainPoint.objects.get().get_state_display()) in shown

    def test_a_pain_point_that_is_not_open_to_a_reader_is_not_named(self, ines: User, second: Review) -> None:
        PainPoint.objects.update(title="Kept among few")
        assert "Kept among few" in read(browser(ines), "review-show", second.pk)
        assert "Kept among few" not in read(browser(world.lea()), "review-show", second.pk)

    def test_a_review_that_was_skipped_is_no_time_before(self, ines: User, cadence: Cadence) -> None:
        first = answered(opened(cadence))
        actions.skip_review(actor=ines, review=first, reason="Too soon.", now=AFTER)
        assert "The time before" not in read(browser(ines), "review-show", opened(cadence, NEXT).pk)

    def test_the_hours_agreed_are_summed_for_product_ops_alone(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        Mandate.objects.update(hours_per_month=4)
        review = opened(cadence)
        said = "Hours a month agreed, all together"
        assert said in read(browser(ines), "review-show", review.pk)
        for other in (world.karim(), world.lea(), world.ada()):
            assert said not in read(browser(other), "review-show", review.pk)

    def test_what_people_say_is_drawn_scales_apart_from_what_they_would_do(
        self, ines: User, cadence: Cadence
    ) -> None:
        review = answered(opened(cadence))
        shown = read(browser(ines), "review-show", review.pk).partition('id="answers"')[2]
        said = " ".join(shown.partition("</section>")[0].split())
        scales, would = said.partition("<h3>What should become of it?</h3>")[::2]
        assert (
            "It is of use where I work." in scales and "4.0 out of 5" in scales and "Lighten it" not in scales
        )
        assert "Lighten it" in would and "100 %" in would and "Keep it" not in would
        assert (scales.count("<svg"), would.count("<svg")) == (2, 1)

    def test_the_figures_stand_beside_those_of_then(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions:
            consulted(one, 10)
        decided(ines, answered(opened(cadence)))
        shown = read(browser(ines), "review-show", opened(cadence, NEXT).pk)
        assert "60 or more" in shown
        assert "The time before" in shown


class TestUndo:
    def test_what_was_told_is_not_undone(self, ines: User, cadence: Cadence) -> None:
        review = decided(ines, answered(opened(cadence)))
        for verb in ("open", "decide"):
            entry = AuditEntry.objects.get(kind="review", verb=verb)
            assert "Mails about this" in audit.why_not_undoable(entry, AFTER)
            with pytest.raises(audit.CannotUndo):
                audit.undo(actor=ines, entry=entry, now=AFTER)
        review.refresh_from_db()
        assert review.verdict == "lighten"

    def test_what_nobody_was_told_is(self, ines: User, cadence: Cadence) -> None:
        entry = cadences.end_cadence(actor=ines, cadence=cadence, now=NOW)
        audit.undo(actor=ines, entry=entry, now=NOW)
        cadence.refresh_from_db()
        assert cadence.ended_at is None


class TestWhoseTurn:
    def test_a_review_whose_lead_left_waits_for_product_ops(self, ines: User, cadence: Cadence) -> None:
        gone = person("Gone")
        cadences.change_cadence(actor=ines, cadence=cadence, changes={"lead": gone}, now=NOW)
        answered(opened(cadence))
        assert needs_of([part(ines, NOW)]) == []
        Person.objects.filter(pk=gone.pk).update(left_on=TODAY)
        assert len(needs_of([part(ines, NOW)])) == 1

    def test_who_leads_it_decides_though_they_are_a_reader_and_their_colleague_does_not(
        self, ines: User, cadence: Cadence
    ) -> None:
        lea = world.lea()
        cadences.change_cadence(
            actor=ines, cadence=cadence, changes={"lead": person(lea.name, user=lea)}, now=NOW
        )
        review = answered(opened(cadence))
        url = reverse("reviews:review-decision", args=(review.pk,))
        given = {"verdict": "change", "reason": "Half the time."}
        assert browser(world.account("Zoe Field")).post(url, given).status_code == 403
        assert browser(lea).post(url, given).status_code == 302
        review.refresh_from_db()
        assert (review.verdict, review.decided_by) == ("change", review.lead)

    def test_nobody_who_cannot_be_written_to_is_told(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        review = answered(opened(cadence))
        Person.objects.filter(pk=champions[0].pk).update(email="")
        decided(ines, review)
        assert Message.objects.filter(template="review_decided").count() == 5


class TestTwice:
    def test_a_decision_pressed_twice_is_one_decision_and_one_message_each(
        self, ines: User, cadence: Cadence
    ) -> None:
        review = answered(opened(cadence))
        client = browser(ines)
        url = reverse("reviews:review-decision", args=(review.pk,))
        given = {"verdict": "keep", "reason": "It is of use."}
        assert client.post(url, given).status_code == 302
        assert client.post(url, given).status_code == 422
        assert Message.objects.filter(template="review_decided").count() == 6
        assert AuditEntry.objects.filter(kind="review", verb="decide").count() == 1

    def test_looking_back_now_pressed_twice_is_one_review(self, ines: User, cadence: Cadence) -> None:
        client = browser(ines)
        url = reverse("reviews:cadence-opening", args=(cadence.pk,))
        client.post(url)
        again = client.post(url, follow=True)
        assert "It is being looked back at now" in again.content.decode()
        assert Review.objects.count() == 1

    def test_a_job_that_dies_leaves_nothing_half_done_and_begins_again(
        self, cadence: Cadence, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def dies(**_how: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as broken:
            broken.setattr(actions, "open_survey", dies)
            with pytest.raises(RuntimeError):
                look_back.call()
        assert (Review.objects.count(), Survey.objects.count()) == (0, 0)
        assert look_back.call()["opened"] == 1
        assert look_back.call()["opened"] == 0

    def test_what_cannot_be_looked_back_at_keeps_nothing_else_back(
        self, ines: User, cadence: Cadence, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        camp = create_camp(actor=ines, language="en", now=NOW)
        cadences.create_cadence(
            actor=ines,
            title="The camp",
            language="en",
            kind="path",
            object_id=camp.pk,
            next_on=TODAY,
            now=NOW,
        )
        real = figures_of

        def refuses(row: Cadence, *args: Any) -> Any:
            if row.role:
                raise audit.Refusal("no")
            return real(row, *args)

        monkeypatch.setattr(actions, "figures_of", refuses)
        assert look_back.call()["opened"] == 1
        assert Review.objects.get().title == "The camp"


class TestLists:
    def test_reviews_are_narrowed_and_taken_away(self, ines: User, cadence: Cadence) -> None:
        decided(ines, answered(opened(cadence)), "keep")
        client = browser(ines)
        assert "The champions" in read(client, "review-list", query="?verdict=keep")
        assert "Nothing matches" in read(client, "review-list", query="?verdict=retire")
        said = read(client, "review-list", query="?format=csv")
        assert "The champions" in said
        assert "keep it" in said

    def test_rhythms_are_narrowed_and_taken_away(self, ines: User, cadence: Cadence) -> None:
        work = undertaken(ines)
        cadences.create_cadence(
            actor=ines, title="Monthly words", language="en", kind="initiative", object_id=work.pk, now=NOW
        )
        client = browser(ines)
        shown = read(client, "cadence-list")
        assert f"/roadmap/initiatives/{work.pk}/" in shown
        assert "Monthly words" not in read(client, "cadence-list", query="?q=champions")
        assert "Monthly words" in read(client, "cadence-list", query="?format=csv")

    def test_what_a_reader_may_not_open_is_not_looked_back_at_in_their_list(self, ines: User) -> None:
        cadences.create_cadence(
            actor=ines, title="Gone", language="en", kind="release", object_id=999_999, now=NOW
        )
        reader = browser(world.lea())
        for query in ("", "?format=csv"):
            assert "Gone" not in read(reader, "cadence-list", query=query)

    def test_empty_lists_teach_the_next_step_to_those_who_may_take_it(self, ines: User) -> None:
        client, reader = browser(ines), browser(world.lea())
        for name in ("review-list", "cadence-list"):
            assert "Look back at something" in read(client, name)
            assert "Look back at something" not in read(reader, name)


class TestForms:
    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"next_on": "2020-01-01"}, "still to come"),
            ({"every_months": "0"}, "1"),
            ({"role": "", "kind": ""}, "Choose what is looked back at"),
            ({"kind": "initiative", "object_id": "3"}, "There is nothing of that kind"),
            ({"title": ""}, "field-error"),
        ],
    )
    def test_each_says_what_is_wrong(self, ines: User, wrong: dict[str, str], said: str) -> None:
        form = {
            "title": "Champions", "role": "champion", "every_months": "6", "next_on": "2026-12-01", "language": "en",
        }  # fmt: skip
        response = browser(ines).post(reverse("reviews:cadence-create"), form | wrong)
        assert response.status_code == 422
        assert said in response.content.decode()
        assert not Cadence.objects.exists()

    def test_a_finding_says_something(self, ines: User, cadence: Cadence) -> None:
        review = answered(opened(cadence))
        url = reverse("reviews:finding-create", args=(review.pk,))
        assert browser(ines).post(url, {"line": "  "}).status_code == 422

    def test_script_in_a_reason_does_nothing(self, ines: User, cadence: Cadence) -> None:
        review = answered(opened(cadence))
        actions.decide_review(
            actor=ines, review=review, verdict="keep", reason="<script>alert(1)</script>", person=None, now=AFTER
        )  # fmt: skip
        assert "<script>alert" not in read(browser(ines), "review-show", review.pk)


class TestPrivacy:
    def test_nobody_reads_how_many_answered_before_the_end_nor_who(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        review = opened(cadence)
        shown = read(browser(ines), "review-show", review.pk)
        assert "out of 5" not in shown
        assert not any(one.name in shown for one in champions)

    def test_four_who_say_otherwise_are_told_together_with_nobody(self, ines: User, cadence: Cadence) -> None:
        shown = read(browser(ines), "review-show", answered(opened(cadence), 4).pk)
        assert "Lighten it" not in shown
        assert "out of 5" not in shown

    def test_minutes_of_one_are_on_no_page(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        consulted(champions[0], 47)
        shown = read(browser(ines), "review-show", opened(cadence).pk)
        assert "47 " not in shown
        assert ">47<" not in shown
        assert "too few to tell" in shown


class TestBudget:
    @pytest.mark.parametrize("name", ["review-list", "review-show", "cadence-list"])
    def test_pages_ask_the_database_twelve_times_at_most(
        self, ines: User, cadence: Cadence, name: str
    ) -> None:
        first = decided(ines, answered(opened(cadence)))
        for line in ("One", "Two", "Three"):
            actions.add_finding(actor=ines, review=first, line=line, now=AFTER)
        second = answered(opened(cadence, NEXT))
        actions.add_finding(actor=ines, review=second, line="Four", now=NEXT)
        for at in range(3):
            row = planned(ines, f"R{at}")
            cadences.create_cadence(
                actor=ines, title=f"R{at}", language="en", kind="release", object_id=row.pk, now=NOW
            )
        client = browser(ines)
        args = [second.pk] if name == "review-show" else []
        read(client, name, *args)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(client, name, *args)
        own = [one["sql"][:150] for one in asked if "SAVEPOINT" not in one["sql"]]
        assert len(own) <= 12, "\n".join(own)
