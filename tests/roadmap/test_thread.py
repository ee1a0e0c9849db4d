"""The thread leads from what somebody said to what came of it, both ways, from any step."""

import datetime as dt

import pytest

from tests import world
from tests.discovery.hurt import heard
from tests.roadmap.table import directors, on, ranking
from tests.roadmap.undertaken import browser
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import card_of
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point
from vertebra.roadmap.actions.decisions import carry_out, decide
from vertebra.roadmap.actions.key_results import Wanted, capture_baseline, note_figure, set_key_result
from vertebra.roadmap.actions.results import measure_result
from vertebra.roadmap.actions.states import deliver_initiative, start_initiative
from vertebra.roadmap.actions.topics import raise_topic
from vertebra.roadmap.models import Decision
from vertebra.roadmap.thread_ties import ties
from vertebra.web.thread import thread_of

pytestmark = pytest.mark.django_db


def story(ines: User) -> list[tuple[str, int, str]]:
    """From what somebody said to the result, made by the actions alone."""
    said = heard(None, None, "design", text="Customers tell me first.")
    pain = raise_pain_point(
        actor=ines, title="Releases are not told", language="en", evidence=[EvidenceDraft(verbatim=said)], now=world.NOW
    )  # fmt: skip
    topic = raise_topic(
        actor=ines, title="Tell releases", language="en", origin=(Kind.PAIN_POINT, pain.pk), now=world.NOW
    )
    decision = decide(
        actor=ines, topic=topic, cycle=None, verdict="chosen", what="Do it", why="It hurts most", language="en",
        now=world.NOW,
    )  # fmt: skip
    decision.refresh_from_db()
    row = carry_out(actor=ines, decision=decision, kind="operating_model", now=world.NOW)
    wanted = Wanted(name="Releases told late", is_lower_better=True, today=12, target=2)
    aim = set_key_result(actor=ines, initiative=row, wanted=wanted, now=world.NOW)
    capture_baseline(actor=ines, initiative=row, now=world.NOW)
    start_initiative(actor=ines, initiative=row, now=world.NOW)
    deliver_initiative(actor=ines, initiative=row, now=world.NOW + dt.timedelta(days=30))
    late = world.NOW + dt.timedelta(days=200)
    note_figure(actor=ines, key_result=aim, value=3, on=late.date(), now=late)
    aim.refresh_from_db()
    measure_result(actor=None, key_result=aim, now=late)
    result = aim.results.get()
    return [
        (Kind.VERBATIM, said.pk, "Customers tell me first."),
        (Kind.PAIN_POINT, pain.pk, "Releases are not told"),
        (Kind.TOPIC, topic.pk, "Tell releases"),
        (Kind.DECISION, decision.pk, "Tell releases"),
        (Kind.INITIATIVE, row.pk, row.title),
        (Kind.RESULT, result.pk, "Releases told late"),
    ]


def test_from_any_step_the_thread_leads_to_what_was_said_and_to_the_result() -> None:
    ines = world.ines()
    steps = story(ines)
    for at, (kind, pk, _title) in enumerate(steps):
        here = card_of(ines, kind, pk)
        assert here is not None, kind
        found = thread_of(ines, here)
        before = [(step.card.kind, step.card.id) for step in found.before]
        after = [(step.card.kind, step.card.id) for step in found.after]
        assert [one[:2] for one in steps[:at] if one[:2] not in before] == [], kind
        assert [one[:2] for one in steps[at + 1 :] if one[:2] not in after] == [], kind


def test_the_page_of_each_step_shows_the_others_and_hides_what_was_said_from_readers() -> None:
    ines = world.ines()
    steps, reader = story(ines), browser(world.lea())
    ops = browser(ines)
    for kind, pk, _title in steps:
        page = ops.get(f"/thread/{kind}/{pk}/")
        assert page.status_code == 200
        assert all(title in page.content.decode() for _kind, _pk, title in steps)
    told = reader.get(f"/thread/{Kind.TOPIC}/{steps[2][1]}/").content.decode()
    assert "Customers tell me first." not in told
    assert "Releases told late" in told


def test_each_step_says_what_it_is_to_the_next_one() -> None:
    ines = world.ines()
    steps = story(ines)
    says = {}
    for at, want in ((0, "after"), (5, "before")):
        here = card_of(ines, *steps[at][:2])
        assert here is not None
        found = thread_of(ines, here)
        says[want] = {step.card.kind: step.relation for step in getattr(found, want)}
    assert says["after"] == {
        Kind.PAIN_POINT: "is shown by",
        Kind.TOPIC: "raised from",
        Kind.DECISION: "decides",
        Kind.INITIATIVE: "carries out",
        Kind.RESULT: "measures",
    }
    del says["before"][Kind.INTERVIEW]
    assert says["before"] == {
        Kind.INITIATIVE: "is measured by",
        Kind.DECISION: "is carried out by",
        Kind.TOPIC: "is decided by",
        Kind.PAIN_POINT: "gave rise to",
        Kind.VERBATIM: "is evidence for",
    }


def test_the_page_of_each_step_opens_its_thread() -> None:
    ines = world.english(world.ines())
    ops = browser(ines)
    steps = story(ines)
    for kind, pk, _title in steps:
        here = card_of(ines, kind, pk)
        assert here is not None
        page = ops.get(here.url.partition("#")[0])
        assert page.status_code == 200, here.url
        assert f"/thread/{kind}/{pk}/" in page.content.decode(), kind


def test_the_line_on_the_page_of_a_result_tells_what_led_to_it() -> None:
    ines = world.english(world.ines())
    steps, ops = story(ines), browser(ines)
    line = ops.get(f"/thread/{steps[5][0]}/{steps[5][1]}/", headers={"HX-Request": "true"}).content.decode()
    trail = line.partition("</ol>")[0]
    places = [trail.index(f"/{kind}/") for kind in ("topics", "decisions", "initiatives")]
    assert places == sorted(places)
    assert "Conversation" not in line


def test_an_end_of_the_thread_counts_nothing() -> None:
    ines = world.english(world.ines())
    steps, ops = story(ines), browser(ines)
    first = " ".join(ops.get(f"/thread/{steps[0][0]}/{steps[0][1]}/").content.decode().split())
    assert "<b>5 things</b> came of it." in first and "0 thing" not in first
    last = " ".join(ops.get(f"/thread/{steps[5][0]}/{steps[5][1]}/").content.decode().split())
    assert "It comes from <b>6 things</b>." in last and "0 thing" not in last


def test_a_decision_tells_its_table_and_a_table_its_topics() -> None:
    ines = world.english(world.ines())
    directors()
    cycle = ranking(ines)
    topic = on(cycle)[0]
    decision = Decision.objects.create(
        topic=topic, cycle=cycle, verdict="chosen", what="Do it", why="It hurts", language="en",
        decided_on=world.TODAY, published_at=world.NOW, created_at=world.NOW,
    )  # fmt: skip
    assert [(one.kind, one.id, one.is_before) for one in ties(Kind.DECISION, decision.pk)] == [
        (Kind.CYCLE, cycle.pk, True)
    ]
    assert [(one.kind, one.id) for one in ties(Kind.TOPIC, topic.pk)] == [(Kind.CYCLE, cycle.pk)]
    assert (Kind.DECISION, decision.pk, False) in [
        (t.kind, t.id, t.is_before) for t in ties(Kind.CYCLE, cycle.pk)
    ]
    assert ties(Kind.PERSON, 1) == []
