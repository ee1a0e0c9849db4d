"""Two texts of the same notes, and what stays of each where they differ."""

from collections.abc import Sequence
from enum import StrEnum

from vertebra.kit.merging import beside


class Keep(StrEnum):
    """Which side of a difference stays."""

    SAVED = "saved"
    COPY = "copy"
    BOTH = "both"


def chosen(saved: str, other: str, kept: Sequence[Keep]) -> str:
    """One text out of two, by what stays at each difference."""
    lines: list[str] = []
    choices = iter(kept)
    for piece in beside(saved, other):
        if piece.is_same:
            lines += piece.first
            continue
        keep = next(choices, Keep.BOTH)
        if keep in (Keep.SAVED, Keep.BOTH):
            lines += piece.first
        if keep in (Keep.COPY, Keep.BOTH):
            lines += piece.second
    return "\n".join(lines)
