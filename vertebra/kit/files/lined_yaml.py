"""YAML whose lists and mappings remember their line; aliases and depth are counted before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, Problem, refuse

# Lines of the lists and mappings of a document, by identity (they live as long as it does), and of their keys.
Lines = dict[int | tuple[int, str], int]

# PyYAML built without its C part still has the slow one; the stubs know neither well.
_Parser: Any = getattr(getattr(yaml, "cyaml", yaml), "CParser", yaml.Loader)

_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# As YAML 1.2 has it: the country code NO is no boolean.
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def plain_value(text: str) -> Any:
    """What an unquoted word of YAML stands for; a code with leading zeros stays text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    first = text[0]
    if first.isdigit() or first in "+-.":
        if _INTEGER.fullmatch(text):
            return int(text)
        if found := _DATE.fullmatch(text):
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return text
        if (len(text) < 40 and not text.startswith("0") and _FLOAT.fullmatch(text)) or text.startswith("0."):
            try:
                return float(text)
            except ValueError:
                return text
    return text


class _Builder:
    """Builds plain values from the events of the parser, never more of them than allowed."""

    def __init__(self, name: str, limits: Limits, first_line: int) -> None:
        self.name, self.limits, self.first_line = name, limits, first_line
        self.lines: Lines = {}
        self.problems: list[Problem] = []
        self.values = 0
        self.aliased = 0
        self.anchors: dict[str, tuple[Any, int]] = {}

    def _count(self, line: int) -> None:
        self.values += 1
        if self.values > self.limits.max_values:
            raise refuse(self.name, Code.TOO_MANY_VALUES, line=line, limit=self.limits.max_values)

    def node(self, parser: Any, event: Any, depth: int) -> Any:
        line = event.start_mark.line + self.first_line
        self._count(line)
        if depth > self.limits.max_depth:
            raise refuse(self.name, Code.TOO_DEEP, line=line, limit=self.limits.max_depth)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, line)
        before = self.values + self.aliased - 1
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            is_plain = event.implicit[0] and not event.style
            value = plain_value(event.value) if is_plain else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            self.lines[id(value)] = line
            while not isinstance(inner := parser.get_event(), yaml.SequenceEndEvent):
                value.append(self.node(parser, inner, depth + 1))
        else:
            value = self._mapping(parser, line, depth)
        if event.anchor:
            # Kept with what it weighs, so that repeating it counts as much as writing it again.
            self.anchors[event.anchor] = (value, self.values + self.aliased - before)
        return value

    def _alias(self, event: Any, line: int) -> Any:
        if event.anchor not in self.anchors:
            raise refuse(self.name, Code.SYNTAX, line=line, detail=f"*{event.anchor}"[:100])
        value, weight = self.anchors[event.anchor]
        self.aliased += weight
        if self.aliased > self.limits.max_aliased_values:
            raise refuse(self.name, Code.TOO_MANY_ALIASES, line=line, limit=self.limits.max_aliased_values)
        return value

    def _mapping(self, parser: Any, line: int, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: list[Any] = []
        self.lines[id(made)] = line
        while not isinstance(event := parser.get_event(), yaml.MappingEndEvent):
            key_line = event.start_mark.line + self.first_line
            is_merge = isinstance(event, yaml.ScalarEvent) and event.value == "<<" and not event.style
            # Keys stay as written: `on`, `no` and 2024 are words here.
            if isinstance(event, yaml.ScalarEvent):
                self._count(key_line)
                key = event.value
                if event.anchor:
                    self.anchors[event.anchor] = (key, 1)
            else:
                key = self.node(parser, event, depth + 1)
                if not isinstance(key, str):
                    raise refuse(self.name, Code.SYNTAX, line=key_line, detail="? […]")
            value = self.node(parser, parser.get_event(), depth + 1)
            if is_merge:
                merged += value if isinstance(value, list) else [value]
            else:
                if key in made:
                    # As other readers of YAML do, the last one counts; unlike them, it is said.
                    problem = Problem(self.name, key_line, key[:100], Code.REPEATED_KEY, {"key": key[:100]})
                    self.problems.append(problem)
                made[key] = value
                self.lines[id(made), key] = key_line
        for other in merged:
            if isinstance(other, dict):
                for key, value in other.items():
                    made.setdefault(key, value)
        return made


def load_documents(
    text: str, name: str, limits: Limits, first_line: int = 1
) -> Iterator[tuple[Any, int, Lines, list[Problem]]]:
    """Each document of a YAML text: its value, line, the lines of what it holds, and its faults."""
    try:
        parser: Any = _Parser(text)
    except (yaml.YAMLError, ValueError) as error:
        raise _syntax(error, name, first_line) from error
    try:
        parser.get_event()
        while not isinstance(parser.get_event(), yaml.StreamEndEvent):
            builder = _Builder(name, limits, first_line)
            start = parser.get_event()
            line = start.start_mark.line + first_line
            value = builder.node(parser, start, 1)
            parser.get_event()
            yield value, line, builder.lines, builder.problems
    except (yaml.YAMLError, ValueError) as error:
        raise _syntax(error, name, first_line) from error
    finally:
        parser.dispose()


def _syntax(error: Exception, name: str, first_line: int) -> Exception:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + first_line if mark else None
    column = str(mark.column + 1) if mark else None
    detail = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    if isinstance(error, yaml.reader.ReaderError):
        found = error.character
        number = found if isinstance(found, int) else ord(str(found)[:1] or "?")
        return refuse(name, Code.UNPRINTABLE, character=f"U+{number:04X}")
    return refuse(name, Code.SYNTAX, line=line, column=column, detail=str(detail)[:200])
