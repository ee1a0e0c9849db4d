"""Formulas of a workbook that nobody calculated: programs write them without a value, and readers see nothing."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Mapping

# More of the same helps nobody.
_MOST = 100
# A formula has at most eight thousand characters.
_LONGEST_CELL = 1 << 16
_LONGEST_NAME = 40
_OPENS = re.compile(rb"<(?:\w+:)?c[ >]")
_CELL = re.compile(
    rb"""<(?:\w+:)?c\s(?P<told>[^<>]*)>\s*
    <(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*
    (?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*
    </(?:\w+:)?c>""",
    re.VERBOSE,
)
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3}\d{1,9})["']""")
# A calculated text may well be empty.
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^<>]*>")
_ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')""")


class Uncalculated:
    """Finds the cells with a formula and no value in a sheet that comes in pieces."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.rest = b""

    def feed(self, piece: bytes) -> None:
        """Look at the next piece, but for a cell that it may break off."""
        text = self.rest + piece
        starts = [found.start() for found in _OPENS.finditer(text, max(0, len(text) - _LONGEST_CELL))]
        end = starts[-1] if starts else max(0, len(text) - _LONGEST_NAME)
        self._look(text[:end])
        self.rest = text[end:]

    def close(self) -> list[str]:
        """The cells found, once there is no more."""
        self._look(self.rest)
        return self.cells

    def _look(self, text: bytes) -> None:
        if b"f" not in text or len(self.cells) >= _MOST:
            return
        for found in _CELL.finditer(text):
            place = _PLACE.search(found["told"])
            if place and not _IS_TEXT.search(found["told"]) and len(self.cells) < _MOST:
                self.cells.append(place[1].decode())


def by_sheet(archive: zipfile.ZipFile, cells: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The cells by the name of their sheet instead of the part of the archive that holds it."""
    if not cells:
        return {}
    targets = {
        told.get("Id", ""): told.get("Target", "")
        for told in _told(archive, "_rels/workbook.xml.rels", _RELATION)
    }
    found = {}
    for told in _told(archive, "workbook.xml", _SHEET):
        relation = next((value for name, value in told.items() if name.endswith(":id")), "")
        part = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
        if part in cells:
            found[told.get("name", "")] = cells[part]
    return found


def _told(archive: zipfile.ZipFile, part: str, tag: re.Pattern[str]) -> list[dict[str, str]]:
    """The attributes of each of these tags in a part of the workbook."""
    try:
        text = archive.read(f"xl/{part}").decode("utf-8", "replace")
    except KeyError:
        return []
    return [
        {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(found[0])}
        for found in tag.finditer(text)
    ]
