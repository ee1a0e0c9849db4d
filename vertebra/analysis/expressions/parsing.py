"""An expression read into a tree of known kinds; whatever cannot be a check is refused with where and why."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from typing import Literal

from vertebra.analysis.expressions.names import (
    CATEGORIES,
    COMPARISONS,
    FIELDS,
    FUNCTIONS,
    OWN_FIELD,
    PEOPLE,
    TODAY,
    WORDS,
    Type,
)
from vertebra.analysis.expressions.tokens import ExpressionError, Sort, Token, Wrong, tokens

DEEPEST = 30
MOST_PARTS = 150


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a work item; `own` is one of the tool's that was chosen for it."""

    name: str
    type: Type
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """Something written down: a text, a number, a day."""

    value: str | float | dt.date
    type: Type


@dataclass(frozen=True, slots=True)
class Day:
    """So many days after today, or before."""

    days: int
    type: Type = Type.DAY


@dataclass(frozen=True, slots=True)
class Call:
    """What is counted of one field."""

    name: str
    of: Field
    type: Type


Operand = Field | Value | Day | Call


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values beside each other."""

    sign: str
    one: Operand
    other: Operand


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value is one of some."""

    one: Operand
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """A text has another in it, or a list has a word."""

    one: Field
    text: str


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """Nothing stands in a field."""

    one: Field


@dataclass(frozen=True, slots=True)
class Holds:
    """A field that is itself a yes or a no."""

    one: Field


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    one: Expression


@dataclass(frozen=True, slots=True)
class All:
    """Each of these, or (`is_any`) at least one."""

    parts: tuple[Expression, ...]
    is_any: bool = False


Expression = Compared | OneOf | Contains | IsEmpty | Holds | Not | All
Expected = Literal["value", "comparison", "and", "text", "sign"]


def parse(text: str) -> Expression:
    """The tree of an expression; raises ExpressionError with where it stands and what is wrong."""
    if not text.strip():
        raise ExpressionError(Wrong.EMPTY, 0)
    return Parser(tokens(text)).whole()


