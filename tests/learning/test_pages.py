"""The pages of learning: who may do what, what each shows, without JavaScript, in few questions to the database."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.learning.made import TEXT, crowd, published, written
from tests.org.company import person, unit
from tests.roadmap.undertaken import browser
from tests.waiting import needs_of
from vertebra.accounts.models import User
from vertebra.kit.personal import Subject
from vertebra.learning.actions import assigning, lessons
from vertebra.learning.actions.paths import create_camp
from vertebra.learning.home import part
from vertebra.learning.labels import Expiry
from vertebra.learning.models import Completion, Enrolment, Lesson, LessonText, Path, PathStep, StepDone
from vertebra.learning.personal import HOLDING
from vertebra.org.models import Membership, Person
from vertebra.releases.actions.audiences import create_audience

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def today(settings: Any, tmp_path: Any) -> None:
    settings.FIXED_NOW = NOW
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def karim() -> User:
    return world.karim()


@pytest.fixture
def lea() -> User:
    return world.lea()


def someone(user: User, **fields: Any) -> Person:
    return person(user.name, user=user, **fields)


def read(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(f"learning:{name}", args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def give(actor: User, row: Lesson) -> None:
    whole = create_audience(actor=actor, name="Everybody", rules={"any": [{}]}, now=NOW)
    assigning.give_lesson(actor=actor, lesson=row, audience=whole, now=NOW)
    assigning.enrol_due(actor=None, now=NOW)


class TestLesson:
    def test_a_reader_answers_wrong_reads_why_and_then_right(self, karim: User, lea: User) -> None:
        me, row = someone(lea), published(karim)
        client = browser(lea)
        assert "Who may refund?" in read(client, "lesson-show", row.pk)
        url = reverse("learning:lesson-answer", args=(row.pk,))
        wrong = client.post(url, {"choice": "0"})
        assert wrong.status_code == 422
        assert "Support holds the key." in wrong.content.decode()
        missing = client.post(url)
        assert "Choose one of the answers." in missing.content.decode()
        assert client.post(url, {"choice": "1"}).status_code == 302
        assert Completion.objects.get().person == me
        assert "You took it on" in read(client, "lesson-show", row.pk)

    def test_somebody_outside_the_directory_answers_and_nothing_is_noted(
        self, karim: User, lea: User
    ) -> None:
        row = published(karim)
        browser(lea).post(reverse("learning:lesson-answer", args=(row.pk,)), {"choice": "1"})
        assert not Completion.objects.exists()

    def test_what_is_being_written_is_read_by_those_who_write_it_only(self, karim: User, lea: User) -> None:
        row = written(karim)
        assert "Who may refund?" not in read(browser(lea), "lesson-show", row.pk)
        assert browser(lea).get(reverse("learning:lesson-draft", args=(row.pk,))).status_code == 403
        assert "Who may refund?" in read(browser(karim), "lesson-draft", row.pk)

    def test_it_is_written_published_given_and_let_expire_by_forms(self, karim: User) -> None:
        client = browser(karim)
        client.post(reverse("learning:lesson-create"), {"title": "Refunds", "minutes": "3", "language": "en"})
        row = Lesson.objects.get()
        form = {
            "title": "Refunds", "body": "Text", "question": "Who?", "choice_0": "", "choice_1": "All",
            "choice_2": "Some", "right": "2", "explanation": "So.",
        }  # fmt: skip
        assert client.post(reverse("learning:text-edit", args=(row.pk, "en")), form).status_code == 302
        text = LessonText.objects.get()
        assert (text.choices, text.right) == (["All", "Some"], 1)
        client.post(reverse("learning:lesson-publication", args=(row.pk,)))
        assert "up to date" in read(client, "lesson-list")
        client.post(reverse("learning:lesson-giving", args=(row.pk,)), {"role": "champion"})
        assert "Product Champion" in read(client, "lesson-people", row.pk)
        client.post(reverse("learning:lesson-expiry", args=(row.pk,)), {"note": "Now automatic"})
        assert "Now automatic" in read(client, "lesson-show", row.pk)

    def test_the_right_answer_is_one_of_those_written(self, karim: User) -> None:
        row = lessons.create_lesson(actor=karim, title="Refunds", language="en", now=NOW)
        form = {"title": "R", "body": "T", "question": "Q", "choice_0": "A", "choice_1": "B", "right": "3"}
        response = browser(karim).post(reverse("learning:text-edit", args=(row.pk, "en")), form)
        assert response.status_code == 422

    def test_an_image_is_shown_and_what_is_none_is_refused(self, karim: User) -> None:
        row = written(karim)
        client = browser(karim)
        url = reverse("learning:text-edit", args=(row.pk, "en"))
        choices: Any = TEXT["choices"]
        answers = {f"choice_{at}": text for at, text in enumerate(choices)}
        base = {
            "title": "R",
            "body": "T",
            "question": "Q",
            "right": "1",
            "image_words": "A button",
            **answers,
        }
        fake = SimpleUploadedFile("a.png", b"<svg onload=alert(1)>")
        assert client.post(url, {**base, "image": fake}).status_code == 422
        assert client.post(url, {**base, "image": SimpleUploadedFile("a.svg", PNG)}).status_code == 302
        text = LessonText.objects.get()
        response = client.get(reverse("learning:text-image", args=(text.pk,)))
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")
        assert 'alt="A button"' in read(client, "lesson-draft", row.pk)

    def test_script_in_its_text_does_nothing(self, karim: User) -> None:
        row = written(karim)
        changes = {"body": "<script>alert(1)</script> [x](javascript:alert(1))"}
        lessons.write_text(actor=karim, lesson=row, language="en", changes=changes, now=NOW)
        shown = read(browser(karim), "lesson-draft", row.pk)
        assert "<script>alert" not in shown
        assert 'href="javascript' not in shown


class TestPeople:
    def test_a_small_team_is_not_named_and_nobody_is(self, karim: User) -> None:
        row = published(karim)
        crowd(unit("Tiny squad"), 2)
        crowd(unit("Large squad"), 9)
        give(karim, row)
        shown = read(browser(karim), "lesson-people", row.pk)
        assert "Tiny squad" not in shown
        assert "Person " not in shown


class TestMine:
    def test_i_alone_read_what_waits_for_me_and_what_i_took(self, karim: User, lea: User) -> None:
        someone(lea)
        first, second = published(karim, "First"), published(karim, "Second")
        give(karim, first)
        client = browser(lea)
        client.post(reverse("learning:lesson-answer", args=(second.pk,)), {"choice": "1"})
        assert "up to date" in read(client, "lesson-show", first.pk)
        shown = read(client, "mine")
        assert shown.index("First") < shown.index("Second")
        assert "Second" not in read(browser(karim), "mine")

    def test_a_lesson_is_there_once_however_often_it_was_taken(self, karim: User, lea: User) -> None:
        someone(lea)
        row = published(karim, "Refunds")
        give(karim, row)
        client, answer = browser(lea), reverse("learning:lesson-answer", args=(row.pk,))
        line = f'href="{reverse("learning:lesson-show", args=(row.pk,))}"'
        client.post(answer, {"choice": "1"})
        for body in ("Two buttons.", "Three buttons."):
            lessons.write_text(actor=karim, lesson=row, language="en", changes={"body": body}, now=NOW)
            lessons.publish_lesson(actor=karim, lesson=row, now=NOW)
            shown = read(client, "mine")
            assert (
                shown.count(line) == 1 and "changed since you took it" in shown and 'id="taken"' not in shown
            )
            client.post(answer, {"choice": "1"})
            shown = read(client, "mine")
            assert shown.count(line) == 1 and 'id="taken"' in shown and "expired since" not in shown
        lessons.expire_lesson(actor=karim, lesson=row, why=Expiry.BY_HAND, note="It is gone.", now=NOW)
        shown = read(client, "mine")
        # It was taken before it expired: that is said, and not the contrary.
        assert shown.count(line) == 1 and "expired since" in shown and 'id="resting"' not in shown

    def test_home_asks_in_the_measure_of_two_a_week(self, karim: User, lea: User) -> None:
        someone(lea)
        row = published(karim)
        give(karim, row)
        needs = needs_of([part(lea, NOW)])
        assert [need.ask for need in needs] == [("lesson", row.pk)]

    def test_whoever_keeps_a_lesson_true_is_told_that_it_waits(self, karim: User) -> None:
        written(karim, owner=someone(karim))
        assert ["waits to be published" in need.sentence for need in needs_of([part(karim, NOW)])] == [True]

    def test_ones_own_data_hold_what_one_took_and_erasure_takes_it(self, karim: User, lea: User) -> None:
        me, row = someone(lea), published(karim)
        give(karim, row)
        browser(lea).post(reverse("learning:lesson-answer", args=(row.pk,)), {"choice": "1"})
        asking = Subject(me.pk, lea.pk, me.name, "", "x", is_asking=True)
        other = Subject(me.pk, lea.pk, me.name, "", "x")
        assert HOLDING.export(asking)["lessons_taken"]
        assert "lessons_taken" not in HOLDING.export(other)
        HOLDING.erase(asking, NOW)
        assert not Completion.objects.exists()
        assert not Enrolment.objects.filter(person=me).exists()


class TestCamp:
    def test_it_begins_by_itself_for_whoever_has_just_arrived(self, karim: User, lea: User) -> None:
        camp = create_camp(actor=karim, language="en", now=NOW)
        team = unit("Team")
        me = someone(lea, joined_on=TODAY - dt.timedelta(days=2))
        Membership.objects.create(person=me, unit=team, function="product", starts_on=TODAY)
        person("Old", team, "product", joined_on=TODAY - dt.timedelta(days=90))
        person("Seller", team, "sales", joined_on=TODAY)
        assigning.enrol_due(actor=None, now=NOW)
        assigning.enrol_due(actor=None, now=NOW)
        assert [one.person for one in Enrolment.objects.filter(path=camp)] == [me]

    def test_steps_are_ticked_by_whoever_is_on_it_and_name_whom_they_meet(
        self, karim: User, lea: User
    ) -> None:
        client = browser(lea)
        someone(lea, manager=person("Maud"))
        camp = create_camp(actor=karim, language="en", now=NOW)
        client.post(reverse("learning:path-start", args=(camp.pk,)))
        assert "Maud" in read(client, "path-people", camp.pk)
        step = PathStep.objects.filter(path=camp)[0]
        url = reverse("learning:step-done", args=(step.pk,))
        client.post(url)
        assert StepDone.objects.get().step == step
        assert "<b>1 of 8</b>" in read(client, "path-show", camp.pk)
        client.post(url, {"not": "1"})
        assert not StepDone.objects.exists()

    def test_a_path_is_made_by_forms(self, karim: User) -> None:
        client = browser(karim)
        assert "Begin a Product Camp" in read(client, "path-list")
        client.post(reverse("learning:path-create"), {"title": "Selling it", "language": "en"})
        row = Path.objects.get()
        step = {"kind": "page", "title": "Read", "web_address": "javascript:alert(1)", "day": "3"}
        url = reverse("learning:step-create", args=(row.pk,))
        assert client.post(url, step).status_code == 422
        assert client.post(url, {**step, "web_address": "/releases/"}).status_code == 302
        assert client.post(url, {**step, "kind": "people", "web_address": ""}).status_code == 422
        one = PathStep.objects.get()
        client.post(
            reverse("learning:step-edit", args=(one.pk,)), {**step, "title": "Read on", "web_address": ""}
        )
        assert 'class="path-steps"' in read(client, "path-show", row.pk)
        client.post(reverse("learning:step-removal", args=(one.pk,)))
        assert 'class="path-steps"' not in read(client, "path-show", row.pk)
        for name in ("step-edit", "step-removal", "step-done"):
            assert client.post(reverse(f"learning:{name}", args=(one.pk,)), step).status_code == 404


class TestBudget:
    @pytest.mark.parametrize(
        "name", ["lesson-list", "lesson-show", "lesson-people", "mine", "path-show", "path-list"]
    )
    def test_pages_ask_the_database_twelve_times_at_most(self, karim: User, lea: User, name: str) -> None:
        someone(lea, manager=person("Maud"))
        rows = [published(karim, f"Lesson {number}") for number in range(4)]
        crowd(unit("One"), 12)
        give(karim, rows[0])
        camp = create_camp(actor=karim, language="en", now=NOW)
        lea.role = "contributor"
        client = browser(lea)
        lea.save()
        client.post(reverse("learning:path-start", args=(camp.pk,)))
        args = {"lesson-show": [rows[0].pk], "lesson-people": [rows[0].pk], "path-show": [camp.pk]}.get(
            name, []
        )
        read(client, name, *args)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(client, name, *args)
        own = [one["sql"][:150] for one in asked if "SAVEPOINT" not in one["sql"]]
        assert len(own) <= 12, "\n".join(own)
