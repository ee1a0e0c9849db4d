"""An expression as a filter of Ibis over the columns of `work.states`: a tree of values, never a text of SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import ibis

from vertebra.analysis.expressions.names import Type
from vertebra.analysis.expressions.parsing import (
    All,
    Call,
    Compared,
    Contains,
    Day,
    Expression,
    Field,
    Holds,
    IsEmpty,
    Not,
    OneOf,
    Operand,
    Value,
)
from vertebra.analysis.fields import own_field

_SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compiled(expression: Expression, states: Any) -> Any:
    """Yes or no for each row of the states, on its own day (`today`); what is not known is no."""
    return _Compiler(states).of(expression)


class _Compiler:
    def __init__(self, states: Any) -> None:
        self.states, self.today = states, states["today"]

    def of(self, node: Expression) -> Any:
        """One part of the tree; each is yes or no, so that “not” has its plain meaning."""
        if isinstance(node, Not):
            return ~self.of(node.one)
        if isinstance(node, All):
            join = operator.or_ if node.is_any else operator.and_
            found = self.of(node.parts[0])
            for part in node.parts[1:]:
                found = join(found, self.of(part))
            return found
        return self._plain(node).fill_null(False)

    def _plain(self, node: Compared | OneOf | Contains | IsEmpty | Holds) -> Any:
        if isinstance(node, Compared):
            return _SIGNS[node.sign](self.value(node.one), self.value(node.other))
        if isinstance(node, OneOf):
            return self.value(node.one).isin([self.value(one) for one in node.values])
        if isinstance(node, Holds):
            return self.value(node.one)
        if isinstance(node, IsEmpty):
            return self._empty(node.one)
        if node.one.type is Type.WORDS:
            return self.value(node.one).contains(ibis.literal(node.text.lower()))
        return self.value(node.one).contains(ibis.literal(node.text.lower()))

    def _empty(self, field: Field) -> Any:
        value = self.value(field)
        if field.type is Type.WORDS:
            return value.isnull() | (value.length() == 0)
        return value.isnull() | (value == "") if field.type is Type.TEXT else value.isnull()

    def value(self, node: Operand) -> Any:
        """A value of each row; texts are compared without regard to capitals."""
        if isinstance(node, Value):
            return ibis.literal(node.value.lower() if isinstance(node.value, str) else node.value)
        if isinstance(node, Day):
            return (self.today + ibis.interval(days=node.days)).cast("date")
        if isinstance(node, Call):
            return self._called(node)
        if node.is_own:
            return own_field(self.states, node.name, otherwise="").lower()
        column = self.states[node.name]
        if node.type is Type.WORDS:
            return column.map(lambda word: word.lower())
        return column.lower() if node.type is Type.TEXT else column

    def _called(self, node: Call) -> Any:
        value = self.value(node.of)
        if node.name == "days_since":
            return self.today.delta(value, unit="day")
        return value.length()
