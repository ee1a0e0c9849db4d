"""Product Camp: begins by itself on arrival, once; names whom one meets and why; how far one is, one knows alone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.learning.made import crowd, published
from tests.org.company import LONG_AGO, area, person, unit
from tests.releases.made import champion
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.learning.actions import paths as actions
from vertebra.learning.actions.assigning import enrol_due, give_path
from vertebra.learning.actions.taking import NotYours, answer_lesson, begin_path, do_step
from vertebra.learning.home import part
from vertebra.learning.jobs import tell_lessons
from vertebra.learning.labels import Meet
from vertebra.learning.models import Enrolment, Path, PathStep, StepDone
from vertebra.learning.queries.completion import walked
from vertebra.learning.queries.lessons import versions_of
from vertebra.learning.queries.meeting import people_to_meet
from vertebra.learning.queries.mine import paths_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Ownership, Person, Unit

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def karim() -> User:
    return world.karim()


@pytest.fixture
def team() -> Unit:
    return unit("Checkout")


@pytest.fixture
def camp(karim: User) -> Path:
    return actions.create_camp(actor=karim, language="en", now=NOW)


def joined(name: str, team: Unit, days_ago: int, function: str = "product", **fields: Any) -> Person:
    return person(name, team, function, joined_on=TODAY - dt.timedelta(days=days_ago), **fields)


def on_it(camp: Path) -> set[str]:
    return set(Enrolment.objects.filter(path=camp).values_list("person__name", flat=True))


class TestArrival:
    def test_it_begins_once_for_those_whom_it_is_for(self, camp: Path, team: Unit) -> None:
        joined("New", team, 2)
        joined("Old", team, 90)
        joined("Seller", team, 1, "sales")
        joined("Tomorrow", team, -1)
        for _time in (1, 2):
            enrol_due(actor=None, now=NOW)
        assert on_it(camp) == {"New"}
        enrol_due(actor=None, now=NOW + dt.timedelta(days=1))
        assert on_it(camp) == {"New", "Tomorrow"}

    def test_its_welcome_comes_before_the_lessons_of_a_week(
        self, camp: Path, team: Unit, karim: User
    ) -> None:
        new = joined("New", team, 1, email="new@example.org")
        for title in ("One", "Two"):
            lesson = published(karim, title)
            Enrolment.objects.create(person=new, lesson=lesson, started_on=TODAY, due_on=TODAY)
        enrol_due(actor=None, now=NOW)
        tell_lessons.call()
        assert [row.template for row in Message.objects.order_by("pk")] == ["path_given", "lesson_given"]

    def test_whoever_arrived_while_nothing_ran_or_was_entered_late_has_it_too(
        self, camp: Path, team: Unit
    ) -> None:
        after = NOW + dt.timedelta(days=100)
        person("Missed", team, "product", joined_on=TODAY + dt.timedelta(days=20))
        enrol_due(actor=None, now=after)
        row = Enrolment.objects.get(path=camp)
        assert (row.person.name, row.started_on) == ("Missed", after.date())

    def test_whom_nobody_gave_a_day_arrives_when_the_directory_first_names_them(
        self, camp: Path, team: Unit
    ) -> None:
        crowd(team, 6, "product")
        enrol_due(actor=None, now=NOW)
        assert on_it(camp) == set()
        after = NOW + dt.timedelta(days=10)
        Person.objects.filter(pk=person("Undated", team, "product").pk).update(created_at=after)
        enrol_due(actor=None, now=after)
        assert on_it(camp) == {"Undated"}

    def test_a_directory_brought_in_as_a_whole_without_days_begins_nothing(
        self, camp: Path, team: Unit
    ) -> None:
        crowd(team, 8, "product")
        Person.objects.update(created_at=NOW + dt.timedelta(days=1))
        enrol_due(actor=None, now=NOW + dt.timedelta(days=1))
        assert on_it(camp) == set()

    def test_by_mandate_it_is_for_those_who_hold_it(self, karim: User, team: Unit) -> None:
        values = {"title": "Champions", "language": "en", "is_camp": True, "roles": ["champion"]}
        path = actions.create_path(actor=karim, values=values, now=NOW)
        joined("Plain", team, 1)
        champion("Nina", "sales", area=area("Payments"), joined_on=TODAY, email="nina@example.org")
        enrol_due(actor=None, now=NOW)
        assert on_it(path) == {"Nina"}
        assert tell_lessons.call() == 1
        message = Message.objects.get(template="path_given")
        assert (message.to_email, message.particulars["is_camp"]) == ("nina@example.org", True)

    def test_one_that_was_put_away_begins_for_nobody_until_it_is_back(
        self, karim: User, camp: Path, team: Unit
    ) -> None:
        joined("New", team, 2)
        actions.archive_path(actor=karim, path=camp, now=NOW)
        enrol_due(actor=None, now=NOW)
        assert on_it(camp) == set()
        actions.restore_path(actor=karim, path=camp, now=NOW)
        enrol_due(actor=None, now=NOW)
        assert on_it(camp) == {"New"}

    def test_the_one_that_ships_is_begun_once(self, karim: User, camp: Path) -> None:
        with pytest.raises(actions.BegunAlready):
            actions.create_camp(actor=karim, language="en", now=NOW)
        client = browser(karim)
        assert client.post(reverse("learning:camp-create")).status_code == 302
        assert Path.objects.count() == 1


class TestMeeting:
    def met(self, one: Person, code: str) -> dict[str, str]:
        return {row.person.name: row.why for row in people_to_meet(one, [code], NOW)[code]}

    def test_each_is_named_with_the_reason(self, team: Unit) -> None:
        tribe = unit("Commerce")
        maud = person("Maud")
        me = joined("New", team, 2, manager=maud)
        for name, role, where in (
            ("Lena", MandateRole.LEAD, team),
            ("Paul", MandateRole.PRODUCT_MANAGER, team),
            ("Dora", MandateRole.DIRECTOR, tribe),
        ):
            Mandate.objects.create(person=person(name), role=role, unit=where, starts_on=LONG_AGO)
        Mandate.objects.create(person=me, role=MandateRole.DESIGNER, unit=team, starts_on=LONG_AGO)
        payments = area("Payments")
        Ownership.objects.create(unit=team, area=payments, starts_on=LONG_AGO)
        champion("Nina", "sales", area=payments)
        champion("Far", "sales", area=area("Search"))
        assert self.met(me, Meet.MANAGER) == {"Maud": "manages you"}
        leading = self.met(me, Meet.TEAM)
        assert set(leading) == {"Lena", "Paul"}
        assert all("Checkout" in why for why in leading.values())
        assert "Commerce" in self.met(me, Meet.DIRECTORS)["Dora"]
        assert self.met(me, Meet.CHAMPIONS) == {"Nina": "answers for Payments"}

    def test_who_left_is_met_by_nobody(self, team: Unit) -> None:
        gone = person("Gone", left_on=TODAY)
        me = joined("New", team, 2, manager=gone)
        Mandate.objects.create(person=gone, role=MandateRole.LEAD, unit=team, starts_on=LONG_AGO)
        assert self.met(me, Meet.MANAGER) == {}
        assert self.met(me, Meet.TEAM) == {}

    def test_the_page_says_why(self, camp: Path, team: Unit) -> None:
        lea = world.lea()
        person(lea.name, team, user=lea, manager=person("Maud"))
        shown = browser(lea).get(reverse("learning:path-people", args=(camp.pk,))).content.decode()
        assert "manages you" in shown


class TestHome:
    def test_the_newcomer_sees_the_next_step_and_its_day_on_home(self, camp: Path, team: Unit) -> None:
        lea = world.lea()
        me = joined(lea.name, team, 0, user=lea)
        enrol_due(actor=None, now=NOW)
        (line,) = part(lea, NOW).blocks()[0].lines
        assert (line.title, line.state) == ("Product Camp", "0 of 8 steps")
        assert line.detail.startswith("Next: Meet your manager, by ")
        do_step(person=me, step=PathStep.objects.filter(path=camp)[0], now=NOW)
        (line,) = part(lea, NOW).blocks()[0].lines
        assert line.detail.startswith("Next: See how we are organised")

    def test_a_step_of_a_lesson_is_done_by_taking_it(self, karim: User, team: Unit) -> None:
        row = published(karim)
        path = actions.create_path(actor=karim, values={"title": "Selling", "language": "en"}, now=NOW)
        values = {"kind": "lesson", "title": "Learn", "lesson": row, "day": 1}
        actions.write_step(actor=karim, path=path, values=values, now=NOW)
        me = person("New", team)
        Enrolment.objects.create(person=me, path=path, started_on=TODAY)
        with pytest.raises(NotYours):
            do_step(person=me, step=path.steps.get(), now=NOW)
        assert [(one.done, one.is_over) for one in paths_of(me)] == [(0, False)]
        version = versions_of(row).current
        assert version is not None
        answer_lesson(person=me, version=version, choice=1, is_right=True, now=NOW)
        assert [(one.done, one.is_over) for one in paths_of(me)] == [(1, True)]


class TestLaw:
    """How far somebody is, nobody else learns: neither Product Ops nor whoever writes the path, in no count."""

    @pytest.fixture
    def people(self, camp: Path, team: Unit) -> list[Person]:
        found = crowd(team, 12, "product")
        Person.objects.update(joined_on=TODAY)
        enrol_due(actor=None, now=NOW)
        return found

    def ticked(self, camp: Path, people: list[Person]) -> int | None:
        step = PathStep.objects.filter(path=camp)[0]
        for one in people:
            do_step(person=one, step=step, now=NOW)
        return walked(camp, list(camp.steps.all()), TOMORROW).by_step[step.pk]

    @pytest.mark.parametrize(
        ("done", "told"), [(0, 0), (1, 0), (4, 0), (5, 5), (7, 5), (8, 5), (11, 5), (12, 5)]
    )
    def test_nobody_who_did_a_step_looks_like_four_and_eight_like_everybody(
        self, camp: Path, people: list[Person], done: int, told: int | None
    ) -> None:
        assert walked(camp, list(camp.steps.all()), TOMORROW).on_it == 10
        assert self.ticked(camp, people[:done]) == told

    def test_seven_on_a_path_are_told_and_nothing_of_what_they_did(
        self, camp: Path, people: list[Person]
    ) -> None:
        Enrolment.objects.filter(person__in=people[7:]).delete()
        step = PathStep.objects.filter(path=camp)[0]
        for one in [[], people[:3], people[:7]]:
            assert self.ticked(camp, one) is None
            assert walked(camp, [step], TOMORROW).on_it == 5

    def test_the_step_of_a_lesson_is_told_on_the_page_of_the_lesson_alone(
        self, camp: Path, karim: User, people: list[Person]
    ) -> None:
        row = published(karim)
        values = {"kind": "lesson", "title": "Take it", "lesson": row, "day": 3}
        actions.write_step(actor=karim, path=camp, values=values, now=NOW)
        steps = list(camp.steps.all())
        of_lesson = next(one for one in steps if one.lesson_id)
        assert of_lesson.pk not in walked(camp, steps, TOMORROW).by_step
        shown = browser(karim).get(reverse("learning:path-walked", args=(camp.pk,))).content.decode()
        assert reverse("learning:lesson-people", args=(row.pk,)) in shown

    def test_each_is_kept_in_the_team_of_the_day_they_began(
        self, camp: Path, people: list[Person], team: Unit, karim: User
    ) -> None:
        assert set(Enrolment.objects.filter(path=camp).values_list("unit", flat=True)) == {team.pk}
        path = actions.create_path(actor=karim, values={"title": "Selling", "language": "en"}, now=NOW)
        assert begin_path(person=people[0], path_id=path.pk, now=NOW).unit_id == team.pk

    def test_four_on_a_path_say_nothing(self, camp: Path, people: list[Person]) -> None:
        self.ticked(camp, people)
        Enrolment.objects.filter(person__in=people[4:]).delete()
        assert (
            walked(camp, list(camp.steps.all()), TOMORROW).on_it,
            walked(camp, list(camp.steps.all()), TOMORROW).by_step,
        ) == (None, {})

    def test_who_leaves_takes_no_step_along_and_what_is_done_today_is_counted_tomorrow(
        self, camp: Path, people: list[Person]
    ) -> None:
        assert self.ticked(camp, people[:5]) == 5
        step = PathStep.objects.filter(path=camp)[0]
        assert walked(camp, [step], TODAY).by_step[step.pk] == 0
        Person.objects.filter(pk=people[0].pk).update(left_on=TODAY)
        told = walked(camp, [step], TOMORROW)
        assert (told.on_it, told.by_step[step.pk]) == (10, 5)

    def test_no_entry_no_page_and_no_export_of_another_says_how_far_somebody_is(
        self, karim: User, camp: Path, people: list[Person]
    ) -> None:
        before = AuditEntry.objects.count()
        self.ticked(camp, people[:1])
        assert AuditEntry.objects.count() == before
        client = browser(world.ines())
        for name in ("path-show", "path-people", "path-walked"):
            shown = client.get(reverse(f"learning:{name}", args=(camp.pk,))).content.decode()
            assert people[0].name not in shown

    def test_ticks_are_of_those_who_are_on_it_alone(self, camp: Path, karim: User) -> None:
        client: Client = browser(karim)
        step = PathStep.objects.filter(path=camp)[0]
        client.post(reverse("learning:step-done", args=(step.pk,)))
        assert not StepDone.objects.exists()

    def test_readers_do_not_see_how_it_is_walked(self, camp: Path, people: list[Person]) -> None:
        url, page = (reverse(f"learning:{name}", args=(camp.pk,)) for name in ("path-walked", "path-show"))
        lea, ines = browser(world.lea()), browser(world.ines())
        assert lea.get(url).status_code == 403
        assert "How it is walked" not in lea.get(page).content.decode()
        assert url in ines.get(page).content.decode()
        assert "10 people or more" in ines.get(url).content.decode()


class TestList:
    def test_paths_are_narrowed_and_taken_away(self, karim: User, camp: Path) -> None:
        actions.create_path(actor=karim, values={"title": "Selling it", "language": "en"}, now=NOW)
        client = browser(karim)
        url = reverse("learning:path-list")
        shown = client.get(f"{url}?begins=no").content.decode()
        assert ("Selling it" in shown, "Product Camp</a>" in shown) == (True, False)
        response = client.get(f"{url}?format=csv")
        said = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
        assert "by itself" in said

    def test_a_path_given_to_an_audience_of_nobody_is_refused(self, karim: User, camp: Path) -> None:
        client = browser(karim)
        response = client.post(reverse("learning:path-giving", args=(camp.pk,)), {"role": ""})
        assert response.status_code == 422
        give_path(actor=karim, path=camp, role="champion", now=NOW)
        again = client.post(reverse("learning:path-giving", args=(camp.pk,)), {"role": "champion"})
        assert again.status_code == 422
