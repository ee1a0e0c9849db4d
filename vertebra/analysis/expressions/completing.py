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
from vertebra.analysis.expressions.tokens import ExpressionError, Sort, tokens

MOST = 12
# What is being typed: a word, or a text that is not closed yet.
_BEGUN = re.compile(r"""(?:["“«‘][^"”»’]*|[^\W\d]\w*)\Z""")


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may be written next, in place of what stands from `start` on."""

    text: str
    start: int


def complete(text: str, at: int, seen: Mapping[str, Sequence[str]]) -> list[Completion]:
    """What may come at a place of an expression; `seen` has the values of fields."""
    before = text[:at]
    begun = _BEGUN.search(before)
    start = begun.start() if begun else at
    typed = before[start:].lstrip('"“«‘ ').casefold()
    expected, about = _expected(before[:start])
    offered = _offered(expected, about, seen)
    return [Completion(one, start) for one in offered if one.strip('"').casefold().startswith(typed)][:MOST]


def _expected(before: str) -> tuple[Expected, Operand | None]:
    """What the words so far ask for, and what they are about."""
    try:
        parser = Parser(tokens(before))
        parser.whole()
    except ExpressionError:
        if "parser" not in locals():
            return "sign", None
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
