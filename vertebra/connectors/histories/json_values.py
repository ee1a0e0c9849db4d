"""Values of a JSON text that is never whole in memory, one after the other."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from vertebra.connectors.faults import Trouble
from vertebra.connectors.histories.jira_shape import whole
from vertebra.connectors.histories.packed import LONGEST_PIECE, PackedFile
from vertebra.kit.files.problems import Code

_BLANK = re.compile(r"[ \t\r\n]*")
# An error this near to the end of what was read may only come from where the text was cut.
_NEAR = 32
_DEEPEST = 500


class JsonValues:
    """Reads one value after the other from the text of a file."""

    def __init__(self, file: PackedFile) -> None:
        self._file = file
        self._chunks = file.text()
        self._letters = codecs.getincrementaldecoder("utf-8")()
        self._decode = json.JSONDecoder(strict=False).raw_decode
        self._text = ""
        self._at = 0
        self._counted = 0
        self._is_whole = False
        file.line = 1

    def line(self) -> int:
        """The line that reading has come to."""
        self._file.line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._file.line

    def peek(self) -> str:
        """The next character that is not blank; nothing at the end."""
        passed = 0
        while True:
            begin, self._at = self._at, _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            passed += self._at - begin
            if passed > LONGEST_PIECE:
                raise self._file.too_long()
            if not self._read(1):
                return ""

    def take(self, *wanted: str) -> str:
        """The next character, which has to be one of these."""
        found = self.peek()
        if not found:
            raise self._file.refused(Code.TRUNCATED, self.line())
        if found not in wanted:
            raise self._file.refused(Code.SYNTAX, self.line(), detail=f"{' or '.join(wanted)} expected")
        self._at += 1
        return found

    def value(self) -> Any:
        """The next value."""
        self.peek()
        while True:
            try:
                found, end = self._decode(self._text, self._at)
                if end < len(self._text) or isinstance(found, str | list | dict) or not self._read(1):
                    return self._taken(found, end)
            except RecursionError as error:
                raise self._file.refused(Code.TOO_DEEP, self.line(), limit=_DEEPEST) from error
            except ValueError as error:
                # As much again, so that a long value is not tried at every step.
                if self._is_final(error) or not self._read(len(self._text) - self._at):
                    raise self._broken(error) from error

    def _taken(self, found: Any, end: int) -> Any:
        text = self._text[self._at : end]
        self._at = end
        is_odd = "\\u" in text and ("\\ud" in text or "\\uD" in text or "\\u0000" in text)
        return whole(found) if is_odd else found

    def elements(self) -> Iterator[tuple[int, Any]]:
        """The values of a list, each with its line."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            self.peek()
            line = self.line()
            yield line, self.value()
            if self.take(",", "]") == "]":
                return

    def _read(self, wanted: int) -> bool:
        """Read on by so many characters at least, and let go of what was taken; whether there were any."""
        self.line()
        if len(self._text) - self._at > LONGEST_PIECE:
            raise self._file.too_long()
        read = [self._text[self._at :]]
        length = 0
        while length < wanted and not self._is_whole:
            chunk = next(self._chunks, None)
            self._is_whole = chunk is None
            try:
                read.append(self._letters.decode(chunk or b"", self._is_whole))
            except UnicodeError as error:
                raise self._file.refused(Code.ENCODING_UNKNOWN, encoding="UTF-8") from error
            length += len(read[-1])
        self._text, self._at, self._counted = "".join(read), 0, 0
        return length > 0

    def _is_final(self, error: ValueError) -> bool:
        """Whether more text would not make it better."""
        if not isinstance(error, json.JSONDecodeError):
            return True
        return not error.msg.startswith("Unterminated") and error.pos < len(self._text) - _NEAR

    def _broken(self, error: ValueError) -> Trouble:
        line = self.line()
        if not isinstance(error, json.JSONDecodeError):
            return self._file.refused(Code.SYNTAX, line, detail=str(error)[:200])
        is_cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text.rstrip()) - _NEAR
        if self._is_whole and is_cut:
            return self._file.refused(Code.TRUNCATED, line)
        line += self._text.count("\n", self._at, error.pos)
        return self._file.refused(Code.SYNTAX, line, detail=error.msg)
