"""The lesson of a release: required by its tier, told by the steps that it ties, shown on the page of the release."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.learning.made import TEXT, published, written
from tests.org.company import area, person
from tests.releases.made import major, planned
from tests.roadmap.undertaken import browser, undertaken
from vertebra.accounts import audit
from vertebra.accounts.models import Link, User
from vertebra.learning.actions import lessons, upkeep
from vertebra.learning.models import Lesson
from vertebra.learning.queries.changes import lessons_beside, may_change_it
from vertebra.learning.queries.lessons import versions_of
from vertebra.releases.actions import states
from vertebra.releases.actions.releases import tie_release
from vertebra.releases.models import Release
from vertebra.releases.queries.requirements import Requirement, held_by, requirements

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


def wanted(release: Release) -> Requirement:
    row = Release.objects.get(pk=release.pk)
    return next(one for one in requirements(row, held_by(row)) if one.code == "lesson")


def carried(actor: User, release: Release) -> Lesson:
    """The lesson of a release, begun from its briefs and written in both languages."""
    row = lessons.create_lesson(actor=actor, title="Invoices", language="en", release=release, now=NOW)
    for code in ("en", "fr"):
        lessons.write_text(actor=actor, lesson=row, language=code, changes=TEXT, now=NOW)
    return row


class TestRequirement:
    def test_a_tier_that_asks_for_a_lesson_has_it_once_it_is_published(self, karim: User) -> None:
        release = major(karim, planned_on=later(10))
        assert (wanted(release).is_met, wanted(release).number) == (False, 0)
        row = carried(karim, release)
        assert (wanted(release).is_met, wanted(release).state, wanted(release).number) == (
            False,
            "being written",
            row.pk,
        )
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert (wanted(release).is_met, wanted(release).state) == (True, "")

    def test_a_tier_that_asks_for_none_says_nothing_of_it(self, karim: User) -> None:
        row = planned(karim)
        assert [one for one in requirements(row, held_by(row)) if one.code == "lesson"] == []

    def test_one_that_expired_or_was_put_away_is_missing_again(self, karim: User) -> None:
        release = major(karim)
        row = carried(karim, release)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        lessons.expire_lesson(actor=karim, lesson=row, note="Another button", now=NOW)
        assert not wanted(release).is_met
        lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "New"}, now=NOW)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert wanted(release).is_met
        lessons.archive_lesson(actor=karim, lesson=row, now=NOW)
        assert (wanted(release).is_met, wanted(release).number) == (False, 0)
        lessons.restore_lesson(actor=karim, lesson=row, now=NOW)
        assert wanted(release).is_met

    def test_what_was_there_when_it_came_out_was_there_whatever_changed_since(self, karim: User) -> None:
        release = major(karim)
        row = carried(karim, release)
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        states.release_it(
            actor=karim, release=release, why="We cannot wait.", now=NOW + dt.timedelta(hours=1)
        )
        after = NOW + dt.timedelta(days=30)
        lessons.expire_lesson(actor=karim, lesson=row, note="Another button", now=after)
        assert wanted(release).is_met

    def test_it_does_not_come_out_without_it_unless_somebody_says_why(self, karim: User) -> None:
        release = major(karim)
        states.release_it(actor=karim, release=release, why="We cannot wait.", now=NOW)
        assert "lesson:" in release.go_decisions.get().known["missing"]

    def test_publishing_taken_back_leaves_it_missing(self, karim: User) -> None:
        release = major(karim)
        row = carried(karim, release)
        entry = lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        audit.undo(actor=karim, entry=entry, now=NOW)
        assert not wanted(release).is_met
        assert versions_of(row).current is None

    def test_the_thread_says_from_what_a_lesson_was_made(self, karim: User) -> None:
        release = major(karim)
        row = carried(karim, release)
        assert list(Link.objects.values_list("from_kind", "from_id", "relation", "to_kind", "to_id")) == [
            ("lesson", row.pk, "raised_from", "release", release.pk)
        ]

    def test_one_carried_again_is_not_restored_beside_it(self, karim: User) -> None:
        release = major(karim)
        first = carried(karim, release)
        lessons.archive_lesson(actor=karim, lesson=first, now=NOW)
        carried(karim, release)
        with pytest.raises(lessons.CarriesOne):
            lessons.restore_lesson(actor=karim, lesson=first, now=NOW)


class TestBeside:
    def test_releases_of_its_area_and_of_its_initiative_may_change_a_lesson(self, karim: User) -> None:
        payments, work = area("Payments"), undertaken(karim)
        first = planned(karim, "Refunds", planned_on=later(3))
        same = planned(karim, "Refunds by themselves", planned_on=later(9))
        near = planned(karim, "Cards", planned_on=later(4), area=payments)
        planned(karim, "Elsewhere", planned_on=later(5), area=area("Search"))
        for one in (first, same):
            tie_release(actor=karim, release=one, other=("initiative", work.pk), now=NOW)
        row = written(karim, release=first, area=payments)
        row.versions.get().texts.filter(question="").delete()
        lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
        assert may_change_it(row) == [near, same]
        for release in (near, same):
            assert [(one.lesson.pk, one.is_changed) for one in lessons_beside(release)] == [(row.pk, False)]
        assert lessons_beside(first) == []
        lessons.say_changed_by(actor=karim, lesson=row, release=same, now=NOW)
        assert [one.is_changed for one in lessons_beside(same)] == [True]
        assert may_change_it(row) == [near]

    def test_what_is_archived_does_not_expire_nor_come_back_to_search(self, karim: User) -> None:
        row, change = published(karim), planned(karim, "Refunds by themselves")
        lessons.say_changed_by(actor=karim, lesson=row, release=change, now=NOW)
        lessons.archive_lesson(actor=karim, lesson=row, now=NOW)
        states.release_it(actor=karim, release=change, now=NOW + dt.timedelta(hours=1))
        assert upkeep.expire_due_lessons(actor=None, now=NOW + dt.timedelta(hours=2)) == 0
        with pytest.raises(lessons.PutAway):
            lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": "X"}, now=NOW)
        with pytest.raises(lessons.PutAway):
            lessons.publish_lesson(actor=karim, lesson=row, now=NOW)


class TestPages:
    def test_its_lead_begins_it_now_and_the_release_leads_there(self, karim: User) -> None:
        lea = world.lea()
        release = major(karim, body="What changes.", planned_on=later(60), lead=person("Lea", user=lea))
        client = browser(lea)
        panel = reverse("learning:release-lessons", args=(release.pk,))
        shown = client.get(panel).content.decode()
        assert "begins by itself" in shown
        assert panel in client.get(reverse("releases:release-show", args=(release.pk,))).content.decode()
        url = reverse("learning:lesson-begin", args=(release.pk,))
        assert client.post(url).status_code == 302
        row = Lesson.objects.get(release=release)
        assert any("What changes." in text.body for text in row.versions.get().texts.all())
        # Pressed twice, it leads to the same one.
        again = client.post(url)
        assert again["Location"] == reverse("learning:lesson-show", args=(row.pk,))
        assert Lesson.objects.count() == 1
        checks = client.get(reverse("releases:release-checks", args=(release.pk,))).content.decode()
        assert reverse("learning:lesson-show", args=(row.pk,)) in checks
        assert "being written" in checks

    def test_who_leads_the_release_says_what_it_changes_and_nobody_else_of_the_field(
        self, karim: User
    ) -> None:
        lea, payments = world.lea(), area("Payments")
        row = published(karim, area=payments)
        release = planned(karim, "Cards", area=payments, planned_on=later(4), lead=person("Lea", user=lea))
        url = reverse("learning:lesson-changed-by", args=(row.pk,))
        given = {"release": str(release.pk), "from": "release"}
        assert browser(world.account("Zoe Field")).post(url, given).status_code == 403
        client = browser(lea)
        answered = client.post(url, given)
        assert answered["Location"] == reverse("releases:release-show", args=(release.pk,))
        panel = reverse("learning:release-lessons", args=(release.pk,))
        assert "it changes it" in client.get(panel).content.decode()
        client.post(url, given | {"not": "1"})
        assert "It changes this lesson" in client.get(panel).content.decode()

    def test_a_reader_reads_and_begins_nothing(self, karim: User) -> None:
        release = major(karim)
        client = browser(world.lea())
        assert (
            "Begin it now"
            not in client.get(reverse("learning:release-lessons", args=(release.pk,))).content.decode()
        )
        assert client.post(reverse("learning:lesson-begin", args=(release.pk,))).status_code == 403
        assert not Lesson.objects.exists()
