"""A table from its first topic to the last answer: steps, seats, hidden rankings, decisions, everybody told once."""

import datetime as dt
import json
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from tests import world
from tests.org.company import person
from tests.roadmap import table as t
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, AuditRow, Message, User
from vertebra.accounts.outbox import queue_message, words_of
from vertebra.kit.seals import unseal
from vertebra.org.models import Person
from vertebra.roadmap.actions import answers
from vertebra.roadmap.actions.answers import answer_voices, told_by_hand
from vertebra.roadmap.actions.cycle_steps import NotNow
from vertebra.roadmap.actions.cycles import (
    NoQuorum,
    NoReason,
    TooFewTopics,
    Undecided,
    change_cycle,
    freeze_table,
    open_cycle,
    publish_cycle,
    reopen_cycle,
    reveal_rankings,
)
from vertebra.roadmap.actions.decisions import NotOnTable, carry_out, decide, decide_rest
from vertebra.roadmap.actions.seats import delegate_seat, end_seat, remind_directors, send_rankings
from vertebra.roadmap.actions.topics import add_voice, raise_topic
from vertebra.roadmap.jobs.cycles import look_after_cycles
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Answer, Cycle, Decision, Ranking, Topic
from vertebra.roadmap.queries.counting import shown
from vertebra.roadmap.queries.decisions import of_cycle, unanswered

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture(autouse=True)
def mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.FIXED_NOW = world.NOW


@pytest.fixture
def board() -> list[Person]:
    return t.directors()


def ranked(ines: User, **changes: object) -> Cycle:
    """A table of which everybody has ranked, shown."""
    cycle = t.ranking(ines, **changes)
    a, b, c, d = t.on(cycle)
    for seat, order in zip(
        t.seats(cycle), [(a, b, c), (a, c, b), (b, a, d), (a, b, d), (b, c, a), (a, d, b)], strict=True
    ):
        t.ranks(seat, *order)
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    return cycle


def ranked_again(ines: User, rows: list[Topic]) -> Cycle:
    """The table after that one, with some of the same topics on it, ranked and shown."""
    cycle = t.ranking(ines, rows=rows, title="Q2 2027", picks=2, quorum=1)
    t.ranks(t.seats(cycle)[0], *rows)
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    return cycle


def decided(ines: User, cycle: Cycle) -> None:
    """Choose the first topic, put the rest off."""
    decide(
        actor=ines, topic=t.on(cycle)[0], cycle=cycle, verdict="chosen", what="We do it", why="Most are hurt",
        language="en", other_words={"fr": {"what": "On le fait", "why": "Il touche le plus de monde"}}, now=world.NOW,
    )  # fmt: skip
    decide_rest(actor=ines, cycle=cycle, why="No room this quarter", language="en", now=world.NOW)


def test_the_directors_of_the_day_sit_at_a_new_table(ines: User, board: list[Person]) -> None:
    cycle = open_cycle(actor=ines, values=t.values(), now=world.NOW)
    assert {seat.person for seat in t.seats(cycle)} == set(board)
    assert [seat.function for seat in t.seats(cycle)][:2] == ["product", "product"]


def test_a_table_freezes_on_its_day_by_itself_as_it_is(
    ines: User, board: list[Person], settings: Any
) -> None:
    cycle = t.table(ines)
    look_after_cycles.call()
    cycle.refresh_from_db()
    assert cycle.state == CycleState.COLLECTING
    settings.FIXED_NOW = world.NOW + dt.timedelta(days=8)
    look_after_cycles.call()
    cycle.refresh_from_db()
    assert cycle.state == CycleState.FROZEN
    first = cycle.table.order_by("position")[0]
    Topic.objects.filter(pk=first.topic_id).update(title="Said otherwise")
    first.refresh_from_db()
    assert first.shown["title"] == t.TITLES[0] and first.topic.state == "on_table"
    lonely = t.table(ines, rows=t.topics(ines, ["Alone"]))
    with pytest.raises(TooFewTopics):
        freeze_table(actor=ines, cycle=lonely, now=world.NOW)


