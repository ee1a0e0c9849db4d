"""Ways of working over three years: tried, proposed, built together, validated, lived, adapted, given up."""

import datetime as dt
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.demo import checked, content
from vertebra.demo.carded import USED_TO_IT, Cards
from vertebra.demo.content import Sheet
from vertebra.demo.rows import LANGUAGE, at
from vertebra.demo.timeline import months_before
from vertebra.demo.tracker import Project, projects
from vertebra.demo.understood import Replay
from vertebra.evidence.actions.flow import open_flow
from vertebra.org.models import Membership, Person, Unit
from vertebra.practices.actions.adaptations import adapt_practice
from vertebra.practices.actions.adoption import say_adoption
from vertebra.practices.actions.adoption_rows import Said
from vertebra.practices.actions.checks import adapt_check
from vertebra.practices.actions.contributions import add_co_author, answer_contribution, contribute
from vertebra.practices.actions.life import (
    end_trial,
    propose_practice,
    retire_practice,
    start_trial,
    validate_practice,
)
from vertebra.practices.actions.practices import create_practice, register_practice
from vertebra.practices.actions.reach import set_reach
from vertebra.practices.actions.renewing import renew_validation
from vertebra.practices.actions.routines import Guest, create_routine
from vertebra.practices.actions.versions import set_costs, write_text
from vertebra.practices.labels.adoption import AdaptationKind, AdoptionState
from vertebra.practices.labels.practices import ContributionKind, Reach
from vertebra.practices.models import Check, Practice

# A team says that it tries what it has begun, months later that it does it; that it stopped when it has noticed.
NOTICED = dt.timedelta(days=60)
ANSWERED = dt.timedelta(days=6)
MOST_TEAMS = 48


