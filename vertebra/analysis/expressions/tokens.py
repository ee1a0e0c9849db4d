"""An expression cut into words, numbers, days, texts and signs, each with where it stands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 2_000
LONGEST_TEXT = 200
LARGEST = 1_000_000_000


class Sort(StrEnum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


class Wrong(StrEnum):
    """What can be wrong with an expression."""

    EMPTY = "empty"
    TOO_LONG = "too_long"  # limit
    TOO_DEEP = "too_deep"  # limit
    TOO_MANY = "too_many"  # limit
    STRANGE_SIGN = "strange_sign"  # found
    TEXT_OPEN = "text_open"
    TEXT_LONG = "text_long"  # limit
    NUMBER_LARGE = "number_large"  # limit
    NO_SUCH_DAY = "no_such_day"  # found
    UNKNOWN_NAME = "unknown_name"  # found, near
    UNKNOWN_CATEGORY = "unknown_category"  # found
    IS_OF_PEOPLE = "is_of_people"  # found
    EXPECTED_VALUE = "expected_value"  # found
    EXPECTED_COMPARISON = "expected_comparison"  # found
    EXPECTED_SIGN = "expected_sign"  # sign, found
    NOT_TOGETHER = "not_together"  # one, other
    NOT_FOR = "not_for"  # what, kind
    NOT_YES_OR_NO = "not_yes_or_no"
    LEFT_OVER = "left_over"  # found


class ExpressionError(Exception):
    """An expression that says nothing: a code, where it stands (from 0), how long it is, and its particulars."""

    def __init__(self, code: Wrong, at: int, length: int = 1, **particulars: str) -> None:
        super().__init__(f"{code.value} at {at}")
        self.code, self.at, self.length, self.particulars = code, at, max(length, 1), particulars


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression: what it is, as written, its value, where it begins."""

    sort: Sort
    text: str
    at: int
    value: str | float | dt.date = ""

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.at + len(self.text)


_SPACE = re.compile(r"\s+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\w)", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?![\w.])", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w*")
_SIGN = re.compile(r"<=|>=|!=|[=<>(),+-]")
# No work item holds these, and an engine may stumble over them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# As they are typed, and as word processors make them.
_CLOSED_BY = {'"': '"', "'": "'", "“": "”", "«": "»", "‘": "’"}


def tokens(text: str) -> list[Token]:
    """The pieces of an expression, with an end behind them."""
    if len(text) > LONGEST:
        raise ExpressionError(Wrong.TOO_LONG, LONGEST, limit=str(LONGEST))
    return [*_pieces(text), Token(Sort.END, "", len(text))]


def _pieces(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if found := _SPACE.match(text, at):
            at = found.end()
            continue
        token = _quoted(text, at) if text[at] in _CLOSED_BY else _plain(text, at)
        yield token
        at = token.end


def _quoted(text: str, at: int) -> Token:
    end = text.find(_CLOSED_BY[text[at]], at + 1)
    if end < 0:
        raise ExpressionError(Wrong.TEXT_OPEN, at, len(text) - at)
    value = text[at + 1 : end].strip("\u00a0\u202f ") if text[at] == "«" else text[at + 1 : end]
    if len(value) > LONGEST_TEXT:
        raise ExpressionError(Wrong.TEXT_LONG, at, end + 1 - at, limit=str(LONGEST_TEXT))
    if found := _CONTROL.search(value):
        raise ExpressionError(Wrong.STRANGE_SIGN, text.index(found[0], at), found=found[0])
    return Token(Sort.TEXT, text[at : end + 1], at, value)


def _plain(text: str, at: int) -> Token:
    if found := _DAY.match(text, at):
        try:
            return Token(Sort.DAY, found[0], at, dt.date.fromisoformat(found[0]))
        except ValueError:
            raise ExpressionError(Wrong.NO_SUCH_DAY, at, len(found[0]), found=found[0]) from None
    if found := _NUMBER.match(text, at):
        if len(found[0]) > 20 or float(found[0]) > LARGEST:
            raise ExpressionError(Wrong.NUMBER_LARGE, at, len(found[0]), limit=str(LARGEST))
        return Token(Sort.NUMBER, found[0], at, float(found[0]))
    if found := _NAME.match(text, at):
        return Token(Sort.NAME, found[0], at, found[0].casefold())
    if found := _SIGN.match(text, at):
        return Token(Sort.SIGN, found[0], at, found[0])
    raise ExpressionError(Wrong.STRANGE_SIGN, at, found=text[at])
