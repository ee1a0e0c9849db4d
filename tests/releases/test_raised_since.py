"""Who raised what came out is looked for when something is new behind a release, once a day else; and cheaply."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.org.company import area
from tests.releases.announced import NOW, someone
from tests.releases.test_raisers import out, topic
from tests.releases.told import tell
from vertebra.accounts.audit import undo
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate
from vertebra.releases.actions.awareness import remind_release
from vertebra.releases.actions.briefs import ask_question
from vertebra.releases.actions.questions import answer_for_all, merge_questions
from vertebra.releases.jobs.announcing import tell_those_who_raised
from vertebra.releases.models import Announcement, Relay, Release
from vertebra.releases.queries.raised_since import AGAIN_AFTER, to_look_at
from vertebra.releases.queries.raisers import raisers_of
from vertebra.roadmap.actions.topics import add_voice, raise_topic
from vertebra.roadmap.models import Topic

pytestmark = pytest.mark.django_db
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def pair(karim: User) -> tuple[Topic, Release]:
    """A topic, and what answers it; beside it another release that answers another."""
    first = topic(karim)
    out(karim, (Kind.TOPIC, topic(karim, "Invoices get lost").pk), title="Invoices in the app")
    return first, out(karim, (Kind.TOPIC, first.pk))


def looked_at(settings: Any, minutes: int) -> set[str]:
    """What is looked at so many minutes later, and told."""
    settings.FIXED_NOW = NOW + minutes * MINUTES
    found = {row.title for row in to_look_at(settings.FIXED_NOW)}
    tell_those_who_raised.call()
    return found


def test_what_is_quiet_is_looked_at_once_a_day(pair: tuple[Topic, Release], settings: Any) -> None:
    both = {"Invoices in the app", "Refunds in one click"}
    assert looked_at(settings, 5) == both
    assert looked_at(settings, 20) == both, (
        "what was tied shortly before one looked may have been saved after"
    )
    assert looked_at(settings, 35) == set()
    assert looked_at(settings, 50) == set()
    assert looked_at(settings, int(AGAIN_AFTER / MINUTES) + 21) == both


def test_a_voice_a_relay_and_a_link_are_seen_in_the_next_round_and_not_for_ever(
    karim: User, pair: tuple[Topic, Release], settings: Any
) -> None:
    row_topic, row = pair
    looked_at(settings, 15)
    voice, champion = someone("Rita Roy", "sales"), someone("Champ Lind", "sales")
    add_voice(actor=karim, topic=row_topic, person=voice, now=NOW + 19 * MINUTES)
    assert looked_at(settings, 30) == {row.title}
    assert looked_at(settings, 45) == set()
    mandate = Mandate.objects.create(
        person=champion, role=MandateRole.CHAMPION, area=area("Refunds"), starts_on=world.TODAY
    )
    Relay.objects.create(
        mandate=mandate, person=champion, topic=row_topic, line="They wait", language="en",
        passed_at=NOW + 50 * MINUTES,
    )  # fmt: skip
    assert looked_at(settings, 60) == {row.title}
    out(karim, (Kind.TOPIC, row_topic.pk), title="Refunds in no click")
    assert looked_at(settings, 90) >= {"Refunds in no click"}
    assert {one.name for one in raisers_of(row, NOW)} == {"Rita Roy", "Champ Lind", karim.name}


def test_whoever_joins_a_topic_that_took_up_another_is_seen(
    karim: User, pair: tuple[Topic, Release], settings: Any
) -> None:
    row_topic, row = pair
    into = raise_topic(actor=karim, title="Money comes late", language="en", now=NOW - dt.timedelta(days=2))
    Topic.objects.filter(pk=row_topic.pk).update(merged_into=into)
    looked_at(settings, 15)
    add_voice(actor=karim, topic=into, person=someone("Rita Roy", "sales"), now=NOW + 20 * MINUTES)
    assert looked_at(settings, 30) == {row.title}


def test_many_releases_cost_no_more_questions(karim: User, settings: Any) -> None:
    def questions(minutes: int) -> int:
        settings.FIXED_NOW = NOW + minutes * MINUTES
        with CaptureQueriesContext(connection) as captured:
            assert not [row for row in to_look_at(settings.FIXED_NOW) if row.title == "Quiet"]
        return len(captured)

    out(karim, (Kind.TOPIC, topic(karim, "One").pk), title="Quiet")
    looked_at(settings, 15)
    before = questions(30)
    for at in range(8):
        out(karim, (Kind.TOPIC, topic(karim, f"Other {at}").pk), title="Quiet")
    looked_at(settings, 30)
    add_voice(
        actor=karim, topic=topic(karim, "x"), person=someone("Rita Roy", "sales"), now=NOW + 20 * MINUTES
    )
    assert before <= 10 and questions(30) <= 24


def test_a_reminder_is_noted_with_what_it_changed(karim: User, pair: tuple[Topic, Release]) -> None:
    row = pair[1]
    made = tell(row, [someone("Rita Roy", "sales")])
    entry = remind_release(actor=karim, release=row, now=NOW)
    [kept] = entry.rows.all()
    assert (kept.model, kept.row_id, kept.before) == ("releases.announcement", made.pk, {"reminded_at": None})
    undo(actor=karim, entry=entry, now=NOW)
    assert Announcement.objects.get().reminded_at is None


def test_an_answer_to_many_askers_asks_once_who_was_told(karim: User, pair: tuple[Topic, Release]) -> None:
    row = pair[1]

    def asked_by(count: int, question: str) -> int:
        people = [someone(f"{question[:-1]}{at} Roy", "sales") for at in range(count)]
        tell(row, people)
        for one in people:
            ask_question(actor=None, release=row, question=question, language="en", person=one, now=NOW)
        numbers = list(row.questions.filter(question=question).values_list("pk", flat=True))
        merge_questions(actor=karim, release=row, numbers=numbers, now=NOW)
        kept = row.questions.get(question=question, archived_at=None)
        with CaptureQueriesContext(connection) as captured:
            answer_for_all(actor=karim, question=kept, answer="Yes.", person=None, now=NOW)
        return sum('FROM "releases_recipient"' in one["sql"] for one in captured)

    assert asked_by(2, "Why?") == asked_by(6, "How?") == 1
