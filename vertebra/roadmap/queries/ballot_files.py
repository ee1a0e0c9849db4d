"""Ranked ballots as tables hold them: a row each, with choices in order, or a column for each topic with its rank."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.kit.files.labels import message
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.tables import Row, read_table
from vertebra.kit.text import fold
from vertebra.org.labels import Function

LABELS = frozenset({"ballot", "voter", "name", "director", "label", "bulletin", "votant", "nom", "directeur"})
FUNCTIONS = frozenset({"function", "group", "fonction", "groupe"})
WEIGHTS = frozenset({"weight", "count", "number", "poids", "nombre", "voix"})
_CHOICE = re.compile(r"^\D*\d+\D*$")
MOST_WEIGHT = 1_000_000


class NoBallots(Refusal):
    """A file of ballots has a row for each, and choices in order; all that is wrong is told at once."""

    def __init__(self, said: str | Sequence[str]) -> None:
        self.lines = [said] if isinstance(said, str) else list(said)
        super().__init__(" ".join(self.lines))


@dataclass(frozen=True, slots=True)
class PaperBallot:
    """A ballot of elsewhere: titles in tiers, best first, whose function, how many gave the same."""

    tiers: tuple[tuple[str, ...], ...]
    label: str = ""
    function: str = ""
    weight: int = 1


def read_ballots(content: bytes, name: str) -> list[PaperBallot]:
    """The ballots of a CSV or a workbook, whichever of the two ways it writes them."""
    try:
        table = read_table(content, name)
        rows = list(table.rows())
    except Refused as refusal:
        raise NoBallots(message(refusal.problem)) from refusal
    heads = [fold(head) for head in table.header]
    told = {at for at, head in enumerate(heads) if head in LABELS | FUNCTIONS | WEIGHTS}
    rest = [at for at in range(len(heads)) if at not in told]
    if not rest or not rows:
        raise NoBallots(_("No choices were found: give each ballot a row, and each choice a column."))
    is_matrix = all(not _CHOICE.match(heads[at]) for at in rest) and all(
        _number(row.cells[at]) is not None for row in rows for at in rest if row.cells[at] not in (None, "")
    )
    named = list(table.header)
    found, wrong = [], list[str]()
    for row in rows:
        tiers = _ranked(row, rest, named) if is_matrix else _written(row, rest)
        found.append(_ballot(row, heads, tiers, wrong))
    if wrong:
        raise NoBallots(wrong)
    return found


def _ballot(
    row: Row, heads: Sequence[str], tiers: tuple[tuple[str, ...], ...], wrong: list[str]
) -> PaperBallot:
    """The ballot of a row; what is wrong with it is added to what is wrong with the others."""

    def cell(names: frozenset[str]) -> str:
        at = next((at for at, head in enumerate(heads) if head in names), None)
        value = row.cells[at] if at is not None else None
        return "" if value is None else " ".join(str(value).split())

    told, whose = cell(WEIGHTS), cell(FUNCTIONS)
    weight, function = _number(told), function_of(whose)
    if told and (weight is None or not 1 <= weight <= MOST_WEIGHT):
        said = _("Line %(line)d: “%(text)s” is no count: write a whole number from 1 on, or nothing.")
        wrong.append(said % {"line": row.line, "text": told[:60]})
    if whose and not function:
        known = ", ".join(str(one.label) for one in Function)
        said = _("Line %(line)d: “%(text)s” is no function: write nothing, or one of these: %(known)s.")
        wrong.append(said % {"line": row.line, "text": whose[:60], "known": known})
    if not tiers:
        said = _("Line %(line)d ranks nothing: name a topic on it, or take the line out.")
        wrong.append(said % {"line": row.line})
    counts = Counter(fold(name) for tier in tiers for name in tier)
    for name in dict.fromkeys(name for tier in tiers for name in tier if counts[fold(name)] > 1):
        said = _("Line %(line)d names “%(text)s” more than once: keep one of them.")
        wrong.append(said % {"line": row.line, "text": name[:60]})
    return PaperBallot(tiers, cell(LABELS), function, weight or 1)


def _ranked(row: Row, rest: Sequence[int], named: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Topics by the number in their column: equal numbers stand level, an empty cell is not ranked."""
    by_rank: dict[int, list[str]] = {}
    for at in rest:
        if (rank := _number(row.cells[at])) is not None:
            by_rank.setdefault(rank, []).append(named[at])
    return tuple(tuple(by_rank[rank]) for rank in sorted(by_rank))


def _written(row: Row, rest: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """Topics in the order of the columns; “A = B” in one cell stand level."""
    tiers = []
    for at in rest:
        value = row.cells[at]
        names = tuple(" ".join(part.split()) for part in str(value).split(" = ")) if value is not None else ()
        if kept := tuple(name for name in names if name):
            tiers.append(kept)
    return tuple(tiers)


def _number(value: object) -> int | None:
    text = str(value).strip().removesuffix(".0") if value is not None else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def function_of(text: str) -> str:
    """The code of a function written in either language; nothing for what is none."""
    wanted = fold(text)
    if not wanted:
        return ""
    for language in ("fr", "en"):
        with translation.override(language):
            for one in Function:
                if wanted in {one.value, fold(str(one.label))}:
                    return one.value
    return ""
