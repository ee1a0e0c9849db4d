"""What a role was used for and cost: counted once, kept, of five people or more, in steps; nothing by difference."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import area, person
from tests.releases.made import champion, planned
from tests.reviews.made import consulted, relayed
from vertebra.accounts.models import User, Watch
from vertebra.learning.actions.paths import create_camp
from vertebra.learning.models import Enrolment
from vertebra.org.models import Area, Mandate, Person
from vertebra.releases.actions import gates
from vertebra.releases.models import HeadsUp, HeadsUpTo
from vertebra.reviews.actions import cadences
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.models import Cadence
from vertebra.reviews.queries.reviews import months_after
from vertebra.reviews.queries.usage import Figures, figures_of
from vertebra.roadmap.models import Initiative

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY
SINCE = months_after(TODAY, -6)


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
    return [champion(f"Champion {at}", "sales", area=payments, email=f"c{at}@example.org") for at in range(8)]


@pytest.fixture
def cadence(ines: User, champions: list[Person]) -> Cadence:
    return cadences.create_cadence(
        actor=ines, title="The champions", language="en", role="champion", next_on=TODAY, now=NOW
    )


def told(cadence: Cadence) -> Figures:
    return figures_of(cadence, SINCE, TODAY)


class TestGroups:
    def test_what_four_gave_is_told_to_nobody_and_of_five_in_steps(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        def found() -> list[int | None]:
            figures = told(cadence)
            return [figures[name] for name in ("asked", "answered", "minutes", "minutes_a_month")]

        for at in range(3):
            for one in champions[:4]:
                consulted(one, 3, title=f"About {at}")
        assert found() == [12, None, None, None]
        consulted(champions[4], 8)
        assert found() == [13, 5, 40, 5]

    def test_all_who_were_asked_look_like_some_of_them(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions[:5]:
            consulted(one, 5)
        # Were five or more of these five told, each of them would be.
        assert (told(cadence)["asked"], told(cadence)["answered"]) == (5, None)
        for one in champions[:5]:
            consulted(one, 5, title="Returns")
        assert (told(cadence)["asked"], told(cadence)["answered"]) == (10, 5)

    def test_many_answers_of_one_are_still_of_one(self, cadence: Cadence, champions: list[Person]) -> None:
        for at in range(9):
            consulted(champions[0], 5, title=f"About {at}")
        found = told(cadence)
        assert (found["asked"], found["answered"], found["minutes"]) == (9, None, None)

    def test_one_more_answer_between_two_looks_tells_no_minutes_of_whoever_gave_it(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions[:6]:
            consulted(one, 5)
        for one in champions:
            consulted(one, None, title="Returns")
        before = told(cadence)
        consulted(champions[6], 4)
        after = told(cadence)
        assert (before["answered"], before["minutes"]) == (after["answered"], after["minutes"]) == (5, 30)

    def test_two_who_passed_something_on_are_in_the_minutes_and_in_nothing_else(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions[:5]:
            consulted(one, 2)
        for one in champions[:2]:
            relayed(one, 10)
        found = told(cadence)
        assert (found["relays"], found["minutes"]) == (None, 30)

    def test_that_nobody_gave_anything_looks_as_if_four_had(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        names = ("answered", "relays", "minutes", "minutes_a_month")
        nobody = told(cadence)
        assert (nobody["asked"], nobody["heads_ups"]) == (0, 0)
        for one in champions[:4]:
            consulted(one, 5)
            relayed(one, 5)
        four = told(cadence)
        assert [nobody[name] for name in names] == [four[name] for name in names] == [None] * 4

    def test_agreed_hours_of_fewer_than_five_are_not_summed(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions[:4]:
            Mandate.objects.filter(person=one).update(hours_per_month=4)
        assert told(cadence)["hours"] is None
        Mandate.objects.update(hours_per_month=4)
        assert (told(cadence)["hours"], told(cadence)["holders"]) == (32, 8)


class TestPeriod:
    def test_both_days_are_in_it_and_what_lies_outside_is_not(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        first = dt.datetime.combine(SINCE, dt.time(0, 0), NOW.tzinfo)
        last = dt.datetime.combine(TODAY, dt.time(23, 59), NOW.tzinfo)
        moments = (first, last, first - dt.timedelta(minutes=1), last + dt.timedelta(minutes=2))
        for one, at in zip(champions, moments, strict=False):
            consulted(one, None, at=at)
        assert told(cadence)["asked"] == 2

    def test_a_month_costs_its_part(self, ines: User, cadence: Cadence, champions: list[Person]) -> None:
        for one in champions:
            consulted(one, 30)
        assert told(cadence)["minutes_a_month"] == 40
        cadences.change_cadence(actor=ines, cadence=cadence, changes={"every_months": 3}, now=NOW)
        cadence.refresh_from_db()
        assert told(cadence)["minutes_a_month"] == 80


class TestWhatElse:
    def test_heads_ups_to_champions_are_counted_once_each(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        sent = HeadsUp.objects.create(words="Refunds change", language="en", sent_at=NOW)
        for one in champions[:3]:
            mandate = Mandate.objects.get(person=one)
            HeadsUpTo.objects.create(heads_up=sent, person=one, mandate=mandate)
        other = HeadsUp.objects.create(words="To a colleague", language="en", sent_at=NOW)
        HeadsUpTo.objects.create(heads_up=other, person=person("Tom"))
        assert told(cadence)["heads_ups"] == 1

    def test_the_smallest_areas_without_a_champion_are_gaps(self, cadence: Cadence, payments: Area) -> None:
        area("Cards", payments)
        search = area("Search")
        area("Results", search)
        area("Ranking", search)
        assert told(cadence)["gaps"] == 2

    def test_what_champions_did_not_agree_to_is_not_counted_as_agreed(
        self, ines: User, cadence: Cadence, champions: list[Person]
    ) -> None:
        release = planned(ines)
        for agreed in (True, False):
            gates.validate_release(
                actor=ines, release=release, part="champions", is_agreed=agreed, note="Too soon",
                person=champions[0], now=NOW,
            )  # fmt: skip
        assert told(cadence)["validations"] == 1

    def test_a_path_tells_how_many_are_on_it_in_steps(self, ines: User) -> None:
        camp = create_camp(actor=ines, language="en", now=NOW)
        row = cadences.create_cadence(
            actor=ines, title="The camp", language="en", kind="path", object_id=camp.pk, now=NOW
        )
        people = [person(f"P{at}") for at in range(7)]
        for one in people[:4]:
            Enrolment.objects.create(person=one, path=camp, started_on=TODAY)
        assert told(row)["on_it"] is None
        for one in people[4:]:
            Enrolment.objects.create(person=one, path=camp, started_on=TODAY)
        assert told(row)["on_it"] == 5

    def test_an_object_tells_what_hangs_on_it_and_who_follows_it(self, ines: User) -> None:
        release = planned(ines)
        row = cadences.create_cadence(
            actor=ines, title="Refunds", language="en", kind="release", object_id=release.pk, now=NOW
        )
        watching = Watch.objects.filter(kind="release", object_id=release.pk).count()
        assert told(row) == {"initiatives": 0, "ties": 0, "followers": watching}
        assert not Initiative.objects.exists()


class TestFrozen:
    def test_figures_stay_as_they_were_whatever_is_answered_later(
        self, cadence: Cadence, champions: list[Person]
    ) -> None:
        for one in champions[:6]:
            consulted(one, 5)
        review = actions.open_review(actor=None, cadence=cadence, now=NOW)
        for one in champions[6:]:
            consulted(one, 50)
        champions[0].delete()
        review.refresh_from_db()
        assert (review.figures["asked"], review.figures["minutes"]) == (6, 30)
