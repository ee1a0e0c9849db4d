"""What an audit counts: who was heard and who was not, how much each pain point weighs, who says so on which side."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from vertebra.analysis.priority import Pain, Weighed, ranked
from vertebra.analysis.privacy import FEWEST
from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Audit, Evidence, Interview, PainPoint, Verbatim
from vertebra.discovery.queries.hurting import outermost
from vertebra.discovery.queries.pain_points import ACTIVE, HEARD, current, trend_of
from vertebra.discovery.queries.voices import Today, Voice, quotable, voices
from vertebra.org.queries.structure import Node, Structure

MOST_UNITS = 12
MOST_QUOTES = 3
READ_FOR_QUOTES = 60
LONGEST_QUOTE = 320


@dataclass(frozen=True, slots=True)
class Scope:
    """What an audit is made from: rounds of listening, and the days between which people were heard."""

    campaigns: tuple[int, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def of(cls, audit: Audit) -> "Scope":
        """The scope of an audit."""
        campaigns = tuple(audit.campaigns.order_by("pk").values_list("pk", flat=True))
        return cls(campaigns, audit.heard_from, audit.heard_until)

    def between(self, field: str) -> Q:
        """The days of the scope."""
        since = Q(**{f"{field}__gte": self.since}) if self.since else Q()
        return since & (Q(**{f"{field}__lte": self.until}) if self.until else Q())

    def interviews(self) -> QuerySet[Interview]:
        """The conversations that were held."""
        rows = Interview.objects.filter(state=InterviewState.HELD, archived_at__isnull=True)
        rows = rows.filter(campaign__in=self.campaigns) if self.campaigns else rows
        return rows.filter(self.between("held_on"))

    def evidence(self) -> QuerySet[Evidence]:
        """What shows that something hurts: words of these conversations, and other objects of these days."""
        rows = Evidence.objects.filter(self.between("seen_on"), ended_at__isnull=True)
        if self.campaigns:
            said = Q(verbatim__interview__campaign__in=self.campaigns)
            rows = rows.filter(said | Q(verbatim__isnull=True))
        return rows.order_by()


def heard_figures(scope: Scope, day: dt.date) -> dict[str, Any]:
    """Who was heard: by function, by unit, on which days, with which guides; and where nobody was."""
    rows = scope.interviews()
    people: dict[int, tuple[str, int | None]] = {}
    held = rows.order_by("held_on", "pk").values_list("pk", "person", "function", "unit")
    count = 0
    for pk, person, function, unit in held:
        people[person or -pk] = (function, unit)
        count += 1
    span = rows.aggregate(first=Min("held_on"), latest=Max("held_on"))
    guides = rows.filter(guide__isnull=False).order_by("guide__title").values_list("guide__title", flat=True)
    rounds = rows.filter(campaign__isnull=False).order_by("campaign__title")
    today = Today.on(day)
    units = sorted(outermost(Structure.as_of(day)), key=lambda node: -node.members)[:MOST_UNITS]
    return {
        "day": day.isoformat(),
        "interviews": count,
        "people": len(people),
        "first_on": span["first"].isoformat() if span["first"] else "",
        "latest_on": span["latest"].isoformat() if span["latest"] else "",
        "guides": list(guides.distinct()),
        "campaigns": list(rounds.values_list("campaign__title", flat=True).distinct()),
        "functions": dict(Counter(function for function, _unit in people.values() if function)),
        "nameable": sorted({f for (f, unit), n in today.totals.items() if unit is None and n >= FEWEST}),
        "nameable_units": [str(node.id) for node in units if node.members >= FEWEST],
        **_places(people, units, today),
    }


def _places(people: dict[int, tuple[str, int | None]], units: Sequence[Node], today: Today) -> dict[str, Any]:
    """How many of each unit, and of each function in it, were heard and are there."""
    heard: Counter[tuple[str, int]] = Counter()
    by_unit: Counter[int] = Counter()
    outer = {node.id for node in units}
    for function, unit in people.values():
        node = today.structure.get(unit)
        for above in (node.id, *node.path) if node else ():
            if above in outer:
                heard[function, above] += 1
                by_unit[above] += 1
    functions = sorted({function for function, unit in today.totals if function and unit in outer})
    cells = [
        [function, node.id, present, heard[function, node.id]]
        for function in functions
        for node in units
        if (present := today.totals.get((function, node.id), 0))
    ]
    return {
        "units": {str(unit): count for unit, count in by_unit.items()},
        "unit_names": {str(node.id): node.name for node in units},
        "cells": cells,
    }


def weighed(scope: Scope, only: Collection[int] | None = None) -> list[tuple[Weighed, dict[str, Any]]]:
    """The pain points that the scope shows, heaviest first, with what is known of each."""
    rows = scope.evidence()
    chosen = current().filter(pk__in=only) if only is not None else current().filter(state__in=ACTIVE)
    counted = (
        rows.filter(pain_point__in=chosen.values("pk"))
        .alias(heard=HEARD)
        .values("pain_point")
        .annotate(
            people=Count("heard", distinct=True),
            functions=Count("function", distinct=True, filter=~Q(function="")),
            teams=Count("unit", distinct=True),
            evidence=Count("id"),
        )
    )
    found: dict[int, dict[str, Any]] = {row["pain_point"]: {**row} for row in counted}
    known = {row.pk: row for row in PainPoint.objects.filter(pk__in=found).defer("description")}
    for pk, row in found.items():
        one = known[pk]
        row["severity"] = one.severity
        row["trend"] = str(trend_of(one.recent_count, one.before_count))
    pains = [
        Pain(pk, row["people"], row["functions"], row["severity"], row["trend"]) for pk, row in found.items()
    ]
    return [(one, found[one.id] | _points(one)) for one in ranked(pains)]


def _points(one: Weighed) -> dict[str, Any]:
    parts = {"people": one.people, "functions": one.functions, "severity": one.severity, "trend": one.trend}
    return {"points": one.points, "parts": parts}


def sides(scope: Scope, pain_points: Collection[int]) -> dict[int, dict[str, int]]:
    """How many people of each function speak of each pain point."""
    rows = scope.evidence().filter(pain_point__in=pain_points).exclude(function="").alias(heard=HEARD)
    counted = rows.values_list("pain_point", "function").annotate(people=Count("heard", distinct=True))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for pain_point, function, people in counted:
        found[pain_point][function] = people
    return found


def quotes_to_choose(
    pain_point: int, scope: Scope | None = None, text: str = ""
) -> "QuerySet[Verbatim, Verbatim]":
    """The words about a pain point that may be quoted, the latest first."""
    tied = Evidence.objects.filter(pain_point=pain_point, ended_at__isnull=True, verbatim__isnull=False)
    if scope is not None:
        tied = tied.filter(pk__in=scope.evidence().filter(pain_point=pain_point).values("pk"))
    rows = quotable(Verbatim.objects.filter(pk__in=tied.values("verbatim"))).select_related("interview")
    rows = rows.filter(text__icontains=text) if text else rows
    return rows.order_by("-said_on", "-pk")


def proposed_quotes(pain_points: Collection[int], scope: Scope, day: dt.date) -> dict[int, list[Verbatim]]:
    """Up to three quotes for each pain point, short ones first, from as many sides as there are."""
    rows = {pk: list(quotes_to_choose(pk, scope)[:READ_FOR_QUOTES]) for pk in pain_points}
    told = voices([row for some in rows.values() for row in some], day)
    return {pk: _from_all_sides(some, told) for pk, some in rows.items()}


def _from_all_sides(rows: Sequence[Verbatim], told: Mapping[int, Voice]) -> list[Verbatim]:
    shown = [row for row in rows if not told[row.pk].is_hidden]
    shown.sort(key=lambda row: (len(row.text) > LONGEST_QUOTE, not told[row.pk].function))
    chosen: list[Verbatim] = []
    for row in shown:
        if all(told[one.pk].function != told[row.pk].function for one in chosen):
            chosen.append(row)
    chosen += [row for row in shown if row not in chosen]
    return chosen[:MOST_QUOTES]