def test_each_director_is_asked_once_and_reminded_once(ines: User, board: list[Person]) -> None:
    cycle = t.ranking(ines)
    assert Message.objects.filter(template="ranking_invitation").count() == 6
    send_rankings(actor=None, cycle=cycle, now=world.NOW)
    assert Message.objects.filter(template="ranking_invitation").count() == 6
    first, *_rest = t.seats(cycle)
    t.ranks(first, *t.on(cycle)[:3])
    early, late = world.NOW + dt.timedelta(days=3), world.NOW + dt.timedelta(days=12)
    assert remind_directors(actor=None, cycle=cycle, now=early) is None
    remind_directors(actor=None, cycle=cycle, now=late)
    assert Message.objects.filter(template="ranking_reminder").count() == 5
    assert remind_directors(actor=None, cycle=cycle, now=late) is None
    # Both mails open the same page.
    second = t.seats(cycle)[1]
    again = Message.objects.get(template="ranking_reminder", to_email=second.person.email)
    assert unseal(again.address) == t.link_of(second)


def test_rankings_are_in_no_entry_before_they_are_shown(ines: User, board: list[Person]) -> None:
    cycle = t.ranking(ines)
    a, b, c, _d = t.on(cycle)
    t.ranks(t.seats(cycle)[0], c, a, b)
    assert AuditEntry.objects.filter(verb="rank").count() == 1
    told = json.dumps(list(AuditEntry.objects.values_list("particulars", flat=True)), default=str)
    assert "order" not in told
    assert not AuditRow.objects.filter(model="roadmap.ranking").exists()
    cycle.refresh_from_db()
    assert cycle.count == {} and cycle.revealed_at is None


def test_rankings_are_shown_once_enough_have_ranked(ines: User, board: list[Person]) -> None:
    cycle = t.ranking(ines, quorum=2)
    a, b, c, _d = t.on(cycle)
    t.ranks(t.seats(cycle)[0], a, b, c)
    with pytest.raises(NoQuorum):
        reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    t.ranks(t.seats(cycle)[1], b, a)
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    assert cycle.count["rankings"] == 2 and cycle.count["groups"] == {"product": 2}
    with pytest.raises(NotNow):
        change_cycle(actor=ines, cycle=cycle, values=t.values(rule="schulze", quorum=2), now=world.NOW)


