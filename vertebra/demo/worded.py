"""Releases as rows, with what each trade reads of them and the questions that the field asked."""

import datetime as dt
import random

from django.utils import translation

from vertebra.demo.book import Book
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.plans import Employee
from vertebra.demo.rows import LANGUAGE, at
from vertebra.releases.labels.briefs import PARTS, BriefState
from vertebra.releases.models import (
    Brief,
    BriefQuestion,
    FreezeWindow,
    MovedDate,
    Release,
    ReleaseCheck,
    ReleaseMarket,
)

LANGUAGES = ("fr", "en")
MAJOR_TRADES = ("everyone", "sales", "support", "customer_success", "marketing")
STANDARD_TRADES = ("everyone", "support")
# What a large release says to each trade: the parts of its sheet, in the order of the headings of that trade.
TOLD_BY = {
    "everyone": ("what", "when"), "sales": ("pitch", "objection"), "support": ("question", "answer"),
    "customer_success": ("when", "watch"), "marketing": ("when", "say"),
}  # fmt: skip
BEFORE = {"minor": 0, "standard": 2, "major": 7}
ASKS = 0.3
# What of the coming large release is still to be written: late, begun, or not looked at.
UNWRITTEN = {
    ("sales", "en"): BriefState.PREFILLED,
    ("support", "en"): BriefState.TO_CHECK,
    ("customer_success", "en"): BriefState.DRAFT,
    ("marketing", "fr"): BriefState.DRAFT,
    ("marketing", "en"): BriefState.PREFILLED,
}


