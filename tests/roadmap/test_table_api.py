"""Tools read topics, tables and decisions with the eyes of their token's owner: what a page hides stays hidden."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org.company import person, unit
from tests.roadmap import moved
from tests.roadmap import table as t
from tests.web.test_api import caller, post
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.discovery.actions.pain_states import confirm_pain_points, put_to_directors
from vertebra.roadmap.actions.cycles import publish_cycle, reveal_rankings
from vertebra.roadmap.actions.decisions import decide, decide_rest
from vertebra.roadmap.actions.key_results import Wanted, capture_baseline, set_key_result
from vertebra.roadmap.actions.objectives import set_objective
from vertebra.roadmap.actions.topics import join_topics, raise_topic
from vertebra.roadmap.models import Cycle, Result, Topic, Voice

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def tool(ines: User) -> Client:
    return caller(ines, "read", "write", "import")


@pytest.fixture
def reader() -> Client:
    return caller(world.lea(), "read", "write", "import")


def read(client: Client, path: str, **asked: Any) -> Any:
    answer = client.get(f"/api/v1{path}", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def hurt(ines: User, people: int, *, is_put: bool) -> Topic:
    """A topic raised from a pain point of so many people."""
    team = unit("Sales")
    said = [heard(person(f"Seller {n}", team, "sales"), team, "sales") for n in range(people)]
    point = hurting(ines, *said)
    if is_put:
        confirm_pain_points(actor=ines, pain_points=[point], now=world.NOW)
        put_to_directors(actor=ines, pain_points=[point], now=world.NOW)
    return raise_topic(
        actor=ines, title="Sales hear last", language="en", origin=("pain_point", point.pk), now=world.NOW
    )


def test_sizes_are_told_in_steps_and_never_below_five(ines: User, tool: Client, reader: Client) -> None:
    row = hurt(ines, 7, is_put=True)
    exact, steps = (read(one, f"/topics/{row.pk}")["weight"] for one in (tool, reader))
    assert (exact["people"], exact["is_exact"]) == (7, True)
    assert (steps["people"], steps["teams"], steps["is_exact"]) == (5, None, False)
    Topic.objects.filter(pk=row.pk).update(people_count=3)
    [few] = read(reader, "/topics")["items"]
    assert (few["weight"]["people"], few["weight"]["strength"]) == (None, "few")


def test_a_reader_learns_nothing_of_a_pain_point_that_is_closed_to_them(
    ines: User, tool: Client, reader: Client
) -> None:
    row = hurt(ines, 7, is_put=False)
    assert read(tool, f"/topics/{row.pk}")["origin"] == {"kind": "pain_point", "id": row.origin_id}
    assert read(reader, f"/topics/{row.pk}")["origin"] is None
    refused = post(reader, "/topics", {"title": "X", "origin": {"kind": "pain_point", "id": row.origin_id}})
    assert refused.status_code == 422
    assert Topic.objects.count() == 1


def test_whoever_raises_or_relays_stands_behind_it_and_nobody_is_named(reader: Client, tool: Client) -> None:
    made = post(reader, "/topics", {"title": "Nobody tells the field", "effort_days": 3})
    assert made.status_code == 201
    assert AuditEntry.objects.get(pk=made.json()["entry"]).object_id == made.json()["id"]
    path = f"/topics/{made.json()['id']}"
    assert post(reader, f"{path}/voices", {}).status_code == 409
    assert post(tool, f"{path}/voices", {"relay": True}).status_code == 201
    assert sorted(Voice.objects.values_list("kind", flat=True)) == ["raised", "relayed"]
    told = reader.get(f"/api/v1{path}")
    assert told.json()["voices"] == 2
    assert b"example.org" not in told.content and b"Roux" not in told.content


def test_topics_told_twice_are_there_once_with_who_raised_them(tool: Client) -> None:
    zoe = person("Zoe Petit", unit("Shop"), "support")
    rows = [{"title": "No test data", "raised_by": zoe.pk}, {"title": "Two roadmaps"}]
    body = {"source": "Board", "topics": rows}
    first = post(tool, "/bulk/topics", body)
    assert first.status_code == 200, first.content
    assert first.json()["created"] == 2
    assert AuditEntry.objects.get(pk=first.json()["entry"]).object_name == "Board"
    assert post(tool, "/bulk/topics", body).json() == {
        "created": 0,
        "changed": 0,
        "unchanged": 2,
        "entry": None,
    }
    assert Voice.objects.get(person=zoe).topic.title == "No test data"
    assert not Watch.objects.exists()
    rows[1] = {"title": "two  ROADMAPS", "raised_by": zoe.pk}
    assert post(tool, "/bulk/topics", body).json()["changed"] == 1
    assert Topic.objects.count() == 2


def test_a_topic_told_again_after_it_was_joined_is_the_one_it_was_joined_to(ines: User, tool: Client) -> None:
    body = {"source": "Board", "topics": [{"title": "No test data"}, {"title": "Data for tests is missing"}]}
    post(tool, "/bulk/topics", body)
    kept, gone = Topic.objects.order_by("pk")
    join_topics(actor=ines, kept=kept, duplicate=gone, now=world.NOW)
    assert post(tool, "/bulk/topics", body).json()["unchanged"] == 2
    assert [one["id"] for one in read(tool, "/topics")["items"]] == [kept.pk]


def test_a_wrong_topic_is_told_with_its_row_and_a_remedy_and_keeps_all_from_being_written(
    tool: Client,
) -> None:
    rows = [
        {"title": "Fine"},
        {"title": "Who", "raised_by": 10**9, "objective": 10**9},
        {"title": "From nothing", "origin": {"kind": "incident", "id": 10**9}},
    ]
    refused = post(tool, "/bulk/topics", {"source": "Board", "topics": rows})
    assert refused.status_code == 422
    errors = refused.json()["errors"]
    assert [one["field"] for one in errors] == ["topics.1.raised_by", "topics.1.objective", "topics.2.origin"]
    assert all(one["message"] and one["remedy"] for one in errors)
    assert not Topic.objects.exists()


def test_a_reader_tells_no_topics_in_bulk(reader: Client) -> None:
    assert post(reader, "/bulk/topics", {"source": "Board", "topics": []}).status_code == 403


def ranked(ines: User) -> Cycle:
    """A table of which two seats have ranked."""
    t.directors()
    cycle = t.ranking(ines, quorum=1)
    rows = t.on(cycle)
    t.ranks(t.seats(cycle)[0], rows[2], rows[0])
    t.ranks(t.seats(cycle)[2], rows[2], rows[1])
    return cycle


def test_nothing_of_a_ranking_is_told_before_all_are_shown(ines: User, tool: Client, reader: Client) -> None:
    cycle = ranked(ines)
    for client in (tool, reader):
        told = read(client, f"/cycles/{cycle.pk}")
        assert told["result"] is None
        assert [one["done"] for one in told["turnout"]] == [1, 1, 0]
        assert len(told["table"]) == 4
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    result = read(reader, f"/cycles/{cycle.pk}")["result"]
    assert result["places"][0]["topic"] == t.on(cycle)[2].pk
    assert result["places"][0]["functions"] == {"product": 1, "design": 1}
    assert read(reader, "/cycles", state="ranking")["items"] == []


def test_a_decision_is_closed_to_readers_until_it_is_published(
    ines: User, tool: Client, reader: Client
) -> None:
    cycle = ranked(ines)
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    by = t.seats(cycle)[0].person
    made = decide(
        actor=ines, topic=t.on(cycle)[2], cycle=cycle, verdict="chosen", what="We do it", why="Most are hurt",
        language="en", other_words={"fr": {"what": "On le fait", "why": "Beaucoup en souffrent"}},
        decided_by=[by], now=world.NOW,
    )  # fmt: skip
    assert read(tool, f"/decisions/{made.pk}")["published_at"] is None
    assert reader.get(f"/api/v1/decisions/{made.pk}").status_code == 404
    assert read(reader, "/decisions")["items"] == []
    decide_rest(actor=ines, cycle=cycle, why="No room", language="en", now=world.NOW)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    told = read(reader, f"/decisions/{made.pk}")
    assert (told["what"], told["other_words"]["fr"]["what"]) == ("We do it", "On le fait")
    assert told["decided_by"] == [by.pk]
    assert len(read(reader, "/decisions", cycle=cycle.pk)["items"]) == 4
    assert len(read(reader, "/decisions", verdict="not_now")["items"]) == 3


def test_objectives_are_read_with_what_serves_them(ines: User, reader: Client) -> None:
    row = set_objective(
        actor=ines, title="Countries in a quarter", language="en", starts_on=world.TODAY,
        ends_on=world.TODAY.replace(year=2027), now=world.NOW,
    )  # fmt: skip
    raise_topic(actor=ines, title="Forms", language="en", objective=row, now=world.NOW)
    [told] = read(reader, "/objectives", when="now")["items"]
    assert (told["id"], told["topics"], told["initiatives"]) == (row.pk, 1, 0)
    assert read(reader, "/objectives", when="past")["items"] == []
    assert read(reader, "/topics", objective=row.pk)["items"][0]["title"] == "Forms"
    assert reader.get("/api/v1/objectives", {"year": 2026}).status_code == 422


def test_results_are_read_with_interval_method_and_verdict_and_what_was_told_before(
    ines: User, reader: Client
) -> None:
    row = moved.initiative(ines)
    wanted = Wanted(name="Days to open", today=30.0, is_lower_better=True, target=20.0)
    aim = set_key_result(actor=ines, initiative=row, wanted=wanted, now=world.NOW)
    capture_baseline(actor=ines, initiative=row, now=world.NOW)
    given: dict[str, Any] = {
        "key_result": aim, "method": "series", "analysis": "impact 1", "verdict": "better", "computed_at": world.NOW,
        "series": {"points": [["2026-10-01", 44.0, 40.0, None, 43.0, True]]}, "checks": {"cautions": ["gaps"]},
    }  # fmt: skip
    before = Result.objects.create(**given, effect=3.0, superseded_at=world.NOW)
    holds = Result.objects.create(**given, effect=4.0, low=2.0, high=6.0)
    [told] = read(reader, "/results", initiative=row.pk, verdict="better")["items"]
    assert (told["id"], told["effect"], told["low"], told["high"], told["method"]) == (
        holds.pk, 4.0, 2.0, 6.0, "series",
    )  # fmt: skip
    assert read(reader, f"/results/{before.pk}")["superseded_at"] is not None
    [point] = read(reader, f"/results/{holds.pk}")["points"]
    assert point == {
        "on": "2026-10-01",
        "seen": 44.0,
        "expected": 40.0,
        "low": None,
        "high": 43.0,
        "is_after": True,
    }
    [key_result] = read(reader, "/key-results", initiative=row.pk)["items"]
    assert (key_result["baseline"], key_result["target"], key_result["measured_by"]) == (30.0, 20.0, "hand")


def test_a_key_result_names_no_pain_point_that_is_closed_to_the_reader(
    ines: User, tool: Client, reader: Client
) -> None:
    point = moved.pain_point(ines)
    row = moved.initiative(ines, answers=point)
    aim = set_key_result(actor=ines, initiative=row, wanted=Wanted(pain_point=point), now=world.NOW)
    assert read(tool, f"/key-results/{aim.pk}")["pain_point"] == point.pk
    type(point).objects.filter(pk=point.pk).update(state="raised")
    assert read(reader, f"/key-results/{aim.pk}")["pain_point"] is None
