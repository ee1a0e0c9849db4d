"""Two texts that grew apart from the same one: put together where nothing of either is lost, told apart where not."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines `start` up to `end` of the common text became these."""

    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of two texts laid side by side: the same in both, or one and the other."""

    is_same: bool
    first: tuple[str, ...]
    second: tuple[str, ...]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Both texts in one, or nothing where both changed the same lines otherwise.

    What both put in the same place is kept from both, theirs first: two people write at the end of the same notes.
    """
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    old = base.split("\n")
    ours, others = edits(old, mine.split("\n")), edits(old, theirs.split("\n"))
    merged = _together(ours, others)
    if merged is None:
        return None
    lines: list[str] = []
    at = 0
    for edit in merged:
        lines += [*old[at : edit.start], *edit.lines]
        at = edit.end
    return "\n".join(lines + old[at:])


def edits(old: Lines, new: Lines) -> list[Edit]:
    """What turns the lines of one text into those of the other, in order."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < min(len(old), len(new)) - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = old[start : len(old) - tail], new[start : len(new) - tail]
    found = SequenceMatcher(None, before, after).get_opcodes()
    return [
        Edit(low + start, high + start, tuple(after[first:last]))
        for kind, low, high, first, last in found
        if kind != "equal"
    ]


def _together(mine: list[Edit], theirs: list[Edit]) -> list[Edit] | None:
    """The edits of both in one order, or nothing if they meet."""
    merged: list[Edit] = []
    first, second = list(mine), list(theirs)
    while first and second:
        a, b = first[0], second[0]
        if a == b:
            merged.append(a)
            del first[0], second[0]
        elif a.start == a.end == b.start == b.end:
            merged.append(Edit(a.start, a.end, b.lines + a.lines))
            del first[0], second[0]
        elif _meet(a, b):
            return None
        elif (b.start, b.end) <= (a.start, a.end):
            merged.append(second.pop(0))
        else:
            merged.append(first.pop(0))
    return merged + first + second


def _meet(a: Edit, b: Edit) -> bool:
    """Whether two edits change the same lines, or one puts lines inside what the other changes."""
    return a.start < b.end and b.start < a.end


def beside(first: str, second: str) -> list[Piece]:
    """Two texts side by side, in pieces that are the same and pieces that differ."""
    one, other = first.split("\n"), second.split("\n")
    pieces: list[Piece] = []
    at = 0
    for edit in edits(one, other):
        if edit.start > at:
            same = tuple(one[at : edit.start])
            pieces.append(Piece(True, same, same))
        pieces.append(Piece(False, tuple(one[edit.start : edit.end]), edit.lines))
        at = edit.end
    if at < len(one):
        pieces.append(Piece(True, tuple(one[at:]), tuple(one[at:])))
    return pieces
