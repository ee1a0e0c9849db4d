"""The adoption of one practice (a part of its page), and of one team: where it stands, what it does otherwise."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.analysis.adoption import WHOLE
from vertebra.kit.pictures import Line, TimeChart
from vertebra.org.pages.frame import day_of
from vertebra.practices.labels.practices import TO_REOPEN
from vertebra.practices.models import Adaptation, ObservationDoubt, Practice
from vertebra.practices.pages.adoption_cells import team_cell
from vertebra.practices.pages.frame import found
from vertebra.practices.queries.adoption import Facts, Sight, is_small
from vertebra.practices.queries.adoption_cards import asked_about, speaks_for
from vertebra.practices.queries.adoption_figures import Summary, curve_of, is_to_reopen, tribe_rows
from vertebra.practices.queries.adoption_help import open_requests, who_could_help
from vertebra.practices.queries.rights import may_change

MOST_ROWS = 12


@require_GET
@requires(Right.READ)
def practice_adoption(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show which teams live by a practice, over time, what some do otherwise and why, and who could help whom."""
    day = day_of(request)
    sight = Sight.of(request.user, day.date, day.today)
    lived = next((each for each in sight.facts.practices if each.pk == practice_id), None)
    row = lived or found(practice_id)
    context: dict[str, Any] = {"row": row, "is_asked_for": lived is not None}
    if lived is not None:
        context |= _adopted(sight, lived) | {"as_of": _as_of(request, day)}
        context["doubts"] = _doubts(lived)
        carries = lived.carrier is not None and lived.carrier.user_id == request.user.pk
        context["may_answer"] = carries or may(request.user, Right.PRODUCT_OPS)
        context["can_reopen"] = row.state in TO_REOPEN and may_change(request.user, row)
    return render(request, "practices/practice_adoption.html", context)


def _doubts(row: Practice) -> list[ObservationDoubt]:
    """Where the tools were found wrong: what waits first, then the latest."""
    if not row.is_doubted:  # type: ignore[attr-defined]
        return []
    rows = ObservationDoubt.objects.filter(practice=row).select_related("answered_by")
    return list(rows.order_by(F("answered_at").desc(nulls_first=True), "-pk")[:MOST_ROWS])


def _as_of(request: PageRequest, day: Any) -> dict[str, object] | None:
    return None if day.is_today else {"date": day.date, "back_url": request.path}


def _adopted(sight: Sight, row: Practice) -> dict[str, Any]:
    facts = sight.facts
    summary = Summary.of(facts.rolled(row.pk).get(WHOLE))
    steps = curve_of(facts, row.pk)
    asked = [row.pk] if row.is_asked else []  # type: ignore[attr-defined]
    requests = open_requests(asked).get(row.pk, [])
    return {
        "summary": summary,
        "share": summary.share,
        "tribes": tribe_rows(facts, row.pk)[:MOST_ROWS],
        "steps": steps,
        "chart": _chart(facts, steps),
        "ways": _ways(sight, row),
        "is_to_reopen": is_to_reopen(facts, row.pk),
        "matches": who_could_help(sight, row.pk, requests)[:MOST_ROWS],
        "own": [
            (node, team_cell(sight, row.pk, node), sight.stand(row.pk, node))
            for node in facts.teams
            if sight.is_inside(node.id)
        ],
    }


def _chart(facts: Facts, steps: list[tuple[Any, Summary]]) -> TimeChart | None:
    """Teams over time; one day alone is no line."""
    if len(steps) < 2:
        return None
    lines = [
        Line(_("adopted"), [(day, float(told.adopted)) for day, told in steps], hue="1"),
        Line(_("trying"), [(day, float(told.trying)) for day, told in steps], hue="2"),
    ]
    teams = steps[-1][1].teams
    return TimeChart(
        _("Teams over time"),
        lines,
        target=float(teams),
        target_label=_("all"),
        today=facts.day,
        said=lambda value: str(round(value)),
    )


def _ways(sight: Sight, row: Practice) -> list[tuple[Adaptation, str]]:
    """What teams do otherwise now, each with its name unless it is small."""
    nodes = sight.facts.structure.nodes
    found = []
    for (practice, unit), way in sorted(sight.facts.ways.items()):
        node = nodes.get(unit)
        if practice == row.pk and node is not None:
            found.append((way, node.name if sight.is_shown(node) else ""))
    return found


@require_GET
@requires(Right.READ)
def team_page(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """Show where a team stands with each practice; what is new is the team's alone for two weeks."""
    day = day_of(request)
    sight = Sight.of(request.user, day.date, day.today)
    team = sight.facts.structure.get(unit_id)
    if team is None:
        raise Http404
    person = speaks_for(request.user, unit_id, day.today)
    rows = []
    if sight.is_shown(team):
        expected = {row.pk for row in asked_about(sight.facts, unit_id)} if person else set()
        for row in sight.facts.practices:
            stand, way = sight.stand(row.pk, team), sight.way(row.pk, team)
            if stand or way or sight.facts.is_expected(row.pk, unit_id) or row.pk in expected:
                rows.append((row, stand, way, stand.state_label if stand else ""))
    doubts = ObservationDoubt.objects.filter(unit=unit_id).select_related("practice", "answered_by")
    parent = sight.facts.structure.get(team.parent_id)
    context = {
        "team": team,
        "parent": parent,
        "rows": rows,
        "is_inside": sight.is_inside(unit_id),
        "is_small": is_small(team),
        "is_shown": sight.is_shown(team),
        "speaks": person is not None and day.is_today,
        "adopted": sum(
            1 for _row, stand, way, _said in rows if stand and stand.state == "adopted" and not way
        ),
        "has_own": any(stand and stand.is_own for _row, stand, _way, _said in rows),
        "doubts": list(doubts.order_by("-at", "-pk")[:MOST_ROWS]) if sight.is_inside(unit_id) else [],
        "as_of": _as_of(request, day),
    }
    return render(request, "practices/adoption_team.html", context)
