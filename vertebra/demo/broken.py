"""Incidents of three years: what broke, who was told when, what was learnt, what followed; a bad spring, then a rework."""

import datetime as dt
import random
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from vertebra.accounts.labels import Kind
from vertebra.demo import content
from vertebra.demo.book import Book
from vertebra.demo.content import Sheet
from vertebra.demo.plans import Employee
from vertebra.demo.rows import LANGUAGE, Company, at
from vertebra.evidence.actions.incident_parts import reindex
from vertebra.evidence.labels import IncidentSeverity, MomentKind
from vertebra.evidence.models import FollowUpAction, Incident, IncidentMoment
from vertebra.measures.labels.charts import MarkKind
from vertebra.measures.models import Mark

MANY, FEW, A_COPY = 60, 22, 20
IN_SPRING, IN_A_SMALL_SPRING = 9, 5
# How likely it is that the field was told at all, a lesson written, a follow-up done: before and after the rework.
TOLD, LEARNT, DONE = (0.65, 0.96), (0.5, 0.95), (0.45, 0.9)
TOLD_AFTER = ((70, 380), (9, 42))
LASTS = {"minor": 70, "major": 130, "critical": 210}
QUICKER = 0.8
COUNTRIES = frozenset({"France", "Allemagne", "Italie", "Espagne"})


def spring_of(until: dt.date) -> tuple[dt.date, dt.date]:
    """The latest spring that has been over for a summer: its weeks of incidents."""
    year = until.year if until >= dt.date(until.year, 9, 15) else until.year - 1
    return dt.date(year, 4, 3), dt.date(year, 5, 28)


def rework_of(until: dt.date) -> dt.date:
    """From when incidents are handled in another way."""
    return dt.date(spring_of(until)[0].year, 7, 6)


@dataclass(frozen=True)
class Broken:
    """One incident, as the rules planned it."""

    id: int
    started_at: dt.datetime
    told_minutes: float | None
    is_heavy: bool


