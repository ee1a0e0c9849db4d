"""Champions: whom each release concerns, what they were asked and answered, passed on, and were told early."""

import datetime as dt
import random
from collections import Counter, defaultdict
from typing import NamedTuple

from vertebra.analysis.champions import Reason
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.holdings import AreaPlan, MarketPlan
from vertebra.demo.mandates import Holding
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.plans import Employee
from vertebra.demo.rows import LANGUAGE, at
from vertebra.releases.labels.consultations import AskState
from vertebra.releases.models import (
    Consultation,
    ConsultationAnswer,
    ConsultationAsk,
    HeadsUp,
    HeadsUpTo,
    Relay,
)

MONTH = 30.44
FEW, MANY, FAR = 4, 8, 9
ANSWERED, ANSWERED_SO_FAR, REMINDED = 0.82, 0.4, 0.35
# How often a champion passes something on; how much of what came back got a word.
EVERY_DAYS, BACK, MOST_RELAYS = 38, 0.35, 600
OPEN = {"export": 9, "titres": 3, "team:cuisine": 5}
MINUTES = (2, 2, 3, 3, 4, 5, 7, 10)
CAST_WAITS = ("giulia", "pauline")


class Near(NamedTuple):
    """A champion whom something concerns: how far from what they answer for, by which mandate, why."""

    distance: int
    mandate: int
    person: Employee
    function: str
    reason: str


class Champions:
    """Who holds the mandate on a day, and how near what they answer for is."""

    def __init__(self, going: Outgoing) -> None:
        rows = [
            (number, row) for number, row in enumerate(going.company.mandates, 1) if row.role == "champion"
        ]
        self.rows: list[tuple[int, Holding]] = rows
        self.until = going.until

    def on(self, day: dt.date) -> list[tuple[int, Holding, Employee]]:
        """The mandates of a day, of people who are there."""
        return [
            (number, row, row.person)
            for number, row in self.rows
            if row.person
            and row.starts_on <= day
            and (row.ends_on is None or day < row.ends_on)
            and row.person.is_present(day)
        ]

    def near(self, area: AreaPlan | None, markets: list[MarketPlan], day: dt.date) -> list[Near]:
        """The champions that something concerns: distance, mandate, person, function and reason, the nearest first."""
        above: list[AreaPlan] = []
        while area is not None:
            above.append(area)
            area = area.parent
        found: dict[int, Near] = {}
        for number, row, person in self.on(day):
            if isinstance(row.thing, AreaPlan) and row.thing in above:
                distance = above.index(row.thing)
                reason = Reason.AREA if distance == 0 else Reason.AREA_ABOVE
            elif row.thing in markets:
                distance, reason = len(above), Reason.MARKET
            else:
                continue
            if person.id not in found or found[person.id].distance > distance:
                found[person.id] = Near(distance, number, person, row.function, str(reason))
        return sorted(found.values(), key=lambda one: (one.distance, one.person.id))


