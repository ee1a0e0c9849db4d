"""No figure of flow, and nothing that adding and subtracting figures tells, is about one to four people."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.crossing import outwards
from vertebra.analysis.flow.telling import NOTHING, Behind, Told, told_of
from vertebra.analysis.privacy import FEWEST

PARENTS = {
    "all": "",
    "A": "all",
    "B": "all",
    "A1": "A",
    "A2": "A",
    "A3": "A",
    "B1": "B",
    "A1/x": "A1",
    "A1/y": "A1",
}
LEAVES = ["A", "A1", "A2", "A3", "B1", "B", "A1/x", "A1/y"]
KINDS = ["bug", "story", "task"]
_ROWS = st.lists(
    st.builds(
        Behind, st.integers(1, 4), st.sampled_from(LEAVES), st.sampled_from(KINDS),
        st.sampled_from(["", *(f"p{n}" for n in range(30))]), st.integers(1, 3),
    ),
    max_size=160,
)  # fmt: skip
_CLOSE = st.lists(
    st.builds(
        lambda week, place, kind, who: Behind(week, LEAVES[place], kind, f"{LEAVES[place]}{who}"),
        st.integers(1, 2), st.integers(0, len(LEAVES) - 1), st.sampled_from(KINDS[:2]), st.integers(0, 8),
    ),
    min_size=40, max_size=220,
)  # fmt: skip


def cells_of(told: Told) -> list[tuple[str, str | None]]:
    """Every figure of a period."""
    return [*((group, None) for group in told.groups), *told.kinds]


def filters_of(rows: Sequence[Behind], told: Told) -> list[frozenset[int]]:
    """Which rows each figure that is told counts: of a month and, where they are told, of each of its weeks."""
    weeks = sorted({row.week for row in rows})
    found = []
    parts = [weeks, *([week] for week in weeks if told.is_by_week)]
    for wanted in parts:
        for group, kind in cells_of(told):
            counted = frozenset(
                place for place, row in enumerate(rows)
                if row.week in wanted and group in outwards(row.group, PARENTS) and kind in (None, row.kind)
            )  # fmt: skip
            found.append(counted)
    return found


def reveals_few(rows: Sequence[Behind], signs: Sequence[tuple[frozenset[int], int]]) -> bool:
    """Whether adding and subtracting figures leaves something about fewer than five people."""
    weights = [sum(sign for counted, sign in signs if place in counted) for place in range(len(rows))]
    left = [row for row, weight in zip(rows, weights, strict=True) if weight]
    return bool(left) and len({row.person for row in left if row.person}) < FEWEST


@settings(max_examples=150, deadline=None)
@given(st.one_of(_ROWS, _CLOSE), st.sets(st.sampled_from(sorted(PARENTS))), st.data())
def test_filters_periods_and_differences_together_tell_of_five_at_least(
    rows: list[Behind], asked: set[str], data: st.DataObject
) -> None:
    told = told_of(rows, PARENTS, asked)
    assert told.groups <= asked
    assert {group for group, _kind in told.kinds} <= told.groups
    figures = filters_of(rows, told)
    assert not any(reveals_few(rows, [(one, 1)]) for one in figures)
    assert not any(reveals_few(rows, [(one, 1), (other, -1)]) for one in figures for other in figures)
    for _try in range(20):
        if figures:
            several = st.lists(
                st.tuples(st.sampled_from(figures), st.sampled_from([-1, 1])), min_size=2, max_size=7
            )
            assert not reveals_few(rows, data.draw(several))


@settings(max_examples=60, deadline=None)
@given(_CLOSE)
def test_everything_inside_beside_what_is_around_it(rows: list[Behind]) -> None:
    told = told_of(rows, PARENTS, PARENTS)
    figures = dict(zip(cells_of(told), filters_of(rows, told), strict=False))
    for (group, kind), counted in figures.items():
        inside = [
            (figures[one, other], -1)
            for one, other in figures
            if (PARENTS.get(one) == group and other == kind)
            or (one == group and kind is None and other is not None)
        ]
        for part in (list(inside), inside[:1], inside[1:]):
            assert not reveals_few(rows, [(counted, 1), *part])


def _team(name: str, people: int, kind: str = "bug", week: int = 1) -> list[Behind]:
    return [Behind(week, name, kind, f"{name}{number}") for number in range(people)]


def test_a_small_team_is_told_as_what_is_around_it() -> None:
    told = told_of([*_team("A1", 6), *_team("A2", 3), *_team("A3", 2)], PARENTS, PARENTS)
    assert told.groups == {"A", "A1", "all"}


def test_the_only_small_team_keeps_back_what_is_around_it() -> None:
    told = told_of([*_team("A1", 6), *_team("A2", 3)], PARENTS, {"A", "A1", "A2"})
    assert told.groups == {"A1"}


def test_types_of_work_are_told_beside_teams() -> None:
    rows = [*_team("A1", 6), *_team("A1", 6, "story"), *_team("A2", 7), *_team("A2", 7, "story")]
    told = told_of(rows, PARENTS, {"A", "A1", "A2"})
    assert told.groups == {"A", "A1", "A2"}
    assert {("A", "bug"), ("A", "story")} <= told.kinds


def test_weeks_are_told_where_all_of_them_may_be() -> None:
    weeks = [row for week in (1, 2, 3) for row in _team("A1", 6, week=week)]
    assert told_of(weeks, PARENTS, {"A1"}).is_by_week
    assert not told_of([*weeks, *_team("A1", 2, week=4)], PARENTS, {"A1"}).is_by_week


def test_nobody_known_is_nobody_to_count() -> None:
    assert told_of([Behind(1, "A1", "bug", "")] * 50, PARENTS, PARENTS) == NOTHING
    assert told_of([], PARENTS, PARENTS) == NOTHING
