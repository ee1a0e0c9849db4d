"""Release notes as JSON, a note for each change with its kinds, teams and areas (as Kubernetes writes them)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import (
    LONGEST,
    NoteItem,
    NoteSection,
    ReleaseRecord,
    SectionKind,
    links_in,
)
from vertebra.kit.files.problems import Code, refuse
from vertebra.kit.text import fold

# A note of several kinds is told once, under the first of these.
_SECTIONS: tuple[tuple[str, SectionKind, str], ...] = (
    ("deprecation", "deprecated", "Deprecation"),
    ("api-change", "changed", "API change"),
    ("feature", "added", "Feature"),
    ("design", "added", "Design"),
    ("documentation", "documentation", "Documentation"),
    ("regression", "fixed", "Bug or regression"),
    ("bug", "fixed", "Bug or regression"),
    ("failing-test", "fixed", "Failing test"),
    ("flake", "internal", "Flake"),
    ("cleanup", "internal", "Cleanup"),
)
_VERSION = re.compile(r"\d+(?:\.\d+)+(?:-(?:alpha|beta|rc)\.?\d*)?")


def read_notes(text: str, name: str) -> tuple[ReleaseRecord, int]:
    """The release that the notes of a file make, and how many of them are marked as not to be published."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        detail = str(getattr(error, "msg", error))[:200]
        raise refuse(name, Code.SYNTAX, line=line, detail=detail) from error
    notes = list(document.values()) if isinstance(document, dict) else document
    notes = [one for one in notes if isinstance(one, dict)] if isinstance(notes, list) else []
    notes = [one for one in notes if _text(one)]
    if not notes:
        raise refuse(name, Code.NO_RELEASE)
    published = [one for one in notes if one.get("do_not_publish") is not True]
    stem = PurePath(name).stem
    version = _VERSION.search(stem)
    return _release(version[0] if version else stem, published, name), len(notes) - len(published)


def _release(version: str, notes: list[dict[str, Any]], file: str) -> ReleaseRecord:
    told: dict[tuple[SectionKind, str], list[NoteItem]] = defaultdict(list)
    for note in notes:
        told[_section(note)].append(_item(note))
    order = [(kind, title) for _code, kind, title in _SECTIONS]
    order += [key for key in told if key not in order]
    sections = tuple(
        NoteSection(kind, title, tuple(told[kind, title]))
        for kind, title in dict.fromkeys(order)
        if (kind, title) in told
    )
    body = "\n\n".join(
        f"## {section.title}\n\n" + "\n".join(f"- {_in_a_list(item.text)}" for item in section.items)
        for section in sections
    )
    return ReleaseRecord(
        external_id=fold(version)[: LONGEST["name"]],
        name=version[: LONGEST["name"]],
        title="",
        on=None,
        state="released",
        sections=sections,
        body=body[: LONGEST["body"]],
        links=links_in(body),
        origin=Origin(file, None, ""),
        teams=_all(section.items for section in sections)[0],
        areas=_all(section.items for section in sections)[1],
        is_cut=len(body) > LONGEST["body"],
    )


def _section(note: Mapping[str, Any]) -> tuple[SectionKind, str]:
    kinds = set(_words(note.get("kinds")))
    return next(((kind, title) for code, kind, title in _SECTIONS if code in kinds), ("other", "Other"))


def _item(note: Mapping[str, Any]) -> NoteItem:
    text = _text(note)[: LONGEST["item"]]
    links = links_in(f"{note.get('pr_url') or ''} {text}", 20)
    return NoteItem(
        text, links, _words(note.get("sigs")), _words(note.get("areas")), note.get("action_required") is True
    )


def _text(note: Mapping[str, Any]) -> str:
    text = note.get("text") or note.get("markdown")
    return text.strip() if isinstance(text, str) else ""


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(text[:100] for one in value if isinstance(one, str) and (text := one.strip())))


def _in_a_list(text: str) -> str:
    return text.replace("\n", "\n  ")


def _all(groups: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The teams and the areas of all items, each once."""
    items = [item for group in groups for item in group]
    teams = dict.fromkeys(team for item in items for team in item.teams)
    areas = dict.fromkeys(area for item in items for area in item.areas)
    return tuple(sorted(teams)), tuple(sorted(areas))
