"""Rules of a practice over histories: which items they concern, which kept to them, which are not over yet.

Every rule is one pass or a few over whole columns. A rule suggests where to look; people say what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from vertebra.analysis.conformance.histories import NOBODY, Histories, Marks, Numbers
from vertebra.analysis.privacy import FEWEST

NAME = "conformance"
VERSION = 2
DAY = 86_400_000_000
# Later than any moment.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class PhasesInOrder:
    """Phases come one after the other: nothing goes back to an earlier one, phases may be left out."""

    phases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepBefore:
    """Whatever reaches a step went through another one before."""

    first: str
    then: str


@dataclass(frozen=True, slots=True)
class AnswerWithin:
    """Each time a step is reached, one of the answers follows within so many working days."""

    step: str
    answers: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class NeverAfter:
    """After a step another one does not follow."""

    step: str
    never: str


@dataclass(frozen=True, slots=True)
class PresentAt:
    """Each time a step is reached, a field (or a link) is there."""

    step: str
    field: str


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Whoever takes one step is not whoever took another one before it."""

    first: str
    then: str


Rule = PhasesInOrder | StepBefore | AnswerWithin | NeverAfter | PresentAt | FourEyes


@dataclass(frozen=True, slots=True)
class Verdict:
    """How items stand to a rule: places of those that kept to it, did not, and cannot be told yet."""

    agreed: Numbers
    departed: Numbers
    waiting: Numbers

    @property
    def count(self) -> int:
        """How many items could be judged."""
        return len(self.agreed) + len(self.departed)

    @property
    def share(self) -> float | None:
        """The share of them that kept to the rule."""
        return len(self.agreed) / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class TwoPeople:
    """Of how many items two different people took two steps: a share, never which; nothing below five people."""

    count: int | None
    share: float | None


@dataclass(frozen=True)
class Calendar:
    """The working days of a company: days of the week (Monday first), and days off."""

    week: tuple[bool, ...] = (True, True, True, True, True, False, False)
    off: tuple[date, ...] = ()

    def ends(self, at: Numbers, days: int) -> Numbers:
        """The last moment of the working day that many working days after each moment."""
        if not len(at):
            return at
        given = np.floor_divide(at, DAY)
        first = int(given.min())
        # Days are few and moments many: each day is looked up once.
        known = np.arange(first, int(given.max()) + 1).astype("datetime64[D]")
        off = np.array(self.off, dtype="datetime64[D]")
        # What happens on a day off begins to count on the working day after it.
        later = np.busday_offset(known, days, roll="backward", weekmask=list(self.week), holidays=off)
        found: Numbers = ((later.astype(np.int64) + 1) * DAY - 1)[given - first]
        return found


@dataclass(frozen=True)
class Presence:
    """Whether a field held anything: its changes (item, when, whether it did afterwards and before), and how it is now.

    `items` are places in the histories, in any order; `now` tells of every item of the histories.
    """

    items: npt.NDArray[np.int32]
    at: Numbers
    after: Marks
    before: Marks
    now: Marks


@dataclass(frozen=True)
class Course:
    """When a rule began to concern each item, and when the item departed from it; NEVER where it did not.

    `open` tells of each time that an answer is waited for: whose, since when, until before when.
    """

    concerned: Numbers
    departed: Numbers
    open: tuple[Any, Numbers, Numbers] | None = None

    def at(self, moment: int) -> Verdict:
        """How the items stood to the rule at a moment."""
        concerned, departed = self.concerned <= moment, self.departed <= moment
        waiting = np.zeros_like(departed)
        if self.open is not None:
            owners, since, until = self.open
            waiting[owners[(since <= moment) & (moment < until)]] = True
        open_yet = waiting & ~departed
        return Verdict(
            np.flatnonzero(concerned & ~departed & ~open_yet),
            np.flatnonzero(concerned & departed),
            np.flatnonzero(concerned & open_yet),
        )


def judge(
    rule: Rule,
    told: Histories,
    *,
    until: int | None = None,
    calendar: Calendar | None = None,
    presence: Presence | None = None,
) -> Verdict:
    """How the items stand to the rule at a moment, or where the histories end.

    Of four eyes nothing but the share is ever said: `two_people`.
    """
    end = int(told.at.max()) if len(told.at) else 0
    return course(rule, told, calendar=calendar, presence=presence).at(end if until is None else until)


def course(
    rule: Rule, told: Histories, *, calendar: Calendar | None = None, presence: Presence | None = None
) -> Course:
    """How the items came to stand to the rule: from it every moment of the past is told."""
    if isinstance(rule, PhasesInOrder):
        return _phases(rule, told)
    if isinstance(rule, StepBefore):
        return _before(rule, told)
    if isinstance(rule, AnswerWithin):
        return _answered(rule, told, calendar or Calendar())
    if isinstance(rule, NeverAfter):
        return _never(rule, told)
    if isinstance(rule, PresentAt) and presence is not None:
        return _present(rule, told, presence)
    if isinstance(rule, FourEyes):
        return _four_eyes(rule, told)
    raise ValueError("Whether a field was there is told by its presence.")


def _first_at(told: Histories, places: Numbers, when: Numbers | None = None) -> Numbers:
    """The first of these moments of each item (by default those of the events at these places, in order)."""
    found = np.full(len(told.items), NEVER, np.int64)
    if when is None:
        # From the last to the first, so that the first stays.
        found[told.owners[places[::-1]]] = told.at[places[::-1]]
    else:
        np.minimum.at(found, told.owners[places], when)
    return found


