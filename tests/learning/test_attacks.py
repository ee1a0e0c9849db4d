"""What is told of who took a lesson, under attack: differences of teams, of days, of versions, and one's own answers."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.learning.made import crowd, published
from tests.org.company import person, unit
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.learning.actions import assigning
from vertebra.learning.actions.taking import answer_lesson
from vertebra.learning.models import Completion, Enrolment, Lesson
from vertebra.learning.queries.completion import Taken, taken_by_team
from vertebra.learning.queries.lessons import versions_of
from vertebra.org.models import Membership, Person, Unit, UnitVersion
from vertebra.releases.actions.audiences import create_audience

NOW, TODAY = world.NOW, world.TODAY
TOMORROW = TODAY + dt.timedelta(days=1)


class TestLooking:
    pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

    @pytest.fixture(autouse=True)
    def today(self, settings: Any) -> None:
        settings.FIXED_NOW = NOW

    @pytest.fixture
    def karim(self) -> User:
        return world.karim()

    def given(self, karim: User, row: Lesson) -> None:
        whole = create_audience(actor=karim, name="Everybody", rules={"any": [{}]}, now=NOW)
        assigning.give_lesson(actor=karim, lesson=row, audience=whole, now=NOW)
        assigning.enrol_due(actor=None, now=NOW)

    def take(self, row: Lesson, people: list[Person]) -> None:
        version = versions_of(row).current
        assert version is not None
        for one in people:
            answer_lesson(person=one, version=version, choice=1, is_right=True, now=NOW)

    def told(self, row: Lesson) -> Taken:
        return taken_by_team(row, versions_of(row).current, TOMORROW)

    def test_looked_at_after_each_who_takes_it_two_figures_are_five_apart(self, karim: User) -> None:
        row, people = published(karim), crowd(unit("One"), 12)
        self.given(karim, row)
        seen = [self.told(row)]
        for one in people:
            self.take(row, [one])
            seen.append(self.told(row))
        # Nobody looks like four, and eight like all twelve: no look tells of none, of all, of one who was missing.
        assert [one.took for one in seen] == [0] * 5 + [5] * 8
        assert [[team.took for team in one.teams] for one in seen] == [[0]] * 5 + [[5]] * 8

    @pytest.mark.parametrize("size", [5, 6, 7, 8])
    def test_of_a_team_without_room_for_two_figures_there_is_none_whatever_it_does(
        self, karim: User, size: int
    ) -> None:
        row, people = published(karim), crowd(unit("One"), size)
        crowd(unit("Two"), 9)
        self.given(karim, row)
        for one in people:
            self.take(row, [one])
            assert [(team.name, team.took) for team in self.told(row).teams] == [("Two", 0)]

    def test_what_a_small_team_did_is_not_the_difference_between_the_large_one_and_the_whole(
        self, karim: User
    ) -> None:
        row, large, small = published(karim), crowd(unit("Large"), 30), crowd(unit("Small"), 6)
        self.given(karim, row)
        self.take(row, [*large[:14], *small])
        told = self.told(row)
        assert (told.given, told.took, [one.took for one in told.teams]) == (36, 10, [10])

    def test_whoever_had_taken_it_is_not_told_by_being_given_it(self, karim: User) -> None:
        row, first = published(karim), unit("One")
        people = crowd(first, 12)
        self.given(karim, row)
        self.take(row, people[:4])
        newcomer = person("New", first, "support")
        self.take(row, [newcomer])
        before = self.told(row)
        assigning.enrol_due(actor=None, now=NOW + dt.timedelta(days=1))
        told = self.told(row)
        # They are one more of those who were given it, and one of whoever took it a day later, with all others of that day.
        assert (told.given, before.given) == (13, 12)
        assert (told.took, before.took) == (0, 0)
        later = taken_by_team(row, versions_of(row).current, TOMORROW + dt.timedelta(days=1))
        assert later.took == 5

    def test_no_filter_of_the_address_changes_a_figure(self, karim: User, settings: Any) -> None:
        row, people = published(karim), crowd(unit("One"), 12)
        crowd(unit("Two"), 12)
        self.given(karim, row)
        self.take(row, people[:9])
        settings.FIXED_NOW = NOW + dt.timedelta(days=1)
        client, url = browser(karim), reverse("learning:lesson-people", args=(row.pk,))
        asked = (
            "",
            "&team=One",
            "&person=1",
            "&day=2026-01-01",
            "&as_of=2020-01-01",
            "&version=1",
            "&q=Person",
        )
        said = {b"".join(client.get(f"{url}?format=csv{one}").streaming_content) for one in asked}  # type: ignore[attr-defined]
        assert len(said) == 1
        assert b"One,12,5" in next(iter(said)) and b"Two,12,0" in next(iter(said))
        pages = {client.get(f"{url}?x=1{one}").content.decode().partition('id="teams"')[2] for one in asked}
        assert len({page.partition("</section>")[0] for page in pages}) == 1

    def test_the_team_of_the_day_it_was_given_is_kept_whatever_is_corrected_later(self, karim: User) -> None:
        row, first, second = published(karim), unit("One"), unit("Two")
        people = crowd(first, 12)
        self.given(karim, row)
        assert set(Enrolment.objects.values_list("unit", flat=True)) == {first.pk}
        held = Enrolment.objects.filter(person=people[0])
        assert held.get().unit == first
        Person.objects.filter(pk=people[0].pk).update(user=karim)
        given = browser(karim).get(reverse("org:own-data")).json()
        assert given["learning_given"][0]["unit"] == first.pk
        before = self.told(row)
        Membership.objects.all_time().filter(person=people[0]).update(unit=second)
        assert self.told(row) == before

    def test_one_who_leaves_or_moves_changes_no_figure(self, karim: User) -> None:
        row, first, second = published(karim), unit("One"), unit("Two")
        people, others = crowd(first, 13), crowd(second, 12)
        self.given(karim, row)
        self.take(row, [*people[:5], *others[:6]])
        before = self.told(row)
        assert {one.name: (one.given, one.took) for one in before.teams} == {"One": (13, 5), "Two": (12, 5)}
        # Were they counted where they are now, a step would fall with them: they had taken it.
        self.moves(people[0], second)
        assert self.told(row) == before
        Person.objects.filter(pk=people[1].pk).update(left_on=TODAY)
        Membership.objects.all_time().filter(person=people[1]).update(ends_on=TOMORROW)
        assert self.told(row) == before
        UnitVersion.objects.all_time().filter(unit=first).update(ends_on=TOMORROW)
        assert self.told(row) == before

    def moves(self, who: Person, to: Unit) -> None:
        held = Membership.objects.all_time().filter(person=who)
        held.update(ends_on=TOMORROW)
        Membership.objects.create(person=who, unit=to, function="support", starts_on=TOMORROW)

    def test_what_is_taken_today_is_counted_tomorrow(self, karim: User) -> None:
        row, people = published(karim), crowd(unit("One"), 12)
        self.given(karim, row)
        self.take(row, people[:6])
        version = versions_of(row).current
        assert (taken_by_team(row, version, TODAY).took, self.told(row).took) == (0, 5)

    def test_a_reader_reads_of_their_own_team_alone(self, karim: User, settings: Any) -> None:
        row, first, second = published(karim), unit("One"), unit("Two")
        people = [*crowd(first, 12), *crowd(second, 12)]
        self.given(karim, row)
        self.take(row, [*people[:5], *people[12:18]])
        settings.FIXED_NOW = NOW + dt.timedelta(days=1)
        url = reverse("learning:lesson-people", args=(row.pk,))
        lea, nobody = world.lea(), world.ines()
        Person.objects.filter(pk=people[0].pk).update(user=lea)
        shown = browser(lea).get(url).content.decode()
        assert ">One</a>" in shown
        assert ">Two</a>" not in shown
        assert "at least" not in shown
        said = b"".join(browser(lea).get(f"{url}?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
        assert "One,12,5" in said
        assert "Two" not in said
        for user in (nobody, karim):
            assert "Two,12,5" in b"".join(browser(user).get(f"{url}?format=csv").streaming_content).decode()  # type: ignore[attr-defined]
        Lesson.objects.update(made_by=None)
        assert "Two" not in browser(karim).get(url).content.decode()
        Lesson.objects.update(owner=person("Karim", user=karim))
        assert ">Two</a>" in browser(karim).get(url).content.decode()

    def test_a_colleague_of_three_teams_learns_nothing_of_the_smallest(
        self, karim: User, settings: Any
    ) -> None:
        row, pages = published(karim), []
        crowd(unit("Large"), 10)
        small = crowd(unit("Small"), 3)
        crowd(unit("Other"), 7)
        self.given(karim, row)
        settings.FIXED_NOW = NOW + dt.timedelta(days=1)
        for took in ([], small):
            self.take(row, took)
            pages.append(
                browser(karim).get(reverse("learning:lesson-people", args=(row.pk,))).content.decode()
            )
            assert "Small" not in pages[-1]
            assert "would tell of fewer than five" in pages[-1]
        first, second = (page.partition("<main")[2].partition('id="teams"') for page in pages)
        assert first[2].partition("</section>")[0] == second[2].partition("</section>")[0]

    def test_the_table_that_is_taken_away_tells_no_more_than_the_page(
        self, karim: User, settings: Any
    ) -> None:
        row = published(karim)
        people = crowd(unit("Large"), 11)
        crowd(unit("Tiny"), 2)
        crowd(unit("Other"), 7)
        self.given(karim, row)
        self.take(row, people[:3])
        settings.FIXED_NOW = NOW + dt.timedelta(days=1)
        response = browser(karim).get(f"{reverse('learning:lesson-people', args=(row.pk,))}?format=csv")
        said = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
        assert said.splitlines()[1:] == ["Large,11,0"]

    def test_how_the_question_was_answered_is_on_no_page(self, karim: User) -> None:
        row, people = published(karim), crowd(unit("One"), 6)
        self.given(karim, row)
        version = versions_of(row).current
        assert version is not None
        for one in people:
            answer_lesson(person=one, version=version, choice=0, is_right=False, now=NOW)
        assert not Completion.objects.exists()
        shown = browser(karim).get(reverse("learning:lesson-people", args=(row.pk,))).content.decode()
        assert "Everybody</td>" not in shown
