"""Two texts that grew apart: put together where nothing is lost, told apart where not."""

from hypothesis import given
from hypothesis import strategies as st

from vertebra.kit.merging import beside, merge

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d", "- x", "## y"]), max_size=12)
TEXTS = LINES.map("\n".join)


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merge(base, base, changed) == changed
    assert merge(base, changed, base) == changed
    assert merge(base, changed, changed) == changed


@given(LINES, st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=8))
def test_lines_that_two_people_add_are_all_there(base: list[str], added: list[tuple[int, bool]]) -> None:
    mine, theirs, words = list(base), list(base), []
    for number, (place, is_mine) in enumerate(added):
        word = f"{'mine' if is_mine else 'theirs'} {number}"
        words.append(word)
        side = mine if is_mine else theirs
        side.insert(min(place, len(side)), word)
    merged = merge("\n".join(base), "\n".join(mine), "\n".join(theirs))
    if merged is not None:
        lines = merged.split("\n")
        assert sorted(lines) == sorted(base + words if base else lines)
        assert set(words) <= set(lines)


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_holds_every_line_that_either_wrote(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    if merged is not None:
        old, lines = set(base.split("\n")), set(merged.split("\n"))
        assert (set(mine.split("\n")) | set(theirs.split("\n"))) - old <= lines


@given(TEXTS, TEXTS)
def test_pieces_beside_each_other_make_both_texts_again(first: str, second: str) -> None:
    pieces = beside(first, second)
    assert "\n".join(line for piece in pieces for line in piece.first) == first
    assert "\n".join(line for piece in pieces for line in piece.second) == second


def test_two_people_who_write_at_the_end_are_both_kept() -> None:
    assert merge("a", "a\nmine", "a\ntheirs") == "a\ntheirs\nmine"


def test_changes_to_different_lines_come_together() -> None:
    assert merge("a\nb\nc", "A\nb\nc", "a\nb\nC") == "A\nb\nC"


def test_the_same_line_changed_twice_is_left_to_people() -> None:
    assert merge("a\nb", "a\nmine", "a\ntheirs") is None


def test_a_line_taken_out_and_changed_is_left_to_people() -> None:
    assert merge("a\nb\nc", "a\nc", "a\nB\nc") is None


def test_half_a_million_characters_are_merged_at_once() -> None:
    base = "\n".join(f"line {number} of the notes" for number in range(20_000))
    mine, theirs = base + "\nmine", "theirs\n" + base
    assert merge(base, mine, theirs) == "theirs\n" + base + "\nmine"
    blank = "\n" * 250_000
    assert merge(blank, blank + "mine", "theirs" + blank) == "theirs" + blank + "mine"
