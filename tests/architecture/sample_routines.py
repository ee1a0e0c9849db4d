"""Routines for the walk: one that was held, with a decision, and something handed over to each."""

import datetime as dt
from collections.abc import Sequence

from tests import world
from tests.architecture.sample_results import person_of
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.practices.actions.hand_overs import begin_hand_over
from vertebra.practices.actions.meetings import Decided, hold_meeting
from vertebra.practices.actions.routines import Guest, create_routine
from vertebra.practices.models import HandOver, Routine

HELD_ON = dt.date(2026, 10, 27)


class SampleRoutines:
    """What the addresses of routines and hand-overs name."""

    def __init__(self, actor: User, users: Sequence[User], reader: Person) -> None:
        # A reader writes what they lead.
        self.row = _routine(actor, "Product sync", reader)
        hold_meeting(
            actor=actor, routine=self.row, due_on=HELD_ON, notes="Seen", language="en",
            decisions=[Decided("We stop the weekly report", reader)], now=world.NOW,
        )  # fmt: skip
        self.decision = self.row.meetings.get().decisions.get()
        self.hand_overs = {user.pk: self._given(actor, user) for user in users}

    def _given(self, actor: User, user: User) -> int:
        row = _routine(actor, f"Sync of {user.name}", None)
        to = person_of(user)
        assert to is not None
        begin_hand_over(actor=actor, thing=row, to=to, by_on=world.TODAY, now=world.NOW)
        return HandOver.objects.get(routine=row).pk

    def of(self, mine: User) -> dict[str, object]:
        """The samples for the parameters of these addresses."""
        return {
            "routine_id": self.row.pk,
            "day": HELD_ON.isoformat(),
            "decision_id": self.decision.pk,
            "hand_over_id": self.hand_overs.get(mine.pk, 0),
        }


def _routine(actor: User, title: str, lead: Person | None) -> Routine:
    return create_routine(
        actor=actor, title=title, language="en", guests=[Guest(function="product")], lead=lead,
        rhythm="weekly", starts_on=dt.date(2026, 9, 1), at=dt.time(10), zone="Europe/Paris", minutes=30,
        now=world.NOW,
    )  # fmt: skip
