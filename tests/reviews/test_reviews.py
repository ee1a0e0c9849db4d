"""Looking back: by itself, unsigned, decided with a reason; what is found comes back as evidence."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, area, person, unit
from tests.releases.made import champion, planned
from tests.reviews.made import AFTER, answered, consulted
from tests.roadmap.undertaken import browser
from tests.waiting import needs_of
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Message, User
from vertebra.accounts.together import cards_of
from vertebra.discovery.models import Evidence, PainPoint
from vertebra.evidence.models import Invitation, Survey
from vertebra.evidence.queries.results import open_to
from vertebra.org.labels import MandateRole
from vertebra.org.models import Area, Mandate, Person
from vertebra.reviews.actions import cadences
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.home import part
from vertebra.reviews.jobs import look_back
from vertebra.reviews.labels import ReviewState
from vertebra.reviews.models import Cadence, Finding, Review
from vertebra.reviews.queries.reviews import months_after
from vertebra.reviews.queries.usage import figures_of
from vertebra.reviews.thread_ties import ties

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def payments() -> Area:
    return area("Payments")


@pytest.fixture
def champions(payments: Area) -> list[Person]:
    return [champion(f"Champion {at}", "sales", area=payments, email=f"c{at}@example.org") for at in range(6)]


@pytest.fixture
def cadence(ines: User, champions: list[Person]) -> Cadence:
    return cadences.create_cadence(
        actor=ines, title="The champions", language="en", role="champion", next_on=TODAY, now=NOW
    )


class TestRhythm:
    def test_the_role_of_champions_comes_back_by_itself_once_there_are_five(
        self, champions: list[Person]
    ) -> None:
        row = cadences.ensure_champions(actor=None, now=NOW)
        assert row is not None
        assert (row.role, row.every_months, row.next_on) == ("champion", 6, TODAY + dt.timedelta(days=30))
        assert cadences.ensure_champions(actor=None, now=NOW) is None

    def test_it_does_not_for_four_nor_again_after_it_was_ended(self, ines: User, payments: Area) -> None:
        for at in range(4):
            champion(f"C{at}", "sales", area=payments)
        assert cadences.ensure_champions(actor=None, now=NOW) is None
        champion("Fifth", "sales", area=payments)
        row = cadences.ensure_champions(actor=None, now=NOW)
        assert row is not None
        cadences.end_cadence(actor=ines, cadence=row, now=NOW)
        assert cadences.ensure_champions(actor=None, now=NOW) is None

    def test_the_same_day_of_a_shorter_month_is_its_last(self) -> None:
        assert months_after(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
        assert months_after(dt.date(2026, 2, 28), -6) == dt.date(2025, 8, 28)

    @pytest.mark.parametrize("given", [{}, {"role": "champion", "kind": "metric", "object_id": 3}])
    def test_it_is_about_one_thing(self, ines: User, given: dict[str, Any]) -> None:
        with pytest.raises(cadences.NotOneThing):
            cadences.create_cadence(actor=ines, title="X", language="en", now=NOW, **given)

    def test_a_thing_has_one_rhythm(self, ines: User, cadence: Cadence) -> None:
        with pytest.raises(cadences.HasOne):
            cadences.create_cadence(actor=ines, title="X", language="en", role="champion", now=NOW)


class TestOpening:
    def test_it_opens_once_on_its_day_and_asks_champions_and_those_they_work_with(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        pm = person("Paul", email="paul@example.org")
        Mandate.objects.create(
            person=pm, role=MandateRole.PRODUCT_MANAGER, unit=unit("Team"), starts_on=LONG_AGO
        )
        assert look_back.call()["opened"] == 1
        assert look_back.call()["opened"] == 0
        review = Review.objects.get()
        assert review.survey is not None
        assert set(Invitation.objects.filter(survey=review.survey).values_list("person_id", flat=True)) == {
            pm.pk,
            *(one.pk for one in champions),
        }
        assert review.survey.questions.count() == 4

    def test_fewer_than_five_are_not_asked_and_the_figures_speak_alone(self, ines: User) -> None:
        row = cadences.create_cadence(
            actor=ines, title="KPI owners", language="en", role="kpi_owner", now=NOW
        )
        review = actions.open_review(actor=ines, cadence=row, now=NOW)
        assert (review.survey, review.state) == (None, ReviewState.TO_DECIDE)
        assert not Survey.objects.exists()

    def test_minutes_are_of_five_people_or_more(self, cadence: Cadence, champions: list[Person]) -> None:
        since = months_after(TODAY, -6)
        for one in champions[:4]:
            consulted(one, 3)
            consulted(one, None, title="Returns")
        told = figures_of(cadence, since, TODAY)
        assert (told["asked"], told["answered"], told["minutes"]) == (8, None, None)
        consulted(champions[4], 3)
        told = figures_of(cadence, since, TODAY)
        assert (told["answered"], told["minutes"], told["holders"]) == (5, 15, 6)

    def test_figures_do_not_change_after_its_day(
        self, cadence: Cadence, champions: list[Person], payments: Area
    ) -> None:
        review = actions.open_review(actor=None, cadence=cadence, now=NOW)
        champion("Later", "sales", area=payments)
        review.refresh_from_db()
        assert review.figures["holders"] == 6


class TestDeciding:
    @pytest.fixture
    def review(self, cadence: Cadence) -> Review:
        return actions.open_review(actor=None, cadence=cadence, now=NOW)

    def test_nobody_decides_before_the_answers_are_in(self, ines: User, review: Review) -> None:
        with pytest.raises(actions.StillAnswered):
            actions.decide_review(actor=ines, review=review, verdict="keep", reason="x", person=None, now=NOW)

    def test_it_is_decided_with_a_reason_told_to_those_asked_and_comes_back(
        self, ines: User, review: Review
    ) -> None:
        answered(review)
        with pytest.raises(actions.NoReason):
            actions.decide_review(
                actor=ines, review=review, verdict="keep", reason=" ", person=None, now=AFTER
            )
        actions.decide_review(
            actor=ines, review=review, verdict="lighten", reason="Too many meetings.", person=None, now=AFTER
        )
        review.refresh_from_db()
        assert review.state == ReviewState.DECIDED
        assert Message.objects.filter(template="review_decided").count() == 6
        assert review.cadence.next_on == months_after(TODAY + dt.timedelta(days=15), 6)
        with pytest.raises(actions.Over):
            actions.decide_review(
                actor=ines, review=review, verdict="keep", reason="x", person=None, now=AFTER
            )

    def test_what_is_retired_is_looked_back_at_no_more(self, ines: User, review: Review) -> None:
        answered(review)
        actions.decide_review(
            actor=ines, review=review, verdict="retire", reason="Unused.", person=None, now=AFTER
        )
        review.refresh_from_db()
        assert review.cadence.ended_at == AFTER

    def test_skipping_has_a_reason_and_it_comes_back(self, ines: User, review: Review) -> None:
        answered(review)
        with pytest.raises(actions.NoReason):
            actions.skip_review(actor=ines, review=review, reason="", now=AFTER)
        actions.skip_review(actor=ines, review=review, reason="Too soon.", now=AFTER)
        review.refresh_from_db()
        assert review.state == ReviewState.SKIPPED
        assert review.cadence.next_on > TODAY

    def test_a_finding_is_new_evidence_and_what_was_there_stays(self, ines: User, review: Review) -> None:
        answered(review)
        actions.add_finding(actor=ines, review=review, line="Nobody reads the minutes", now=AFTER)
        point = PainPoint.objects.get()
        first = Evidence.objects.get()
        actions.add_finding(
            actor=ines, review=review, line="Meetings are at night", pain_point=point, now=AFTER
        )
        kinds = Evidence.objects.filter(pain_point=point).values_list("kind", "object_id")
        findings = list(Finding.objects.order_by("pk").values_list("pk", flat=True))
        assert sorted(kinds) == [("finding", findings[0]), ("finding", findings[1])]
        first_again = Evidence.objects.get(pk=first.pk)
        assert (first_again.why, first_again.ended_at) == (first.why, None)
        assert set(cards_of(ines, Kind.FINDING, findings)) == set(findings)

    def test_whoever_leads_it_finds_it_on_their_home_page(self, ines: User, review: Review) -> None:
        assert needs_of([part(ines, NOW)]) == []
        answered(review)
        assert len(needs_of([part(ines, NOW)])) == 1
        assert needs_of([part(world.lea(), NOW)]) == []


class TestPages:
    @pytest.fixture
    def client(self, ines: User) -> Client:
        return browser(ines)

    def read(self, client: Client, name: str, *args: object) -> str:
        response = client.get(reverse(f"reviews:{name}", args=args))
        assert response.status_code == 200
        return response.content.decode()

    def test_answers_of_four_are_not_told(self, client: Client, cadence: Cadence) -> None:
        review = answered(actions.open_review(actor=None, cadence=cadence, now=NOW), how_many=4)
        shown = self.read(client, "review-show", review.pk)
        assert "out of 5" not in shown
        assert "Too few" in shown

    def test_the_answers_of_six_the_decision_and_the_findings_are(
        self, client: Client, cadence: Cadence
    ) -> None:
        review = answered(actions.open_review(actor=None, cadence=cadence, now=NOW))
        assert "4.0 out of 5" in self.read(client, "review-show", review.pk)
        decision = reverse("reviews:review-decision", args=(review.pk,))
        assert client.post(decision, {"verdict": "lighten"}).status_code == 422
        assert client.post(decision, {"verdict": "lighten", "reason": "Fewer meetings."}).status_code == 302
        client.post(reverse("reviews:finding-create", args=(review.pk,)), {"line": "Too many meetings"})
        shown = self.read(client, "review-show", review.pk)
        assert "Fewer meetings." in shown
        assert "Too many meetings" in shown
        assert "Lighten it" in shown

    def test_a_reader_reads_it_and_does_not_decide(self, cadence: Cadence) -> None:
        review = answered(actions.open_review(actor=None, cadence=cadence, now=NOW))
        reader = browser(world.lea())
        assert "Note a finding" not in self.read(reader, "review-show", review.pk)
        assert reader.post(reverse("reviews:review-decision", args=(review.pk,)), {}).status_code == 403
        assert reader.get(reverse("reviews:cadence-create")).status_code == 403

    def test_results_of_a_review_are_read_by_whoever_may_open_it(self, cadence: Cadence) -> None:
        review = answered(actions.open_review(actor=None, cadence=cadence, now=NOW))
        assert list(open_to(world.lea())) == [review.survey]

    def test_a_rhythm_is_made_changed_opened_and_ended(self, client: Client, champions: list[Person]) -> None:
        form = {
            "title": "Champions",
            "role": "champion",
            "every_months": "6",
            "next_on": "2026-12-01",
            "language": "en",
        }
        assert client.post(reverse("reviews:cadence-create"), form).status_code == 302
        row = Cadence.objects.get()
        client.post(reverse("reviews:cadence-edit", args=(row.pk,)), {**form, "every_months": "3"})
        assert 'data-label="Every how many months">3</td>' in self.read(client, "cadence-list")
        client.post(reverse("reviews:cadence-opening", args=(row.pk,)))
        assert "Champions" in self.read(client, "review-list")
        client.post(reverse("reviews:cadence-end", args=(row.pk,)))
        row.refresh_from_db()
        assert row.ended_at is not None

    def test_an_object_is_looked_back_at_too(self, client: Client, ines: User) -> None:
        form = {
            "title": "X",
            "kind": "initiative",
            "object_id": "999",
            "every_months": "6",
            "next_on": "2026-12-01",
            "language": "en",
        }
        assert client.post(reverse("reviews:cadence-create"), form).status_code == 422
        planned(ines)
        assert not Cadence.objects.exists()


class TestThread:
    def test_a_finding_leads_to_its_review_and_a_review_to_what_it_looks_back_at(self, ines: User) -> None:
        release = planned(ines)
        row = cadences.create_cadence(
            actor=ines, title="Refunds", language="en", kind="release", object_id=release.pk, now=NOW
        )
        review = actions.open_review(actor=ines, cadence=row, now=NOW)
        actions.add_finding(actor=ines, review=review, line="Nobody uses it", now=NOW)
        finding = Finding.objects.get()
        assert [(one.kind, one.id, one.is_before) for one in ties(Kind.FINDING, finding.pk)] == [
            ("review", review.pk, True)
        ]
        assert {(one.kind, one.id, one.is_before) for one in ties(Kind.REVIEW, review.pk)} == {
            ("finding", finding.pk, False),
            ("release", release.pk, True),
        }
        assert [(one.kind, one.id) for one in ties(Kind.RELEASE, release.pk)] == [("review", review.pk)]
