"""What the rankings of a cycle come to: kept as it was at the reveal, or counted again by another rule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.analysis import agreement, lenses
from vertebra.org.labels import Function
from vertebra.roadmap.labels.topics import Rule, Steady
from vertebra.roadmap.models import Cycle, Decision, Ranking, TableTopic, Topic
from vertebra.roadmap.queries.decisions import held_at_table
from vertebra.roadmap.queries.seats import order_of
from vertebra.roadmap.queries.topics import Weight, weight_shown

# Functions are called divided over a topic from this distance on: a third of the whole order.
FAR = 1 / 3


def ballots_of(rankings: Iterable[Ranking], table: Sequence[int]) -> list[agreement.Ballot]:
    """Rankings as the analysis reads them, without what no longer lies on the table."""
    known = set(table)
    found = []
    for one in rankings:
        tiers = [[pk] if isinstance(pk, int) else pk for pk in one.order]
        kept = [[pk for pk in tier if pk in known] for tier in tiers]
        found.append(agreement.ballot([tier for tier in kept if tier], _function_of(one), one.weight))
    return found


def _function_of(ranking: Ranking) -> str:
    return ranking.seat.function if ranking.seat_id and ranking.seat else ranking.function


def counted_as(cycle: Cycle, rankings: Iterable[Ranking], rule: str) -> dict[str, Any]:
    """What rankings come to by a rule, as JSON can hold it: together, by function, splits, how steady it is."""
    rows = list(rankings)
    table = list(cycle.table.order_by("position", "pk").values_list("topic_id", flat=True))
    ballots = ballots_of(rows, table)
    groups = sorted({one.group for one in ballots}, key=order_of)
    steady = agreement.steadiness(table, ballots, rule, cycle.picks)
    first = {each: _first(cycle, table, ballots, each) for each in agreement.RULES}
    return {
        "analysis": f"{agreement.NAME} {agreement.VERSION}",
        "rule": rule,
        "rankings": sum(one.weight for one in ballots),
        "groups": {group: sum(one.weight for one in ballots if one.group == group) for group in groups},
        "together": _plain(agreement.count(table, ballots, rule)),
        "functions": {
            group: _plain(agreement.count(table, [one for one in ballots if one.group == group], rule))
            for group in groups
        },
        "splits": [[one.id, dict(one.shares), one.spread] for one in agreement.splits(table, ballots)],
        "steady": {
            "code": steady.code,
            "first": list(steady.first),
            "kept": {str(pk): share for pk, share in steady.kept.items()},
            "swings": steady.swings,
            "draws": steady.draws,
            "next_in": steady.next_in,
        },
        "likeness": agreement.likeness(table, ballots),
        "by_rule": first,
        "alike": _first(cycle, table, agreement.with_groups_alike(ballots), rule),
        "scores": _scores(cycle, rows, table),
    }


def _first(cycle: Cycle, table: list[int], ballots: list[agreement.Ballot], rule: str) -> list[int]:
    return list(agreement.first(agreement.count(table, ballots, rule), cycle.picks))


def _plain(standings: Sequence[agreement.Standing]) -> list[list[float]]:
    return [[one.id, one.place, one.score, one.named, one.firsts] for one in standings]


def _scores(cycle: Cycle, rankings: Sequence[Ranking], table: Sequence[int]) -> dict[str, list[float]]:
    found = {}
    for pk in table if cycle.lens else ():
        given = [one.scores.get(str(pk), {}) for one in rankings]
        if (scored := lenses.together(cycle.lens, [one for one in given if one])) is not None:
            found[str(pk)] = [scored.mean, scored.lowest, scored.highest, scored.count]
    return found


@dataclass(slots=True)
class Row:
    """One topic of the result: its place together and for each function, how far they are apart, what was decided."""

    topic: Topic
    place: int
    score: float
    named: int
    firsts: int
    weight: Weight
    placed: list[tuple[str, int | None]] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    spread: float = 0.0
    highest: str = ""
    lowest: str = ""
    is_first: bool = False
    is_under_line: bool = False
    kept: float | None = None
    effort_days: int | None = None
    is_quick_win: bool = False
    scored: list[float] | None = None
    decision: Decision | None = None

    @property
    def split_words(self) -> str:
        """Where functions see it differently, in a sentence."""
        if not self.highest or self.highest == self.lowest:
            return ""
        said = {"high": function_words(self.highest), "low": function_words(self.lowest)}
        return _("%(high)s puts it high, %(low)s low.") % said

    @property
    def days_words(self) -> str:
        """How long it would take, roughly."""
        if self.effort_days is None:
            return _("not sized")
        return ngettext("%(count)d day", "%(count)d days", self.effort_days) % {"count": self.effort_days}


def function_words(code: str) -> str:
    """A function in words; rankings imported without one are the others."""
    return str(Function(code).label) if code in Function.values else (code or _("Others"))


@dataclass(slots=True)
class Counted:
    """The result of a cycle as a page shows it."""

    rule: str
    rankings: int
    functions: list[tuple[str, int]]
    rows: list[Row]
    divided: list[Row]
    steady: Steady
    swings: int
    likeness: float | None
    line: lenses.Line | None
    line_at: int
    others: list[tuple[str, list[str]]]
    alike_change: list[str]

    @property
    def rule_words(self) -> str:
        """The rule in words."""
        return str(Rule(self.rule).label)

    @property
    def likeness_words(self) -> str:
        """How much directors agree, in words."""
        if self.likeness is None:
            return _("Too few rankings to say how much directors agree.")
        if self.likeness >= 0.75:
            return _("Directors see it much the same way.")
        if self.likeness >= 0.6:
            return _("Directors agree more than they differ.")
        return _("Directors see it very differently: talk about the divided topics first.")


def shown(cycle: Cycle, count: Mapping[str, Any]) -> Counted:
    """A count as a page shows it, with the topics, the line of capacity and what was decided: three queries."""
    lying = {row.topic_id: row for row in cycle.table.select_related("topic__field", "topic__objective")}
    decisions = {one.topic_id: one for one in held_at_table().filter(cycle=cycle).order_by("pk")}
    first = set(count["steady"]["first"])
    rows = [
        _row(lying[pk], place, score, int(named), int(firsts), decisions.get(pk), pk in first)
        for pk, place, score, named, firsts in count["together"]
        if pk in lying
    ]
    by_pk = {row.topic.pk: row for row in rows}
    groups = sorted(count["groups"], key=order_of)
    for group in groups:
        places = {pk: place for pk, place, *_rest in count["functions"][group]}
        for row in rows:
            row.placed.append((function_words(group), places.get(row.topic.pk)))
    _split(by_pk, count, groups)
    for pk, share in count["steady"]["kept"].items():
        if (one := by_pk.get(int(pk))) is not None:
            one.kept = share
    for pk, scored in count.get("scores", {}).items():
        if (one := by_pk.get(int(pk))) is not None:
            one.scored = scored
    line = _draw_line(cycle, rows)
    return Counted(
        rule=count["rule"],
        rankings=count["rankings"],
        functions=[(function_words(group), count["groups"][group]) for group in groups],
        rows=rows,
        divided=sorted((r for r in rows if r.spread >= FAR), key=lambda r: -r.spread)[:5],
        steady=Steady(count["steady"]["code"]),
        swings=count["steady"]["swings"],
        likeness=count["likeness"],
        line=line,
        line_at=len(line.above) if line else -1,
        others=_other_rules(count, by_pk),
        alike_change=_titles(set(count["alike"]) - first, by_pk),
    )


def _row(
    lying: TableTopic,
    place: int,
    score: float,
    named: int,
    firsts: int,
    decision: Decision | None,
    is_first: bool,
) -> Row:
    # Days may be said better once the order is known: what holds is what the topic says now. Its words do not move.
    lying.topic.title = lying.shown.get("title") or lying.topic.title
    return Row(
        lying.topic, int(place), score, named, firsts, weight_shown(lying.shown),
        effort_days=lying.topic.effort_days, is_quick_win=lying.topic.is_quick_win, decision=decision,
        is_first=is_first,
    )  # fmt: skip


def _split(by_pk: Mapping[int, Row], count: Mapping[str, Any], groups: Sequence[str]) -> None:
    for pk, shares, spread in count["splits"]:
        if (row := by_pk.get(pk)) is not None:
            row.shares = [shares.get(group, 0.0) for group in groups]
            row.spread = spread
            if shares and len(groups) > 1:
                row.highest = max(groups, key=lambda group: shares.get(group, 0.0))
                row.lowest = min(groups, key=lambda group: shares.get(group, 0.0))


def _draw_line(cycle: Cycle, rows: Sequence[Row]) -> lenses.Line | None:
    order = [row.topic.pk for row in rows]
    line = lenses.capacity_line(order, {r.topic.pk: r.effort_days for r in rows}, cycle.capacity_days)
    for row in rows:
        row.is_under_line = line is not None and row.topic.pk in line.below
    return line


def _other_rules(count: Mapping[str, Any], by_pk: Mapping[int, Row]) -> list[tuple[str, list[str]]]:
    """What another rule would put among the first, for the rules that would."""
    first = set(count["steady"]["first"])
    return [
        (str(Rule(rule).label), titles)
        for rule, ids in count["by_rule"].items()
        if rule != count["rule"] and (titles := _titles(set(ids) - first, by_pk))
    ]


def _titles(ids: Iterable[int], by_pk: Mapping[int, Row]) -> list[str]:
    return [by_pk[pk].topic.title for pk in sorted(ids) if pk in by_pk]
