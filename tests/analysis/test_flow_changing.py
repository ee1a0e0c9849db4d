"""What was told of a month is told anew only where what differs is of five people at least."""

import dataclasses
import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.flow_world import ZERO, Work, moved, tables
from vertebra.analysis.crossing import outwards
from vertebra.analysis.flow.changing import Said, and_now, may_be_told_anew, said_of
from vertebra.analysis.flow.figures import Before, Flow, figures
from vertebra.analysis.flow.periods import months_of, week_number
from vertebra.analysis.flow.telling import Behind, told_of
from vertebra.analysis.privacy import FEWEST

PARENTS = {"all": "", "A": "all", "B": "all", "A1": "A", "A2": "A", "B1": "B", "A1/x": "A1"}
LEAVES = ["A1", "A2", "B1", "A1/x"]
KINDS = ["bug", "story"]
_ROW = st.builds(
    lambda week, leaf, kind, who, items: Behind(week, leaf, kind, f"{leaf}{who}", items),
    st.integers(1, 2), st.sampled_from(LEAVES), st.sampled_from(KINDS), st.integers(0, 9), st.integers(1, 3),
)  # fmt: skip
_MONTH = st.lists(_ROW, min_size=60, max_size=160).map(lambda rows: once(rows))


def once(rows: Sequence[Behind]) -> list[Behind]:
    """Somebody is once behind the items of a group, type and week, as a database counts."""
    return list({(row.week, row.group, row.kind, row.person): row for row in rows}.values())


def said(rows: Sequence[Behind], parents: dict[str, str] = PARENTS) -> Said:
    return said_of(rows, told_of(rows, parents, parents), parents, b"")


def differing(before: Sequence[Behind], now: Sequence[Behind]) -> list[Behind]:
    return [*(set(before) - set(now)), *(set(now) - set(before))]


# Of a leaf and a type, how many of its people did more than was known.
_MORE = st.tuples(st.sampled_from(LEAVES), st.sampled_from(KINDS), st.integers(0, 10))


def with_more(rows: Sequence[Behind], leaf: str, kind: str, people: int) -> list[Behind]:
    some = {f"{leaf}{number}" for number in range(people)}
    return [
        row._replace(items=row.items + 9) if row.kind == kind and row.person in some else row for row in rows
    ]


def test_a_difference_is_told_in_some_such_months() -> None:
    chance, told = random.Random(1), 0
    for _month in range(60):
        rows = once(
            [
                Behind(chance.randint(1, 2), leaf, kind, f"{leaf}{who}", chance.randint(1, 3))
                for leaf in LEAVES for kind in KINDS for who in range(10) for _time in range(chance.randint(0, 2))
            ]
        )  # fmt: skip
        now = with_more(rows, chance.choice(LEAVES), chance.choice(KINDS), 10)
        told += bool(differing(rows, now)) and may_be_told_anew(said(rows), said(now), now, PARENTS)
    assert told >= 5


@settings(max_examples=120, deadline=None)
@given(_MONTH, _MORE, st.lists(_ROW, max_size=3), st.integers(0, 3))
def test_what_differs_in_any_figure_is_of_five_people(
    rows: list[Behind], more: tuple[str, str, int], late: list[Behind], gone: int
) -> None:
    now = once([*with_more(rows, *more)[gone:], *late])
    was, is_now = said(rows), said(now)
    if not may_be_told_anew(was, is_now, now, PARENTS):
        return
    changed = differing(rows, now)
    for group, kind in [
        *((one, None) for one in was.told.groups | is_now.told.groups),
        *(was.told.kinds | is_now.told.kinds),
    ]:
        people = {
            row.person
            for row in changed
            if group in outwards(row.group, PARENTS) and kind in (None, row.kind)
        }
        assert not people or len(people) >= FEWEST


@settings(max_examples=80, deadline=None)
@given(_MONTH, st.lists(_ROW, min_size=1, max_size=30))
def test_what_fewer_than_five_people_did_changes_nothing(rows: list[Behind], late: list[Behind]) -> None:
    few = sorted({row.person for row in late})[: FEWEST - 1]
    now = once([*rows, *(row._replace(items=row.items + 9) for row in late if row.person in few)])
    was, is_now = said(rows), said(now)
    told = {(one, None) for one in was.told.groups} | was.told.kinds
    touched = {
        (up, kind)
        for row in differing(rows, now)
        for up in outwards(row.group, PARENTS)
        for kind in (None, row.kind)
    }
    if told & touched:
        assert not may_be_told_anew(was, is_now, now, PARENTS)


@settings(max_examples=120, deadline=None)
@given(_MONTH, _MORE, st.lists(_ROW, max_size=3), st.integers(1, 9))
def test_what_was_told_twice_before_is_told_apart_from_neither(
    rows: list[Behind], more: tuple[str, str, int], late: list[Behind], back: int
) -> None:
    """Five people differ, then most of them are as they were: of the first and the last time fewer than five do."""
    second = once([*with_more(rows, *more), *late])
    third = [
        next((was for was in rows if was[:4] == row[:4]), row) if place % 10 < back else row
        for place, row in enumerate(second)
    ]
    shown: tuple[Said, ...] = ()
    times: list[list[Behind]] = []
    for now in (rows, second, third):
        if all(may_be_told_anew(was, said(now), now, PARENTS) for was in shown):
            shown, times = and_now(shown, said(now)), [*times, now]
    for one, other in combinations(times, 2):
        told = {(group, None) for group in said(one).told.groups & said(other).told.groups}
        for group, kind in told | (said(one).told.kinds & said(other).told.kinds):
            people = {
                row.person
                for row in differing(one, other)
                if group in outwards(row.group, PARENTS) and kind in (None, row.kind)
            }
            assert not people or len(people) >= FEWEST


