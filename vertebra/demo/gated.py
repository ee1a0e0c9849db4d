"""What stood between releases and their day: who agreed, which functions were ready, the go."""

import datetime as dt
import random

from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.plans import Employee
from vertebra.demo.rows import at
from vertebra.releases.labels.releases import GoVerdict, ReadinessState
from vertebra.releases.models import GoDecision, Readiness, Validation

FUNCTIONS = ("sales", "support", "customer_success", "marketing")
OBJECTS, AT_RISK, ON_CONDITION, REFUSED = 0.15, 0.25, 0.3, 0.12


class Gates:
    """Notes agreements, readiness and decisions of what asks for them, since such things are asked."""

    def __init__(
        self,
        going: Outgoing,
        book: Book,
        champions: dict[int, list[tuple[Employee, str]]],
        chance: random.Random,
    ) -> None:
        self.going, self.book, self.chance, self.champions = going, book, chance, champions
        self.words = content.releases()["reasons"]
        self.until, self.company = going.until, going.company

    def write(self, found: list[Out]) -> None:
        """Those of every standard and large release that came out, and of what is being checked."""
        for one in found:
            if (
                one.tier == "minor"
                or one.is_copy
                or one.state == "planned"
                or one.day < self.going.told_since
            ):
                continue
            first = max(one.created_on, one.day - dt.timedelta(days=10 if one.tier == "major" else 4))
            first = min(first, self.until - dt.timedelta(days=2))
            self._agree(one, "lead", one.lead, first)
            if one.tier == "major":
                self._major(one, first)

    def _major(self, one: Out, first: dt.date) -> None:
        day, is_out = dt.timedelta(days=1), one.state != "checking"
        nearest = self.champions.get(one.id, [])
        if self.chance.random() < OBJECTS and is_out:
            note = self.chance.choice(self.words["objected"])
            self._agree(one, "champions", nearest[0][0] if nearest else None, first, note)
        self._agree(one, "champions", nearest[0][0] if nearest else None, first + day)
        ops = self._ops(first)
        if is_out:
            self._agree(one, "product_ops", ops, first + 2 * day)
        known: dict[str, str] = {}
        for function in FUNCTIONS if is_out else FUNCTIONS[:3]:
            known[function] = self._ready(one, function, nearest, first + day, is_out=is_out)
        if is_out:
            self._go(one, ops, known, first + 3 * day)

    def _ops(self, day: dt.date) -> Employee | None:
        key = self.company.there_on(("tomas", "ines"), day)
        return self.company.cast[key] if key else None

    def _agree(self, one: Out, part: str, person: Employee | None, day: dt.date, objection: str = "") -> None:
        self.book.add(
            Validation,
            release_id=one.id, part=part, is_agreed=not objection,
            note=objection or self.chance.choice(self.words["agreed"]), said_by_id=person.id if person else None,
            made_by_id=None, said_at=at(min(day, one.day), 9 if objection else 16),
        )  # fmt: skip

    def _ready(
        self, one: Out, function: str, nearest: list[tuple[Employee, str]], day: dt.date, *, is_out: bool
    ) -> str:
        """A function says where it stands; one that was not ready says so again once it is."""
        who = next((person for person, of in nearest if of == function), None)
        at_risk = self.chance.random() < AT_RISK or (not is_out and function == "support")
        if is_out and self.chance.random() < REFUSED:
            self._say(
                one, function, ReadinessState.NOT_READY, self.chance.choice(self.words["objected"]), who, day
            )
        state = ReadinessState.WITH_RISKS if at_risk else ReadinessState.READY
        note = self.chance.choice(self.words["risks"]) if at_risk else ""
        self._say(one, function, state, note, who, day + dt.timedelta(days=1))
        return str(state)

    def _say(
        self, one: Out, function: str, state: str, note: str, who: Employee | None, day: dt.date
    ) -> None:
        self.book.add(
            Readiness,
            release_id=one.id, function=function, state=state, note=note, said_by_id=who.id if who else None,
            said_at=at(min(day, self.until - dt.timedelta(days=1)), 11, 40),
        )  # fmt: skip

    def _go(self, one: Out, who: Employee | None, known: dict[str, str], day: dt.date) -> None:
        missing = [f"brief:{trade}/en" for trade in ("marketing",) if self.chance.random() < ON_CONDITION]
        if self.chance.random() < REFUSED:
            self._decide(
                one, GoVerdict.NO_GO, self.chance.choice(self.words["no_go"]), who, known, missing, day
            )
            day += dt.timedelta(days=1)
        if self.chance.random() < ON_CONDITION:
            words = self.chance.choice(self.words["conditions"])
            self._decide(one, GoVerdict.WITH_CONDITIONS, words, who, known, missing, day)
        else:
            self._decide(one, GoVerdict.GO, self.chance.choice(self.words["go"]), who, known, missing, day)

    def _decide(
        self,
        one: Out,
        verdict: str,
        why: str,
        who: Employee | None,
        known: dict[str, str],
        missing: list[str],
        day: dt.date,
    ) -> None:
        self.book.add(
            GoDecision,
            release_id=one.id, verdict=verdict, why=why, known={"missing": missing, "readiness": known},
            decided_by_id=who.id if who else None, made_by_id=None,
            decided_at=at(min(day, one.day), 10 if verdict == GoVerdict.NO_GO else 17),
        )  # fmt: skip