class Incidents:
    """Decides what breaks when, and notes the rows."""

    def __init__(self, company: Company, chance: random.Random) -> None:
        self.company, self.chance, self.until = company, chance, company.timeline.until
        self.spring, self.rework = spring_of(self.until), rework_of(self.until)
        self.is_small = not company.profile.has_tribes
        self.engineers = [p for p in company.people if p.seat.function == "engineering"]
        self.rows: list[Broken] = []

    def write(self, book: Book) -> None:
        """Note every incident, the earliest first."""
        for day in self._days():
            self._incident(book, day, self.chance.choice(content.figures()["incident"]))

    def index(self, now: dt.datetime) -> None:
        """Let search know them."""
        reindex(Kind.INCIDENT, [row.id for row in self.rows], now)

    def told_after(self, since: dt.date, until: dt.date) -> float:
        """After how many minutes the field was told, the usual case of some months."""
        found = [
            row.told_minutes
            for row in self.rows
            if row.told_minutes is not None and since <= row.started_at.date() < until
        ]
        return round(median(found), 0) if found else 0.0

    def worst_of_spring(self) -> int:
        """The incident that speaks for the spring."""
        inside = [row for row in self.rows if self.spring[0] <= row.started_at.date() <= self.spring[1]]
        return next((row.id for row in inside if row.is_heavy), inside[-1].id)

    def _days(self) -> list[dt.date]:
        many = FEW if self.is_small else MANY + A_COPY * (self.company.profile.copies - 1)
        first, last = self.spring
        in_spring = IN_A_SMALL_SPRING if self.is_small else IN_SPRING
        found = [
            first + dt.timedelta(days=self.chance.randint(0, (last - first).days)) for _ in range(in_spring)
        ]
        while len(found) < many:
            # More people make more things that break: later months see more of them.
            month = max(self.chance.randint(1, 36), self.chance.randint(1, 36))
            day = self.company.timeline.day_in(month, self.chance)
            if day < self.until - dt.timedelta(days=3):
                found.append(day)
        return sorted(found)

    def _incident(self, book: Book, day: dt.date, sheet: Sheet) -> None:
        is_after, chance = day >= self.rework, self.chance
        weights = (2, 5, 3) if self.spring[0] <= day <= self.spring[1] else (10, 8, 2)
        severity = chance.choices(("minor", "major", "critical"), weights)[0]
        began = at(day, chance.randint(7, 20), chance.randint(0, 59))
        noticed = began + dt.timedelta(minutes=chance.randint(4, 48))
        lasts = LASTS[severity] * chance.uniform(0.5, 1.9) * (QUICKER if is_after else 1)
        ended = noticed + dt.timedelta(minutes=round(lasts))
        told = began + dt.timedelta(minutes=chance.randint(*TOLD_AFTER[is_after]))
        told_at = told if chance.random() < TOLD[is_after] else None
        is_heavy = severity != IncidentSeverity.MINOR
        held_on, text = self._learnt(ended.date(), sheet) if is_heavy else (None, "")
        market, place = self._place(day)
        pk = book.add(
            Incident,
            title=sheet["title"].format(place=place),
            summary=sheet["summary"],
            language=LANGUAGE,
            severity=severity,
            started_at=began,
            detected_at=noticed,
            told_at=told_at,
            resolved_at=ended,
            systems=sheet["systems"],
            manager_id=self._somebody(day).id,
            post_mortem_due_on=ended.date() + dt.timedelta(days=10) if is_heavy else None,
            post_mortem_on=held_on,
            post_mortem=text,
            created_at=noticed,
            changed_at=ended,
        )
        through = Incident.markets.through
        book.add(through, incident_id=pk, market_id=market)
        self._moments(book, pk, noticed, ended, told_at)
        if is_heavy:
            self._follow_ups(book, pk, ended.date(), sheet)
        if severity == IncidentSeverity.CRITICAL:
            self._mark(book, pk, sheet["title"].format(place=place), began, ended)
        minutes = (told_at - began).total_seconds() / 60 if told_at else None
        self.rows.append(Broken(pk, began, minutes, severity == IncidentSeverity.CRITICAL))

    def _learnt(self, ended: dt.date, sheet: Sheet) -> tuple[dt.date | None, str]:
        is_after = ended >= self.rework
        held = ended + dt.timedelta(
            days=self.chance.randint(3, 9) if is_after else self.chance.randint(8, 34)
        )
        is_held = self.chance.random() < LEARNT[is_after] and held < self.until
        return (held, sheet["learnt"]) if is_held else (None, "")

    def _moments(
        self, book: Book, incident: int, noticed: dt.datetime, ended: dt.datetime, told: dt.datetime | None
    ) -> None:
        found = noticed + (ended - noticed) * self.chance.uniform(0.3, 0.6)
        eased = found + (ended - found) * self.chance.uniform(0.3, 0.7)
        lines = [
            (noticed, MomentKind.NOTICED, "Une alerte, puis deux appels de commerçants.", ""),
            (found, MomentKind.FOUND, "La cause est trouvée.", ""),
            (eased, MomentKind.MITIGATED, "Les commerces encaissent à nouveau.", ""),
            (ended, MomentKind.RESOLVED, "Retour à la normale, vérifié sur trois commerces.", ""),
        ]
        if told is not None:
            lines.append(
                (told, MomentKind.TOLD, "Trois lignes envoyées.", "Support, ventes, réussite client")
            )
        for moment, kind, text, whom in sorted(lines, key=lambda line: line[0]):
            moment = moment.replace(second=0, microsecond=0)
            book.add(IncidentMoment, incident_id=incident, at=moment, kind=kind, text=text, told_whom=whom)

    def _follow_ups(self, book: Book, incident: int, day: dt.date, sheet: Sheet) -> None:
        is_after = day >= self.rework
        for title in sheet["follow_ups"]:
            due = day + dt.timedelta(days=self.chance.choice((14, 21, 30, 45)))
            drawn, done = self.chance.random(), day + dt.timedelta(days=self.chance.randint(4, 50))
            is_done = drawn < DONE[is_after] and done < self.until
            is_dropped = not is_done and drawn > 0.93 and due < self.until
            book.add(
                FollowUpAction,
                incident_id=incident,
                title=title,
                owner_id=self._somebody(day).id,
                due_on=due,
                done_on=done if is_done else None,
                dropped_on=due if is_dropped else None,
                drop_reason="La partie concernée a été remplacée." if is_dropped else "",
                created_at=at(day, 18),
            )

    def _mark(self, book: Book, incident: int, title: str, began: dt.datetime, ended: dt.datetime) -> None:
        first, last = timezone.localdate(began), timezone.localdate(ended)
        book.add(
            Mark,
            kind=MarkKind.INCIDENT,
            title=title,
            starts_on=first,
            ends_on=last if last != first else None,
            object_kind=str(Kind.INCIDENT),
            object_id=incident,
        )

    def _somebody(self, day: dt.date) -> Employee:
        """An engineer who is there that day, as often as not one with a name."""
        karim = self.company.cast.get("karim")
        if karim is not None and karim.is_present(day) and self.chance.random() < 0.12:
            return karim
        there = self.chance.sample(self.engineers, min(60, len(self.engineers)))
        return next((p for p in there if p.is_present(day)), self.company.people[0])

    def _place(self, day: dt.date) -> tuple[int, str]:
        markets = [m for m in self.company.holdings.markets if m.name in COUNTRIES and m.starts_on <= day]
        market = self.chance.choice(markets or self.company.holdings.markets[:1])
        return market.id, market.name
