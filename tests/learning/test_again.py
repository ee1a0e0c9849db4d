"""Taking again: what changed is asked of everybody once more; the same in better words of nobody; who left of nobody."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.learning.made import published, written
from tests.org.company import person
from tests.releases.made import planned
from tests.roadmap.undertaken import browser
from vertebra.accounts import audit
from vertebra.accounts.models import Message, User
from vertebra.learning.actions import assigning, lessons, upkeep
from vertebra.learning.actions.taking import answer_lesson
from vertebra.learning.jobs import look_after_lessons, tell_lessons
from vertebra.learning.models import Assignment, Completion, Enrolment, Lesson
from vertebra.learning.queries.lessons import versions_of
from vertebra.learning.queries.mine import lessons_given
from vertebra.org.models import Person
from vertebra.releases.actions import states
from vertebra.releases.actions.audiences import create_audience

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
WEEK = dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def karim() -> User:
    return world.karim()


@pytest.fixture
def sam() -> Person:
    return person("Sam", email="sam@example.org")


def given(actor: User, row: Lesson, **fields: Any) -> None:
    whole = create_audience(actor=actor, name="Everybody", rules={"any": [{}]}, now=NOW)
    assigning.give_lesson(actor=actor, lesson=row, audience=whole, now=NOW, **fields)
    assigning.enrol_due(actor=None, now=NOW)


def take(row: Lesson, who: Person) -> None:
    version = versions_of(row).current
    assert version is not None
    answer_lesson(person=who, version=version, choice=1, is_right=True, now=NOW)


def anew(actor: User, row: Lesson, now: dt.datetime, **how: Any) -> None:
    lessons.write_text(actor=actor, lesson=row, language="en", changes={"body": "Two buttons."}, now=now)
    lessons.publish_lesson(actor=actor, lesson=row, now=now, **how)


class TestAgain:
    def test_what_changed_is_asked_of_whoever_took_it_with_a_new_day(self, karim: User, sam: Person) -> None:
        row = published(karim)
        given(karim, row)
        take(row, sam)
        assert upkeep.ask_due(actor=None, now=NOW) is None
        after = NOW + dt.timedelta(days=60)
        anew(karim, row, after)
        assert upkeep.ask_due(actor=None, now=after) is not None
        message = Message.objects.get(template="lesson_given")
        assert message.particulars["is_again"] is True
        assert Enrolment.objects.get(person=sam).due_on == (after + dt.timedelta(days=14)).date()
        assert upkeep.ask_due(actor=None, now=after) is None

    def test_whoever_was_told_of_the_first_is_told_of_the_second_and_of_each_once(
        self, karim: User, sam: Person
    ) -> None:
        row = published(karim)
        given(karim, row)
        upkeep.ask_due(actor=None, now=NOW)
        anew(karim, row, NOW + WEEK)
        upkeep.ask_due(actor=None, now=NOW + WEEK)
        upkeep.ask_due(actor=None, now=NOW + WEEK)
        told = Message.objects.filter(template="lesson_given").order_by("pk")
        assert [one.particulars["is_again"] for one in told] == [False, True]

    def test_nothing_that_is_sent_says_who_took_it_before(self, karim: User, sam: Person) -> None:
        other = person("Tom", email="tom@example.org")
        row = published(karim)
        given(karim, row)
        take(row, sam)
        anew(karim, row, NOW + WEEK)
        upkeep.ask_due(actor=None, now=NOW + WEEK)
        told = {one.to_email: one.particulars for one in Message.objects.filter(template="lesson_given")}
        assert told[sam.email] == told[other.email]

    def test_the_same_in_better_words_is_taken_already(self, karim: User, sam: Person) -> None:
        row = published(karim)
        given(karim, row)
        take(row, sam)
        anew(karim, row, NOW + WEEK, is_same=True)
        assert [one.is_done for one in lessons_given(sam)] == [True]
        assert upkeep.ask_due(actor=None, now=NOW + WEEK) is None

    def test_only_what_holds_is_said_better(self, karim: User) -> None:
        row = written(karim)
        with pytest.raises(lessons.NothingBefore):
            lessons.publish_lesson(actor=karim, lesson=row, is_same=True, now=NOW)

    def test_taken_over_by_mistake_and_taken_back_it_is_to_be_taken_again(
        self, karim: User, sam: Person
    ) -> None:
        row = published(karim)
        given(karim, row)
        take(row, sam)
        lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "Two."}, now=NOW)
        entry = lessons.publish_lesson(actor=karim, lesson=row, is_same=True, now=NOW)
        audit.undo(actor=karim, entry=entry, now=NOW)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert [one.is_done for one in lessons_given(sam)] == [False]
        assert Completion.objects.count() == 1

    def test_the_page_asks_which_of_the_two_it_is(self, karim: User) -> None:
        row = published(karim)
        lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "Two."}, now=NOW)
        client = browser(karim)
        assert (
            "It says the same, better"
            in client.get(reverse("learning:lesson-show", args=(row.pk,))).content.decode()
        )
        client.post(reverse("learning:lesson-publication", args=(row.pk,)), {"same": "1"})
        assert versions_of(row).draft is None


class TestDays:
    def test_a_day_that_is_over_is_not_given_to_whoever_comes_in_after_it(self, karim: User) -> None:
        row = published(karim)
        given(karim, row, due_on=TODAY + dt.timedelta(days=2))
        late = person("Tom", email="tom@example.org")
        after = NOW + dt.timedelta(days=5)
        assigning.enrol_due(actor=None, now=after)
        assert Enrolment.objects.get(person=late).due_on == (after + dt.timedelta(days=14)).date()

    def test_a_day_that_somebody_chose_does_not_follow_the_release(self, karim: User, sam: Person) -> None:
        release = planned(karim, planned_on=TODAY + dt.timedelta(days=20))
        row = written(karim, release=release)
        row.versions.get().texts.filter(question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        given(karim, row, due_on=TODAY + dt.timedelta(days=5))
        states.move_release(actor=karim, release=release, planned_on=TODAY + dt.timedelta(days=40), now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        assert Enrolment.objects.get(person=sam).due_on == TODAY + dt.timedelta(days=5)

    def test_a_release_that_is_moved_twice_in_a_day_leaves_one_date(self, karim: User, sam: Person) -> None:
        release = planned(karim, planned_on=TODAY + dt.timedelta(days=20))
        row = written(karim, release=release)
        row.versions.get().texts.filter(question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        given(karim, row)
        for days in (40, 1):
            day = TODAY + dt.timedelta(days=days)
            states.move_release(actor=karim, release=release, planned_on=day, now=NOW)
        look_after_lessons.call()
        look_after_lessons.call()
        # It comes out tomorrow: what is due the day before is due today.
        assert [one.due_on for one in Enrolment.objects.all()] == [TODAY]


class TestWhoLeft:
    def test_nobody_is_told_who_left_or_cannot_be_reached(self, karim: User, sam: Person) -> None:
        person("Ada Mute")
        row = published(karim)
        given(karim, row)
        Person.objects.filter(pk=sam.pk).update(left_on=TODAY)
        assert tell_lessons.call() == 0
        assert not Message.objects.filter(template="lesson_given").exists()

    def test_a_job_that_dies_between_giving_and_telling_loses_nothing_and_doubles_nothing(
        self, karim: User, sam: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = published(karim)
        given(karim, row)

        def dies(*_args: object, **_how: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as broken:
            broken.setattr(upkeep, "queue_messages", dies)
            with pytest.raises(RuntimeError):
                tell_lessons.call()
        assert Enrolment.objects.get(person=sam).asked_on is None
        assert tell_lessons.call() == 1
        assert tell_lessons.call() == 0
        assert Assignment.objects.count() == 1