def _team(name: str, people: int, items: int = 1, week: int = 1) -> list[Behind]:
    return [Behind(week, name, "bug", f"{name}{number}", items) for number in range(people)]


def test_five_people_who_differ_are_told() -> None:
    before = [*_team("A1", 9), *_team("A2", 9)]
    for count, may in ((0, True), (1, False), (4, False), (5, True)):
        now = [*_team("A1", count, items=2), *_team("A1", 9)[count:], *_team("A2", 9)]
        assert may_be_told_anew(said(before), said(now), now, PARENTS) is may


def test_five_people_of_two_teams_are_too_few_for_either() -> None:
    before = [*_team("A1", 9), *_team("A2", 9)]
    now = [*_team("A1", 3, 2), *_team("A1", 9)[3:], *_team("A2", 3, 2), *_team("A2", 9)[3:]]
    assert not may_be_told_anew(said(before), said(now), now, PARENTS)


def test_a_large_team_that_moves_takes_its_past_along_and_a_small_one_does_not() -> None:
    for size, may in ((7, True), (3, False)):
        rows = [*_team("A1", size), *_team("A2", 9), *_team("B1", 9)]
        later = PARENTS | {"A1": "B"}
        assert may_be_told_anew(said(rows), said(rows, later), rows, later) is may


def test_what_is_told_no_longer_is_not_told_apart_by_what_is_told_instead() -> None:
    rows = [*_team("A1", 6), *_team("A2", 6), *_team("A1/x", 3)]
    first, second = (
        said_of(rows, told_of(rows, PARENTS, one), PARENTS, b"") for one in ({"A", "A2"}, {"A", "A1/x", "A1"})
    )
    assert may_be_told_anew(first, second, rows, PARENTS)
    small = [*_team("A1", 6), *_team("A2", 6), *_team("A", 3)]
    first, second = (
        said_of(small, told_of(small, PARENTS, one), PARENTS, b"") for one in ({"A", "A1"}, {"A", "A2"})
    )
    assert not may_be_told_anew(first, second, small, PARENTS)


FIRST = week_number(ZERO.date())
MONTHS = months_of(FIRST - 5, FIRST + 9)


def _works(who: Sequence[int], late: float) -> list[Work]:
    """Six people end three items each in a month; of some one takes longer."""
    return [
        moved(10 * n + turn, (4, "Doing"), (30 + 100 * turn + (late if n in who and not turn else 0), "Done"), assignee=f"p{n}")
        for n in range(9) for turn in range(3)
    ]  # fmt: skip


def _told(works: Sequence[Work], before: Before) -> Flow:
    return figures(tables(works), {"u1": ""}, {"u1"}, MONTHS, before=before)


def test_figures_of_a_month_stay_until_the_items_of_five_people_differ() -> None:
    first = _told(_works((), 0), Before())
    assert first.done and not first.kept
    before = Before(first.said)
    again = _told(_works((), 0), before)
    assert dataclasses.replace(again, said={}) == dataclasses.replace(first, said={})
    one = _told(_works((1,), 5), before)
    month = first.done[0].period
    assert ("done", month) in one.kept and not [row for row in one.done if row.period.number == month.number]
    assert one.said["done", month] == first.said["done", month]
    five = _told(_works(range(5), 5), before)
    assert not five.kept and five.done != first.done


def test_a_month_that_is_nearly_as_it_once_was_told_stays() -> None:
    first = _told(_works((), 0), Before())
    second = _told(_works(range(6), 5), Before(first.said))
    assert second.done and not second.kept
    month = second.done[0].period
    assert len(second.said["done", month]) == 2
    third = _told(_works((5,), 5), Before(second.said))
    assert ("done", month) in third.kept
    assert _told(_works((5,), 5), Before({at: some[-1:] for at, some in second.said.items()})).done
    back = _told(_works((), 0), Before(second.said))
    assert not back.kept and back.done == first.done


def test_a_status_that_means_something_else_for_one_person_is_not_told() -> None:
    works = _works((), 0)
    odd = Work(5, status="Done", assignee="p0")
    odd.steps = [(4, "status", "To do", "Odd", "p0"), (30, "status", "Odd", "Done", "p0")]
    said_before = figures(tables([*works, odd]), {"u1": ""}, {"u1"}, MONTHS).said
    meanings = {"To do": "todo", "Doing": "doing", "Done": "done", "Odd": "waiting"}
    now = figures(
        tables([*works, odd], meanings=meanings), {"u1": ""}, {"u1"}, MONTHS, before=Before(said_before)
    )
    assert {what for what, _month in now.kept} == {"done"}