class Parser:
    """Reads tokens from the left; knows at its end what might come next."""

    def __init__(self, pieces: list[Token]) -> None:
        self.pieces = pieces
        self.place = 0
        self.depth = 0
        self.parts = 0
        # What stood last on the left, whose values may come next.
        self.about: Operand | None = None
        self.expected: Expected = "value"

    @property
    def now(self) -> Token:
        """The token that is next."""
        return self.pieces[self.place]

    def whole(self) -> Expression:
        """Everything, to the end."""
        found = self.any_of()
        if self.now.sort is not Sort.END:
            raise ExpressionError(Wrong.LEFT_OVER, self.now.at, len(self.now.text), found=self.now.text)
        return found

    def any_of(self) -> Expression:
        """Parts with `or` between them."""
        return self._joined("or")

    def _joined(self, word: Literal["and", "or"]) -> Expression:
        read = self._negated if word == "and" else lambda: self._joined("and")
        parts = [read()]
        self.expected = "and"
        while self._takes(word):
            parts.append(read())
            self.expected = "and"
        return parts[0] if len(parts) == 1 else All(tuple(parts), is_any=word == "or")

    def _takes(self, *words: str) -> bool:
        """Whether the next words are these; they are taken if so."""
        ahead = self.pieces[self.place : self.place + len(words)]
        if [piece.value for piece in ahead if piece.sort in (Sort.NAME, Sort.SIGN)] != list(words):
            return False
        self.place += len(words)
        return True

    def _negated(self) -> Expression:
        """A part, or what it is not."""
        self._deeper()
        self.expected = "value"
        if self._takes("not"):
            found: Expression = Not(self._negated())
        elif self._takes("("):
            found = self.any_of()
            self._needs(")")
        else:
            found = self._comparison()
        self.depth -= 1
        return found

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(Wrong.TOO_DEEP, self.now.at, limit=str(DEEPEST))
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise ExpressionError(Wrong.TOO_MANY, self.now.at, limit=str(MOST_PARTS))

    def _needs(self, sign: str) -> None:
        if not self._takes(sign):
            self.expected = "sign"
            raise self._unexpected(Wrong.EXPECTED_SIGN, sign=sign)

    def _unexpected(self, code: Wrong, **particulars: str) -> ExpressionError:
        return ExpressionError(code, self.now.at, len(self.now.text), found=self.now.text, **particulars)

    def _comparison(self) -> Expression:
        begin = self.now
        one = self.operand()
        self.about, self.expected = one, "comparison"
        if self._takes("is", "not", "empty"):
            return Not(IsEmpty(self._field(one, begin, "is empty")))
        if self._takes("is", "empty"):
            return IsEmpty(self._field(one, begin, "is empty"))
        if self._takes("contains"):
            return self._contains(one, begin)
        if self._takes("not", "in"):
            return Not(self._one_of(one))
        if self._takes("in"):
            return self._one_of(one)
        if self.now.sort is Sort.SIGN and self.now.text in COMPARISONS:
            return self._beside(one)
        if one.type is Type.YES and isinstance(one, Field):
            return Holds(one)
        if self.now.sort is Sort.END or self._goes_on():
            raise ExpressionError(Wrong.NOT_YES_OR_NO, begin.at, len(begin.text), found=begin.text)
        raise self._unexpected(Wrong.EXPECTED_COMPARISON)

    def _goes_on(self) -> bool:
        return self.now.value in ("and", "or", ")")

    def _field(self, one: Operand, begin: Token, what: str) -> Field:
        if not isinstance(one, Field) or one.type is Type.YES:
            raise ExpressionError(
                Wrong.NOT_FOR, begin.at, len(begin.text), what=what, kind=one.type, found=begin.text
            )
        return one

    def _contains(self, one: Operand, begin: Token) -> Contains:
        if one.type not in (Type.TEXT, Type.WORDS):
            raise ExpressionError(
                Wrong.NOT_FOR, begin.at, len(begin.text), what="contains", kind=one.type, found=begin.text
            )
        field = self._field(one, begin, "contains")
        self.expected = "text"
        if self.now.sort is not Sort.TEXT:
            raise self._unexpected(Wrong.EXPECTED_VALUE)
        self.place += 1
        return Contains(field, str(self.pieces[self.place - 1].value))

    def _one_of(self, one: Operand) -> OneOf:
        self._needs("(")
        values = [self._value_like(one)]
        while self._takes(","):
            values.append(self._value_like(one))
        self._needs(")")
        return OneOf(one, tuple(values))

    def _value_like(self, one: Operand) -> Value:
        self._deeper()
        self.depth -= 1
        self.expected = "text"
        begin = self.now
        found = self.operand()
        if not isinstance(found, Value):
            raise ExpressionError(Wrong.EXPECTED_VALUE, begin.at, len(begin.text), found=begin.text)
        self._same(one, found, begin)
        return found

    def _beside(self, one: Operand) -> Compared:
        sign = self.now
        self.place += 1
        self.expected = "text"
        begin = self.now
        other = self.operand()
        self._same(one, other, begin)
        if one.type not in (Type.NUMBER, Type.DAY) and sign.text not in ("=", "!="):
            raise ExpressionError(
                Wrong.NOT_FOR, sign.at, len(sign.text), what=sign.text, kind=one.type, found=sign.text
            )
        return Compared(sign.text, one, other)

    def _same(self, one: Operand, other: Operand, at: Token) -> None:
        """Only like can be beside like, and a category is one of three."""
        if one.type is not other.type or one.type in (Type.WORDS, Type.YES):
            raise ExpressionError(
                Wrong.NOT_TOGETHER, at.at, len(at.text), one=one.type, other=other.type, found=at.text
            )
        is_category = isinstance(one, Field) and one.name == "category" and not one.is_own
        if is_category and isinstance(other, Value) and other.value not in CATEGORIES:
            raise ExpressionError(Wrong.UNKNOWN_CATEGORY, at.at, len(at.text), found=str(other.value))

    def operand(self) -> Operand:
        """A value: written down, of a field, counted of a field, or a day seen from today."""
        token = self.now
        written = {Sort.TEXT: Type.TEXT, Sort.NUMBER: Type.NUMBER, Sort.DAY: Type.DAY}
        if token.sort in written:
            self.place += 1
            return Value(token.value, written[token.sort])
        if token.sort is not Sort.NAME or token.value in WORDS:
            raise self._unexpected(Wrong.EXPECTED_VALUE)
        self.place += 1
        name = str(token.value)
        if name == TODAY:
            return self._day()
        if name == OWN_FIELD:
            return self._own()
        if name in FUNCTIONS:
            return self._call(name)
        if name in FIELDS:
            return Field(name, FIELDS[name])
        raise _unknown(token)

    def _day(self) -> Day:
        sign = self.now.text
        if sign not in ("+", "-"):
            return Day(0)
        self.place += 1
        if self.now.sort is not Sort.NUMBER or float(str(self.now.value)) > 36_500:
            raise self._unexpected(Wrong.EXPECTED_VALUE)
        days = int(float(str(self.now.value)))
        self.place += 1
        return Day(days if sign == "+" else -days)

    def _own(self) -> Field:
        self._needs("(")
        token = self.now
        if token.sort is not Sort.TEXT or not token.value:
            raise self._unexpected(Wrong.EXPECTED_VALUE)
        if str(token.value).casefold() in PEOPLE:
            raise ExpressionError(Wrong.IS_OF_PEOPLE, token.at, len(token.text), found=str(token.value))
        self.place += 1
        self._needs(")")
        return Field(str(token.value), Type.TEXT, is_own=True)

    def _call(self, name: str) -> Call:
        takes, gives = FUNCTIONS[name]
        self._needs("(")
        begin = self.now
        of = self.operand()
        if not isinstance(of, Field) or of.type not in takes:
            raise ExpressionError(
                Wrong.NOT_FOR, begin.at, len(begin.text), what=name, kind=of.type, found=begin.text
            )
        self._needs(")")
        return Call(name, of, gives)


def _unknown(token: Token) -> ExpressionError:
    if token.value in PEOPLE:
        return ExpressionError(Wrong.IS_OF_PEOPLE, token.at, len(token.text), found=token.text)
    known = [*FIELDS, *FUNCTIONS, TODAY, OWN_FIELD]
    near = difflib.get_close_matches(str(token.value)[:40], known, n=1)
    return ExpressionError(
        Wrong.UNKNOWN_NAME, token.at, len(token.text), found=token.text, near=near[0] if near else ""
    )
