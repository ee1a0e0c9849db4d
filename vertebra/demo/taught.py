"""Lessons made from large releases, those that expired since, and the first weeks of whoever arrives."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.consulted import Champions
from vertebra.demo.content import Sheet
from vertebra.demo.outgoing import Out, Outgoing
from vertebra.demo.placing import Work
from vertebra.demo.plans import Employee
from vertebra.demo.reached import Reach
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.worded import LANGUAGES, Wording
from vertebra.learning.labels import Expiry
from vertebra.learning.models import (
    Assignment,
    Completion,
    Enrolment,
    Lesson,
    LessonText,
    LessonVersion,
    Path,
    PathStep,
    StepDone,
)

SINCE_MONTHS, CAMP_MONTHS, GIVEN_MONTHS = 16, 13, 9
MONTH = 30.44
# A lesson is given to whoever comes in until so long after the day by which it was due.
GIVEN_FOR = dt.timedelta(days=30)
TAKES, TAKES_ANEW, RENEWED = 0.68, 0.55, 0.6
EXPIRES_AFTER = 60
STEPS_A_DAY = 0.75


@dataclass(slots=True)
class Version:
    """One version of a lesson: since when it holds, until when, why no longer."""

    published_on: dt.date
    expired_on: dt.date | None = None
    why: str = ""
    note: str = ""
    by: int | None = None
    id: int = 0


@dataclass(slots=True)
class Taught:
    """What a lesson says, in both languages, and who is given it."""

    title: list[str]
    body: list[str]
    question: list[str]
    choices: list[list[str]]
    right: int
    why: list[str]
    versions: list[Version]
    given: dict[int, dt.date]
    audiences: list[str] = field(default_factory=list)


class Teaching:
    """Notes lessons and paths, and who took them."""

    def __init__(
        self,
        going: Outgoing,
        reach: Reach,
        wording: Wording,
        book: Book,
        users: dict[str, int],
        chance: random.Random,
    ) -> None:
        self.going, self.reach, self.wording, self.book = going, reach, wording, book
        self.users, self.chance, self.until = users, chance, going.until
        self.free: list[int] = []
        self.works: dict[int, list[Work]] = defaultdict(list)
        for work in reach.works:
            if work.person.is_placed or work.ends_on:
                self.works[work.person.id].append(work)
        self.links: list[Link] = []

    def write(self, found: list[Out], champions: Champions) -> None:
        """Lessons in order of time, then the paths that some of them are steps of."""
        since = months_before(self.until, SINCE_MONTHS)
        for sheet in content.telling()["lesson"]:
            self._own(sheet)
        for one in found:
            if one.tier == "major" and one.state in ("released", "checking") and one.day >= since:
                self._of_release(one, found)
        for sheet in content.telling()["path"]:
            self._path(sheet, champions)

    def _own(self, sheet: Sheet) -> None:
        """A lesson that no release carries."""
        day = self.until - dt.timedelta(days=round(sheet["ago"] * MONTH))
        area = self.going.holdings.of_team.get(sheet["team"])
        first = Version(day)
        if "expires" in sheet:
            first.expired_on = self.until - dt.timedelta(days=round(sheet["expires"] * MONTH))
            first.why, first.note = Expiry.BY_HAND, sheet["note"]
        there = self.reach.there(sheet["audience"], day)
        some = self.chance.sample(there, min(len(there), 120))
        taught = Taught(
            sheet["title"], sheet["body"], sheet["question"], sheet["choices"], sheet["right"], sheet["why"],
            [first], {work.person.id: day for work in sorted(some, key=lambda work: work.person.id)}, [sheet["audience"]],
        )  # fmt: skip
        lead = self.going.lead_of(area.team, day) if area else None
        self.free.append(self._lesson(taught, day, None, area.id if area else None, lead, due=None))

    def _of_release(self, one: Out, found: list[Out]) -> None:
        """The lesson of a large release, made from its briefs; it expires when its feature changes."""
        sheet, day = one.sheet, dt.timedelta(days=1)
        published = max(one.created_on, min(one.day - 10 * day, self.until - 2 * day))
        versions = [Version(published)]
        changed = next(
            (
                other
                for other in found
                if other.tier != "minor"
                and other.state == "released"
                and other.area is one.area
                and (other.day - one.day).days > EXPIRES_AFTER
            ),
            None,
        )
        if changed is not None:
            versions[0].expired_on, versions[0].why, versions[0].by = changed.day, Expiry.CHANGED, changed.id
            again = changed.day + dt.timedelta(days=self.chance.randint(3, 12))
            if self.chance.random() < RENEWED and again < self.until:
                versions.append(Version(again))
        given = self._given(one, published)
        taught = Taught(
            sheet["title"], sheet["what"], sheet["check"], sheet["choices"], sheet.get("right", 0), sheet["why"],
            versions, given, self.reach.for_whom(one),
        )  # fmt: skip
        number = self._lesson(taught, published - 4 * day, one, one.area.id if one.area else None, one.lead,
                              due=one.day - day)  # fmt: skip
        holds = versions[-1].expired_on is None
        self._tie(number, one.id, Relation.RAISED_FROM, published - 4 * day, None)
        self._tie(number, one.id, Relation.SERVES, published, None if holds else versions[-1].expired_on)

    def _given(self, one: Out, published: dt.date) -> dict[int, dt.date]:
        """Whoever was told of a release of these months, or will be, is given its lesson."""
        if one.state == "checking":
            keys = [key for key in self.reach.for_whom(one) if key in self.reach.numbers]
            there = [work for key in keys for work in self.reach.there(key, published)]
            return {work.person.id: published for work in sorted(there, key=lambda work: work.person.id)}
        told = self.reach.told.get(one.id, {})
        is_recent = one.day >= months_before(self.until, GIVEN_MONTHS)
        return {person: max(published, on) for person, on in told.items()} if is_recent else {}

    def _tie(self, lesson: int, release: int, relation: str, since: dt.date, ended: dt.date | None) -> None:
        self.links.append(
            Link(
                from_kind=Kind.LESSON, from_id=lesson, to_kind=Kind.RELEASE, to_id=release, relation=relation,
                since_at=at(since, 16), ended_at=at(ended, 16) if ended else None,
            )
        )  # fmt: skip

    def _lesson(
        self, taught: Taught, day: dt.date, one: Out | None, area: int | None, lead: Employee | None, *,
        due: dt.date | None,
    ) -> int:  # fmt: skip
        made_by = self.users.get(lead.cast_key) if lead and lead.cast_key else None
        language = one.language if one else LANGUAGE
        place = LANGUAGES.index(language)
        number = self.book.add(
            Lesson,
            title=taught.title[place], language=language, minutes=4 if one else 10, release_id=one.id if one else None,
            area_id=area, owner_id=lead.id if lead else None, made_by_id=made_by, created_at=at(day, 11),
            changed_at=at(taught.versions[-1].published_on, 16),
        )  # fmt: skip
        for position, version in enumerate(taught.versions, 1):
            self._version(number, position, version, taught, one, made_by)
        published = taught.versions[0].published_on
        ended = (due or published) + GIVEN_FOR
        assignments = [
            self.book.add(
                Assignment,
                lesson_id=number, path_id=None, audience_id=self.reach.numbers[key], role="", due_on=due,
                made_by_id=made_by, created_at=at(published, 16),
                ended_at=at(ended, 16) if ended < self.until else None,
            )
            for key in taught.audiences
            if key in self.reach.numbers
        ]  # fmt: skip
        for person, on in taught.given.items():
            self.book.add(
                Enrolment,
                person_id=person, unit_id=self._team(person, on), lesson_id=number, path_id=None, assignment_id=assignments[0] if assignments else None,
                started_on=on, due_on=due or on + dt.timedelta(days=14), asked_on=on,
            )  # fmt: skip
            self._takes(person, on, taught.versions)
        return number

    def _team(self, person: int, day: dt.date) -> int | None:
        """Where somebody worked most on a day."""
        there = [
            work
            for work in self.works[person]
            if work.starts_on <= day and (work.ends_on is None or day < work.ends_on)
        ]
        return max(there, key=lambda work: work.share).unit.id if there else None

    def _version(
        self, lesson: int, number: int, version: Version, taught: Taught, one: Out | None, made_by: int | None
    ) -> None:
        version.id = self.book.add(
            LessonVersion,
            lesson_id=lesson, number=number, made_by_id=made_by, created_at=at(version.published_on, 10),
            published_at=at(version.published_on, 16), expired_at=at(version.expired_on, 16) if version.expired_on else None,
            expired_why=version.why, expired_note=version.note, expired_by_id=version.by,
        )  # fmt: skip
        for place, language in enumerate(LANGUAGES):
            brief = self.wording.briefs.get((one.id, "everyone", language)) if one else None
            self.book.add(
                LessonText,
                version_id=version.id, language=language, title=taught.title[place], body=taught.body[place],
                question=taught.question[place], choices=taught.choices[place], right=taught.right,
                explanation=taught.why[place], brief_id=brief, brief_version=2 if brief else 0,
                changed_at=at(version.published_on, 15),
            )  # fmt: skip

    def _takes(self, person: int, on: dt.date, versions: list[Version]) -> None:
        """Most take what they are given within two weeks; fewer take it again once it changed."""
        for number, version in enumerate(versions):
            if self.chance.random() > (TAKES_ANEW if number else TAKES):
                return
            day = max(on, version.published_on) + dt.timedelta(days=round(self.chance.expovariate(1 / 5)))
            if day < min(version.expired_on or self.until, self.until):
                self.book.add(Completion, person_id=person, version_id=version.id, done_on=day)

    def _path(self, sheet: Sheet, champions: Champions) -> None:
        """A path with its steps, and how far each of those on it has come."""
        day, is_camp = months_before(self.until, CAMP_MONTHS), not sheet["roles"]
        made_by = self.going.replay.who(day).pk
        number = self.book.add(
            Path,
            title=sheet["title"], description=sheet["text"], language=LANGUAGE, is_camp=is_camp,
            functions=sheet["functions"], roles=sheet["roles"], made_by_id=made_by, created_at=at(day, 10),
            changed_at=at(day, 10),
        )  # fmt: skip
        steps = [self._step(number, position, row) for position, row in enumerate(sheet["steps"])]
        assignment = None
        if not is_camp:
            assignment = self.book.add(
                Assignment,
                lesson_id=None, path_id=number, audience_id=None, role=sheet["roles"][0], due_on=None,
                made_by_id=made_by, created_at=at(day, 10), ended_at=None,
            )  # fmt: skip
        for person, on in self._on_it(sheet, champions, day):
            enrolment = self.book.add(
                Enrolment,
                person_id=person, unit_id=self._team(person, on), lesson_id=None, path_id=number,
                assignment_id=assignment, started_on=on, due_on=None, asked_on=on,
            )  # fmt: skip
            for step, by_day in steps:
                done = on + dt.timedelta(days=max(1, round(by_day * self.chance.uniform(0.6, 1.5))))
                if done < self.until and self.chance.random() < STEPS_A_DAY:
                    self.book.add(StepDone, enrolment_id=enrolment, step_id=step, done_on=done)

    def _step(self, path: int, position: int, row: list[str]) -> tuple[int, int]:
        kind, title, words, of, day = row
        number = self.book.add(
            PathStep,
            path_id=path, position=position, kind=kind, title=title, words=words,
            lesson_id=self.free[int(of)] if kind == "lesson" else None, meet=of if kind == "people" else "",
            web_address=of if kind == "page" else "", day=int(day), archived_at=None,
        )  # fmt: skip
        return number, int(day)

    def _on_it(self, sheet: Sheet, champions: Champions, since: dt.date) -> list[tuple[int, dt.date]]:
        """Whoever arrived since there is such a path: in those functions, or in that role."""
        if sheet["roles"]:
            first: dict[int, dt.date] = {}
            for _number, row in champions.rows:
                if row.person and row.person.is_present(self.until) and since <= row.starts_on < self.until:
                    first[row.person.id] = min(first.get(row.person.id, row.starts_on), row.starts_on)
            return sorted(first.items())
        return [
            (person.id, person.joined_on + dt.timedelta(days=1))
            for person in self.going.company.people
            if person.is_present(self.until)
            and since <= person.joined_on < self.until - dt.timedelta(days=1)
            and person.is_placed
            and person.seat.function in sheet["functions"]
        ]
