"""Histories of work items as columns, item after item in the order of time: what every rule reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Marks = npt.NDArray[np.bool_]
# Nobody is said to have done it.
NOBODY = -1


@dataclass(frozen=True)
class Histories:
    """What happened to items: the steps of one item lie together, from the first to the last.

    `starts` tells where each item begins, with the end of all at its end; times are microseconds since 1970.
    """

    items: Sequence[str]
    starts: Numbers
    steps: Codes
    at: Numbers
    names: tuple[str, ...]
    who: Codes | None = field(default=None)

    @cached_property
    def owners(self) -> Codes:
        """The item of each event."""
        return np.repeat(np.arange(len(self.items), dtype=np.int32), np.diff(self.starts))

    def code(self, name: str) -> int:
        """The number of a step, or one that no event has."""
        return self.names.index(name) if name in self.names else len(self.names)

    def is_step(self, name: str) -> Marks:
        """Which events are this step."""
        found: Marks = self.steps == self.code(name)
        return found

    def first(self, marks: Marks) -> Numbers:
        """The place of the first marked event of each item; behind the last event where it has none."""
        places = np.flatnonzero(marks)
        found = np.full(len(self.items), len(self.steps), np.int64)
        # From the last to the first, so that the first stays.
        found[self.owners[places[::-1]]] = places[::-1]
        return found


def histories(items: Any, at: Any, steps: Any, who: Any = None, *, is_ordered: bool = False) -> Histories:
    """Histories of columns (Arrow or NumPy): whose, when, which step, by whom.

    Events of one item at one moment keep the order in which they are given.
    """
    owners, names_of_items = _coded(items)
    codes, names = _coded(steps)
    times = moments(at)
    people = None if who is None else _coded(who, nothing="")[0]
    if not is_ordered:
        # A stable sort by time, then by item, is quicker than one of both together.
        order = np.argsort(times, kind="stable")
        order = order[np.argsort(owners[order], kind="stable")]
        owners, codes, times = owners[order], codes[order], times[order]
        people = None if people is None else people[order]
    counts = np.bincount(owners, minlength=len(names_of_items))
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Histories(names_of_items, starts, codes, times, tuple(names), people)


def _coded(column: Any, nothing: str | None = None) -> tuple[Codes, list[str]]:
    """A column of words as numbers and the words, in the order of their first appearance; `nothing` is nobody's."""
    if not hasattr(column, "dictionary_encode"):
        import pyarrow as pa

        column = pa.array(column)
    encoded = column.dictionary_encode()
    if hasattr(encoded, "combine_chunks"):
        encoded = encoded.unify_dictionaries().combine_chunks()
    if hasattr(encoded, "chunks"):
        encoded = encoded.chunk(0)
    codes = encoded.indices.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    words = [str(one) for one in encoded.dictionary.to_pylist()]
    if nothing is not None and nothing in words:
        codes = np.where(codes == words.index(nothing), np.int32(NOBODY), codes)
    return codes, words


def moments(column: Any) -> Numbers:
    """Times as microseconds."""
    if hasattr(column, "combine_chunks"):
        column = column.combine_chunks()
    if hasattr(column, "to_numpy") and not isinstance(column, np.ndarray):
        column = column.to_numpy(zero_copy_only=False)
    if column.dtype.kind == "M":
        column = column.astype("datetime64[us]")
    found: Numbers = column.astype(np.int64, copy=False)
    return found
