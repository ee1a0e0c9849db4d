"""What may come next in an expression: names, comparisons, values that were seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vertebra.analysis.expressions.names import (
    CATEGORIES,
    COMPARISONS,
    FIELDS,
    FUNCTIONS,
    OWN_FIELD,
    TODAY,
    Type,
)
from vertebra.analysis.expressions.parsing import Expected, Field, Operand, Parser
from vertebra.analysis.expressions.tokens import ExpressionError, Sort, Wrong, tokens

MOST = 12
_WORD = re.compile(r"[^\W\d]\w*\Z")


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may be written next, in place of what stands from `start` on."""

    text: str
    start: int


def complete(text: str, at: int, seen: Mapping[str, Sequence[str]]) -> list[Completion]:
    """What may come at a place of an expression; `seen` has the values of fields."""
    before = text[:at]
    start = _begun(before)
    typed = before[start:].lstrip('"“«‘ ').casefold()
    expected, about = _expected(before[:start])
    offered = _offered(expected, about, seen)
    return [Completion(one, start) for one in offered if one.strip('"').casefold().startswith(typed)][:MOST]


def _begun(before: str) -> int:
    """Where what is being typed begins: a word, or a text whose quotation mark is not closed yet."""
    try:
        tokens(before)
    except ExpressionError as wrong:
        if wrong.code is Wrong.TEXT_OPEN:
            return wrong.at
    found = _WORD.search(before)
    return found.start() if found else len(before)


def _expected(before: str) -> tuple[Expected, Operand | None]:
    """What the words so far ask for, and what they are about."""
    try:
        parser = Parser(tokens(before))
    except ExpressionError:
        return "sign", None
    try:
        parser.whole()
    except ExpressionError:
        # Wrong before its end: nothing that follows would mend it.
        if parser.now.sort is not Sort.END:
            return "sign", None
    return parser.expected, parser.about


def _offered(expected: Expected, about: Operand | None, seen: Mapping[str, Sequence[str]]) -> list[str]:
    if expected == "value":
        calls = [f"{name}(" for name in (*FUNCTIONS, OWN_FIELD)]
        return [*FIELDS, *calls, "not", TODAY]
    if expected == "and":
        return ["and", "or"]
    if expected == "comparison" and about is not None:
        return _comparisons(about.type)
    if expected == "text" and about is not None:
        return _values(about, seen)
    return []


def _comparisons(of: Type) -> list[str]:
    if of is Type.YES:
        return ["and", "or"]
    if of is Type.WORDS:
        return ["contains", "is empty", "is not empty"]
    if of is Type.TEXT:
        return ["=", "!=", "in (", "contains", "is empty", "is not empty"]
    return [*COMPARISONS, "is empty", "is not empty"]


def _values(about: Operand, seen: Mapping[str, Sequence[str]]) -> list[str]:
    if about.type is Type.DAY:
        return [TODAY]
    if not isinstance(about, Field):
        return []
    known = CATEGORIES if about.name == "category" and not about.is_own else seen.get(about.name, ())
    return [f'"{one}"' for one in known if '"' not in one]
