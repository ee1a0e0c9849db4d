"""The map of teams and practices: where each team stands, or what the teams of each unit come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis.adoption import WHOLE
from vertebra.kit.numbers import whole_number
from vertebra.kit.tables import table_response
from vertebra.org.pages.frame import Day, base, day_of
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.adoption import AdaptationKind, AdoptionSource, AdoptionState
from vertebra.practices.models import Practice
from vertebra.practices.pages.adoption_cells import NOTHING, Cell, team_cell, unit_cell
from vertebra.practices.queries.adoption import Sight
from vertebra.practices.queries.adoption_figures import Summary

A_PAGE = 25
MOST_PRACTICES = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A team, or a unit with what its teams come to."""

    node: Node
    cells: list[tuple[Practice, Cell]]
    above: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks of the map."""

    inside: Node | None
    practice: Practice | None
    shows_teams: bool
    page: int

    def address(self, day: Day, **changes: object) -> str:
        """The same map with something changed."""
        values = {
            "unit": self.inside.id if self.inside else None,
            "practice": self.practice.pk if self.practice else None,
            "show": "teams" if self.shows_teams else None,
            "as_of": None if day.is_today else day.date.isoformat(),
            **changes,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})


@require_GET
@requires(Right.READ)
def adoption_map(request: PageRequest) -> HttpResponseBase:
    """Show where teams stand with practices, unit by unit or team by team."""
    day = day_of(request)
    sight = Sight.of(request.user, day.date, day.today)
    wanted = _wanted(request, sight)
    practices = [wanted.practice] if wanted.practice else sight.facts.practices
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(sight, wanted, practices, request.GET["format"])
    shown = practices[:MOST_PRACTICES]
    teams = sight.shown_teams(wanted.inside.id if wanted.inside else None) if wanted.shows_teams else []
    rows = (
        _team_rows(sight, teams, shown, wanted.page)
        if wanted.shows_teams
        else _unit_rows(sight, wanted, shown)
    )
    whole = [Summary.of(sight.facts.rolled(row.pk).get(WHOLE)) for row in sight.facts.practices]
    context = {
        "wanted": wanted,
        "practices": shown,
        "all_practices": sight.facts.practices,
        "practice_base": base("practices:practice-show"),
        "team_base": base("practices:team-show"),
        "hidden_practices": len(practices) - len(shown),
        "rows": rows,
        "small": sight.hidden_teams(wanted.inside.id if wanted.inside else None),
        "teams": len(sight.facts.teams),
        "places": sum(one.teams for one in whole),
        "adopted": sum(one.adopted for one in whole),
        "trying": sum(one.trying for one in whole),
        "unknown": sum(one.unknown for one in whole),
        "is_some": bool(sight.facts.practices and sight.facts.teams),
        "has_own": any(cell.is_own for row in rows for _practice, cell in row.cells),
        **_links(request, sight, wanted, day, len(teams)),
    }
    return render(request, "practices/adoption_map.html", context)


def _wanted(request: PageRequest, sight: Sight) -> Wanted:
    unit = sight.facts.structure.get(whole_number(request.GET.get("unit", "")))
    roots = sight.facts.structure.roots
    inside = unit or (roots[0] if len(roots) == 1 else None)
    number = whole_number(request.GET.get("practice", ""))
    practice = next((row for row in sight.facts.practices if row.pk == number), None)
    page = max(1, whole_number(request.GET.get("page", "")) or 1)
    return Wanted(inside, practice, request.GET.get("show") == "teams", page)


def _links(request: PageRequest, sight: Sight, wanted: Wanted, day: Day, teams: int) -> dict[str, Any]:
    """The other ways of looking, and the pages before and after."""
    structure = sight.facts.structure
    above = structure.above(wanted.inside.id) if wanted.inside else []
    asked = request.GET.copy()
    asked.pop("as_of", None)
    units = [node for node in structure.all() if not node.kind.is_team and node.children and node.depth < 3]
    return {
        "above": [(node, wanted.address(day, unit=node.id)) for node in above],
        "keep_unit": wanted.address(day, unit=None, page=None).removeprefix("?"),
        "shows": [
            (_("by unit"), wanted.address(day, show=None), not wanted.shows_teams),
            (_("by team"), wanted.address(day, show="teams"), wanted.shows_teams),
        ],
        "units": units[:60],
        "csv_url": wanted.address(day, format="csv"),
        "before_url": wanted.address(day, page=wanted.page - 1) if wanted.page > 1 else "",
        "after_url": wanted.address(day, page=wanted.page + 1) if teams > wanted.page * A_PAGE else "",
        "first": (wanted.page - 1) * A_PAGE + 1,
        "last": min(teams, wanted.page * A_PAGE),
        "shown_teams": teams,
        "day": day.date,
        "today": day.today,
        "as_of": None
        if day.is_today
        else {"date": day.date, "back_url": f"{request.path}?{asked.urlencode()}"},
    }


def _unit_rows(sight: Sight, wanted: Wanted, practices: list[Practice]) -> list[Row]:
    """What stands directly in the unit: its teams as they stand, its units as what their teams come to."""
    nodes = wanted.inside.children if wanted.inside else sight.facts.structure.roots
    found = []
    for node in nodes:
        is_group = not node.kind.is_team
        if is_group and not any(each.kind.is_team for each in _under(node)):
            continue
        if not is_group and not sight.is_shown(node):
            continue
        cell = unit_cell if is_group else team_cell
        found.append(Row(node, [(row, cell(sight, row.pk, node)) for row in practices], is_open=is_group))
    return found


def _under(node: Node) -> Iterator[Node]:
    waiting = list(node.children)
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.children


def _team_rows(sight: Sight, teams: list[Node], practices: list[Practice], page: int) -> list[Row]:
    nodes = sight.facts.structure.nodes
    return [
        Row(
            node,
            [(row, team_cell(sight, row.pk, node)) for row in practices],
            nodes[node.path[-1]].name if node.path else "",
        )
        for node in teams[(page - 1) * A_PAGE : page * A_PAGE]
    ]


def _export(sight: Sight, wanted: Wanted, practices: list[Practice], form: str) -> HttpResponseBase:
    """One line for each team and practice of which something is known; then what units come to."""
    header = [_("Unit"), _("Team"), _("Practice"), _("State"), _("Since"), _("Who says so"), _("Otherwise"),
              _("Until"), _("Teams"), _("Adopted")]  # fmt: skip
    inside = wanted.inside.id if wanted.inside else None
    lines = [*_team_lines(sight, inside, practices), *_unit_lines(sight, inside, practices)]
    return table_response("adoption", form, header, lines)


def _team_lines(sight: Sight, inside: int | None, practices: list[Practice]) -> Iterator[list[object]]:
    nodes = sight.facts.structure.nodes
    for node in sight.shown_teams(inside):
        parent = nodes[node.path[-1]].name if node.path else ""
        for row in practices:
            stand, way = sight.stand(row.pk, node), sight.way(row.pk, node)
            if stand is None and way is None and team_cell(sight, row.pk, node) == NOTHING:
                continue
            said: list[object] = (
                [AdoptionState(stand.state).label, stand.since, AdoptionSource(stand.source).label]
                if stand
                else ["", "", ""]
            )
            otherwise: list[object] = [AdaptationKind(way.kind).label, way.ends_on] if way else ["", ""]
            yield [parent, node.name, row.name, *said, *otherwise, "", ""]


def _unit_lines(sight: Sight, inside: int | None, practices: list[Practice]) -> Iterator[list[object]]:
    for node in sight.facts.structure.all():
        if node.kind.is_team or (inside is not None and inside not in (*node.path, node.id)):
            continue
        for row in practices:
            rolled = sight.facts.rolled(row.pk).get(node.id)
            if rolled and rolled.teams:
                told = Summary.of(rolled)
                yield [node.name, "", row.name, "", "", "", "", "", told.teams, told.adopted]
