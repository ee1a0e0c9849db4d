"""Practices that are looked back at every six months: by themselves, with figures, and what is decided is done."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, person, unit
from tests.practices.routine_made import routine, standard
from tests.reviews.made import answered
from tests.roadmap.undertaken import browser
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.models import Invitation
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person, Unit
from vertebra.practices.actions.meetings import hold_meeting
from vertebra.practices.actions.renewing import StillOwed
from vertebra.practices.actions.routines import Guest
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import Practice, PracticeReach, PracticeValidation, PracticeVersion
from vertebra.reviews.actions import cadences
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.jobs import look_back
from vertebra.reviews.labels import ReviewState
from vertebra.reviews.models import Cadence, Review
from vertebra.reviews.queries.practices import MOST_ASKED, whom_it_asks
from vertebra.reviews.queries.usage import figures_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY
LATER = NOW + dt.timedelta(days=182)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def karim() -> Person:
    return person("Karim Diallo", user=world.karim(), email="karim@example.org")


@pytest.fixture
def teams() -> list[Unit]:
    """Six teams, each with somebody who leads it."""
    company = unit("Tournesol", None, "company")
    found = [unit(f"Team {at}", company) for at in range(6)]
    for at, one in enumerate(found):
        lead = person(f"Lead {at}", one, "product", email=f"lead{at}@example.org")
        Mandate.objects.create(person=lead, role=MandateRole.LEAD, unit=one, starts_on=LONG_AGO)
    return found


@pytest.fixture
def version(karim: Person, teams: list[Unit]) -> PracticeVersion:
    return standard("Discovery", {"product": 120}, carrier=karim)


def six_months_later(settings: Any) -> Review:
    """The review that opens by itself on its day, answered by everybody."""
    look_back.call()
    settings.FIXED_NOW = LATER
    look_back.call()
    return answered(Review.objects.get())


class TestRhythm:
    def test_it_begins_by_itself_six_months_after_and_once(
        self, version: PracticeVersion, karim: Person
    ) -> None:
        assert cadences.ensure_practices(actor=None, now=NOW) == 1
        row = Cadence.objects.get()
        assert (row.kind, row.object_id, row.every_months) == (Kind.PRACTICE, version.practice_id, 6)
        assert (row.next_on, row.lead) == (TODAY + dt.timedelta(days=181), karim)
        assert cadences.ensure_practices(actor=None, now=NOW) == 0

    def test_what_is_recommended_is_looked_back_at_and_what_is_free_is_not(
        self, version: PracticeVersion, karim: Person
    ) -> None:
        validation = PracticeValidation.objects.create(
            version=version, person=karim, words="Good", language="en", at=NOW
        )
        Practice.objects.update(
            state=PracticeState.VALIDATED, is_validation_owed=False, validation=validation
        )
        PracticeReach.objects.all_time().update(reach=Reach.FREE)
        assert cadences.ensure_practices(actor=None, now=NOW) == 0
        PracticeReach.objects.all_time().update(reach=Reach.RECOMMENDED)
        assert cadences.ensure_practices(actor=None, now=NOW) == 1

    def test_an_idea_is_not_looked_back_at(self) -> None:
        Practice.objects.create(name="Idea", language="en", created_at=NOW, changed_at=NOW)
        assert cadences.ensure_practices(actor=None, now=NOW) == 0

    def test_what_is_retired_is_looked_back_at_no_more(self, version: PracticeVersion) -> None:
        cadences.ensure_practices(actor=None, now=NOW)
        Practice.objects.update(state=PracticeState.RETIRED, reason="Nobody uses it")
        cadences.ensure_practices(actor=None, now=NOW)
        assert Cadence.objects.get().ended_at == NOW
        assert look_back.call()["opened"] == 0

    def test_what_somebody_ended_stays_ended_until_it_is_validated_again(
        self, ines: User, version: PracticeVersion, karim: Person
    ) -> None:
        cadences.ensure_practices(actor=None, now=NOW)
        cadences.end_cadence(actor=ines, cadence=Cadence.objects.get(), now=NOW)
        assert cadences.ensure_practices(actor=None, now=NOW) == 0
        validation = PracticeValidation.objects.create(
            version=version, person=karim, words="Good", language="en", at=NOW + dt.timedelta(days=1)
        )
        Practice.objects.update(validation=validation)
        assert cadences.ensure_practices(actor=None, now=NOW) == 1


class TestOpening:
    def test_those_who_build_it_and_leads_of_its_teams_are_asked(
        self, settings: Any, version: PracticeVersion, karim: Person
    ) -> None:
        look_back.call()
        settings.FIXED_NOW = LATER
        assert look_back.call()["opened"] == 1
        asked = set(Invitation.objects.values_list("person__name", flat=True))
        assert asked == {"Karim Diallo", *(f"Lead {at}" for at in range(6))}

    def test_no_more_than_sixty_are_asked(self, teams: list[Unit], karim: Person) -> None:
        version = standard("Discovery", {}, carrier=karim)
        for at in range(80):
            one = person(f"Other {at}", teams[0], email=f"o{at}@example.org")
            Mandate.objects.create(person=one, role=MandateRole.LEAD, unit=teams[0], starts_on=LONG_AGO)
        first = whom_it_asks(version.practice_id, TODAY)
        assert (len(first), karim.pk in first) == (MOST_ASKED, True)
        assert first == whom_it_asks(version.practice_id, TODAY)
        assert first != whom_it_asks(version.practice_id, TODAY + dt.timedelta(days=180))

    def test_its_figures_are_of_its_time_and_keep(
        self, ines: User, version: PracticeVersion, teams: list[Unit]
    ) -> None:
        row = routine(ines, Guest(unit=teams[0]), practice=version.practice)
        hold_meeting(actor=ines, routine=row, due_on=dt.date(2026, 10, 27), notes="x", language="en", now=NOW)
        version.practice.templates.create(title="Plan", language="en", body="x", copies=3, changed_at=NOW)
        cadences.ensure_practices(actor=None, now=NOW)
        told = figures_of(Cadence.objects.get(), TODAY - dt.timedelta(days=30), TODAY)
        assert (told["people_asked"], told["asked_hours"]) == (6, 12)
        assert (told["meetings"], told["copies"]) == (1, 3)
        assert told["teams"] is None or told["teams"] >= 0


class TestDeciding:
    def test_it_is_lightened_by_a_new_version_that_says_why(
        self, settings: Any, ines: User, version: PracticeVersion, karim: Person
    ) -> None:
        review = six_months_later(settings)
        assert review.state == ReviewState.TO_DECIDE
        actions.add_finding(actor=ines, review=review, line="The report takes an hour", now=LATER)
        actions.decide_review(
            actor=ines, review=review, verdict="lighten", reason="Too long", person=None, now=LATER
        )
        draft = version.practice.versions.get(published_at=None)
        assert draft.what_changed == "Too long\n- The report takes an hour"
        assert Cadence.objects.get().next_on > LATER.date()

    def test_it_is_retired_everywhere(self, settings: Any, ines: User, version: PracticeVersion) -> None:
        review = six_months_later(settings)
        actions.decide_review(
            actor=ines, review=review, verdict="retire", reason="Nobody uses it", person=None, now=LATER
        )
        row = Practice.objects.get()
        assert (row.state, row.reason) == (PracticeState.RETIRED, "Nobody uses it")
        assert Cadence.objects.get().ended_at == LATER

    def test_what_owes_its_validation_is_kept_by_who_may_validate(
        self, settings: Any, ines: User, version: PracticeVersion, karim: Person
    ) -> None:
        review = six_months_later(settings)
        with pytest.raises(StillOwed):
            actions.decide_review(
                actor=ines, review=review, verdict="keep", reason="It helps", person=None, now=LATER
            )
        review.refresh_from_db()
        assert review.state == ReviewState.TO_DECIDE
        assert karim.user is not None
        client = browser(karim.user)
        sent = {"verdict": "keep", "reason": "It helps"}
        assert client.post(reverse("reviews:review-decision", args=[review.pk]), sent).status_code == 302
        row = Practice.objects.get()
        assert (row.state, row.is_validation_owed) == (PracticeState.VALIDATED, False)
        assert row.validation is not None
        assert (row.validation.person, row.validation.words) == (karim, "It helps")
        assert row.next_review_on is not None and row.next_review_on > LATER.date()

    def test_a_director_decides_what_they_may_validate_and_others_do_not(
        self, settings: Any, version: PracticeVersion
    ) -> None:
        review = six_months_later(settings)
        lea = world.lea()
        url = reverse("reviews:review-decision", args=[review.pk])
        assert browser(lea).get(url).status_code == 403
        director = person("Lea Roux", user=lea)
        Mandate.objects.create(
            person=director, role=MandateRole.DIRECTOR, unit=unit("Tribe"), starts_on=LONG_AGO
        )
        assert browser(User.objects.get(pk=lea.pk)).get(url).status_code == 200

    def test_the_next_review_shows_the_figures_of_the_one_before(
        self, settings: Any, ines: User, version: PracticeVersion, karim: Person
    ) -> None:
        review = six_months_later(settings)
        assert karim.user is not None
        actions.decide_review(
            actor=karim.user, review=review, verdict="keep", reason="It helps", person=karim, now=LATER
        )
        settings.FIXED_NOW = LATER + dt.timedelta(days=185)
        assert look_back.call()["opened"] == 1
        second = Review.objects.order_by("-pk")[0]
        page = browser(ines).get(reverse("reviews:review-show", args=[second.pk])).content.decode()
        assert "The time before" in page and "People of whom it asks time" in page
