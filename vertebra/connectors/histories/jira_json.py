"""Files of Jira's REST API: one issue a line, a list of issues, or whole answers to a search."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.jira_issues import Choice, IssueReader
from vertebra.connectors.histories.jira_shape import Issue, Strange, is_damaged, loaded, mended, shape_with
from vertebra.connectors.histories.json_values import JsonValues
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.histories.packed import LONGEST_PIECE, PackedFile
from vertebra.connectors.trail import Flaw, FlawCode, Item
from vertebra.kit.files.problems import Code

_NAMES = b'"names"'
_LONGEST_NAMES = 1 << 20
# A field whose value looks like a list of sprints.
_SPRINTS = re.compile(
    rb'"(customfield_\d+)"\s*:\s*\[\s*(?:"com\.atlassian\.greenhopper|\{\s*"id"\s*:\s*\d+\s*,[^{}\[\]]{0,500}?"state"\s*:\s*"'
    rb'(?:active|closed|future)")'
)


class _Line(msgspec.Struct):
    """What tells whether lines are issues or answers."""

    issues: msgspec.Raw = msgspec.Raw(b"")
    names: dict[str, str] | None = None


class JiraJsonFile:
    """A file of issues with, or without, their changelogs."""

    def __init__(self, file: PackedFile, mapping: Mapping[str, str], now: dt.datetime) -> None:
        self._file = file
        self._mapping = mapping
        self._noted = Noted(file.name, now)
        self._shape = Issue
        self._reader: IssueReader

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single issues."""
        return self._noted.flaws

    def items(self) -> Iterator[Item]:
        """The issues as items, in the order of the file."""
        head = next(self._file.text(), b"")
        first = _first_line(head)
        names = (first.names if first is not None else _names(self._file)) or {}
        shown = {"sprint": found[1].decode()} if (found := _SPRINTS.search(head)) else {}
        choice = Choice(self._mapping, names, shown)
        self._shape = shape_with(choice.all)
        self._reader = IssueReader(choice, self._noted)
        taken = 0
        for item in self._lines() if first is not None else self._values():
            taken += 1
            yield item
        codes = {flaw.code for flaw in self._noted.flaws}
        if not taken and codes and codes <= {FlawCode.NOT_AN_ITEM, FlawCode.MORE}:
            raise Trouble(Fault.FORM_STRANGE, file=self._file.name, form="jira")

    def _lines(self) -> Iterator[Item]:
        decode = msgspec.json.Decoder(self._shape).decode
        read = self._reader.item
        for number, line in self._file.lines():
            try:
                issue = self._mended(self._loaded(line), number) if is_damaged(line) else decode(line)
            except (msgspec.MsgspecError, RecursionError, UnicodeError):
                issue = self._mended(self._loaded(line), number)
            if issue is not None and (item := read(issue, number)) is not None:
                yield item

    def _loaded(self, line: bytes) -> Any:
        """A line that is not as expected, read with more patience."""
        try:
            return loaded(line)
        except RecursionError as error:
            raise self._file.refused(Code.TOO_DEEP, limit=500) from error
        except UnicodeError as error:
            raise self._file.refused(Code.ENCODING_UNKNOWN, encoding="UTF-8") from error
        except ValueError as error:
            text = line.rstrip()
            is_cut = str(error).startswith("Unterminated") or getattr(error, "pos", 0) >= len(text.decode())
            code = Code.TRUNCATED if is_cut else Code.SYNTAX
            raise self._file.refused(code, detail=getattr(error, "msg", str(error))[:200]) from error

    def _values(self) -> Iterator[Item]:
        for line, value in self._found(JsonValues(self._file)):
            answers = value.get("issues") if isinstance(value, dict) else None
            for one in answers if isinstance(answers, list) else [value]:
                issue = self._mended(one, line)
                if issue is not None and (item := self._reader.item(issue, line)) is not None:
                    yield item

    def _found(self, values: JsonValues) -> Iterator[tuple[int, Any]]:
        """What may be an issue: the values of lists and of `issues`, and objects that hold none."""
        while start := values.peek():
            if start == "[":
                yield from values.elements()
            elif start == "{":
                yield from self._of_object(values)
            else:
                yield values.line(), values.value()

    def _of_object(self, values: JsonValues) -> Iterator[tuple[int, Any]]:
        line = values.line()
        values.take("{")
        rest: dict[str, Any] = {}
        is_answer = False
        end = values.take("}") if values.peek() == "}" else ","
        while end == ",":
            if values.peek() != '"':
                values.take('"')
            name = values.value()
            values.take(":")
            if name == "issues" and values.peek() == "[":
                is_answer = True
                yield from values.elements()
            else:
                rest[name] = values.value()
            end = values.take(",", "}")
        if not is_answer:
            yield line, rest

    def _mended(self, value: Any, line: int) -> Issue | None:
        """The issue that a value is, without what is odd in it."""
        key = str(value.get("key") or value.get("id") or "")[:100] if isinstance(value, dict) else ""
        try:
            issue, odd = mended(value, self._shape)
        except Strange:
            self._noted.add(FlawCode.ITEM_UNREADABLE if key else FlawCode.NOT_AN_ITEM, line, key=key)
            return None
        except RecursionError as error:
            raise self._file.refused(Code.TOO_DEEP, line, limit=500) from error
        for field in odd:
            self._noted.add(FlawCode.VALUE_ODD, line, key=key, field=field)
        return issue


def _first_line(head: bytes) -> _Line | None:
    """The first line, if lines are issues; nothing if the file has to be read value by value."""
    line, newline, _rest = head.lstrip().partition(b"\n")
    if not newline:
        return None
    try:
        first = msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None
    return None if bytes(first.issues) else first


def _names(file: PackedFile) -> dict[str, str]:
    """What an answer to a search calls its fields; it says so after the issues."""
    kept = b""
    unquoted = 0
    for chunk in file.text():
        unquoted = 0 if b'"' in chunk else unquoted + len(chunk)
        if unquoted > LONGEST_PIECE:
            raise file.too_long()
        text = kept + chunk
        kept = text[-len(_NAMES) :]
        at = text.find(_NAMES)
        while at >= 0:
            if names := _names_at(text[at + len(_NAMES) : at + _LONGEST_NAMES]):
                return names
            if len(kept) <= len(_NAMES) and len(text) - at < _LONGEST_NAMES:
                kept = text[at:]  # may go on in what comes next
            at = text.find(_NAMES, at + 1)
    return {}


def _names_at(text: bytes) -> dict[str, str]:
    """The names of fields that a text begins with, if it does."""
    _colon, _, rest = text.decode("utf-8", "replace").partition(":")
    try:
        found, _end = json.JSONDecoder().raw_decode(rest.lstrip())
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found.values()):
        return {}
    return found if any(field.startswith("customfield_") for field in found) else {}
