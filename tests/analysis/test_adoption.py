"""Adoption rolled up: whatever is subtracted from whatever, nothing is left of fewer than five people."""

import datetime as dt
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vertebra.analysis.adoption import (
    WHOLE,
    Spell,
    Team,
    curve,
    is_small,
    reopens,
    roll_up,
    share,
    state_seen,
)
from vertebra.analysis.privacy import FEWEST

PATHS = st.sampled_from([(1,), (1, 2), (1, 3), (1, 2, 4), (5,), (5, 6), (7, 8, 9), ()])
SLOWLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEAMS = st.lists(st.tuples(PATHS, st.integers(0, 8)), max_size=14)


def teams_of(drawn: list[tuple[tuple[int, ...], int]], adopted: frozenset[int] = frozenset()) -> list[Team]:
    """Teams of people of their own, of which these adopted."""
    return [
        Team(
            100 + at,
            frozenset(range(at * 10, at * 10 + people)),
            path,
            "adopted" if at in adopted else "not_yet",
        )
        for at, (path, people) in enumerate(drawn)
    ]


def told(teams: list[Team]) -> list[Any]:
    """Everything that anybody outside is told: each team of five or more, each unit, the whole."""
    rolled = roll_up(teams)
    return [
        [(team.id, team.state) for team in teams if not is_small(team)],
        {unit: (one.teams, one.states.get("adopted", 0), one.left_out) for unit, one in rolled.items()},
    ]


@SLOWLY
@given(TEAMS)
def test_no_figure_tells_fewer_than_five_people_from_others(drawn: list[tuple[tuple[int, ...], int]]) -> None:
    """Small teams that move the very same figures cannot be told apart: they are five people or more together."""
    nobody = {unit: dict(one.states) for unit, one in roll_up(teams_of(drawn)).items()}
    alike: dict[tuple[int, ...], int] = {}
    for at, (_path, people) in enumerate(drawn):
        if people < FEWEST:
            alone = roll_up(teams_of(drawn, frozenset({at})))
            moved = tuple(sorted(unit for unit in nobody if dict(alone[unit].states) != nobody[unit]))
            alike[moved] = alike.get(moved, 0) + people
    alike.pop((), None)
    assert all(people >= FEWEST for people in alike.values())


@SLOWLY
@given(TEAMS)
def test_which_team_of_a_block_adopted_is_told_by_nothing(drawn: list[tuple[tuple[int, ...], int]]) -> None:
    """All that the outside is told, together, is the same whichever of two small teams counted together adopted."""
    small = [at for at, (_path, people) in enumerate(drawn) if people < FEWEST][:4]
    figures = {at: told(teams_of(drawn, frozenset({at}))) for at in small}
    counted = {at: [unit for unit, one in figures[at][1].items() if one[1]] for at in small}
    for one, other in combinations(small, 2):
        if counted[one] and counted[one] == counted[other]:
            assert figures[one] == figures[other]


def test_a_small_team_alone_is_counted_nowhere() -> None:
    rolled = roll_up(teams_of([((1,), 7), ((1,), 3)], frozenset({1})))
    assert rolled[1].teams == rolled[WHOLE].teams == 1
    assert rolled[1].left_out == rolled[WHOLE].left_out == 1
    assert not rolled[1].states.get("adopted")


def test_two_small_teams_are_counted_where_they_are_five_together() -> None:
    rolled = roll_up(teams_of([((1, 2), 3), ((1, 3), 3), ((1, 3), 6)], frozenset({0})))
    assert (rolled[2].teams, rolled[3].teams, rolled[1].teams) == (0, 1, 3)
    assert rolled[1].states["adopted"] == rolled[WHOLE].states["adopted"] == 1


def test_people_of_two_small_teams_are_counted_once() -> None:
    same = frozenset({1, 2, 3, 4})
    rolled = roll_up([Team(1, same, (9,), "adopted"), Team(2, same, (9,), "adopted")])
    assert rolled[9].teams == 0


def test_a_share_of_few_teams_is_not_spoken_of() -> None:
    assert share(3, 4).value is None
    wide = share(5, 10)
    assert wide.value == 50
    assert wide.low is not None and wide.high is not None and 20 < wide.low < 50 < wide.high < 80


def test_what_the_tools_show_is_a_state() -> None:
    assert state_seen(None, "") == ""
    assert state_seen(0.9, "") == "adopted"
    assert state_seen(0.5, "adopted") == "trying"
    assert state_seen(0.1, "") == "not_yet"
    assert state_seen(0.1, "adopted") == "lapsed"


def test_a_curve_follows_the_same_teams() -> None:
    first, then = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    teams = teams_of([((1,), 7), ((1,), 6)])
    spells = [Spell(100, "trying", first, then), Spell(100, "adopted", then), Spell(101, "adopted", then)]
    found = [
        (one.states["trying"], one.states["adopted"]) for _day, one in curve(teams, spells, [first, then])
    ]
    assert found == [(1, 0), (0, 2)]


def test_a_standard_opens_again_at_a_third_of_enough_teams() -> None:
    assert reopens(2, 6, 1 / 3)
    assert not reopens(1, 6, 1 / 3)
    assert not reopens(1, 2, 1 / 3)
