"""The quarterly card of the demo company's teams: who was asked, who answered what, by what each team does."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from typing import Protocol

from vertebra.accounts import audit
from vertebra.accounts.labels import Kind
from vertebra.demo.habits import SEED, Habits
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.understood import Replay
from vertebra.evidence.asks import note_asks, room_for
from vertebra.kit import clock
from vertebra.practices.actions.adoption_cards import CardIsOver, answer_card, decline_card
from vertebra.practices.actions.adoption_rows import Said
from vertebra.practices.labels.adoption import AdoptionState
from vertebra.practices.models import AdoptionCard
from vertebra.practices.queries.adoption import facts_on
from vertebra.practices.queries.adoption_cards import (
    ToAsk,
    items_of,
    next_quarter,
    quarter_of,
    whom_to_ask,
)

# Asked in the second week of a quarter, these quarters back.
QUARTERS, ASKED_AFTER = 3, dt.timedelta(days=8)
NEVER_ANSWER, PASS_ON = 0.14, 0.06
# Whose card of this quarter waits, to be seen on Home.
CAST_WAITS = ("nadia",)
LONGEST_DAYS, REMINDED_AFTER = 16, 7
# Of the practices that leave no trace in the tracker: how many teams never begin, how many gave up what they did.
NEVER_BEGIN, GIVE_UP, HELP_OTHERS = 0.25, 0.12, 0.3
MONTH = dt.timedelta(days=30)
USED_TO_IT = dt.timedelta(days=150)


class Team(Protocol):
    """What has to be known of a team."""

    unit_id: int
    habits: Habits


class Cards:
    """Plans the rounds of cards of the last quarters."""

    def __init__(self, replay: Replay, teams: Iterable[Team], keys: dict[int, str]) -> None:
        self.replay, self.until, self.keys = replay, replay.until, keys
        self.habits = {team.unit_id: team.habits for team in teams}
        cast = replay.company.cast
        self.waiting = {cast[key].id for key in CAST_WAITS if key in cast}
        self.chance = random.Random(SEED + 9)  # noqa: S311 (rules, not secrets)
        # Many teams answer on one day; what is asked of one does not hang on what another answers.
        self.facts_on = lru_cache(maxsize=1)(lambda day: facts_on(day, day))

    def plan(self) -> None:
        """Ask in each of the last quarters."""
        for ago in range(QUARTERS):
            day = quarter_of(months_before(self.until, 3 * ago)) + ASKED_AFTER
            self.replay.plan(at(day, 9, 10), self._ask)

    def _ask(self, now: dt.datetime) -> None:
        """Ask whoever leads each team and has room for it; who has none this week is not asked in the demo."""
        day = clock.today(now)
        asked = whom_to_ask(now)
        room = room_for([one.person.pk for one in asked], now)
        cards = []
        for one in asked:
            if one.person.pk in room:
                room.discard(one.person.pk)
                cards.append(self._card(one, day, now))
        for card in AdoptionCard.objects.bulk_create(cards):
            note_asks([card.person_id], Kind.ADOPTION_CARD, card.pk, now)
            self._plan_answer(card)
        if cards:
            told = {"count": len(cards), "mailed": True}
            audit.record(actor=None, verb="ask", kind=Kind.ADOPTION_CARD, now=now, particulars=told)

    def _card(self, one: ToAsk, day: dt.date, now: dt.datetime) -> AdoptionCard:
        return AdoptionCard(
            unit_id=one.node.id, quarter=quarter_of(day), person=one.person, asked_at=now,
            digest=f"{self.chance.getrandbits(256):064x}", expires_at=clock.midnight(next_quarter(day)),
        )  # fmt: skip

    def _plan_answer(self, card: AdoptionCard) -> None:
        drawn, days = self.chance.random(), self.chance.randint(0, LONGEST_DAYS)
        if card.person_id in self.waiting and card.expires_at > at(self.until):
            drawn = 0.0
        if drawn >= NEVER_ANSWER:
            do = self._pass_on if drawn < NEVER_ANSWER + PASS_ON else self._answer
            self.replay.plan(card.asked_at + dt.timedelta(days=days, minutes=40 + days), partial(do, card))
        if days > REMINDED_AFTER or drawn < NEVER_ANSWER:
            self.replay.plan(card.asked_at + dt.timedelta(days=REMINDED_AFTER), partial(self._remind, card))

    @staticmethod
    def _remind(card: AdoptionCard, now: dt.datetime) -> None:
        AdoptionCard.objects.filter(pk=card.pk).update(reminded_at=now)

    @staticmethod
    def _pass_on(card: AdoptionCard, now: dt.datetime) -> None:
        with suppress(CardIsOver):
            decline_card(actor=card.person.user, card=card, now=now)

    def _answer(self, card: AdoptionCard, now: dt.datetime) -> None:
        said = list(self._said(card.unit_id, clock.today(now)))
        # Whoever was asked may not lead the team any more.
        with suppress(CardIsOver):
            answer_card(actor=card.person.user, card=card, said=said, language=LANGUAGE, now=now)

    def _said(self, unit: int, day: dt.date) -> Iterator[Said]:
        """What a team says of everything on its card, by what it does."""
        for item in items_of(self.facts_on(day), unit):
            number = item.practice.pk
            chance = random.Random(f"{SEED + 10} {unit} {number}")  # noqa: S311 (rules, not secrets)
            key = self.keys.get(number, "")
            habits = self.habits.get(unit)
            begun = item.practice.created_at.date()
            state = _seen(key, habits, day) if key else _felt(chance, begun, day)
            yield Said(number, state, is_willing=chance.random() < HELP_OTHERS)


def _seen(key: str, habits: Habits | None, day: dt.date) -> str:
    """Where a team stands with what its work in the tracker shows."""
    if habits is None:
        return AdoptionState.NOT_YET
    if key == "sorted":
        since, end = habits.sorted_between or (dt.date.max, dt.date.max)
        if day < since:
            return AdoptionState.NOT_YET
        return AdoptionState.ADOPTED if day < end else AdoptionState.LAPSED
    since = habits.checked_from or dt.date.max
    if day < since:
        return AdoptionState.NOT_YET
    return AdoptionState.TRYING if day < since + USED_TO_IT else AdoptionState.ADOPTED


def _felt(chance: random.Random, begun: dt.date, day: dt.date) -> str:
    """Where a team stands with what no tool shows: most begin in the year after it was there, few give it up."""
    if chance.random() < NEVER_BEGIN:
        return AdoptionState.NOT_YET
    since = begun + MONTH * chance.uniform(2, 14)
    gives_up = chance.random() < GIVE_UP and day > since + 8 * MONTH
    if day < since:
        return AdoptionState.NOT_YET
    if gives_up:
        return AdoptionState.LAPSED
    return AdoptionState.TRYING if day < since + 3 * MONTH else AdoptionState.ADOPTED
