"""JSON whose lists and mappings remember their line."""

from __future__ import annotations

import json
from bisect import bisect_right
from json import decoder, scanner
from typing import Any

from vertebra.kit.files.limits import Limits
from vertebra.kit.files.lined_yaml import Lines
from vertebra.kit.files.problems import Code, refuse


class _Located(json.JSONDecoder):
    """The library's own decoder, which notes where each list and mapping starts."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__()
        self.name, self.limits = name, limits
        self.places: dict[int, int] = {}
        self.depth = 0
        self.parse_object = self._object
        self.parse_array = self._array
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > self.limits.max_depth:
            raise refuse(self.name, Code.TOO_DEEP, limit=self.limits.max_depth)
        if len(self.places) > self.limits.max_values:
            raise refuse(self.name, Code.TOO_MANY_VALUES, limit=self.limits.max_values)

    def _object(self, start: tuple[str, int], *arguments: Any) -> tuple[Any, int]:
        self._enter()
        made, end = decoder.JSONObject(start, *arguments)  # type: ignore[attr-defined]
        self.depth -= 1
        self.places[id(made)] = start[1] - 1
        return made, end

    def _array(self, start: tuple[str, int], *arguments: Any) -> tuple[Any, int]:
        self._enter()
        made, end = decoder.JSONArray(start, *arguments)  # type: ignore[attr-defined]
        self.depth -= 1
        self.places[id(made)] = start[1] - 1
        return made, end


def load(text: str, name: str, limits: Limits) -> tuple[Any, Lines]:
    """The value of a JSON text and the lines of what it holds."""
    located = _Located(name, limits)
    try:
        value = located.decode(text)
    except json.JSONDecodeError as error:
        code = Code.TRUNCATED if error.pos >= len(text.rstrip()) else Code.SYNTAX
        raise refuse(name, code, line=error.lineno, column=str(error.colno), detail=error.msg) from error
    except RecursionError as error:
        raise refuse(name, Code.TOO_DEEP, limit=limits.max_depth) from error
    except ValueError as error:
        raise refuse(name, Code.SYNTAX, detail=str(error)[:200]) from error
    ends = [at for at, character in enumerate(text) if character == "\n"] if "\n" in text else []
    return value, {made: bisect_right(ends, place) + 1 for made, place in located.places.items()}