class Practices:
    """Plans what became of each way of working; what is refused has not happened."""

    def __init__(self, replay: Replay) -> None:
        self.replay, self.company, self.until = replay, replay.company, replay.until
        self.rows: dict[int, Practice] = {}
        self.keys: dict[int, str] = {}
        self.checks: dict[tuple[int, str], Check] = {}

    def plan(self) -> None:
        """Every step of every practice, in the order of time."""
        for number, sheet in enumerate(content.practices()):
            day = months_before(self.until, sheet["began"])
            self._at(day, partial(self._begin, number, sheet))
            for place, step in enumerate(sheet["steps"], 1):
                then = months_before(self.until, step[1]) + dt.timedelta(days=2 + place)
                self._at(then, partial(getattr(self, f"_{step[0]}"), number, *step[2:]))
            if sheet.get("key") == "checked":
                self._plan_checked(number)
            elif sheet.get("key") == "sorted":
                self._plan_sorted(number)
        Cards(self.replay, self.teams, self.keys).plan()

    def _at(self, day: dt.date, do: Any) -> None:
        def unless_refused(now: dt.datetime) -> None:
            try:
                do(now)
            except (Refusal, Absent):
                return

        self.replay.plan(at(day, 11), unless_refused)

    @cached_property
    def teams(self) -> list[Project]:
        """The teams that have a project in the tracker: what they say is what their work shows."""
        return projects(self.until)[:MOST_TEAMS]

    def _person(self, keys: list[str], now: dt.datetime) -> Person:
        key = self.company.there_on(tuple(keys), now.date())
        if not key:
            raise Absent
        found: Person = Person.objects.select_related("user").get(pk=self.company.cast[key].id)
        return found

    def _user(self, person: Person) -> User:
        if person.user is None:
            raise Absent
        return person.user

    def _unit(self, keys: list[str] | str, now: dt.datetime) -> Unit | None:
        """The first of these that exists; the first team that checks its work; none for the whole company."""
        if keys == "first":
            first = min((one for one in self.teams if one.habits.checked_from), key=_checked_from)
            return Unit.objects.get(pk=first.unit_id)
        if keys == [""]:
            return None
        units = self.company.structure.units
        there = [units[key].id for key in keys if key in units and units[key].is_open(now.date())]
        if not there:
            raise Absent
        return Unit.objects.get(pk=there[0])

    def _begin(self, number: int, sheet: Sheet, now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        carrier = self._person(sheet["carrier"], now) if sheet["carrier"] else None
        if sheet.get("is_lived"):
            row = register_practice(
                actor=actor, name=sheet["name"], language=LANGUAGE, carrier=carrier, why=sheet["why"], now=now
            )
        else:
            row = create_practice(
                actor=actor, name=sheet.get("name", ""), language=LANGUAGE, carrier=carrier, why=sheet.get("why", ""),
                shipped=sheet.get("shipped", ""), now=now,
            )  # fmt: skip
        self.rows[number] = row
        if "key" in sheet:
            self.keys[row.pk] = sheet["key"]
        if "how" in sheet:
            told = {name: sheet[name] for name in ("for_whom", "when", "inputs", "outputs")}
            write_text(
                actor=actor, practice=row, language=LANGUAGE, changes={**told, "steps": sheet["how"]}, now=now
            )
            set_costs(actor=actor, practice=row, costs=sheet["costs"], now=now)
        for key in sheet.get("authors", ()):
            if self.company.there_on((key,), now.date()):
                add_co_author(actor=actor, practice=row, person=self._person([key], now), now=now)

    def _row(self, number: int) -> Practice:
        if number not in self.rows:
            raise Absent
        return Practice.objects.get(pk=self.rows[number].pk)

    def _trial(self, number: int, where: list[str] | str, now: dt.datetime) -> None:
        unit = self._unit(where, now)
        if unit is not None:
            actor = self.replay.who(now.date())
            start_trial(actor=actor, practice=self._row(number), unit=unit, language=LANGUAGE, now=now)

    def _end_trial(self, number: int, learnt: str, now: dt.datetime) -> None:
        trial = self._row(number).trials.filter(ends_on=None).order_by("pk").first()
        if trial is not None:
            end_trial(actor=self.replay.who(now.date()), trial=trial, learnt=learnt, now=now)

    def _propose(self, number: int, now: dt.datetime) -> None:
        propose_practice(actor=self.replay.who(now.date()), practice=self._row(number), now=now)

    def _change(self, number: int, who: list[str], words: str, *answer: Any) -> None:
        self._contribute(ContributionKind.CHANGE, number, who, words, *answer)

    def _objection(self, number: int, who: list[str], words: str, *answer: Any) -> None:
        self._contribute(ContributionKind.OBJECTION, number, who, words, *answer)

    def _support(self, number: int, who: list[str], words: str, *answer: Any) -> None:
        self._contribute(ContributionKind.SUPPORT, number, who, words, *answer)

    def _contribute(self, kind: str, number: int, who: list[str], words: str, *rest: Any) -> None:
        """What somebody brought, and days later what became of it, if anything did."""
        *answer, now = rest
        row = self._row(number)
        # Nobody objects to what they carry.
        person = self._person([key for key in who if self.company.cast[key].id != row.carrier_id], now)
        made = contribute(
            actor=self._user(person),
            practice=row,
            person=person,
            kind=kind,
            words=words,
            language=LANGUAGE,
            now=now,
        )
        if answer:
            self._at((now + ANSWERED).date(), partial(self._answer, made, *answer))

    def _answer(self, made: Any, words: str, is_taken_up: bool, now: dt.datetime) -> None:
        carrier = made.practice.carrier
        actor = carrier.user if carrier is not None and carrier.user else self.replay.who(now.date())
        answer_contribution(
            actor=actor, contribution=made, answer=words, is_taken_up=is_taken_up, person=carrier, now=now
        )

    def _validate(self, number: int, who: list[str], words: str, now: dt.datetime) -> None:
        person = self._person(who, now)
        validate_practice(actor=self._user(person), practice=self._row(number), words=words, now=now)

    def _standard(self, number: int, where: list[str], now: dt.datetime) -> None:
        self._reach(Reach.STANDARD, number, where, now)

    def _recommended(self, number: int, where: list[str], now: dt.datetime) -> None:
        self._reach(Reach.RECOMMENDED, number, where, now)

    def _free(self, number: int, where: list[str], now: dt.datetime) -> None:
        self._reach(Reach.FREE, number, where, now)

    def _reach(self, reach: str, number: int, where: list[str], now: dt.datetime) -> None:
        actor = self.replay.who(now.date())
        set_reach(actor=actor, practice=self._row(number), unit=self._unit(where, now), reach=reach, now=now)

    def _retire(self, number: int, reason: str, now: dt.datetime) -> None:
        retire_practice(actor=self.replay.who(now.date()), practice=self._row(number), reason=reason, now=now)

    def _renew(self, number: int, who: list[str], words: str, now: dt.datetime) -> None:
        person = self._person(who, now)
        renew_validation(actor=self._user(person), practice=self._row(number), words=words, now=now)

    def _flow(self, number: int, why: str, now: dt.datetime) -> None:
        """The practice asks to see how work flows, in all teams."""
        open_flow(
            actor=self.replay.who(now.date()), unit=None, kind=Kind.PRACTICE, object_id=self._row(number).pk, why=why,
            now=now,
        )  # fmt: skip

    def _check(self, number: int, code: str, given: dict[str, Any], now: dt.datetime) -> None:
        """A check is taken into the practice, talked over, tried on the past and switched on."""
        actor = self.replay.who(now.date())
        check = self.checks[number, code] = checked.take(actor, self._row(number), code, given, now)
        then = (now + checked.TALKED_OVER).date()
        self._at(then, partial(checked.try_and_switch_on, actor, check))

    def _adapt_check(self, number: int, code: str, *said: Any) -> None:
        given, where, reason, now = said
        unit = self._unit(where, now)
        if unit is not None:
            adapt_check(
                actor=self.replay.who(now.date()), check=self.checks[number, code], unit=unit, parameters=given,
                is_off=False, reason=reason, ends_on=months_before(self.until, -3), now=now,
            )  # fmt: skip

    def _routine(self, number: int, *said: Any) -> None:
        title, rhythm, weekday, hour, minutes, functions, agenda, now = said
        row = self._row(number)
        first = now.date() + dt.timedelta(days=7 - now.date().weekday() + weekday)
        create_routine(
            actor=self.replay.who(now.date()), title=title, language=LANGUAGE, practice=row, lead=row.carrier,
            guests=[Guest(function=function) for function in functions], rhythm=rhythm, starts_on=first,
            at=dt.time(hour), zone=settings.TIME_ZONE, minutes=minutes, agenda=agenda, now=now,
        )  # fmt: skip

    def _adapt(self, number: int, where: list[str], reason: str, now: dt.datetime) -> None:
        unit = self._unit(where, now)
        if unit is not None:
            person = self._lead(unit.pk, now)
            adapt_practice(
                actor=self.replay.who(now.date()), person=person, practice=self._row(number), unit=unit,
                kind=AdaptationKind.ADAPTED, reason=reason, ends_on=months_before(self.until, -2), language=LANGUAGE,
                now=now,
            )  # fmt: skip

    def _plan_checked(self, number: int) -> None:
        for team in self.teams:
            if since := team.habits.checked_from:
                self._at(since, partial(self._say, number, team, AdoptionState.TRYING))
                self._at(since + USED_TO_IT, partial(self._say, number, team, AdoptionState.ADOPTED))

    def _plan_sorted(self, number: int) -> None:
        for team in self.teams:
            if team.habits.sorted_between is not None:
                since, end = team.habits.sorted_between
                self._at(since + NOTICED, partial(self._say, number, team, AdoptionState.ADOPTED))
                if end < self.until:
                    self._at(end + NOTICED, partial(self._say, number, team, AdoptionState.LAPSED))

    def _say(self, number: int, team: Project, state: str, now: dt.datetime) -> None:
        """A team says where it stands."""
        if team.closes_on is not None and team.closes_on <= now.date():
            return
        row, person = self._row(number), self._lead(team.unit_id, now)
        say_adoption(
            actor=person.user, person=person, unit=Unit.objects.get(pk=team.unit_id), said=[Said(row.pk, state)],
            language=LANGUAGE, now=now,
        )  # fmt: skip

    def _lead(self, unit: int, now: dt.datetime) -> Person:
        """Who speaks for a team: its product manager, else whoever is there."""
        there = Membership.objects.as_of(now.date()).filter(unit=unit).select_related("person").order_by("pk")
        found = there.filter(function="product").first() or there.first()
        if found is None:
            raise Absent
        person: Person = found.person
        return person


class Absent(Exception):
    """Whoever or whatever was meant is not there on that day."""


def _checked_from(team: Project) -> dt.date:
    return team.habits.checked_from or dt.date.max
