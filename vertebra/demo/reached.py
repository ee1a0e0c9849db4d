"""Audiences, whom each reached on a day, what was announced to them, and what came back: a curve, and its gaps."""

import datetime as dt
import random
from collections import Counter, defaultdict
from typing import Any

from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.placing import Work, works
from vertebra.demo.plans import UnitPlan
from vertebra.demo.rows import at
from vertebra.demo.worded import BEFORE, Wording
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState, ReceiptState
from vertebra.releases.models import Announcement, Audience, CheckCount, Receipt, Recipient, ReleaseAudience

FIELD = ("sales", "support", "customer_success")
# How large a part of a team says something: most teams, and those that releases hardly ever reach.
UNAWARE, RARELY, FIRST_YEAR, SINCE = 0.14, 0.12, 0.5, 0.78
SAYS = ((ReceiptState.UNDERSTOOD, 0.58), (ReceiptState.ACKNOWLEDGED, 0.93), (ReceiptState.QUESTION, 1.0))
SAME_DAY, LATEST, MEAN_DAYS = 0.38, 21, 3.2
CHECKS, RIGHT = 0.62, 0.78
CORRECTED, UNREAD_DAYS = "ecran", 18


class Reach:
    """Notes audiences and announcements, and keeps whom each release was told to."""

    def __init__(self, going: Outgoing, book: Book, users: dict[str, int], chance: random.Random) -> None:
        self.going, self.book, self.chance, self.users = going, book, chance, users
        self.company, self.until = going.company, going.until
        self.sheets: dict[str, Sheet] = {}
        self.numbers: dict[str, int] = {}
        self.countries = {one["key"].upper(): one["market"] for one in content.company()["country"]}
        self.works: list[Work] = list(works(going.company.people))
        self.champions = [row for row in going.company.mandates if row.role == "champion" and row.person]
        self.moods: dict[UnitPlan, float] = {}
        self.told: dict[int, dict[int, dt.date]] = {}
        self.checks: dict[int, int] = {}

    def audiences(self) -> None:
        """Those that mean somebody in this company."""
        has_tribes = self.going.profile.has_tribes
        day = self.going.told_since
        for sheet in content.telling()["audience"]:
            if not has_tribes and sheet["key"] in ("allemagne", "sud", "caisse", "hors-champions"):
                continue
            self.sheets[sheet["key"]] = sheet
            self.numbers[sheet["key"]] = self.book.add(
                Audience,
                name=sheet["name"], description=sheet["text"],
                rules={"any": self._rules(sheet["any"]), "except": self._rules(sheet.get("except", []))},
                made_by_id=self.going.replay.who(day).pk, created_at=at(day, 9), changed_at=at(day, 9),
            )  # fmt: skip

    def _rules(self, conditions: list[Sheet]) -> list[dict[str, Any]]:
        found = []
        for sheet in conditions:
            one: dict[str, Any] = {
                k: v for k, v in sheet.items() if k in ("functions", "roles", "customer_facing")
            }
            if "countries" in sheet:
                one["countries"] = sorted(self.countries[code] for code in sheet["countries"])
            if "audience" in sheet:
                one["audiences"] = [self.numbers[sheet["audience"]]]
            if "tribe" in sheet:
                one["units"] = [self.company.structure.units[f"tribe:{sheet['tribe']}"].id]
            found.append(one)
        return found

    def for_whom(self, one: Out) -> list[str]:
        """The audiences of a release, by its markets, its tier and chance."""
        if one.audience:
            return [one.audience]
        codes = {market.code for market in one.markets}
        if one.tier == "major":
            field = {frozenset({"FR"}): "france", frozenset({"DE"}): "allemagne"}.get(
                frozenset(codes), "terrain"
            )
            wanted = [field, "marketing", *(["champions"] if one.state != "released" else [])]
        elif codes and codes <= {"IT", "ES"}:
            wanted = ["sud"]
        elif codes in ({"FR"}, {"DE"}):
            wanted = ["france" if codes == {"FR"} else "allemagne"]
        else:
            wanted = [self.chance.choice(("support", "support", "reussite", "reussite", "champions"))]
        return [key for key in wanted if key in self.numbers]

    def write(self, found: list[Out], wording: Wording) -> None:
        """Say for whom each release is, tell it to them, and note what they said of it."""
        self.checks = wording.checks
        for one in found:
            if one.tier == "minor" or one.is_copy or one.day < self.going.told_since:
                continue
            keys = self.for_whom(one)
            for key in keys:
                self.book.add(ReleaseAudience, release_id=one.id, audience_id=self.numbers[key])
            self._announce(one, keys, wording)

    def _announce(self, one: Out, keys: list[str], wording: Wording) -> None:
        due = max(one.day - dt.timedelta(days=BEFORE[one.tier]), one.created_on)
        if one.state == "planned" or (one.state == "checking" and one.tier == "major"):
            return
        due_at = at(due, 9, 30)
        is_told = due_at < at(self.until, 7)
        asked: dict[int, Work] = {}
        versions = self._versions(one, wording)
        for key in keys:
            there = self.there(key, due) if is_told else []
            fresh = [work for work in there if work.person.id not in asked]
            asked |= {work.person.id: work for work in fresh}
            number = self._announcement(one, key, due_at, len(fresh), versions, is_told=is_told)
            for work in fresh:
                self._recipient(one, number, work, due_at, versions)
            if is_told and ((one.withdrawn_on and one.sheet.get("told")) or one.key == CORRECTED):
                self._put_right(one, number, fresh, versions)
        self.told[one.id] = dict.fromkeys(asked, due)
        if is_told:
            self._hear(one, list(asked.values()), due)

    @staticmethod
    def _versions(one: Out, wording: Wording) -> dict[str, int]:
        return {f"{trade}/{language}": 2 for number, trade, language in wording.briefs if number == one.id}

    def _announcement(
        self, one: Out, key: str, due_at: dt.datetime, people: int, versions: dict[str, int], *, is_told: bool
    ) -> int:
        lead = self.users.get(one.lead.cast_key) if one.lead and one.lead.cast_key else None
        return self._row(
            one, due_at, people, audience_id=self.numbers[key], made_by_id=lead, versions=versions if is_told else {},
            is_told=is_told,
        )  # fmt: skip

    def _row(self, one: Out, due_at: dt.datetime, people: int, *, is_told: bool, **more: Any) -> int:
        minutes = dt.timedelta(minutes=2 + people // 100)
        values: dict[str, Any] = {
            "audience_id": None, "kind": AnnouncementKind.FIRST, "correction_of_id": None, "words": "",
            "made_by_id": None, "versions": {}, **more,
        }  # fmt: skip
        return self.book.add(
            Announcement,
            release_id=one.id, channels=["in_app", "mail"], told_day=one.day if is_told else None, people=people,
            state=AnnouncementState.SENT if is_told else AnnouncementState.PLANNED, due_at=due_at,
            started_at=due_at if is_told else None, filled_at=due_at + dt.timedelta(seconds=20) if is_told else None,
            ended_at=due_at + minutes if is_told else None, created_at=at(one.created_on, 17), **values,
        )  # fmt: skip

    def _recipient(
        self, one: Out, number: int, work: Work, moment: dt.datetime, versions: dict[str, int]
    ) -> None:
        language = work.person.language if f"everyone/{work.person.language}" in versions else one.language
        trade = work.function if f"{work.function}/{language}" in versions else "everyone"
        self.book.add(
            Recipient, announcement_id=number, person_id=work.person.id, trade=trade, language=language, digest="",
            queued_at=moment,
        )  # fmt: skip

    def _put_right(self, one: Out, first: int, people: list[Work], versions: dict[str, int]) -> None:
        """Those who were told are told that it was withdrawn, or what was wrong in the first text."""
        if one.withdrawn_on:
            moment, kind, words = at(one.withdrawn_on, 10), AnnouncementKind.WITHDRAWAL, one.sheet["told"]
        else:
            moment, kind = at(one.day - dt.timedelta(days=4), 11), AnnouncementKind.CORRECTION
            words = "L’ancien écran reste disponible six semaines, et non quatre comme nous l’avions écrit."
        number = self._row(
            one,
            moment,
            len(people),
            is_told=True,
            kind=kind,
            correction_of_id=first,
            words=words,
            versions=versions,
        )
        for work in people:
            self._recipient(one, number, work, moment, versions)

    def there(self, key: str, day: dt.date) -> list[Work]:
        """Who was in an audience on a day, each by the work they do most."""
        best: dict[int, Work] = {}
        for work in self.works:
            if work.starts_on <= day and (work.ends_on is None or day < work.ends_on):
                held = best.get(work.person.id)
                if (
                    work.person.is_placed
                    and work.person.is_present(day)
                    and (held is None or work.share > held.share)
                ):
                    best[work.person.id] = work
        roles = self._roles(day)
        sheet = self.sheets[key]
        return [
            work
            for work in best.values()
            if any(self._meets(one, work, roles) for one in sheet["any"])
            and not any(self._meets(one, work, roles) for one in sheet.get("except", ()))
        ]

    def _roles(self, day: dt.date) -> dict[str, set[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for row in self.company.mandates:
            if row.person and row.starts_on <= day and (row.ends_on is None or day < row.ends_on):
                found[row.role].add(row.person.id)
        return found

    def _meets(self, sheet: Sheet, work: Work, roles: dict[str, set[int]]) -> bool:
        if "customer_facing" in sheet and work.function not in FIELD:
            return False
        if "functions" in sheet and work.function not in sheet["functions"]:
            return False
        if "countries" in sheet and work.person.country.upper() not in sheet["countries"]:
            return False
        if "roles" in sheet and not any(work.person.id in roles[role] for role in sheet["roles"]):
            return False
        if "audience" in sheet:
            return any(self._meets(one, work, roles) for one in self.sheets[sheet["audience"]]["any"])
        return True

    def _mood(self, unit: UnitPlan) -> float:
        """How much a team takes part: the same for all releases, more or less."""
        if unit not in self.moods:
            is_unaware = self.chance.random() < UNAWARE
            self.moods[unit] = RARELY if is_unaware else self.chance.uniform(0.85, 1.2)
        return self.moods[unit]

    def _hear(self, one: Out, asked: list[Work], told: dt.date) -> None:
        """Many on the day itself, others over three weeks, some never; more of them than a year ago."""
        part = FIRST_YEAR + (SINCE - FIRST_YEAR) * (told - self.going.told_since).days / (20 * 30)
        answered: Counter[int] = Counter()
        for work in asked:
            share = min(0.97, part * self._mood(work.unit))
            if work.person.cast_key:  # those who sign in have read what is long past, and not yet the latest
                share = float((self.until - told).days > UNREAD_DAYS)
            if self.chance.random() > share:
                continue
            wait = (
                0 if self.chance.random() < SAME_DAY else min(LATEST, self.chance.expovariate(1 / MEAN_DAYS))
            )
            day = told + dt.timedelta(days=int(wait))
            moment = at(day, self.chance.randint(10, 18), self.chance.randint(0, 59))
            if day >= self.until:
                continue
            drawn = self.chance.random()
            state = next(state for state, until in SAYS if drawn <= until)
            has_checked = (
                one.tier == "major" and state != ReceiptState.QUESTION and self.chance.random() < CHECKS
            )
            if has_checked:
                answered[self._choice(one)] += 1
            self.book.add(
                Receipt, release_id=one.id, person_id=work.person.id, state=state, first_at=moment, changed_at=moment,
                checked_id=self.checks[one.id] if has_checked else None,
            )  # fmt: skip
        self._count(one, answered)

    def _choice(self, one: Out) -> int:
        right, many = one.sheet.get("right", 0), len(one.sheet["choices"][0])
        if self.chance.random() < RIGHT:
            return int(right)
        return int(self.chance.choice([place for place in range(many) if place != right]))

    def _count(self, one: Out, answered: Counter[int]) -> None:
        for choice, count in sorted(answered.items()):
            self.book.add(CheckCount, check_question_id=self.checks[one.id], choice=choice, count=count)