def test_the_count_is_kept_as_it_was_shown(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    a, b, *_rest = t.on(cycle)
    assert [int(row[0]) for row in cycle.count["together"]][:2] == [a.pk, b.pk]
    assert set(cycle.count["functions"]) == {"product", "design", "engineering"}
    # Six rankings by hand: a stands first in four, second in one, third in one.
    assert cycle.count["together"][0][2] == 4 * 3 + 2 + 1
    Ranking.objects.all().delete()
    cycle.refresh_from_db()
    assert int(cycle.count["together"][0][0]) == a.pk


def test_who_leaves_in_mid_cycle_is_waited_for_no_more_and_keeps_what_was_cast(
    ines: User, board: list[Person], settings: Any
) -> None:
    cycle = t.ranking(ines)
    first, second, *_rest = t.seats(cycle)
    t.ranks(first, *t.on(cycle)[:3])
    Person.objects.filter(pk__in=[first.person_id, second.person_id]).update(left_on=world.TODAY)
    look_after_cycles.call()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at is None and second.ended_at is not None and second.end_reason
    with pytest.raises(Exception, match="Say why"):
        end_seat(actor=ines, seat=first, reason=" ", now=world.NOW)


def test_a_delegate_gets_a_link_of_their_own(ines: User, board: list[Person]) -> None:
    cycle = t.ranking(ines)
    seat = t.seats(cycle)[0]
    before = t.link_of(seat)
    other = person("Nora Next", email="nora@example.org", language="fr")
    delegate_seat(actor=ines, seat=seat, delegate=other, now=world.NOW)
    assert t.link_of(seat) != before
    sent = Message.objects.get(to_email="nora@example.org")
    assert sent.language == "fr" and sent.particulars["for"] == "Paul Product"


def test_a_table_is_published_once_everything_is_decided(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    with pytest.raises(Undecided):
        publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    decided(ines, cycle)
    assert answer_voices(actor=None, now=world.NOW) is None, "nothing is told before it is published"
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    states = list(Topic.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["chosen", "not_now", "not_now", "not_now"]


def test_everybody_who_raised_or_relayed_is_told_once_in_their_language(
    ines: User, board: list[Person]
) -> None:
    karim, lea = world.karim(), world.english(world.lea())
    cycle = ranked(ines)
    first, second, *_rest = t.on(cycle)
    add_voice(actor=karim, topic=first, relay=True, now=world.NOW)
    add_voice(actor=lea, topic=first, now=world.NOW)
    add_voice(actor=lea, topic=second, now=world.NOW)
    raise_topic(
        actor=None, title=second.title, language="fr", origin=None, address="x@example.org", now=world.NOW
    )
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    answer_voices(actor=None, now=world.NOW)
    assert answer_voices(actor=None, now=world.NOW) is None
    told = {
        (m.to_user.name if m.to_user else m.to_email): m
        for m in Message.objects.filter(template="decisions_told")
    }
    assert {"Karim Diallo", "Lea Roux"} <= set(told) and "x@example.org" not in told
    assert told["Lea Roux"].particulars["count"] == 2, "one message for all that concerns her"
    assert told["Karim Diallo"].language == "fr"
    assert told["Karim Diallo"].particulars["lines"][0]["why"] == "Il touche le plus de monde"
    assert told["Lea Roux"].particulars["lines"][0]["why"] == "Most are hurt"


def test_cut_short_an_answer_is_neither_lost_nor_sent_twice(ines: User, board: list[Person]) -> None:
    karim, lea = world.karim(), world.lea()
    cycle = ranked(ines)
    for user in (karim, lea):
        add_voice(actor=user, topic=t.on(cycle)[0], now=world.NOW)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    real = queue_message
    calls = []

    def dies(**given: Any) -> Message:
        calls.append(given["key"])
        if len(calls) == 2:
            raise OSError("the machine stopped")
        return real(**given)

    with patch.object(answers, "queue_message", dies), pytest.raises(OSError, match="stopped"):
        answer_voices(actor=None, now=world.NOW)
    assert not Answer.objects.exists() and not Message.objects.filter(template="decisions_told").exists()
    answer_voices(actor=None, now=world.NOW)
    assert Message.objects.filter(template="decisions_told").count() == 3
    assert Answer.objects.count() == 6, "Inès raised four topics, two others stand behind one"


def test_whom_no_message_reaches_is_told_by_word_of_mouth(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    quiet = person("Quentin Quiet")
    add_voice(actor=ines, topic=t.on(cycle)[0], person=quiet, now=world.NOW)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    answer_voices(actor=None, now=world.NOW)
    voice = t.on(cycle)[0].voices.get(person=quiet)
    assert not voice.answers.exists()
    told_by_hand(actor=ines, decision=Decision.objects.get(verdict="chosen"), voice=voice, now=world.NOW)
    assert voice.answers.count() == 1


def test_what_comes_in_the_middle_displaces_and_both_are_told(ines: User, board: list[Person]) -> None:
    lea = world.english(world.lea())
    cycle = ranked(ines)
    gone = t.on(cycle)[0]
    add_voice(actor=lea, topic=gone, now=world.NOW)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    answer_voices(actor=None, now=world.NOW)
    cycle.refresh_from_db()
    urgent = raise_topic(actor=ines, title="The law changes in March", language="en", now=world.NOW)
    given = {"actor": ines, "cycle": cycle, "verdict": "chosen", "language": "en", "now": world.NOW}
    with pytest.raises(NotOnTable):
        decide(**given, topic=urgent, what="Now", why="The law", displaces=[t.on(cycle)[1]])  # type: ignore[arg-type]
    made = decide(**given, topic=urgent, what="Now", why="The law", displaces=[gone])  # type: ignore[arg-type]
    assert made.is_mid_cycle and made.published_at and list(made.displaces.all()) == [gone]
    gone.refresh_from_db()
    assert gone.state == "not_now"
    answer_voices(actor=None, now=world.NOW)
    last = Message.objects.filter(template="decisions_told", to_user=lea).latest("pk")
    assert (
        last.particulars["lines"][0]["verdict"] == "displaced"
        and last.particulars["lines"][0]["why"] == "The law"
    )


def test_a_step_is_opened_again_with_a_reason_and_nothing_is_lost(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    with pytest.raises(NoReason):
        reopen_cycle(actor=ines, cycle=cycle, reason=" ", now=world.NOW)
    reopen_cycle(actor=ines, cycle=cycle, reason="Design was away", now=world.NOW)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.revealed_at, cycle.count) == (CycleState.RANKING, None, {})
    assert cycle.rankings.count() == 6 and cycle.reopened_reason == "Design was away"
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    for state in (CycleState.RANKING, CycleState.COLLECTING):
        reopen_cycle(actor=ines, cycle=cycle, reason="Once more", now=world.NOW)
        cycle.refresh_from_db()
        assert cycle.state == state
    assert cycle.rankings.count() == 6 and cycle.table.count() == 4


def test_a_table_keeps_its_decisions_when_a_later_one_decides_again(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    again = t.on(cycle)[1:3]
    later = ranked_again(ines, again)
    decide(
        actor=ines, topic=again[0], cycle=later, verdict="chosen", what="Now we do it", why="There is room",
        language="en", now=world.NOW,
    )  # fmt: skip
    assert {one.topic for one in of_cycle(cycle)} == set(t.on(cycle)), (
        "not even while the later one is decided"
    )
    decide_rest(actor=ines, cycle=later, why="Still no room", language="en", now=world.NOW)
    publish_cycle(actor=ines, cycle=later, now=world.NOW)
    assert {one.topic: one.verdict for one in of_cycle(cycle)} == {
        topic: "chosen" if topic == t.on(cycle)[0] else "not_now" for topic in t.on(cycle)
    }
    assert {one.topic: one.verdict for one in of_cycle(later)} == {again[0]: "chosen", again[1]: "not_now"}
    cycle.refresh_from_db()
    assert all(row.decision for row in shown(cycle, cycle.count).rows)
    reopen_cycle(actor=ines, cycle=cycle, reason="A word was wrong", now=world.NOW)
    with pytest.raises(NothingChanges):
        decide_rest(actor=ines, cycle=cycle, why="No room", language="en", now=world.NOW)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)


def test_a_decision_written_anew_at_its_table_replaces_the_one_before(
    ines: User, board: list[Person]
) -> None:
    cycle = ranked(ines)
    decided(ines, cycle)
    decide(
        actor=ines, topic=t.on(cycle)[0], cycle=cycle, verdict="declined", what="We do not", why="Too dear",
        language="en", now=world.NOW,
    )  # fmt: skip
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    assert [one.verdict for one in of_cycle(cycle) if one.topic == t.on(cycle)[0]] == ["declined"]


def test_what_was_chosen_is_carried_out(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    decided(ines, cycle)
    chosen = Decision.objects.get(verdict="chosen")
    with pytest.raises(Exception, match="published"):
        carry_out(actor=ines, decision=chosen, kind="operating_model", now=world.NOW)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    chosen.refresh_from_db()
    made = carry_out(actor=ines, decision=chosen, kind="operating_model", now=world.NOW)
    assert made.title == t.TITLES[0] and made.effort_days == 10


@pytest.mark.parametrize("language", ["fr", "en"])
def test_mails_are_whole_in_both_languages(ines: User, board: list[Person], language: str) -> None:
    lea = world.lea()
    User.objects.filter(pk=lea.pk).update(language=language)
    lea.refresh_from_db()
    cycle = ranked(ines)
    remind_directors(actor=None, cycle=cycle, now=world.NOW)
    for topic in t.on(cycle)[:2]:
        add_voice(actor=lea, topic=topic, now=world.NOW)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    answer_voices(actor=None, now=world.NOW)
    told = words_of(Message.objects.get(template="decisions_told", to_user=lea))
    for said in (*t.TITLES[:2], "No room this quarter", f"/roadmap/tables/{cycle.pk}/"):
        assert said in told.body
    assert "None" not in told.body and "{{" not in told.body and "2" in told.subject
    asked = words_of(Message.objects.filter(template="ranking_invitation")[0], language)
    assert "Q1 2027" in asked.subject and "/roadmap/ranking/" in asked.body and "sealed:" not in asked.body


def test_two_who_answer_at_once_do_it_once(ines: User, board: list[Person]) -> None:
    cycle = ranked(ines)
    decided(ines, cycle)
    publish_cycle(actor=ines, cycle=cycle, now=world.NOW)
    stale = unanswered()
    answer_voices(actor=None, now=world.NOW)
    # The second read who waits before the first had written.
    read_before = patch.object(answers, "unanswered", lambda: stale)
    with read_before, pytest.raises(IntegrityError), transaction.atomic():
        answer_voices(actor=None, now=world.NOW)
    assert Message.objects.filter(template="decisions_told").count() == 1