def _phases(rule: PhasesInOrder, told: Histories) -> Course:
    rank = np.full(len(told.names) + 1, -1, np.int32)
    for place, name in enumerate(rule.phases):
        rank[told.code(name)] = place
    rank[len(told.names)] = -1
    phases = rank[told.steps]
    places = np.flatnonzero(phases >= 0)
    phases, owners = phases[places], told.owners[places]
    is_next = owners[1:] == owners[:-1]
    is_move = is_next & (phases[1:] != phases[:-1])
    is_back = is_next & (phases[1:] < phases[:-1])
    return Course(_first_at(told, places[1:][is_move]), _first_at(told, places[1:][is_back]))


def _before(rule: StepBefore, told: Histories) -> Course:
    then = told.first(told.is_step(rule.then))
    first = told.first(told.is_step(rule.first))
    reached = np.flatnonzero(then < len(told.steps))
    return Course(
        _first_at(told, then[reached]),
        _first_at(told, then[reached[first[reached] > then[reached]]]),
    )


def _never(rule: NeverAfter, told: Histories) -> Course:
    step = told.first(told.is_step(rule.step))
    never = np.flatnonzero(told.is_step(rule.never))
    return Course(
        _first_at(told, step[step < len(told.steps)]),
        _first_at(told, never[never > step[told.owners[never]]]),
    )


def _next(marks: Marks) -> Numbers:
    """For each event the place of the next marked one after it; behind the last where there is none."""
    count = len(marks)
    places = np.where(marks, np.arange(count), count)
    ahead = np.minimum.accumulate(places[::-1])[::-1]
    return np.concatenate((ahead[1:], [count])) if count else ahead


def _answered(rule: AnswerWithin, told: Histories, calendar: Calendar) -> Course:
    asked = np.flatnonzero(told.is_step(rule.step))
    answers = np.isin(told.steps, [told.code(name) for name in rule.answers])
    owners = told.owners[asked]
    found = _next(answers)[asked]
    # An answer of another item is none.
    is_answered = found < told.starts[1:][owners]
    limit = calendar.ends(told.at[asked], rule.days)
    answered_at = told.at[np.minimum(found, len(told.at) - 1)] if len(told.at) else found
    answered_at = np.where(is_answered, answered_at, NEVER)
    is_late = answered_at > limit
    late = _first_at(told, asked[is_late], limit[is_late] + 1)
    waited = (owners, told.at[asked], np.minimum(answered_at, limit + 1))
    return Course(_first_at(told, asked), late, waited)


def _present(rule: PresentAt, told: Histories, presence: Presence) -> Course:
    reached = np.flatnonzero(told.is_step(rule.step))
    held = _held(told.owners[reached], told.at[reached], presence)
    return Course(_first_at(told, reached), _first_at(told, reached[~held]))


def _held(owners: Any, at: Numbers, presence: Presence) -> Marks:
    """Whether the field held anything at each of these moments: by its last change until then, else its next one."""
    changes = len(presence.items)
    who = np.concatenate((presence.items, owners))
    when = np.concatenate((presence.at, at))
    # At one moment a field is filled before the step is reached: people do both on one screen.
    asked = np.repeat(np.array([0, 1], np.int8), [changes, len(owners)])
    order = np.lexsort((np.arange(len(who)), asked, when, who))
    is_change = asked[order] == 0
    places = np.arange(len(order))
    earlier = np.maximum.accumulate(np.where(is_change, places, -1)) if len(order) else places
    later = _next(is_change)
    whose = who[order]
    found = np.array(presence.now)[whose]
    after, before = _lined(presence.after, order, changes), _lined(presence.before, order, changes)
    has_later = (
        (later < len(order)) & (whose[np.minimum(later, len(order) - 1)] == whose) if len(order) else found
    )
    found = np.where(has_later, before[np.minimum(later, len(order) - 1)], found) if len(order) else found
    has_earlier = (earlier >= 0) & (whose[np.maximum(earlier, 0)] == whose)
    found = np.where(has_earlier, after[np.maximum(earlier, 0)], found)
    answers = np.zeros(len(owners), np.bool_)
    answers[order[~is_change] - changes] = found[~is_change]
    return answers


def _lined(values: Marks, order: Numbers, count: int) -> Marks:
    """What changes say, in another order; what is no change says nothing."""
    padded = np.zeros(len(order), np.bool_)
    padded[:count] = values
    found: Marks = padded[order]
    return found


def _four_eyes(rule: FourEyes, told: Histories) -> Course:
    """Whoever took the second step first, beside whoever took the first one last before it."""
    nothing = np.full(len(told.items), NEVER, np.int64)
    if told.who is None or not len(told.steps):
        return Course(nothing, nothing)
    then = told.first(told.is_step(rule.then))
    items = np.flatnonzero(then < len(told.steps))
    places = then[items]
    marks = told.is_step(rule.first)
    earlier = np.maximum.accumulate(np.where(marks, np.arange(len(marks)), -1))[places]
    one, other = told.who[np.maximum(earlier, 0)], told.who[places]
    is_known = (earlier >= told.starts[items]) & (one != NOBODY) & (other != NOBODY)
    return Course(_first_at(told, places[is_known]), _first_at(told, places[is_known & (one == other)]))


def two_people(rule: FourEyes, told: Histories) -> TwoPeople:
    """Of how many items two different people took the two steps; nothing where fewer than five took them."""
    verdict = judge(rule, told)
    judged = np.concatenate((verdict.agreed, verdict.departed))
    if told.who is None or not len(judged):
        return TwoPeople(None, None)
    steps = told.is_step(rule.first) | told.is_step(rule.then)
    is_judged = np.zeros(len(told.items), np.bool_)
    is_judged[judged] = True
    people = np.unique(told.who[steps & is_judged[told.owners]])
    if int((people != NOBODY).sum()) < FEWEST:
        return TwoPeople(None, None)
    return TwoPeople(verdict.count, verdict.share)