class Wording:
    """Notes the rows of every release and of what is written about it."""

    def __init__(
        self,
        going: Outgoing,
        book: Book,
        users: dict[str, int],
        writers: dict[int, dict[str, Employee]],
        chance: random.Random,
    ) -> None:
        self.going, self.book, self.chance = going, book, chance
        self.company, self.until, self.users = going.company, going.until, users
        self.writers = writers
        self.briefs: dict[tuple[int, str, str], int] = {}
        self.checks: dict[int, int] = {}
        self.field = [
            person
            for person in going.company.people
            if person.seat.function in ("sales", "support", "customer_success")
        ]

    def write(self, found: list[Out], tiers: dict[str, int], sources: dict[str, int]) -> None:
        """Every release, with its markets, days that moved, briefs, questions and check."""
        for one in found:
            self._release(one, tiers, sources)
        for one in found:
            for market in one.markets:
                later = one.key == "export" and market.code not in ("FR", "DE")
                planned = one.day + dt.timedelta(days=14) if later else None
                self.book.add(ReleaseMarket, release_id=one.id, market_id=market.id, planned_on=planned)
            for was, now_on, why, on in one.moves:
                self.book.add(
                    MovedDate, release_id=one.id, was_on=was, now_on=now_on, why=why,
                    moved_by_id=self._user(one.lead), moved_at=at(on, 17),
                )  # fmt: skip
        self._freezes()
        for one in found:
            if one.tier != "minor" and not one.is_copy:
                self._briefs(one)
                self._questions(one)
            if one.sheet and one.tier == "major":
                self._check(one)

    def _user(self, person: Employee | None) -> int | None:
        return self.users.get(person.cast_key) if person and person.cast_key else None

    def _release(self, one: Out, tiers: dict[str, int], sources: dict[str, int]) -> None:
        created = at(one.created_on, 10, 15)
        is_out = one.state in ("released", "withdrawn")
        checked = one.tier != "minor" and (is_out or one.state == "checking")
        checking = min(one.day - dt.timedelta(days=BEFORE[one.tier] + 4), self.until - dt.timedelta(days=1))
        released = at(one.day, 11, 0) if is_out else None
        withdrawn = at(one.withdrawn_on, 9, 30) if one.withdrawn_on else None
        self.book.add(
            Release,
            id=one.id, title=one.title, version=one.version, summary=one.summary, body=one.body, language=one.language,
            state=one.state, tier_id=tiers[one.tier], area_id=one.area.id if one.area else None,
            lead_id=one.lead.id if one.lead else None, planned_on=None if one.source and is_out else one.day,
            released_on=one.day if is_out else None, source_id=sources.get(one.source), external_id=one.external_id,
            checking_at=at(max(checking, one.created_on), 16) if checked else None, released_at=released,
            withdrawn_at=withdrawn, withdrawn_reason=one.sheet.get("why", "") if one.withdrawn_on else "",
            made_by_id=self._user(one.lead), created_at=created, changed_at=withdrawn or released or created,
        )  # fmt: skip

    def _freezes(self) -> None:
        for one in self.going.freezes:
            day = max(self.going.told_since, min(one.from_on - dt.timedelta(days=45), self.until))
            self.book.add(
                FreezeWindow, title=one.title, from_on=one.from_on, until_on=one.until_on,
                area_id=one.area.id if one.area else None, market_id=one.market.id if one.market else None,
                made_by_id=self.going.replay.who(day).pk, created_at=at(day, 8), archived_at=None,
            )  # fmt: skip

    def _briefs(self, one: Out) -> None:
        """Those of a large release in both languages, those of another in its own; older ones had none."""
        if one.tier == "major":
            pairs = [(trade, language) for trade in MAJOR_TRADES for language in LANGUAGES]
        elif one.day >= self.going.told_since:
            pairs = [(trade, one.language) for trade in STANDARD_TRADES]
        else:
            return
        for trade, language in pairs:
            self._brief(one, trade, language)

    def _brief(self, one: Out, trade: str, language: str) -> None:
        owner = self.writers.get(one.id, {}).get(trade) or one.lead
        due = one.day - dt.timedelta(days=BEFORE[one.tier])
        if one.state == "checking":  # what is still to be written is late
            due = min(due, self.until - dt.timedelta(days=1))
        state, ready = self._state(one, trade, language, due)
        is_blank = state == BriefState.PREFILLED and language != one.language
        line = "" if is_blank else self._line(one, language)
        number = self.book.add(
            Brief,
            release_id=one.id, trade=trade, language=language, line=line,
            body=self._text(one, trade, language, is_blank=is_blank), state=state,
            version=1 if state == BriefState.PREFILLED else self.chance.choice((2, 2, 3, 4)),
            owner_id=owner.id if owner else None, due_on=due, ready_at=at(ready, 15) if ready else None,
            ready_by_id=owner.id if owner and ready else None, made_by_id=self._user(one.lead),
            created_at=at(one.created_on, 10, 20), changed_at=at(ready or one.created_on, 15),
        )  # fmt: skip
        self.briefs[one.id, trade, language] = number

    def _state(self, one: Out, trade: str, language: str, due: dt.date) -> tuple[str, dt.date | None]:
        if one.state in ("released", "withdrawn"):
            late = self.chance.random() < 0.15
            day = due + dt.timedelta(days=self.chance.randint(1, 2) if late else -self.chance.randint(0, 6))
            return BriefState.READY, max(one.created_on, min(day, one.day))
        if one.state == "checking":
            if one.tier == "major" and (trade, language) in UNWRITTEN:
                return UNWRITTEN[trade, language], None
            return BriefState.READY, max(one.created_on, self.until - dt.timedelta(days=3))
        begun = trade == "everyone" and language == one.language
        return (BriefState.DRAFT if begun else BriefState.PREFILLED), None

    @staticmethod
    def _line(one: Out, language: str) -> str:
        if one.tier == "major":
            return str(one.sheet["line"][LANGUAGES.index(language)])
        return one.summary

    def _text(self, one: Out, trade: str, language: str, *, is_blank: bool) -> str:
        """The text of a brief, under the headings that its trade expects."""
        with translation.override(language):
            heads = [str(part) for part in PARTS[trade]]
        place = LANGUAGES.index(language)
        if is_blank:
            said = ["", ""]
        elif one.tier == "major":
            said = [one.sheet[part][place] for part in TOLD_BY[trade]]
        elif trade == "support":
            said = [f"**{one.item[2]}**", f"> {one.item[3]}"]
        else:
            said = [one.summary, self._for_whom(one, language)]
        return "\n\n".join(f"## {head}\n\n{text}".strip() for head, text in zip(heads, said, strict=True))

    @staticmethod
    def _for_whom(one: Out, language: str) -> str:
        names = " et ".join(market.name for market in one.markets)
        if language == "en":
            return "Everywhere, on the same day."
        return f"{names}, le même jour." if names else "Partout, le même jour."

    def _questions(self, one: Out) -> None:
        """What the field asked: answered within days, unless it was asked just now."""
        if one.tier == "major":
            asked = one.sheet["asked"]
        elif one.day >= self.going.told_since and self.chance.random() < ASKS:
            asked = [one.item[2:4]]
        else:
            return
        first = one.day - dt.timedelta(days=BEFORE[one.tier])
        for question, answer in asked:
            day = min(first + dt.timedelta(days=self.chance.randint(0, 5)), self.until - dt.timedelta(days=1))
            answered = day + dt.timedelta(days=self.chance.randint(0, 3))
            there = [person for person in self.field if person.is_present(day)]
            is_answered = bool(answer) and answered < self.until and one.lead is not None
            self.book.add(
                BriefQuestion,
                release_id=one.id, question=question, language=one.language,
                trade="support" if one.tier == "standard" else "everyone",
                asked_by_id=self.chance.choice(there).id if there else None, asked_at=at(day, 14, 20),
                answer=answer if is_answered else "", answered_by_id=one.lead.id if one.lead and is_answered else None,
                answered_at=at(answered, 17, 5) if is_answered else None,
            )  # fmt: skip

    def _check(self, one: Out) -> None:
        first, other = (0, 1) if one.language == LANGUAGE else (1, 0)
        sheet = one.sheet
        words = {
            LANGUAGES[other]: {
                "question": sheet["check"][other],
                "choices": sheet["choices"][other],
                "explanation": sheet["why"][other],
            }
        }
        self.checks[one.id] = self.book.add(
            ReleaseCheck,
            release_id=one.id, question=sheet["check"][first], choices=sheet["choices"][first],
            right=sheet.get("right", 0), explanation=sheet["why"][first], language=one.language, other_words=words,
        )  # fmt: skip


def writers_of(
    found: list[Out], champions: dict[int, list[tuple[Employee, str]]]
) -> dict[int, dict[str, Employee]]:
    """Who writes for which trade: the nearest champion of that function, each in turn."""
    written: dict[int, int] = {}
    chosen: dict[int, dict[str, Employee]] = {}
    for one in found:
        if one.tier == "minor":
            continue
        mine: dict[str, Employee] = {}
        for trade in MAJOR_TRADES:
            fitting = [person for person, function in champions.get(one.id, []) if function == trade][:4]
            if fitting:
                best = min(fitting, key=lambda person: (written.get(person.id, 0), person.id))
                mine[trade] = best
                written[best.id] = written.get(best.id, 0) + 1
        chosen[one.id] = mine
    return chosen