class Asking:
    """Notes consultations, relays and heads-ups."""

    def __init__(
        self, going: Outgoing, champions: Champions, book: Book, users: dict[str, int], chance: random.Random
    ) -> None:
        self.going, self.champions, self.book, self.users = going, champions, book, users
        self.company, self.until, self.chance = going.company, going.until, chance
        self.words = content.telling()
        self.asked: Counter[int] = Counter()

    def write(self, found: list[Out]) -> None:
        """What champions were asked, in order of time; then what they passed on and were told."""
        by_key = {one.key: one for one in found if one.key}
        sheets = [
            (self._day(sheet, number, by_key), sheet)
            for number, sheet in enumerate(self.words["consultation"])
        ]
        for day, sheet in sorted(
            ((day, sheet) for day, sheet in sheets if day is not None),
            key=lambda pair: (pair[0], pair[1]["title"]),
        ):
            self._consult(sheet, day, by_key.get(sheet["about"]))
        self._relays(found)
        for sheet in self.words["heads_up"]:
            self._heads_up(sheet)

    def _day(self, sheet: Sheet, number: int, by_key: dict[str, Out]) -> dt.date | None:
        """When it was asked: some weeks before its release, or at a time of its own."""
        about = sheet["about"]
        if about in OPEN:
            return self.until - dt.timedelta(days=OPEN[about])
        if "ago" in sheet:
            return self.until - dt.timedelta(days=round(sheet["ago"] * MONTH))
        if ":" in about:
            return self.until - dt.timedelta(days=40 + 31 * (number % 9))
        return by_key[about].day - dt.timedelta(days=36) if about in by_key else None

    def _consult(self, sheet: Sheet, day: dt.date, one: Out | None) -> None:
        about = sheet["about"].partition(":")[2]
        area = self.going.holdings.of_team.get(about) if about else one.area if one else None
        if area is None:
            return
        markets = one.markets if one else []
        near = self.champions.near(area, markets, day)
        near.sort(key=lambda row: (row.distance, self.asked[row.person.id], row.person.id))
        near = self._with_others(self._with_cast(near, sheet), day)[: self.chance.randint(FEW, MANY)]
        if not near:
            return
        is_open = sheet["about"] in OPEN
        due = day + dt.timedelta(days=12 if is_open else 7)
        lead = self.going.lead_of(area.team, day)
        closed = None if is_open else at(due + dt.timedelta(days=self.chance.randint(2, 12)), 16)
        number = self.book.add(
            Consultation,
            title=sheet["title"], details=sheet["details"], questions=sheet["questions"],
            language=sheet.get("language", LANGUAGE), release_id=one.id if one else None, initiative_id=None,
            area_id=area.id, market_id=markets[0].id if len(markets) == 1 else None,
            asked_by_id=lead.id if lead else None, made_by_id=self.users.get(lead.cast_key) if lead else None,
            due_on=due, created_at=at(day, 9, 40), closed_at=closed, outcome=sheet["outcome"] if closed else "",
        )  # fmt: skip
        said: set[tuple[str, str]] = set()
        for _distance, mandate, person, function, reason in near:
            self.asked[person.id] += 1
            self._ask(number, mandate, person, function, reason, day, due, said, is_open=is_open)

    def _with_cast(self, near: list[Near], sheet: Sheet) -> list[Near]:
        """Whoever of the cast is champion is asked of the export: it waits for them when they come in."""
        if sheet["about"] != "export":
            return near
        known = {row.person.id for row in near}
        mine: dict[int, Near] = {}
        for number, row, person in self.champions.on(self.until):
            if person.cast_key in CAST_WAITS and person.id not in known:
                mine.setdefault(person.id, Near(0, number, person, row.function, str(Reason.FUNCTION)))
        first = [row for row in near if row.person.cast_key in CAST_WAITS]
        return [*first, *mine.values(), *(row for row in near if row not in first)]

    def _with_others(self, near: list[Near], day: dt.date) -> list[Near]:
        """After those whom it concerns, champions who were asked least: each for their trade."""
        known = {row.person.id for row in near}
        others: dict[int, Near] = {}
        for number, row, person in self.champions.on(day):
            if person.id not in known:
                others.setdefault(person.id, Near(FAR, number, person, row.function, str(Reason.FUNCTION)))
        return [*near, *sorted(others.values(), key=lambda row: (self.asked[row.person.id], row.person.id))]

    def _ask(
        self, consultation: int, mandate: int, person: Employee, function: str, reason: str, day: dt.date,
        due: dt.date, said: set[tuple[str, str]], *, is_open: bool,
    ) -> None:  # fmt: skip
        drawn = self.chance.random()
        has_answered = drawn < (ANSWERED_SO_FAR if is_open else ANSWERED)
        if is_open and person.cast_key in CAST_WAITS:
            has_answered = False
        reminded = None
        if not has_answered and (not is_open or (self.until - day).days > 6):
            reminded = at(min(due - dt.timedelta(days=2), self.until - dt.timedelta(days=1)), 9)
        state = AskState.ANSWERED if has_answered else AskState.REMINDED if reminded else AskState.WAITING
        if not has_answered and not is_open:
            state = AskState.LAPSED
        number = self.book.add(
            ConsultationAsk,
            consultation_id=consultation, mandate_id=mandate, person_id=person.id, reasons=[reason], state=state,
            digest=f"{self.chance.getrandbits(256):064x}", asked_at=at(day, 9, 45), reminded_at=reminded,
            expires_at=at(due + dt.timedelta(days=14), 23, 59),
        )  # fmt: skip
        if has_answered:
            self._answer(number, person, function, day, said)

    def _answer(
        self, ask: int, person: Employee, function: str, day: dt.date, said: set[tuple[str, str]]
    ) -> None:
        pool = self.words["answers"].get(function) or self.words["answers"]["support"]
        mine = [row for row in pool if (len(row) > 3) == (person.language == "en")] or pool
        fresh = [row for row in mine if (function, row[1] + row[2]) not in said] or mine
        row = self.chance.choice(fresh)
        said.add((function, row[1] + row[2]))
        latest = min((self.until - day).days - 1, 7)
        moment = at(
            day + dt.timedelta(days=self.chance.randint(0, max(0, latest))), self.chance.randint(10, 18), 12
        )
        self.book.add(
            ConsultationAnswer,
            ask_id=ask, impact=row[0], readiness=row[1], words=row[2], language="en" if len(row) > 3 else LANGUAGE,
            minutes=self.chance.choice(MINUTES), answered_at=moment,
        )  # fmt: skip

    def _relays(self, found: list[Out]) -> None:
        """Each champion passes something on every few weeks, to their trade or back to those who build."""
        out = [
            one
            for one in found
            if one.tier != "minor"
            and one.state == "released"
            and one.language == LANGUAGE
            and not one.is_copy
        ]
        mandates: dict[int, tuple[int, Holding]] = {}
        for number, row in self.champions.rows:
            if row.person and row.person.id not in mandates:
                mandates[row.person.id] = (number, row)
        count, back = 0, list(self.words["relays"]["back"])
        used: dict[int, set[str]] = defaultdict(set)
        for number, row in mandates.values():
            person, day = row.person, row.starts_on
            while person and count < MOST_RELAYS:
                day += dt.timedelta(days=self.chance.randint(EVERY_DAYS // 3, EVERY_DAYS * 2))
                if day >= (row.ends_on or self.until) or day >= self.until or not person.is_present(day):
                    break
                count += 1
                recent = [one for one in out if 0 <= (day - one.day).days < 40]
                if self.chance.random() < BACK or not recent:
                    self._back(number, person, day, back, used[person.id])
                else:
                    self._to_trade(number, person, day, self.chance.choice(recent), used[person.id])

    def _back(
        self, mandate: int, person: Employee, day: dt.date, pool: list[list[str]], used: set[str]
    ) -> None:
        fresh = [pair for pair in pool if pair[0] not in used]
        if fresh:
            line, became = self.chance.choice(fresh)
            used.add(line)
            self._relay(mandate, person, day, line, None, became if (self.until - day).days > 10 else "")

    def _to_trade(self, mandate: int, person: Employee, day: dt.date, one: Out, used: set[str]) -> None:
        fresh = [line for line in self.words["relays"]["trade"] if line not in used]
        if fresh:
            line = self.chance.choice(fresh)
            used.add(line)
            self._relay(mandate, person, day, line.format(release=one.title), one.id, "")

    def _relay(
        self, mandate: int, person: Employee, day: dt.date, line: str, release: int | None, became: str
    ) -> None:
        self.book.add(
            Relay,
            mandate_id=mandate, person_id=person.id, release_id=release, topic_id=None, line=line[:500],
            language=LANGUAGE, minutes=self.chance.choice((0, 5, 10, 15, 30)), became=became,
            passed_at=at(day, self.chance.randint(9, 17), 25),
        )  # fmt: skip

    def _heads_up(self, sheet: Sheet) -> None:
        """One message to three or four champions, before there was anything to release."""
        day = self.until - dt.timedelta(days=max(2, round(sheet["ago"] * MONTH)))
        by = self.company.cast.get(sheet["by"])
        fitting = {
            person.id: number
            for number, row, person in self.champions.on(day)
            if row.function == sheet["function"]
        }
        if by is None or not by.is_present(day) or not fitting:
            return
        number = self.book.add(
            HeadsUp,
            words=sheet["words"], language=sheet.get("language", LANGUAGE), sent_by_id=by.id,
            made_by_id=self.users.get(by.cast_key), sent_at=at(day, 10, 5),
        )  # fmt: skip
        some = self.chance.sample(sorted(fitting), min(len(fitting), self.chance.randint(3, 4)))
        for person in some:
            self.book.add(
                HeadsUpTo, heads_up_id=number, person_id=person, mandate_id=fitting[person],
                reasons=[str(Reason.FUNCTION)],
            )  # fmt: skip
