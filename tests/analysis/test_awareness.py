"""Who knows: by team and over time, and never what fewer than five said."""

import datetime as dt
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from vertebra.analysis.awareness import Band, Knowing, Point, Told, Word, by_group, curve, heard_before

DAY = dt.date(2026, 3, 31)
PARENTS = {"all": "", "sales": "all", "support": "all", "paris": "sales", "lyon": "sales"}


def _said(group: str, word: Word, count: int, on: dt.date | None = DAY) -> list[Told]:
    return [Told(group, word, None if word == Word.SILENT else on)] * count


def test_a_team_of_five_and_more_is_told_by_what_it_said() -> None:
    known = by_group([*_said("support", Word.UNDERSTOOD, 8), *_said("support", Word.SILENT, 7)], PARENTS)
    assert known["support"] == Knowing(15, (Band((Word.SILENT,), 5), Band((Word.UNDERSTOOD,), 5)), "support")


def test_what_few_said_is_told_with_its_neighbour() -> None:
    known = by_group(
        [
            *_said("support", Word.UNDERSTOOD, 9),
            *_said("support", Word.READ, 2),
            *_said("support", Word.SILENT, 6),
        ],
        PARENTS,
    )
    assert known["support"].bands == (Band((Word.SILENT,), 5), Band((Word.READ, Word.UNDERSTOOD), 10))


def test_a_team_of_few_shows_what_is_around_it_and_says_so() -> None:
    people = [
        *_said("paris", Word.UNDERSTOOD, 3), *_said("lyon", Word.UNDERSTOOD, 9), *_said("lyon", Word.SILENT, 9),
    ]  # fmt: skip
    known = by_group(people, PARENTS)
    assert (known["paris"].told, known["paris"].as_of) == (3, "sales")
    assert known["paris"].bands == known["sales"].bands


def test_nothing_is_told_of_a_handful_in_all() -> None:
    known = by_group(_said("paris", Word.UNDERSTOOD, 4), PARENTS)
    assert known["paris"] == Knowing(4, (), "")
    assert not known["paris"].is_known
    assert by_group([], PARENTS) == {}


def test_a_circle_of_groups_ends() -> None:
    assert by_group(_said("a", Word.READ, 6), {"a": "b", "b": "a"})["a"].told == 6


def test_the_curve_moves_once_five_more_have_spoken() -> None:
    days = [Told("all", Word.READ, DAY + dt.timedelta(days=number)) for number in range(-9, 3)]
    points = curve([*days, *_said("all", Word.SILENT, 8)], DAY, DAY + dt.timedelta(days=30))
    assert points == (Point(-5, 5, 0.25), Point(0, 10, 0.5))
    assert heard_before(points) == 0.25
    assert heard_before(points[1:]) is None


def test_the_last_few_silent_ones_are_not_told_apart() -> None:
    people = [*_said("all", Word.READ, 5, DAY), *_said("all", Word.READ, 5, DAY + dt.timedelta(days=1))]
    assert [one.heard for one in curve([*people, *_said("all", Word.SILENT, 3)], DAY, dt.date.max)] == [5]
    assert [one.heard for one in curve(people, DAY, dt.date.max)] == [5, 10]


_PEOPLE = st.lists(
    st.builds(
        lambda group, word, days: Told(
            group, word, None if word == Word.SILENT else DAY + dt.timedelta(days=days)
        ),
        st.sampled_from(sorted(PARENTS)),
        st.sampled_from(sorted(Word)),
        st.integers(-10, 10),
    ),
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(_PEOPLE, st.integers(-10, 11), st.integers(0, 10))
def test_looking_again_later_tells_nothing_of_fewer_than_five(
    people: list[Told], day: int, later: int
) -> None:
    early = curve(people, DAY, DAY + dt.timedelta(days=day))
    late = curve(people, DAY, DAY + dt.timedelta(days=day + later))
    assert late[: len(early)] == early
    steps = [0, *(point.heard for point in late)]
    assert all(after - before >= 5 for before, after in pairwise(steps))
    assert all(point.heard == len(people) or len(people) - point.heard >= 5 for point in late)


@settings(max_examples=100, deadline=None)
@given(_PEOPLE)
def test_no_figure_is_of_one_to_four_and_all_are_of_a_group_that_holds_them(people: list[Told]) -> None:
    for group, known in by_group(people, PARENTS).items():
        assert all(band.count >= 5 and band.count % 5 == 0 for band in known.bands)
        if known.is_known:
            around, at = set(), group
            while at:
                around.add(at)
                at = PARENTS[at]
            assert known.as_of in around
            said = [word for band in known.bands for word in band.words]
            assert len(said) == len(set(said))


@settings(max_examples=60, deadline=None)
@given(_PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_people_tells_nothing(people: list[Told], chance: object) -> None:
    mixed = sorted(people, key=lambda one: (one.word, one.group, one.on or dt.date.min))
    assert by_group(people, PARENTS) == by_group(mixed, PARENTS)
    assert curve(people, DAY, dt.date.max) == curve(mixed, DAY, dt.date.max)
