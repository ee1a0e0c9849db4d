"""Changelogs as files: Keep a Changelog and its many cousins in French and English, and release notes as JSON.

A heading that is a version, a day or “unreleased” begins a release, at whatever depth its author writes it; other
headings begin sections. Whatever is wrong with one release is told, and the others are still read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from vertebra.connectors.changelog_headings import Heading, read_heading
from vertebra.connectors.changelog_items import sections_of
from vertebra.connectors.changelog_json import read_notes
from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import LONGEST, ReleaseRecord, links_in
from vertebra.kit.files.encodings import Source, read_text
from vertebra.kit.files.limits import MEGABYTE, Limits
from vertebra.kit.files.problems import Code, Problem, Refused, refuse
from vertebra.kit.text import fold

LIMITS = Limits(max_document_bytes=20 * MEGABYTE)
MOST_RELEASES = 5_000
_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.{1,1000}?)[ \t]*#*[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,}|~{3,}|\^{3,})[ \t]*")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])(?:\s|$)")
_DEFINITION = re.compile(r" {0,3}\[([^\]]{1,200})\]:\s*(\S{1,1000})")
_UNDERLINES = "=-~^"


@dataclass(slots=True)
class Found:
    """The releases of some files, and what was wrong with the rest or is worth saying."""

    releases: list[ReleaseRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def undated(self) -> int:
        """How many of the releases are out on no known day."""
        return sum(map(_is_undated, self.releases))


@dataclass(frozen=True, slots=True)
class _Title:
    """A heading of the text: its depth, its words, its first line and the line after it."""

    level: int
    text: str
    line: int
    after: int


def read_changelogs(files: Iterable[Path]) -> Found:
    """Every release of these files; one of the same name in two files is told, and the first stays."""
    found = Found()
    seen: dict[str, Origin] = {}
    for path in sorted(files):
        one = read_changelog(path, path.name)
        found.problems += one.problems
        for release in one.releases:
            if earlier := seen.get(release.external_id):
                told: dict[str, str | int] = {
                    "name": release.name,
                    "other_file": earlier.file,
                    "other_line": earlier.line or 1,
                }
                found.problems.append(Problem(path.name, release.origin.line, None, Code.RELEASE_TWICE, told))
                continue
            seen[release.external_id] = release.origin
            found.releases.append(release)
    return found


def read_changelog(source: Source, name: str) -> Found:
    """Every release of one file, in the order of the file; what is wrong is told, never raised."""
    found = Found()
    try:
        text = read_text(source, name, LIMITS).removeprefix("\ufeff")
        if not text.strip():
            raise refuse(name, Code.FILE_EMPTY)
        if name.lower().endswith(".json"):
            release, left_out = read_notes(text, name)
            found.releases.append(release)
            if left_out:
                found.problems.append(Problem(name, None, None, Code.NOTES_LEFT_OUT, {"count": left_out}))
        else:
            found.releases += _numbered(_releases(text, name, found.problems))
        if not found.releases:
            raise refuse(name, Code.NO_RELEASE)
    except Refused as refusal:
        found.problems.append(refusal.problem)
    if found.undated:
        told: dict[str, str | int] = {"count": found.undated, "total": len(found.releases)}
        first = next(filter(_is_undated, found.releases))
        found.problems.append(Problem(name, first.origin.line, None, Code.DAYS_MISSING, told))
    return found


def _is_undated(release: ReleaseRecord) -> bool:
    return release.on is None and release.state != "planned"


def _releases(text: str, name: str, problems: list[Problem]) -> Iterator[ReleaseRecord]:
    lines = _without_comments(text.split("\n"))
    titles = list(_titles(lines))
    begins = _beginnings(titles)
    definitions = _definitions(lines)
    for number, (title, heading) in enumerate(begins):
        if number >= MOST_RELEASES:
            told: dict[str, str | int] = {"limit": MOST_RELEASES}
            problems.append(Problem(name, title.line, None, Code.TOO_MANY_ROWS, told))
            return
        if heading.unreadable_day:
            told = {"value": heading.unreadable_day, "name": heading.name}
            problems.append(Problem(name, title.line, None, Code.DAY_LEFT_OUT, told))
        ends = begins[number + 1][0].line - 1 if number + 1 < len(begins) else len(lines)
        yield _release(heading, lines[title.after - 1 : ends], definitions, Origin(name, title.line, ""))


def _release(
    heading: Heading, lines: list[str], definitions: dict[str, str], origin: Origin
) -> ReleaseRecord:
    text = "\n".join(line for line in lines if not _DEFINITION.match(line)).strip("\n").rstrip()
    body = text[: LONGEST["body"]]
    own = definitions.get(fold(heading.name), "")
    used = [
        f"[{label}]: {target}"
        for label, target in definitions.items()
        if target != own and f"[{label}]" in body.casefold()
    ]
    if used:
        body = f"{body}\n\n" + "\n".join(used)
    url = next(iter((*links_in(heading.link, 1), *links_in(own, 1))), "")
    return ReleaseRecord(
        external_id=fold(heading.name)[: LONGEST["name"]],
        name=heading.name[: LONGEST["name"]],
        title=heading.title[: LONGEST["title"]],
        on=heading.on,
        state=heading.state,
        sections=sections_of(text[: LONGEST["body"]]),
        body=body,
        links=links_in(body),
        origin=origin,
        url=url,
        is_cut=len(text) > LONGEST["body"],
    )


def _beginnings(titles: list[_Title]) -> list[tuple[_Title, Heading]]:
    """The headings that begin a release; names before the version are only taken where nothing else is found."""
    is_month_first = _is_month_first(title.text for title in titles)
    for is_named in (False, True):
        read = (
            (one, read_heading(one.text, is_named=is_named, is_month_first=is_month_first)) for one in titles
        )
        found = ((title, heading) for title, heading in read if heading is not None)
        taken = list(islice(found, MOST_RELEASES + 1))
        if taken:
            # What lies two levels below the first release is a part of one, whatever it is called.
            deepest = taken[0][0].level + (0 if is_named else 1)
            return [(title, heading) for title, heading in taken if title.level <= deepest]
    return []


_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/\d{4}\b", re.ASCII)


def _is_month_first(texts: Iterable[str]) -> bool:
    """Whether days are written the American way: some only make sense so, and none the other way round."""
    pairs = [(int(one[1]), int(one[2])) for text in texts for one in _SLASHED.finditer(text)]
    return any(second > 12 for _first, second in pairs) and all(first <= 12 for first, _second in pairs)


def _titles(lines: list[str]) -> Iterator[_Title]:
    """The headings of the text, but not what looks like one inside a block of code."""
    fence = ""
    for number, line in enumerate(lines, 1):
        if opened := _FENCE.match(line):
            if not fence:
                fence = opened[1]
            elif opened[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if fence:
            continue
        if atx := _ATX.fullmatch(line[:1100]):
            yield _Title(len(atx[1]), atx[2], number, number + 1)
        elif number < len(lines) and line.strip() and len(line) <= 1000:
            under = lines[number]
            if _UNDERLINE.fullmatch(under) and not _BULLET.match(line) and not _UNDERLINE.fullmatch(line):
                yield _Title(_UNDERLINES.index(under.strip()[0]) + 1, line.strip(), number, number + 2)


def _definitions(lines: list[str]) -> dict[str, str]:
    """Where the references of the text lead, by their folded names."""
    return {fold(found[1]): found[2] for line in lines if (found := _DEFINITION.match(line))}


def _without_comments(lines: list[str]) -> list[str]:
    """The lines, with those of a comment empty: templates of entries stand in comments."""
    closings = [number for number, line in enumerate(lines) if "-->" in line]
    kept, at = list(lines), 0
    while at < len(lines):
        if lines[at].lstrip().startswith("<!--"):
            while closings and closings[0] < at:
                closings.pop(0)
            if closings:
                end = closings[0]
                kept[at : end + 1] = [""] * (end - at) + [lines[end].partition("-->")[2]]
                at = end
        at += 1
    return kept


def _numbered(releases: Iterable[ReleaseRecord]) -> list[ReleaseRecord]:
    """The same with an id for each: a name used again is told from the oldest, which keeps it."""
    made = list(releases)
    same: dict[str, list[int]] = defaultdict(list)
    for place, release in enumerate(made):
        same[release.external_id].append(place)
    for external_id, places in same.items():
        oldest_first = sorted(places, key=lambda place: (made[place].on or dt.date.max, -place))
        for number, place in enumerate(oldest_first[1:], 2):
            made[place] = replace(made[place], external_id=f"{external_id}#{number}")
    return made
