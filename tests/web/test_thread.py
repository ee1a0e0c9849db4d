"""The golden thread is read both ways, in two queries, and hides what is not the reader's."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.discovery.hurt import heard
from vertebra.accounts.actions import thread
from vertebra.accounts.audit import Tracker
from vertebra.accounts.labels import Kind, Relation, Role
from vertebra.accounts.models import User
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point
from vertebra.discovery.models import Campaign, Interview
from vertebra.kit.cards import Card
from vertebra.org.models import Field
from vertebra.web.thread import thread_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def fields() -> list[Card]:
    made = [Field.objects.create(name=name) for name in ("Voice", "Pain", "Topic", "Deed", "Verdict")]
    return [Card(Kind.FIELD, field.pk, field.name, "/organisation/fields/") for field in made]


@pytest.fixture
def ines() -> User:
    return world.ines()


def tie(actor: User, origin: Card, relation: str, target: Card, hours: int = 0) -> None:
    now = world.NOW + dt.timedelta(hours=hours)
    thread.tie(Tracker(), (origin.kind, origin.id), relation, (target.kind, target.id), by=actor, now=now)


def chain(actor: User, cards: list[Card]) -> None:
    voice, pain, topic, deed, verdict = cards
    tie(actor, voice, Relation.EVIDENCES, pain, 1)
    tie(actor, topic, Relation.RAISED_FROM, pain, 2)
    tie(actor, deed, Relation.CARRIES_OUT, topic, 3)
    tie(actor, verdict, Relation.MEASURES, deed, 4)


def test_the_thread_is_whole_from_any_of_its_objects(fields: list[Card], ines: User) -> None:
    chain(ines, fields)
    names = [card.title for card in fields]
    for at, here in enumerate(fields):
        found = thread_of(ines, here)
        assert [step.card.title for step in found.before] == names[:at]
        assert [step.card.title for step in found.after] == names[at + 1 :]


def test_a_step_says_why_and_since_when(fields: list[Card], ines: User) -> None:
    one, other = (Kind.FIELD, fields[1].id), (Kind.FIELD, fields[0].id)
    thread.tie(Tracker(), one, Relation.RAISED_FROM, other, by=ines, why="Said twice.", now=world.NOW)
    (step,) = thread_of(ines, fields[0]).after
    assert (step.why, step.since) == ("Said twice.", world.NOW)


def test_two_queries_read_the_links(
    fields: list[Card], ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    chain(ines, fields)
    with django_assert_max_num_queries(4):  # two walks, what looks back at it, and the names of the fields
        thread_of(ines, fields[2])


def test_a_circle_ends(fields: list[Card], ines: User) -> None:
    tie(ines, fields[0], Relation.REPLACES, fields[1])
    tie(ines, fields[1], Relation.REPLACES, fields[0])
    assert [step.card.title for step in thread_of(ines, fields[0]).before] == ["Pain"]


def test_an_ended_link_is_left_out(fields: list[Card], ines: User) -> None:
    tie(ines, fields[0], Relation.EVIDENCES, fields[1])
    one, other = (Kind.FIELD, fields[0].id), (Kind.FIELD, fields[1].id)
    thread.untie(Tracker(), one, Relation.EVIDENCES, other, now=world.NOW)
    assert thread_of(ines, fields[1]).before == []


def test_the_page_shows_both_ways_and_its_line_stands_alone(
    client: Client, fields: list[Card], ines: User
) -> None:
    chain(ines, fields)
    client.force_login(ines)
    address = reverse("web:thread-show", args=[Kind.FIELD, fields[1].id])
    page = client.get(address).content.decode()
    assert all(card.title in page for card in fields)
    line = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in line and "Verdict" in line


def test_an_object_that_is_not_there_has_no_thread(client: Client) -> None:
    client.force_login(world.account("Nobody Known", Role.READER))
    assert client.get(reverse("web:thread-show", args=[Kind.FIELD, 999])).status_code == 404
    assert client.get(reverse("web:thread-show", args=["nothing", 1])).status_code == 404


def test_a_pain_point_tells_where_it_was_heard_to_product_ops_alone(ines: User) -> None:
    found = heard(None, None, "design")
    pain = raise_pain_point(
        actor=ines, title="It hurts", language="en", evidence=[EvidenceDraft(verbatim=found, seen_on=world.TODAY)],
        now=world.NOW,
    )  # fmt: skip
    here = Card(Kind.PAIN_POINT, pain.pk, pain.title, "/")
    assert [(step.card.kind, step.card.id) for step in thread_of(ines, here).before] == [
        (Kind.INTERVIEW, found.interview_id),
        (Kind.VERBATIM, found.pk),
    ]
    campaign = Campaign.objects.create(
        title="A round", language="en", created_at=world.NOW, changed_at=world.NOW
    )
    Interview.objects.update(campaign=campaign)
    step, _words = thread_of(ines, here).before
    assert step.card.title == "A round"
    assert "1" in step.why
    assert thread_of(world.account("Only Reads", Role.READER), here).before == []
