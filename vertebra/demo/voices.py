"""What the cast reported, said, followed and kept; and the audit of three years, in order."""

import datetime as dt
import random
from itertools import pairwise
from typing import Any

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Comment, SavedView, Watch
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.plans import UnitPlan
from vertebra.demo.rows import LANGUAGE, Company, at
from vertebra.demo.structure import suffixed
from vertebra.demo.timeline import months_before
from vertebra.org.models import EmptySpace, EmptySpaceNeighbour, EmptySpaceReport

OPS = ("ines", "noe", "tomas", "helene", "ada")
VERBS = {"being_filled": "take", "filled": "fill", "explained": "explain"}
MOVING_KINDS = ("team", "tribe", "sphere", "division")


class Voices:
    """Notes rows that people of the cast caused, and one audit entry for each."""

    def __init__(self, company: Company, book: Book, users: dict[str, int], chance: random.Random) -> None:
        self.company, self.book, self.users, self.chance = company, book, users, chance
        self.entries: list[tuple[dt.datetime, dict[str, Any]]] = []
        self.watched: set[tuple[int, str, int]] = set()

    def speak(self) -> None:
        """All of it; the audit comes last, in order of time."""
        self._structure_changes()
        self._imports()
        for copy in range(self.company.profile.copies):
            sheets = content.words()["space"]
            for sheet in sheets if copy == 0 else self.chance.sample(sheets, 3):
                self._space(sheet, copy)
        self._own_teams()
        self._views()
        for number, (moment, values) in enumerate(sorted(self.entries, key=lambda entry: entry[0]), 1):
            self.book.add(AuditEntry, id=number, at=moment, **values)

    def _note(
        self, moment: dt.datetime, who: str, verb: str, kind: str, object_id: int, name: str, **told: Any
    ) -> None:
        person = self.company.cast.get(who)
        values = {
            "actor_id": self.users.get(who),
            "actor_name": person.name if person else "Vertebra",
            "verb": verb,
            "kind": kind,
            "object_id": object_id,
            "object_name": name[:300],
            "particulars": {key: value for key, value in told.items() if value},
        }
        self.entries.append((moment, values))

    def _structure_changes(self) -> None:
        start = self.company.timeline.start
        for unit in self.company.structure.units.values():
            if unit.kind not in MOVING_KINDS:
                continue
            before: dt.date | None = None
            for starts_on, _ in unit.periods():
                if starts_on > start:
                    self._unit_changed(unit, before, starts_on)
                before = starts_on
            if unit.closes_on and unit.closes_on > start:
                who = self.company.there_on(OPS, unit.closes_on)
                name = unit.name.at(unit.opened_on)
                told = {"on": unit.closes_on.isoformat()}
                self._note(at(unit.closes_on, 8, 50), who, "close", Kind.UNIT, unit.id, name, **told)

    def _unit_changed(self, unit: UnitPlan, before: dt.date | None, day: dt.date) -> None:
        who, name, on = self.company.there_on(OPS, day), unit.name.at(day), day.isoformat()
        if before is None:
            self._note(at(day, 8, 10), who, "create", Kind.UNIT, unit.id, name, on=on)
            return
        changes: dict[str, list[str]] = {}
        for field in ("name", "purpose", "how_to_work"):
            past = getattr(unit, field)
            if past.at(before) != past.at(day):
                changes[field] = [past.at(before), past.at(day)]
        parents = [unit.parent.at(before), unit.parent.at(day)]
        if parents[0] is not parents[1]:
            changes["parent"] = [parent.name.at(day) if parent else "" for parent in parents]
        verb = "move" if "parent" in changes else "change"
        self._note(at(day, 8, 20), who, verb, Kind.UNIT, unit.id, name, on=on, changes=changes)

    def _imports(self) -> None:
        """The directory is brought in every month by whoever administers."""
        if not self.company.profile.has_source:
            return
        bounds, people = self.company.timeline.bounds, self.company.people
        for since, day in pairwise(bounds):
            who = self.company.there_on(("ada", "ines"), day)
            if not who:
                continue
            came = sum(since < person.joined_on <= day for person in people)
            left = sum(1 for person in people if person.left_on and since < person.left_on <= day)
            summary = {"person": {"created": came, "closed": left}}
            name = content.company()["directory"]
            told = {"on": day.isoformat(), "full": True, "is_demo": True, "summary": summary}
            self._note(at(day, 7, 0), who, "import", Kind.SOURCE, 1, name, **told)

    def _space(self, sheet: Sheet, copy: int) -> None:
        """One empty space, with who said it, what became of it and what was said of it."""
        neighbours = self._neighbours(sheet["between"], copy)
        segments = content.company()["segments"]
        sentence = suffixed(sheet["sentence"], segments[copy] if copy else "")
        day = months_before(self.company.timeline.until, sheet["ago"])
        day += dt.timedelta(days=self.chance.randint(0, 20))
        reporters = [who for who in sheet["by"] if self.company.there_on((who,), day)] or ["ines"]
        said = [sentence, *sheet.get("again", [])][: len(reporters)]
        owner = sheet.get("owner", "") if sheet.get("owner", "") in self.company.cast else ""
        settled_on = min(day + dt.timedelta(days=24), self.company.timeline.until)
        space = self.book.add(
            EmptySpace,
            sentence=sentence,
            language=LANGUAGE,
            state=sheet["state"],
            reason=sheet.get("reason", ""),
            owner_id=self.company.cast[owner].id if owner else None,
            first_seen_on=day,
            latest_seen_on=day + dt.timedelta(days=3 * (len(said) - 1)),
            changed_at=at(settled_on if sheet["state"] != "open" else day, 8, 45),
            report_count=len(said),
        )
        for column, thing in neighbours:
            ids: dict[str, int | None] = {"unit_id": None, "area_id": None}
            self.book.add(EmptySpaceNeighbour, space_id=space, **{**ids, column: thing})
        for index, (who, words) in enumerate(zip(reporters, said, strict=False)):
            self._report(space, sentence, who, words, day + dt.timedelta(days=3 * index))
        self._settle(space, sheet, sentence, owner or "ines", settled_on)
        self._comments(space, sheet, sentence, day)

    def _neighbours(self, keys: list[str], copy: int) -> list[tuple[str, int]]:
        prefix = f"{copy}:" if copy else ""
        found = []
        for key in keys:
            team = self.company.structure.units.get(f"{prefix}team:{key}")
            if team is not None:
                found.append(("unit_id", team.id))
            else:
                found.append(("area_id", self.company.holdings.of_team[prefix + key].id))
        return found

    def _report(self, space: int, title: str, who: str, words: str, day: dt.date) -> None:
        moment, user = at(min(day, self.company.timeline.until), 8, 15), self.users.get(who)
        self.book.add(
            EmptySpaceReport,
            space_id=space,
            sentence=words,
            language=LANGUAGE,
            reported_by_id=user,
            reporter_name=self.company.cast[who].name if who in self.company.cast else "",
            at=moment,
        )
        self._note(moment, who, "report", Kind.EMPTY_SPACE, space, title, sentence=words)
        self._watch(who, Kind.EMPTY_SPACE, space, moment)

    def _settle(self, space: int, sheet: Sheet, title: str, who: str, day: dt.date) -> None:
        state = sheet["state"]
        if state == "open":
            return
        told = {"before": "open", "after": state, "reason": sheet.get("reason", "")}
        owner = self.company.cast[who].name if sheet.get("owner") else ""
        self._note(at(day, 8, 45), who, VERBS[state], Kind.EMPTY_SPACE, space, title, owner=owner, **told)

    def _comments(self, space: int, sheet: Sheet, title: str, day: dt.date) -> None:
        for index, (who, body) in enumerate(sheet["comments"]):
            if who not in self.company.cast:
                continue
            moment = at(min(day + dt.timedelta(days=5 + 4 * index), self.company.timeline.until), 8, 40)
            comment = self.book.add(
                Comment,
                kind=Kind.EMPTY_SPACE,
                object_id=space,
                author_id=self.users[who],
                author_name=self.company.cast[who].name,
                body=body,
                language=LANGUAGE,
                at=moment,
            )
            self._note(moment, who, "comment", Kind.COMMENT, comment, title)
            self._watch(who, Kind.EMPTY_SPACE, space, moment)

    def _watch(self, who: str, kind: str, thing: int, moment: dt.datetime) -> None:
        if who in self.users and (self.users[who], kind, thing) not in self.watched:
            self.watched.add((self.users[who], kind, thing))
            self.book.add(Watch, user_id=self.users[who], kind=kind, object_id=thing, since_at=moment)

    def _own_teams(self) -> None:
        """Everybody of the cast follows the unit they work in; Product Ops follows the spheres too."""
        until = self.company.timeline.until
        for key, person in self.company.cast.items():
            home = person.seat.home
            day = min(max(person.joined_on, home.opened_on) + dt.timedelta(days=30), until)
            self._watch(key, Kind.UNIT, home.id, at(day))
        for unit in self.company.structure.units.values():
            if unit.kind == "sphere":
                self._watch("ines", Kind.UNIT, unit.id, at(unit.opened_on))

    def _views(self) -> None:
        for sheet in content.words()["view"]:
            if sheet["by"] in self.users:
                kept = {name: sheet[name] for name in ("page", "name", "query", "is_shared")}
                moment = at(months_before(self.company.timeline.until, 1))
                self.book.add(SavedView, user_id=self.users[sheet["by"]], created_at=moment, **kept)
