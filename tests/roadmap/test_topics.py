"""Topics: raised by anybody, from anything, joined when they say the same; objectives nobody carries; the load."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org.company import person, unit
from tests.roadmap import table as t
from vertebra.accounts.audit import undo
from vertebra.accounts.models import AuditEntry, AuditRow, Link, User
from vertebra.discovery.actions.help_requests import ask_for_help
from vertebra.discovery.actions.pain_states import confirm_pain_points, put_to_directors
from vertebra.discovery.models import PainPoint, ReAsk
from vertebra.kit.personal import Subject
from vertebra.kit.seals import unseal
from vertebra.org.rules import all_candidates
from vertebra.roadmap.actions.cycles import reveal_rankings
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.objectives import set_objective
from vertebra.roadmap.actions.rankings import UnknownTopics, import_ballots
from vertebra.roadmap.actions.topics import add_voice, join_topics, put_on_table, raise_topic, recount_topics
from vertebra.roadmap.models import Initiative, Topic, Voice
from vertebra.roadmap.personal import HOLDING
from vertebra.roadmap.queries.ballot_files import NoBallots, read_ballots
from vertebra.roadmap.queries.gathering import gathered
from vertebra.roadmap.queries.load import load
from vertebra.roadmap.queries.topics import alike, weight_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def put(ines: User, people: int = 6) -> Any:
    """A pain point of several people, put to the directors."""
    team = unit("Sales")
    said = [heard(person(f"Seller {n}", team, "sales"), team, "sales") for n in range(people)]
    point = hurting(ines, *said)
    confirm_pain_points(actor=ines, pain_points=[point], now=world.NOW)
    put_to_directors(actor=ines, pain_points=[point], now=world.NOW)
    return point


def test_a_pain_point_put_to_the_directors_becomes_one_topic(ines: User) -> None:
    point = put(ines)
    client = browser(ines)
    url = reverse("roadmap:topic-gather")
    assert f"pain_point:{point.pk}" in client.get(url).content.decode()
    client.post(url, {"found": [f"pain_point:{point.pk}", "pain_point:99999", "x"]})
    topic = Topic.objects.get()
    assert (topic.origin_kind, topic.origin_id, topic.people_count) == ("pain_point", point.pk, 6)
    assert Link.objects.filter(relation="raised_from", to_id=point.pk, from_id=topic.pk).exists()
    assert f"pain_point:{point.pk}" not in client.get(url).content.decode()
    lea = world.english(world.lea())
    again = raise_topic(actor=lea, title="x", language="en", origin=("pain_point", point.pk), now=world.NOW)
    assert again == topic and topic.voices.count() == 2


def test_what_is_gathered_as_costly_is_what_the_latest_answers_say(ines: User) -> None:
    point = put(ines)

    def asked(moment: str, ago: int, mean: float) -> str:
        day = world.TODAY - dt.timedelta(days=ago)
        ReAsk.objects.create(
            pain_point=point, moment=moment, due_on=day, answered=6, mean=mean, low=mean, high=mean, read_at=world.NOW
        )  # fmt: skip
        return " ".join(one.why for source in gathered(ines) for one in source.found if "costs" in one.why)

    PainPoint.objects.filter(pk=point.pk).update(to_directors_on=None)
    assert asked("before", 300, 8) == "", "asked for the first time, it is only noted"
    assert asked("delivery", 200, 7) == "still costs 7.0 of 10"
    assert asked("six_months", 20, 4) == "", "it was costly, and is no more"


def test_readers_learn_no_small_count(ines: User) -> None:
    point = put(ines, people=3)
    topic = raise_topic(actor=ines, title="x", language="en", origin=("pain_point", point.pk), now=world.NOW)
    lea = world.english(world.lea())
    assert weight_for(lea, topic).people is None and weight_for(ines, topic).people == 3
    page = browser(lea).get(reverse("roadmap:topic-show", args=(topic.pk,))).content.decode()
    assert "fewer than five" in page and "3 people" not in page
    table = browser(lea).get(reverse("roadmap:topic-list")).content.decode()
    assert "heard from fewer than five people" in table


def test_whoever_asked_for_help_stands_behind_the_topic_made_of_it(ines: User) -> None:
    lea = world.lea()
    entry = ask_for_help(actor=lea, sentence="Run our first review", language="fr", unit=None, now=world.NOW)
    url = f"{reverse('roadmap:topic-create')}?kind=help_request&id={entry.object_id}"
    page = browser(ines).get(url)
    assert "Run our first review" in page.content.decode()
    browser(ines).post(url, {"title": "Run our first review", "relay": "on"})
    voices = Topic.objects.get().voices.all()
    assert {unseal(one.sealed_address) for one in voices} == {"lea@example.org", "ines@example.org"}
    assert {one.kind for one in voices} == {"raised", "relayed"}


def test_two_lines_through_a_link_without_an_account(ines: User) -> None:
    made = browser(ines).post(reverse("roadmap:topic-link-list"), {"name": "The field", "days": "30"})
    address = made.content.decode().split("/roadmap/raise/")[1][:64]
    url = reverse("roadmap:topic-by-link", args=(address,))
    visitor = Client()
    assert visitor.get(url).status_code == 200
    given = {"title": "No price list", "description": "Since May", "address": "zoe@example.org"}
    assert "You will be told" in visitor.post(url, given, headers={"Accept-Language": "en"}).content.decode()
    visitor.post(url, given)
    topic = Topic.objects.get()
    assert topic.made_by is None and unseal(topic.voices.get().sealed_address) == "zoe@example.org"
    visitor.post(url, {**given, "title": "Spam", "website": "http://x"})
    assert Topic.objects.count() == 1
    assert visitor.post(url, {"title": ""}).status_code == 422
    assert Client().get(reverse("roadmap:topic-by-link", args=("0" * 64,))).status_code == 404


def test_an_address_left_with_a_topic_is_handed_over_and_forgotten(ines: User) -> None:
    for address in ("zoe@example.org", "max@example.org"):
        raise_topic(actor=None, title=f"By {address}", language="en", address=address, now=world.NOW)
    zoe = Subject(person_id=None, user_id=None, name="Zoe", email="Zoe@example.org", pseudonym="P-1")
    assert [one["topic__title"] for one in HOLDING.export(zoe)["topics_backed"]] == ["By zoe@example.org"]
    HOLDING.erase(zoe, world.NOW)
    assert [unseal(one.sealed_address) for one in Voice.objects.all()] == ["max@example.org"]
    assert AuditRow.objects.filter(model="roadmap.voice").count() == 1
    assert HOLDING.export(zoe)["topics_backed"] == []


def test_those_said_in_like_words_are_suggested_and_joined(ines: User) -> None:
    kept, other, far = t.topics(
        ines, ["Nobody tells the field of releases", "The field is told of no releases", "Test data"]
    )
    assert alike("Releases are told to nobody in the field", without=None)[:2] != [far]
    assert other in alike(kept.title, without=kept.pk) and far not in alike(kept.title, without=kept.pk)
    lea = world.english(world.lea())
    add_voice(actor=lea, topic=other, now=world.NOW)
    join_topics(actor=ines, kept=kept, duplicate=other, now=world.NOW)
    other.refresh_from_db()
    assert other.merged_into == kept and other.state == "merged"
    assert Voice.objects.filter(topic=kept).count() >= 2
    shown = browser(ines).get(reverse("roadmap:topic-show", args=(other.pk,)))
    assert shown["Location"] == reverse("roadmap:topic-show", args=(kept.pk,))


def test_counts_follow_what_a_topic_was_raised_from(ines: User) -> None:
    point = put(ines)
    topic = raise_topic(actor=ines, title="x", language="en", origin=("pain_point", point.pk), now=world.NOW)
    type(point).objects.filter(pk=point.pk).update(people_count=40)
    recount_topics(actor=None, now=world.NOW)
    topic.refresh_from_db()
    assert topic.people_count == 40 and recount_topics(actor=None, now=world.NOW) is None


def test_raising_is_taken_back_within_the_day(ines: User) -> None:
    raise_topic(actor=ines, title="Typed by mistake", language="en", now=world.NOW)
    undo(actor=ines, entry=AuditEntry.objects.get(verb="raise"), now=world.NOW)
    assert not Topic.objects.exists()


def test_an_objective_that_no_team_carries_is_a_candidate_of_an_empty_space(ines: User) -> None:
    company = unit("Company")
    given = {
        "actor": ines,
        "language": "en",
        "ends_on": world.TODAY + dt.timedelta(days=99),
        "now": world.NOW,
    }
    old = set_objective(**given, title="Be recommended", starts_on=world.TODAY - dt.timedelta(days=60))  # type: ignore[arg-type]
    set_objective(**given, title="Too young", starts_on=world.TODAY - dt.timedelta(days=5))  # type: ignore[arg-type]
    found = [one for one in all_candidates(world.TODAY) if one.rule == "objective_uncarried"]
    assert [(one.subject.name, one.neighbours[0].id) for one in found] == [("Be recommended", company.pk)]
    made = create_initiative(
        actor=ines,
        kind="operating_model",
        title="Ask them",
        language="en",
        objective=old,
        owner_unit=company,
        now=world.NOW,
    )
    Initiative.objects.filter(pk=made.pk).update(state="planned")
    assert not [one for one in all_candidates(world.TODAY) if one.rule == "objective_uncarried"]


WIDE = "ballot,function,count,first,second,third\nA,Produit,3,Two roadmaps,No test data,\nB,design,1,No test data = Two roadmaps,,\n"
MATRIX = "votant;Two roadmaps;No test data;Onboarding\nA;1;2;\nB;2;1;2\n"


def test_real_ballots_are_read_in_both_forms() -> None:
    wide = read_ballots(WIDE.encode(), "b.csv")
    assert [(one.label, one.function, one.weight) for one in wide] == [
        ("A", "product", 3),
        ("B", "design", 1),
    ]
    assert wide[1].tiers == (("No test data", "Two roadmaps"),)
    matrix = read_ballots(MATRIX.encode(), "b.csv")
    assert matrix[0].tiers == (("Two roadmaps",), ("No test data",))
    assert matrix[1].tiers == (("No test data",), ("Two roadmaps", "Onboarding"))
    for bad in (b"", b"ballot\nA\n", b"ballot,first\nA,\n", b"count,first\n0,X\n", b"\x00\x01"):
        with pytest.raises(NoBallots):
            read_ballots(bad, "b.csv")


def test_imported_ballots_are_counted_again(ines: User) -> None:
    t.directors()
    cycle = t.table(ines, quorum=1)
    client = browser(ines)
    url = reverse("roadmap:cycle-ballots", args=(cycle.pk,))
    assert client.post(url, {"file": SimpleUploadedFile("b.csv", WIDE.encode())}).status_code == 302
    assert cycle.rankings.count() == 2 and cycle.table.count() == 4
    client.post(reverse("roadmap:cycle-freezing", args=(cycle.pk,)))
    with pytest.raises(UnknownTopics):
        import_ballots(
            actor=ines,
            cycle=cycle,
            ballots=read_ballots(b"first\nMars\n", "b.csv"),
            language="en",
            now=world.NOW,
        )
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    roadmaps = Topic.objects.get(title="Two roadmaps")
    assert cycle.count["together"][0][0] == roadmaps.pk and cycle.count["rankings"] == 4
    assert "Result" in client.get(reverse("roadmap:cycle-result", args=(cycle.pk,))).content.decode()


def test_the_load_tells_demand_and_a_sentence(ines: User) -> None:
    lea = world.lea()
    for number in range(9):
        ask_for_help(actor=lea, sentence=f"Help {number}", language="fr", unit=None, now=world.NOW)
    t.topics(ines)
    long_ago = dict.fromkeys(("created_at", "changed_at"), world.NOW - dt.timedelta(days=900))
    Topic.objects.filter(title=t.TITLES[0]).update(**long_ago)
    Topic.objects.filter(title=t.TITLES[1]).update(**long_ago, state="not_now")
    found = load(world.NOW)
    assert sum(one.asked for one in found.quarters) == found.quarters[-1].asked == 11
    assert found.waiting == 12, (
        "what was raised long ago and still waits is counted, what was answered is not"
    )
    assert found.hire.value == "watch"
    page = browser(ines).get(reverse("roadmap:load")).content.decode()
    assert "The queue grows" in page and "help asked for" in page


PAGES = (
    "topic-list",
    "topic-gather",
    "objective-list",
    "cycle-list",
    "load",
    "topic-create",
    "cycle-create",
    "topic-link-list",
)


def test_pages_keep_to_twelve_queries_however_much_there_is(ines: User) -> None:
    t.directors()
    rows = t.topics(ines, [f"Topic {n}" for n in range(30)])
    cycle = t.ranking(ines)
    put_on_table(actor=ines, cycle=t.table(ines, rows=rows[:3]), topics=rows[3:20], now=world.NOW)
    for seat in t.seats(cycle):
        t.ranks(seat, *t.on(cycle)[:3])
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    client = browser(ines)
    one = ("cycle-show", "cycle-result", "arbitration", "seat-list", "cycle-room", "cycle-edit")
    urls = [reverse(f"roadmap:{name}") for name in PAGES] + [
        reverse(f"roadmap:{n}", args=(cycle.pk,)) for n in one
    ]
    urls.append(reverse("roadmap:topic-show", args=(rows[0].pk,)))
    costs = {}
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        assert answer.status_code == 200, url
        costs[url] = len(captured), len(answer.content)
    assert {url: cost for url, cost in costs.items() if cost[0] > 12 or cost[1] > 150_000} == {}
