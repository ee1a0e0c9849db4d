"""Lessons: begun from briefs, published, expired by a release, given, taken; told of five or more only."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.learning.made import TEXT, crowd, published, written
from tests.org.company import area, person, unit
from tests.releases.made import champion, major, planned
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.evidence.models import Ask
from vertebra.learning.actions import assigning, lessons, upkeep
from vertebra.learning.actions.taking import answer_lesson
from vertebra.learning.jobs import look_after_lessons, tell_lessons
from vertebra.learning.labels import Expiry, Standing
from vertebra.learning.models import Assignment, Completion, Enrolment, Lesson, LessonText
from vertebra.learning.queries.completion import taken_by_team
from vertebra.learning.queries.lessons import lessons as all_lessons
from vertebra.learning.queries.lessons import of_standing, stale_texts, versions_of
from vertebra.learning.queries.mine import lessons_given
from vertebra.org.models import Person
from vertebra.releases.actions import states
from vertebra.releases.actions.audiences import create_audience
from vertebra.releases.actions.briefs import write_brief
from vertebra.releases.actions.releases import choose_audiences
from vertebra.releases.models import Audience, Brief

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def karim() -> User:
    return world.karim()


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def everybody(actor: User) -> Audience:
    return create_audience(actor=actor, name="Everybody", rules={"any": [{}]}, now=NOW)


def take(row: Lesson, who: Person, *, is_right: bool = True) -> None:
    version = versions_of(row).current
    assert version is not None
    answer_lesson(person=who, version=version, choice=1 if is_right else 0, is_right=is_right, now=NOW)


class TestFromABrief:
    def test_a_top_tier_release_begins_its_lesson_in_each_language_of_its_briefs(self, karim: User) -> None:
        lead = person("Lena")
        release = major(karim, body="What changes in full.", planned_on=later(10), lead=lead)
        begun = upkeep.begin_due_lessons(actor=None, now=NOW)
        assert [row.release for row in begun] == [release]
        assert begun[0].owner == lead
        texts = LessonText.objects.filter(version__lesson=begun[0])
        assert {text.language for text in texts} == {"fr", "en"}
        assert all(text.brief is not None and text.brief.trade == "everyone" for text in texts)
        assert all(text.body == text.brief.body for text in texts if text.brief)

    def test_it_begins_once_and_not_for_a_tier_without_a_lesson(self, karim: User) -> None:
        major(karim, planned_on=later(10))
        planned(karim, planned_on=later(3))
        assert len(upkeep.begin_due_lessons(actor=None, now=NOW)) == 1
        assert upkeep.begin_due_lessons(actor=None, now=NOW) == []

    def test_one_that_was_put_away_is_not_begun_again(self, karim: User) -> None:
        major(karim, planned_on=later(10))
        row = upkeep.begin_due_lessons(actor=None, now=NOW)[0]
        lessons.archive_lesson(actor=karim, lesson=row, now=NOW)
        assert upkeep.begin_due_lessons(actor=None, now=NOW) == []

    def test_a_release_that_is_far_waits_for_a_brief_that_is_ready(self, karim: User) -> None:
        major(karim, planned_on=later(90))
        assert upkeep.begin_due_lessons(actor=None, now=NOW) == []

    def test_a_release_carries_one_lesson(self, karim: User) -> None:
        release = major(karim)
        written(karim, release=release)
        with pytest.raises(lessons.CarriesOne):
            lessons.create_lesson(actor=karim, title="Again", language="en", release=release, now=NOW)

    def test_a_brief_written_anew_is_told_to_whoever_keeps_the_lesson(self, karim: User) -> None:
        release = major(karim, planned_on=later(10))
        row = upkeep.begin_due_lessons(actor=None, now=NOW)[0]
        for code in ("en", "fr"):
            lessons.write_text(actor=karim, lesson=row, language=code, changes=TEXT, now=NOW)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        current = versions_of(row).current
        assert current is not None
        assert stale_texts(current) == []
        brief = Brief.objects.get(release=release, trade="everyone", language="en")
        write_brief(actor=karim, brief=brief, line="New", body="Other words.", now=NOW)
        assert [text.language for text in stale_texts(current)] == ["en"]


class TestPublishing:
    def test_a_lesson_without_its_question_is_not_published(self, karim: User) -> None:
        row = lessons.create_lesson(actor=karim, title="Half", language="en", now=NOW)
        lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "Words"}, now=NOW)
        with pytest.raises(lessons.NotComplete):
            lessons.publish_lesson(actor=karim, lesson=row, now=NOW)

    def test_answers_stand_in_the_same_order_in_each_language(self, karim: User) -> None:
        row = written(karim)
        lessons.write_text(actor=karim, lesson=row, language="fr", changes=TEXT | {"right": 0}, now=NOW)
        with pytest.raises(lessons.NotComplete):
            lessons.publish_lesson(actor=karim, lesson=row, now=NOW)

    def test_the_audiences_of_its_release_are_given_it(self, karim: User) -> None:
        release = major(karim)
        whole = everybody(karim)
        choose_audiences(actor=karim, release=release, audiences=[whole], now=NOW)
        row = written(karim, release=release)
        LessonText.objects.filter(version__lesson=row, question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert [one.audience for one in Assignment.objects.filter(lesson=row)] == [whole]

    def test_an_audience_chosen_later_is_given_it_unless_it_was_taken_from_it(self, karim: User) -> None:
        release = planned(karim, planned_on=later(9))
        row = written(karim, release=release)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        whole = everybody(karim)
        choose_audiences(actor=karim, release=release, audiences=[whole], now=NOW)
        assert len(assigning.follow_audiences(actor=None, now=NOW)) == 1
        given = Assignment.objects.get(lesson=row)
        assigning.stop_giving(actor=karim, assignment=given, now=NOW)
        assert assigning.follow_audiences(actor=None, now=NOW) == []

    def test_a_new_version_replaces_the_one_that_holds(self, karim: User) -> None:
        row = published(karim)
        lessons.write_text(
            actor=karim, lesson=row, language="en", changes={"body": "Now two buttons."}, now=NOW
        )
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        known = versions_of(row)
        assert known.current is not None
        assert known.current.number == 2
        assert known.current.texts.get().question == TEXT["question"]
        assert [one.expired_why for one in known.past] == [Expiry.REPLACED]


class TestExpiry:
    def test_it_expires_when_a_release_that_changes_it_is_out(self, karim: User) -> None:
        row = published(karim)
        change = planned(karim, "Refunds by themselves", planned_on=later(2))
        lessons.say_changed_by(actor=karim, lesson=row, release=change, now=NOW)
        assert upkeep.expire_due_lessons(actor=None, now=NOW) == 0
        states.release_it(actor=karim, release=change, now=NOW + dt.timedelta(hours=1))
        assert upkeep.expire_due_lessons(actor=None, now=NOW + dt.timedelta(hours=2)) == 1
        known = versions_of(row)
        assert known.standing == Standing.EXPIRED
        assert known.past[0].expired_by == change
        assert upkeep.expire_due_lessons(actor=None, now=NOW + dt.timedelta(hours=3)) == 0
        assert [one.pk for one in of_standing(all_lessons(), "expired")] == [row.pk]

    def test_a_version_published_after_that_release_holds(self, karim: User) -> None:
        row = published(karim)
        change = planned(karim, "Refunds by themselves")
        lessons.say_changed_by(actor=karim, lesson=row, release=change, now=NOW)
        states.release_it(actor=karim, release=change, now=NOW + dt.timedelta(hours=1))
        upkeep.expire_due_lessons(actor=None, now=NOW + dt.timedelta(hours=2))
        after = NOW + dt.timedelta(hours=3)
        lessons.write_text(
            actor=karim, lesson=row, language="en", changes={"body": "It is automatic."}, now=after
        )
        lessons.publish_lesson(actor=karim, lesson=row, now=after)
        assert upkeep.expire_due_lessons(actor=None, now=after) == 0

    def test_what_was_withdrawn_is_learnt_no_more(self, karim: User) -> None:
        release = planned(karim, planned_on=later(3))
        row = written(karim, release=release)
        LessonText.objects.filter(version__lesson=row, question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        states.withdraw_release(actor=karim, release=release, reason="It loses data.", now=NOW)
        assert upkeep.expire_due_lessons(actor=None, now=NOW) == 1
        assert versions_of(row).past[0].expired_why == Expiry.WITHDRAWN

    def test_somebody_who_lets_it_expire_says_what_changed(self, karim: User) -> None:
        row = published(karim)
        with pytest.raises(lessons.NoReason):
            lessons.expire_lesson(actor=karim, lesson=row, now=NOW)


class TestGiving:
    def test_whoever_comes_in_later_is_given_it_once(self, karim: User) -> None:
        row = published(karim)
        assigning.give_lesson(actor=karim, lesson=row, audience=everybody(karim), now=NOW)
        person("Sam", email="sam@example.org")
        assert assigning.enrol_due(actor=None, now=NOW) is not None
        assert assigning.enrol_due(actor=None, now=NOW) is None
        late = person("Tom", email="tom@example.org")
        assigning.enrol_due(actor=None, now=NOW)
        assert Enrolment.objects.filter(lesson=row).count() == Person.objects.count()
        assert Enrolment.objects.get(person=late).due_on == later(14)

    def test_it_is_due_the_day_before_its_release_and_follows_it(self, karim: User) -> None:
        release = planned(karim, planned_on=later(20))
        row = written(karim, release=release)
        LessonText.objects.filter(version__lesson=row, question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        champion("Nina", "sales", area=area("Payments"))
        assigning.give_lesson(actor=karim, lesson=row, role="champion", now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        assert [one.due_on for one in Enrolment.objects.all()] == [later(19)]
        states.move_release(actor=karim, release=release, planned_on=later(40), now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        assert [one.due_on for one in Enrolment.objects.all()] == [later(39)]

    def test_people_are_told_once_and_two_things_a_week_at_most(self, karim: User) -> None:
        sam = person("Sam", email="sam@example.org")
        busy = person("Eve", email="eve@example.org")
        for number in (1, 2):
            Ask.objects.create(person=busy, kind=Kind.SURVEY, object_id=number, on=TODAY)
        assigning.give_lesson(actor=karim, lesson=published(karim), audience=everybody(karim), now=NOW)
        look_after_lessons.call()
        assert tell_lessons.call() == 1
        assert tell_lessons.call() == 0
        assert [one.to_email for one in Message.objects.filter(template="lesson_given")] == [sam.email]

    def test_nobody_chosen_is_refused(self, karim: User) -> None:
        with pytest.raises(assigning.ForNobody):
            assigning.give_lesson(actor=karim, lesson=published(karim), now=NOW)


class TestTelling:
    def test_a_crowd_is_told_in_few_statements(self, karim: User) -> None:
        crowd(unit("Support"), 40)
        assigning.give_lesson(actor=karim, lesson=published(karim), audience=everybody(karim), now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        with CaptureQueriesContext(connection) as asked:
            assert tell_lessons.call() == 40
        assert len(asked) < 40
        assert (Message.objects.filter(template="lesson_given").count(), Ask.objects.count()) == (40, 40)

    def test_two_things_are_told_in_one_run_and_the_third_waits(self, karim: User) -> None:
        sam = person("Sam", email="sam@example.org")
        for title in ("One", "Two", "Three"):
            row = published(karim, title)
            Enrolment.objects.create(person=sam, lesson=row, started_on=TODAY, due_on=later(9))
        for _run in (1, 2, 3):
            tell_lessons.call()
        assert Message.objects.filter(template="lesson_given").count() == 2

    def test_what_was_told_before_is_no_second_ask(self, karim: User) -> None:
        sam = person("Sam", email="sam@example.org")
        Enrolment.objects.create(person=sam, lesson=published(karim), started_on=TODAY, due_on=later(9))
        tell_lessons.call()
        Ask.objects.all().delete()
        # As it is once what asked it of them anew was undone.
        Enrolment.objects.update(asked_on=None)
        tell_lessons.call()
        assert Message.objects.filter(template="lesson_given").count() == 1
        assert not Ask.objects.exists()
        assert Enrolment.objects.get().asked_on == TODAY


class TestTaking:
    def test_a_right_answer_is_ones_own_record_and_no_entry_says_whose(self, karim: User) -> None:
        row, sam = published(karim), person("Sam")
        before = AuditEntry.objects.count()
        take(row, sam, is_right=False)
        assert not Completion.objects.exists()
        take(row, sam)
        take(row, sam)
        assert Completion.objects.get().person == sam
        assert AuditEntry.objects.count() == before

    def test_a_new_version_is_to_be_taken_again(self, karim: User) -> None:
        row, sam = published(karim), person("Sam")
        assigning.give_lesson(actor=karim, lesson=row, audience=everybody(karim), now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        take(row, sam)
        assert [one.is_done for one in lessons_given(sam)] == [True]
        lessons.expire_lesson(actor=karim, lesson=row, note="Two buttons", now=NOW)
        lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "Two."}, now=NOW)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert [(one.is_done, one.took_before) for one in lessons_given(sam)] == [(False, True)]


class TestTeams:
    @pytest.fixture
    def row(self, karim: User) -> Lesson:
        row = published(karim)
        assigning.give_lesson(actor=karim, lesson=row, audience=everybody(karim), now=NOW)
        return row

    def told(self, row: Lesson) -> Any:
        assigning.enrol_due(actor=None, now=NOW)
        return taken_by_team(row, versions_of(row).current, later(1))

    def test_teams_of_four_and_of_eight_are_not_told_apart(self, row: Lesson) -> None:
        crowd(unit("Small"), 4)
        crowd(unit("Large"), 9)
        crowd(unit("Other"), 8)
        told = self.told(row)
        assert [(one.name, one.given, one.took) for one in told.teams] == [("Large", 9, 0)]
        assert told.kept_back == 12

    def test_how_many_took_it_is_told_in_steps_and_never_of_fewer_than_five(self, row: Lesson) -> None:
        people, others = crowd(unit("One"), 12), crowd(unit("Two"), 12)
        assigning.enrol_due(actor=None, now=NOW)
        for one in [*people[:7], *others[:2]]:
            take(row, one)
        told = self.told(row)
        assert (told.given, told.took) == (24, 5)
        assert {one.name: one.took for one in told.teams} == {"One": 5, "Two": 0}

    def test_fewer_than_five_say_nothing(self, row: Lesson) -> None:
        crowd(unit("Small"), 3)
        told = self.told(row)
        assert (told.is_shown, told.took) == (False, None)
