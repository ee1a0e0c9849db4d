"""The text of one release: its sections, and each thing that it changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vertebra.connectors.release_notes import LONGEST, NoteItem, NoteSection, kind_of, links_in

MOST_ITEMS = 5_000
_ATX = re.compile(r" {0,3}#{1,6}[ \t]+(.{1,1000}?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,}|~{3,}|\^{3,})[ \t]*")
_BOLD = re.compile(r" {0,3}(?:\*\*|__)([^*_\n]{1,200})(?:\*\*|__)\s*:?\s*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,4}[.)])(?:\s+(.*))?")
_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_MARKUP = re.compile(r"</?\w[^<>]{0,300}>|[`*]|:[a-z0-9_+-]{1,40}:")
_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^()]{0,1000}\)")
_PICTURE = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]")


@dataclass(slots=True)
class _Section:
    title: str
    items: list[list[str]] = field(default_factory=list)
    paragraphs: list[list[str]] = field(default_factory=list)


def plain_title(text: str) -> str:
    """A title without marks, links, pictures and their codes."""
    plain = _PICTURE.sub("", _MARKUP.sub("", _LINK.sub(r"\1", text[:1000])))
    return " ".join(plain.split()).strip(" :#").strip()


def sections_of(text: str) -> tuple[NoteSection, ...]:
    """The sections of a release in the order of the text, without those that hold nothing."""
    reader = _Reader()
    lines = text.split("\n")
    for number, line in enumerate(lines):
        reader.take(line, lines[number + 1] if number + 1 < len(lines) else "")
    made = []
    left = MOST_ITEMS
    for section in reader.sections:
        # Prose before the first section introduces the release; under a title it is what there is to say.
        told = section.items or (section.paragraphs if section.title else [])
        items = tuple(item for lines in told[:left] if (item := _item(lines)))
        left -= len(items)
        if items:
            title = section.title[: LONGEST["section"]]
            made.append(NoteSection(kind_of(title), title, items))
    return tuple(made)


def _item(lines: list[str]) -> NoteItem | None:
    text = "\n".join(lines).strip()[: LONGEST["item"]]
    return NoteItem(text, links_in(text, 20)) if text else None


class _Reader:
    """Walks the lines of a release once."""

    def __init__(self) -> None:
        self.sections = [_Section("")]
        self._open: list[str] | None = None  # the item or paragraph that the next line may continue
        self._is_item = False
        self._base = 0
        self._was_blank = True
        self._fence = ""
        self._is_kept_code = False
        self._skip = False

    def take(self, line: str, following: str) -> None:
        """One line, with the one after it."""
        if self._skip:
            self._skip = False
        elif self._in_code(line):
            return
        elif not line.strip():
            self._was_blank = True
        elif title := self._title(line, following):
            self._begin(title)
        elif found := _ITEM.fullmatch(line):
            self._listed(found, line)
        else:
            self._prose(line)

    def _in_code(self, line: str) -> bool:
        """Whether the line is code: kept with its item when it is indented under one."""
        mark = _FENCE.match(line)
        if not self._fence and mark is None:
            return False
        if not self._fence and mark is not None:
            self._fence = mark[1]
            self._is_kept_code = self._is_item and self._open is not None and self._is_under(line)
        elif mark is not None and mark[1].startswith(self._fence) and not line.strip().strip(self._fence[0]):
            self._fence = ""
        if self._is_kept_code and self._open is not None:
            self._open.append(line.rstrip())
        elif not self._fence:
            self._was_blank = True
        return True

    def _title(self, line: str, following: str) -> str:
        if atx := _ATX.fullmatch(line[:1100]):
            return plain_title(atx[1])
        if _UNDERLINE.fullmatch(following) and not _ITEM.fullmatch(line) and not _UNDERLINE.fullmatch(line):
            self._skip = True
            return plain_title(line)
        bold = _BOLD.fullmatch(line[:300])
        return plain_title(bold[1]) if bold and (self._was_blank or not self._open) else ""

    def _begin(self, title: str) -> None:
        self.sections.append(_Section(title))
        self._open, self._is_item, self._base, self._was_blank = None, False, 0, True

    def _indent(self, line: str) -> int:
        spread = line.expandtabs(4)
        return len(spread) - len(spread.lstrip())

    def _is_under(self, line: str) -> bool:
        return self._indent(line) >= self._base + 2

    def _listed(self, found: re.Match[str], line: str) -> None:
        section, indent = self.sections[-1], self._indent(line)
        is_first = not section.items
        if is_first or indent < self._base:
            self._base = indent
        if not is_first and self._is_item and self._open is not None and indent >= self._base + 2:
            self._open.append(line.rstrip())
        else:
            self._open, self._is_item = [_CHECKBOX.sub("", (found[2] or "").strip(), count=1)], True
            section.items.append(self._open)
        self._was_blank = False

    def _prose(self, line: str) -> None:
        continues = self._open is not None and (
            not self._was_blank or (self._is_item and self._is_under(line))
        )
        if not continues:
            self._open, self._is_item = [], False
            self.sections[-1].paragraphs.append(self._open)
        if self._open is not None:
            self._open.append(line.rstrip() if self._is_item else line.strip())
        self._was_blank = False
