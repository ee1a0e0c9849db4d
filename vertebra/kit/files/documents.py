"""Documents: YAML, JSON, JSON Lines, TOML and Markdown as plain values that know their lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import msgspec

from vertebra.kit.files import lined_json, lined_yaml, prose
from vertebra.kit.files.encodings import Source, read_text
from vertebra.kit.files.limits import DEFAULT, Limits
from vertebra.kit.files.lined_yaml import Lines
from vertebra.kit.files.problems import Code, Problem, Refused, refuse
from vertebra.kit.files.suffixes import FORMAT_OF_SUFFIX, Format

# Neither a blank of any kind nor the mark some editors put first.
SOMETHING = re.compile(r"[^\s\ufeff]")


@dataclass(slots=True)
class Document:
    """One document of a file: its value, its line, and the lines of the lists and mappings inside."""

    file: str
    line: int
    value: Any
    lines: Lines = field(default_factory=dict)

    def line_of(self, node: object, key: str | None = None) -> int | None:
        """The line of a list or mapping of this document, or of a key of it, if it is known."""
        line = self.lines.get(id(node))
        return line if key is None else self.lines.get((id(node), key), line)


@dataclass(slots=True)
class Documents:
    """The documents of one file, and what was wrong with the rest of it."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_document(
    source: Source, name: str, *, format: Format | None = None, limits: Limits = DEFAULT
) -> Documents:
    """Read every document of a file; what is wrong is told, never raised."""
    found = Documents()
    chosen = format or FORMAT_OF_SUFFIX.get(PurePath(name).suffix.lower())
    try:
        if chosen is None:
            raise refuse(name, Code.FORMAT_UNKNOWN, suffix=PurePath(name).suffix or "?")
        text = read_text(source, name, limits)
        if SOMETHING.search(text) is None:
            raise refuse(name, Code.FILE_EMPTY)
        for document in _READERS[chosen](text.removeprefix("\ufeff"), name, limits, found.problems):
            found.documents.append(document)
    except Refused as refusal:
        found.problems.append(refusal.problem)
    except RecursionError:
        found.problems.append(Problem(name, None, None, Code.TOO_DEEP, {"limit": limits.max_depth}))
    return found


Reader = Callable[[str, str, Limits, list[Problem]], Iterator[Document]]


def _yaml(text: str, name: str, limits: Limits, problems: list[Problem]) -> Iterator[Document]:
    for value, line, lines, faults in lined_yaml.load_documents(text, name, limits):
        problems += faults
        if value is not None:
            yield Document(name, line, value, lines)


def _json(text: str, name: str, limits: Limits, problems: list[Problem]) -> Iterator[Document]:
    value, lines = lined_json.load(text, name, limits)
    yield Document(name, 1, value, lines)


def _json_lines(text: str, name: str, limits: Limits, problems: list[Problem]) -> Iterator[Document]:
    decode = msgspec.json.Decoder().decode
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        if number > limits.max_rows:
            raise refuse(name, Code.TOO_MANY_ROWS, line=number, limit=limits.max_rows)
        try:
            yield Document(name, number, decode(line))
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            try:
                yield Document(name, number, json.loads(line))
            except (ValueError, RecursionError) as error:
                detail = getattr(error, "msg", error)
                problems.append(Problem(name, number, None, Code.SYNTAX, {"detail": str(detail)[:200]}))


_TOML_PLACE = re.compile(r"(.*?)\(at line (\d+), column (\d+)\)")
_TOML_HEADING = re.compile(r"(\[\[?)([^\[\]]{1,300})\]\]?\s*(?:#.*)?")


def _toml(text: str, name: str, limits: Limits, problems: list[Problem]) -> Iterator[Document]:
    value, lines = _load_toml(text, name, 1, limits)
    yield Document(name, 1, value, lines)


def _load_toml(text: str, name: str, first_line: int, limits: Limits) -> tuple[Any, Lines]:
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        line = int(place[2]) + first_line - 1 if place else text.count("\n") + first_line
        detail = (place[1] if place else str(error).split("(")[0]).strip()
        code = Code.SYNTAX if place else Code.TRUNCATED
        raise refuse(
            name, code, line=line, column=place[3] if place else None, detail=detail[:200]
        ) from error
    except ValueError as error:
        raise refuse(name, Code.SYNTAX, detail=str(error)[:200]) from error
    _check_depth(value, name, limits)
    return value, _toml_lines(text, value, first_line)


def _check_depth(value: Any, name: str, limits: Limits) -> None:
    level = [value]
    for _ in range(limits.max_depth):
        inner = [part for part in level if isinstance(part, dict | list) and part]
        level = [one for part in inner for one in (part.values() if isinstance(part, dict) else part)]
        if not level:
            return
    raise refuse(name, Code.TOO_DEEP, limit=limits.max_depth)


def _toml_lines(text: str, value: dict[str, Any], first_line: int) -> Lines:
    """The lines of the tables that have a heading of their own; tomllib keeps none."""
    lines: Lines = {id(value): first_line}
    seen: dict[str, int] = {}
    for line, written in enumerate(text.split("\n"), first_line):
        if not written.lstrip(" \t").startswith("[") or not (
            found := _TOML_HEADING.fullmatch(written.strip())
        ):
            continue
        path = found[2].strip()
        index = None
        if found[1] == "[[":
            index = seen.get(path, -1) + 1
            seen[path] = index
        node: Any = value
        for part in path.split("."):
            while isinstance(node, list) and node:
                node = node[-1] if index is None else node[min(index, len(node) - 1)]
            node = node.get(part.strip().strip("\"'")) if isinstance(node, dict) else None
        if index is not None and isinstance(node, list) and index < len(node):
            node = node[index]
        if isinstance(node, dict):
            lines.setdefault(id(node), line)
    return lines


_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)(?:^|\n)\1[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"^# +(\S.*)$", re.MULTILINE)


def _markdown(text: str, name: str, limits: Limits, problems: list[Problem]) -> Iterator[Document]:
    """The front matter, with the prose under `body`, its first heading under `heading`, its parts under `sections`."""
    value: dict[str, Any] = {}
    lines: Lines = {}
    start = text.lstrip()
    first_line = text.count("\n", 0, len(text) - len(start)) + 1
    body = start
    if found := _FRONT.match(start):
        body = start[found.end() :]
        if found[1] == "+++":
            value, lines = _load_toml(found[2], name, first_line + 1, limits)
        else:
            made = lined_yaml.load_documents(found[2], name, limits, first_line + 1)
            for front, _, front_lines, faults in made:
                problems += faults
                if isinstance(front, dict):
                    value, lines = front, front_lines
    elif start.startswith(("---\n", "+++\n")):
        raise refuse(name, Code.TRUNCATED, line=first_line)
    if title := _TITLE.search(body):
        value.setdefault("heading", title[1].rstrip(" \t#"))
    if "sections" not in value:
        body_line = first_line + start[: len(start) - len(body)].count("\n")
        value["sections"], inner = prose.sections(body, body_line, limits.max_values)
        lines.update(inner)
    value.setdefault("body", body.strip())
    yield Document(name, first_line, value, lines)


_READERS: dict[Format, Reader] = {
    "yaml": _yaml,
    "json": _json,
    "jsonl": _json_lines,
    "toml": _toml,
    "markdown": _markdown,
}
