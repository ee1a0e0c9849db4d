"""The adoption of a practice in figures: today, over time, tribe by tribe, for the look back at it."""

import datetime as dt
from dataclasses import dataclass

from vertebra.analysis.adoption import WHOLE, Rolled, Spell, curve, reopens, share
from vertebra.analysis.incidents import Figure
from vertebra.kit import clock
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.adoption import REOPENS_AT, AdaptationKind
from vertebra.practices.models import Adaptation, Adoption, ObservationDoubt, Practice
from vertebra.practices.queries.adoption import Facts, facts_on
from vertebra.practices.queries.adoption_help import requests_about

MOST_DAYS = 26
STEP = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the teams that a practice reaches come to, in one line."""

    teams: int
    left_out: int
    adopted: int
    trying: int
    not_yet: int
    lapsed: int
    unknown: int
    otherwise: int

    @classmethod
    def of(cls, rolled: Rolled | None) -> "Summary":
        """The same, from what was counted."""
        found = rolled or Rolled()
        known = found.states
        return cls(
            teams=found.teams,
            left_out=found.left_out,
            adopted=known.get("adopted", 0),
            trying=known.get("trying", 0),
            not_yet=known.get("not_yet", 0),
            lapsed=known.get("lapsed", 0),
            unknown=known.get("", 0),
            otherwise=sum(found.ways.values()),
        )

    @property
    def share(self) -> Figure:
        """The share of teams that adopted it, with its interval."""
        return share(self.adopted, self.teams)


def tribe_rows(facts: Facts, practice: int) -> list[tuple[Node, Summary]]:
    """What the teams of each unit that holds units of its own come to, in the order of the organisation."""
    rolled = facts.rolled(practice)
    return [
        (node, Summary.of(rolled[node.id]))
        for node in facts.structure.all()
        if not node.kind.is_team
        and rolled.get(node.id)
        and (rolled[node.id].teams or rolled[node.id].left_out)
    ]


def is_to_reopen(facts: Facts, practice: int) -> bool:
    """Whether so many teams do otherwise that the standard itself is asked about again."""
    reached = facts.reached(practice)
    otherwise = sum((practice, unit) in facts.ways for unit in reached)
    return reopens(otherwise, len(reached), REOPENS_AT)


def days_until(day: dt.date, first: dt.date | None) -> list[dt.date]:
    """The days of a curve, every two weeks back from one to the first that anything was seen."""
    days = [day]
    while first is not None and days[-1] - STEP >= first and len(days) < MOST_DAYS:
        days.append(days[-1] - STEP)
    return days[::-1]


def curve_of(facts: Facts, practice: int) -> list[tuple[dt.date, Summary]]:
    """How the teams of the day moved until it, as the outside saw them."""
    rows = Adoption.objects.all_time().filter(practice=practice, visible_from__lte=facts.day)
    found = rows.order_by("visible_from", "pk").values_list("unit", "state", "visible_from", "visible_until")
    spells = [Spell(*row) for row in found]
    teams = facts.counted(practice)
    days = days_until(facts.day, min((one.since for one in spells), default=None))
    return [(day, Summary.of(rolled)) for day, rolled in curve(teams, spells, days)]


def adoption_figures(practice: Practice, since: dt.date, until: dt.date) -> dict[str, int | None]:
    """Adoption at the end of a time, who does otherwise then, and what happened during it, as the outside may know it; None where nothing may be said."""
    facts = facts_on(until, max(until, clock.today()))
    whole = facts.rolled(practice.pk).get(WHOLE) if practice.pk in _ids(facts) else None
    told = Summary.of(whole)
    is_told = whole is not None and whole.teams > 0
    ways = Adaptation.objects.as_of(until).filter(practice=practice).order_by()
    doubts = ObservationDoubt.objects.filter(practice=practice, at__gte=clock.midnight(since))
    before_end = clock.midnight(until + dt.timedelta(days=1))
    named = {"teams": told.teams, "adopted": told.adopted, "trying": told.trying, "lapsed": told.lapsed}
    named |= {"not_yet": told.not_yet, "unknown": told.unknown}
    return {
        **{name: value if is_told else None for name, value in named.items()},
        "adapted": ways.filter(kind=AdaptationKind.ADAPTED).values("unit").distinct().count(),
        "opted_out": ways.filter(kind=AdaptationKind.OPTED_OUT).values("unit").distinct().count(),
        "doubts": doubts.filter(at__lt=before_end).count(),
        "asked_for_help": requests_about([practice.pk]).filter(
            asked_at__gte=clock.midnight(since), asked_at__lt=before_end
        ).count(),
    }  # fmt: skip


def _ids(facts: Facts) -> set[int]:
    return {row.pk for row in facts.practices}
