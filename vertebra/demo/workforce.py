"""Thirty-six months of hiring, leaving and moving, by rules that know only the calendar and chance."""

import datetime as dt
import random
from collections import defaultdict

from vertebra.demo.naming import Namer
from vertebra.demo.plans import Employee, Seat, Stay, Structure
from vertebra.demo.profiles import Profile
from vertebra.demo.timeline import MONTHS, Timeline

LEAVING = 0.012
MOVING = 0.005
CALM_MONTHS = 3
FIRST_TO_REPLACE = ("pm", "lead", "senior_pm", "designer")


class Workforce:
    """Who holds which seat, month after month."""

    def __init__(
        self, structure: Structure, profile: Profile, timeline: Timeline, chance: random.Random
    ) -> None:
        self.profile, self.timeline, self.chance = profile, timeline, chance
        self.people: list[Employee] = []
        self.present: list[Employee] = []
        self.namer = Namer(chance)
        self.seats = structure.seats
        self.new = sorted(structure.seats, key=lambda seat: seat.rank)
        self.vacant: list[Seat] = []
        self.touched: set[Employee] = set()
        self._choose_seats_left_empty()

    def run(self) -> list[Employee]:
        """Everybody who ever worked here."""
        self._first_people()
        for month in range(1, MONTHS + 1):
            self.touched = set()
            self._close_teams(month)
            self._let_go(month)
            self._move(month)
            self._hire(month)
        return self.people

    def _choose_seats_left_empty(self) -> None:
        """A few product managers leave near the end and are not replaced yet."""
        seats = [s for s in self.seats if s.title == "pm" and s.closes_on is None and not s.cast_key]
        for seat in self.chance.sample(seats, self.profile.vacant_pm_seats):
            seat.emptied_in = self.chance.randint(MONTHS - 3, MONTHS)

    def _first_people(self) -> None:
        chosen = [seat for seat in self.new if seat.opens == 0][: self.profile.people_at_first]
        earliest = self.timeline.start - dt.timedelta(days=700)
        for index, seat in enumerate(chosen):
            days = int(690 * (index / len(chosen)) ** 0.7)
            joined_on = earliest + dt.timedelta(days=days)
            self._sit(self._welcome(seat, joined_on), seat, joined_on)
        taken = set(chosen)
        self.new = [seat for seat in self.new if seat not in taken]

    def _welcome(self, seat: Seat, day: dt.date) -> Employee:
        country = seat.country or self._country(day)
        name, is_woman = self.namer.name(country)
        person = Employee(len(self.people) + 1, name, is_woman, country, day)
        self.people.append(person)
        self.present.append(person)
        return person

    def _country(self, day: dt.date) -> str:
        month = self.timeline.month_of(day)
        if self.profile.countries == 1:
            return "fr"
        drawn = self.chance.choices(("fr", "de", "it", "es"), (82, 8, 5, 5))[0]
        opened = {"fr": 0, "de": 9, "it": 17, "es": 25}
        return drawn if month >= opened[drawn] else "fr"

    def _sit(self, person: Employee, seat: Seat, day: dt.date) -> None:
        stay = Stay(person, seat, day)
        person.stays.append(stay)
        seat.stays.append(stay)
        seat.holder = person

    def _stand_up(self, person: Employee, day: dt.date, month: int) -> None:
        stay = person.stays[-1]
        stay.ends_on = day
        stay.seat.holder = None
        stay.seat.ready = month + 1 + self.chance.choice((0, 1, 1, 2, 3))
        closed = stay.seat.closes_on is not None and stay.seat.closes_on <= self.timeline.bounds[month]
        emptied = stay.seat.emptied_in is not None and month >= stay.seat.emptied_in
        if not closed and not emptied:
            self.vacant.append(stay.seat)

    def _close_teams(self, month: int) -> None:
        start, end = self.timeline.bounds[month - 1], self.timeline.bounds[month]
        closing = [s for s in self.seats if s.closes_on and start < s.closes_on <= end]
        if not closing:
            return
        gone = set(closing)
        self.new = [seat for seat in self.new if seat not in gone]
        self.vacant = [seat for seat in self.vacant if seat not in gone]
        for seat in closing:
            person = seat.holder
            if person is None or seat.closes_on is None:
                continue
            self._stand_up(person, seat.closes_on, month)
            self.touched.add(person)
            if following := self._take(seat.function, month):
                self._sit(person, following, seat.closes_on)
            else:
                person.left_on = seat.closes_on
        self.present = [person for person in self.present if person.left_on is None]

    def _take(self, function: str, month: int) -> Seat | None:
        """A free seat of that function: one left by somebody, else the next one planned, if there is one."""
        for seats in (self.vacant, self.new):
            for seat in seats:
                if seat.function == function and seat.ready <= month and self._can_open(seat, month):
                    seats.remove(seat)
                    return seat
        return None

    def _can_open(self, seat: Seat, month: int) -> bool:
        if seat.opens >= month or (seat.emptied_in is not None and seat.emptied_in <= month):
            return False
        return seat.closes_on is None or seat.closes_on > self.timeline.bounds[month]

    def _let_go(self, month: int) -> None:
        start, chance = self.timeline.bounds[month - 1], self.chance
        for person in self.present:
            if person in self.touched or not self._leaves(person, start, month > MONTHS - CALM_MONTHS, month):
                continue
            day = self.timeline.day_in(month, chance)
            person.left_on = day
            self._stand_up(person, day, month)
            self.touched.add(person)
        self.present = [person for person in self.present if person.left_on is None]

    def _leaves(self, person: Employee, start: dt.date, is_calm: bool, month: int) -> bool:
        seat = person.seat
        if seat.emptied_in is not None and seat.emptied_in <= month:
            return True
        settled = (start - person.stays[-1].starts_on).days > 100
        keeps = (
            seat.title == "ceo"
            or (is_calm and seat.title in ("pm", "senior_pm"))
            or self._is_cast(seat, month)
        )
        return settled and not keeps and self.chance.random() <= LEAVING

    @staticmethod
    def _is_cast(seat: Seat, month: int) -> bool:
        """Whether a member of the cast holds this seat (they are here for a year at least)."""
        return seat.cast_key != "" and month > MONTHS - 12

    def _move(self, month: int) -> None:
        """Some change teams, and now and then somebody of the field becomes a product manager."""
        start, chance = self.timeline.bounds[month - 1], self.chance
        free: dict[str, list[Seat]] = defaultdict(list)
        for seat in self.vacant:
            if seat.ready <= month and self._can_open(seat, month):
                free[seat.function].append(seat)
        calm = month > MONTHS - CALM_MONTHS
        for person in self.present:
            seat = person.seat
            if (
                chance.random() > MOVING
                or person in self.touched
                or (start - person.stays[-1].starts_on).days < 240
                or seat.emptied_in is not None
                or self._is_cast(seat, month)
                or seat.title in ("ceo", "cpo", "cto", "cdo")
                or (calm and seat.function == "product")
            ):
                continue
            from_field = seat.function in ("support", "customer_success", "sales")
            wanted = "product" if from_field and chance.random() < 0.15 and not calm else seat.function
            choice = [
                s
                for s in free[wanted]
                if s.title in ("pm", "senior_pm", seat.title) and s.country in ("", person.country)
            ]
            if not choice:
                continue
            free[wanted].remove(choice[0])
            self.vacant.remove(choice[0])
            day = self.timeline.monday_in(month, chance)
            self._stand_up(person, day, month)
            self._sit(person, choice[0], day)

    def _hire(self, month: int) -> None:
        """Fill seats until the month's headcount: those left first, then the next ones planned."""
        wanted = max(self.timeline.headcounts[month] - len(self.present), 0)
        left = [seat for seat in self.vacant if self._can_open(seat, month)]
        planned = [seat for seat in self.new if self._can_open(seat, month)]
        is_last = month == MONTHS

        def comes_first(seat: Seat) -> bool:
            is_first = seat.title in FIRST_TO_REPLACE or seat.cast_key != ""
            return is_first and (is_last or seat.ready <= month)

        first = [s for s in left if comes_first(s)]
        if is_last:
            first += [s for s in planned if comes_first(s)]
        ready = [s for s in left if s.ready <= month]
        order = dict.fromkeys([*first, *ready, *planned, *left])
        chosen = list(order)[:wanted]
        for seat in chosen:
            day = self.timeline.monday_in(month, self.chance)
            if seat.stays and seat.stays[-1].ends_on:
                day = max(day, seat.stays[-1].ends_on)
            self._sit(self._welcome(seat, day), seat, day)
        taken = set(chosen)
        self.vacant = [s for s in self.vacant if s not in taken]
        self.new = [s for s in self.new if s not in taken]
