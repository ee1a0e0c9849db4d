"""The parts of a Markdown text that hold data: sections with their lists and tables."""

from __future__ import annotations

import re
from typing import Any

from vertebra.kit.files.lined_yaml import Lines
from vertebra.kit.files.values import header_name

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,6}[.)])[ \t]+(.*)")
_RULE = frozenset(" \t|:-")
_CELLS = re.compile(r"(?<!\\)\|")
_FENCE = re.compile(r"\s*(```|~~~)")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)?[^<>\s]+)>")


def plain_text(text: str) -> str:
    """A piece of Markdown as read: links by their words, without marks of emphasis."""
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    return " ".join(_MARKS.sub("", text).replace("\\|", "|").split())


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))]


class _Parts:
    """Collects the sections as the lines go by."""

    def __init__(self) -> None:
        self.sections: list[dict[str, Any]] = []
        self.lines: Lines = {}
        self.heads: list[str] = []
        self.open("", 0, 1)

    def open(self, title: str, level: int, line: int) -> None:
        self.section: dict[str, Any] = {
            "title": plain_text(title),
            "level": level,
            "text": [],
            "items": [],
            "rows": [],
        }
        self.sections.append(self.section)
        self.lines[id(self.section)] = line
        self.heads = []

    def row(self, line: str, number: int) -> None:
        row = dict(zip(self.heads, _cells(line), strict=False))
        row.pop("", None)
        self.section["rows"].append(row)
        self.lines[id(row)] = number


def sections(body: str, first_line: int, limit: int) -> tuple[list[dict[str, Any]], Lines]:
    """Each heading with its level, text, list items and table rows; and the lines they stand on."""
    parts = _Parts()
    parts.lines[id(parts.section)] = first_line
    before, is_code = "", False
    for number, line in enumerate(body.split("\n")[:limit], first_line):
        if _FENCE.match(line):
            is_code = not is_code
        elif is_code or not line.strip():
            parts.heads = []
        elif found := _HEADING.fullmatch(line):
            parts.open(found[2].rstrip(" \t#"), len(found[1]), number)
        elif parts.heads and "|" in line:
            parts.row(line, number)
        elif "|" in before and "-" in line and _RULE.issuperset(line):
            parts.heads = [header_name(plain_text(cell)) for cell in _cells(before)]
            # The line before was taken for text: it is the heading of the table.
            del parts.section["text"][-1:]
        elif found := _ITEM.fullmatch(line):
            parts.section["items"].append(found[1].strip())
        else:
            parts.section["text"].append(line.strip())
        before = line
    for section in parts.sections:
        section["text"] = "\n".join(section["text"])
    first = parts.sections[0]
    if not (first["text"] or first["items"] or first["rows"]):
        del parts.sections[0]
    return parts.sections, parts.lines
