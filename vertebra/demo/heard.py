"""Conversations of three years: whom Product Ops heard, what they said, and what was marked of it."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.hurts import Hurt
from vertebra.demo.placing import Work, works
from vertebra.demo.rows import Company, at
from vertebra.demo.timeline import months_before
from vertebra.discovery.labels import CampaignState, Consent, InterviewState, InviteState
from vertebra.discovery.models import Campaign, Guide, Interview, ToHear, Verbatim
from vertebra.discovery.queries.voices import told_cells

OPS = ("ines", "noe", "tomas")
MOST_SAID = 5
# What people answer when asked whether they may be quoted.
CONSENTS = ((Consent.GIVEN, 0.88), (Consent.NOTES_ONLY, 1.0))


@dataclass
class Said:
    """Words of one conversation that show a hurt."""

    hurt: Hurt
    verbatim: int
    work: Work
    day: dt.date


@dataclass
class Heard:
    """Everything that was heard: what each campaign's conversations showed."""

    campaigns: dict[str, int] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)


class Conversations:
    """Decides who is heard when and what they say, and notes the rows."""

    def __init__(
        self, company: Company, hurts: list[Hurt], users: dict[str, int], book: Book, chance: random.Random
    ) -> None:
        self.company, self.hurts, self.users, self.book, self.chance = company, hurts, users, book, chance
        self.works: dict[str, list[Work]] = defaultdict(list)
        for work in works(company.people):
            self.works[work.function].append(work)
        self.guides = dict(Guide.objects.filter(language="fr").values_list("function", "id"))
        self.heard = Heard()
        self.lines: list[tuple[Said, dict[str, Any]]] = []

    def hold(self) -> Heard:
        """All campaigns, and a conversation now and then between them."""
        for sheet in content.listening()["campaign"]:
            self._campaign(sheet)
        self._between_campaigns()
        self._write_verbatims()
        return self.heard

    def _campaign(self, sheet: Sheet) -> None:
        until = self.company.timeline.until
        starts_on = months_before(until, sheet["ago"]) - dt.timedelta(days=16 if sheet["ago"] == 0 else 0)
        ends_on = starts_on + dt.timedelta(days=24)
        is_open = ends_on > until
        count = sheet["small" if self.company.profile.people < 200 else "scale_up"]
        chosen = self._choose(sheet["functions"], starts_on, count)
        campaign = self.book.add(
            Campaign,
            title=sheet["title"],
            purpose=sheet["purpose"],
            language="fr",
            guide_id=self.guides.get(""),
            state=CampaignState.OPEN if is_open else CampaignState.CLOSED,
            starts_on=starts_on,
            ends_on=ends_on,
            owner_id=self._who(starts_on),
            created_at=at(starts_on, 9, 5),
            changed_at=at(starts_on, 9, 5),
            closed_at=None if is_open else at(ends_on, 17, 0),
        )
        self.heard.campaigns[sheet["key"]] = campaign
        for number, work in enumerate(chosen):
            self._to_hear(campaign, work, starts_on, number / max(1, len(chosen)), until)

    def _to_hear(self, campaign: int, work: Work, starts_on: dt.date, part: float, until: dt.date) -> None:
        """Invite somebody of a campaign; most are heard within three weeks, a few would rather not."""
        day = starts_on + dt.timedelta(days=2 + round(18 * part))
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        declines = self.chance.random() < 0.05
        is_held = day <= until and not declines
        if declines:
            state = InviteState.DECLINED
        elif is_held:
            state = InviteState.HEARD
        else:
            state = InviteState.AGREED if part < 0.85 else InviteState.INVITED
        self.book.add(
            ToHear,
            campaign_id=campaign,
            person_id=work.person.id,
            function=work.function,
            unit_id=work.unit.id,
            state=state,
            invited_at=at(starts_on, 9, 30),
            answered_at=at(starts_on + dt.timedelta(days=1), 14, 0) if state != InviteState.INVITED else None,
            interviewer_id=self._who(starts_on),
        )
        if state in (InviteState.HEARD, InviteState.AGREED):
            self._interview(work, day, campaign, is_held=is_held)

    def _between_campaigns(self) -> None:
        """Two conversations a month in a large company, one every other month in a small one."""
        timeline = self.company.timeline
        is_small = self.company.profile.people < 200
        for month in range(10, len(timeline.bounds)):
            if is_small and month % 2:
                continue
            for _ in range(1 if is_small else 2):
                day = timeline.day_in(month, self.chance)
                if day.weekday() > 4 or day >= timeline.until:
                    continue
                for work in self._choose(list(self.works), day, 1):
                    self._interview(work, day, None, is_held=True)

    def _choose(self, functions: list[str], day: dt.date, count: int) -> list[Work]:
        """People of each function in turn, none twice, among those who work there that day."""
        there = {
            function: [
                work
                for work in self.works[function]
                if work.starts_on <= day and (work.ends_on is None or day < work.ends_on)
                and work.person.is_present(day) and work.person.cast_key not in OPS
            ]
            for function in functions
        }  # fmt: skip
        chosen: dict[int, Work] = {}
        for _ in range(count):
            for function in functions:
                left = [work for work in there[function] if work.person.id not in chosen]
                if left and len(chosen) < count:
                    work = self.chance.choice(left)
                    chosen[work.person.id] = work
        return list(chosen.values())

    def _who(self, day: dt.date) -> int | None:
        return self.users.get(self.company.there_on(OPS, day) or "ines")

    def _interview(self, work: Work, day: dt.date, campaign: int | None, *, is_held: bool) -> None:
        said = self._what_is_said(work, day) if is_held else []
        drawn = self.chance.random()
        consent = next(code for code, upto in CONSENTS if drawn <= upto) if is_held else Consent.UNASKED
        starts_at = at(day, self.chance.randint(9, 17), self.chance.choice((0, 30)))
        interview = self.book.add(
            Interview,
            campaign_id=campaign,
            person_id=work.person.id,
            function=work.function,
            unit_id=work.unit.id,
            guide_id=self.guides.get(work.function) or self.guides.get(""),
            interviewer_id=self._who(day),
            state=InterviewState.HELD if is_held else InterviewState.PLANNED,
            starts_at=starts_at,
            minutes=45,
            place="Salle du marché" if self.chance.random() < 0.4 else "Visio",
            held_on=day if is_held else None,
            consent=consent,
            consent_at=starts_at if is_held else None,
            language="fr",
            notes=self._notes(said),
            notes_version=1 if is_held else 0,
            most_painful=self._painful(said),
            created_at=at(day - dt.timedelta(days=6), 10, 0),
            changed_at=starts_at,
        )
        for hurt, words in said:
            self._mark(interview, hurt, words, work, day)

    def _what_is_said(self, work: Work, day: dt.date) -> list[tuple[Hurt, str]]:
        """What hurts somebody most is what they speak of."""
        felt = [(hurt.felt(work.function, day, self.chance), hurt) for hurt in self.hurts]
        found = []
        for level, hurt in sorted(felt, key=lambda pair: -pair[0])[:MOST_SAID]:
            if self.chance.random() < level and (words := hurt.says.get(work.function)):
                found.append((hurt, self.chance.choice(words)))
        return found

    def _notes(self, said: list[tuple[Hurt, str]]) -> str:
        if not said:
            return ""
        talk = content.listening()["talk"]
        lines = [self.chance.choice(talk["opening"]), ""]
        for hurt, words in said:
            lines += [f"## {hurt.title}", "", f"« {words} »", ""]
            if self.chance.random() < 0.4:
                lines += [self.chance.choice(talk["asides"]), ""]
        return "\n".join(lines)

    def _painful(self, said: list[tuple[Hurt, str]]) -> str:
        return said[0][0].title if said else ""

    def _mark(self, interview: int, hurt: Hurt, words: str, work: Work, day: dt.date) -> None:
        row = {
            "id": len(self.lines) + 1,
            "interview_id": interview,
            "text": words,
            "language": "fr",
            "person_id": work.person.id,
            "function": work.function,
            "unit_id": work.unit.id,
            "said_on": day,
            "marked_by_id": self._who(day),
            "created_at": at(day, 18, 0),
        }
        self.lines.append((Said(hurt, row["id"], work, day), row))  # type: ignore[arg-type]

    def _write_verbatims(self) -> None:
        """What may be told of each voice is settled by the product's own rule, on the day it spoke."""
        told = told_cells(
            [(row["function"], row["unit_id"], row["said_on"]) for _said, row in self.lines],
            self.company.timeline.until,
        )
        for (said, row), (function, unit) in zip(self.lines, told, strict=True):
            self.book.add(Verbatim, **row, shown_function=function, shown_unit_id=unit)
            self.heard.said.append(said)
