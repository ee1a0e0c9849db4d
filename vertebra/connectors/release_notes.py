"""A release as a tracker or a changelog tells it, before anybody decides who is told: one shape for all of them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from vertebra.connectors.records import Origin
from vertebra.kit.files.values import parse_date
from vertebra.kit.text import fold

State = Literal["planned", "released", "withdrawn"]
SectionKind = Literal[
    "added",
    "changed",
    "deprecated",
    "removed",
    "fixed",
    "security",
    "breaking",
    "documentation",
    "internal",
    "other",
]
SECTION_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)
LONGEST = {"name": 60, "title": 200, "section": 120, "item": 8_000, "body": 100_000, "link": 1_000}
MOST_LINKS = 200

# How titles of sections begin, in French and English; the first that fits counts.
_KINDS: tuple[tuple[SectionKind, str], ...] = (
    ("breaking", r"breaking|incompatib|rupture|urgent upgrade|action required|changements? cassant|bc break"),
    ("security", r"secur|vulnerab|faille"),
    ("deprecated", r"deprecat|depreci|obsol"),
    ("removed", r"remov|delet|suppr|retir|drop"),
    ("fixed", r"fix|bug|correct|corrig|hotfix|regression|patch|resolved|failing test|flak"),
    ("documentation", r"doc"),
    ("internal", r"intern|chore|build|ci\b|test|refactor|depend|maintenance|tooling|technique|cleanup|style"),
    ("added", r"add|ajout|new\b|nouve|feat|fonctionnalit|introduc"),
    (
        "changed",
        r"chang|modif|amelior|improv|enhanc|updat|mise a jour|mises a jour|perf|evolu|optimi|api change",
    ),
)
_FOUND = tuple((kind, re.compile(rf"\b(?:{words})")) for kind, words in _KINDS)
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class NoteItem:
    """One thing that a release changes: Markdown as written, and what its source says it is about."""

    text: str
    links: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    is_action_required: bool = False


@dataclass(frozen=True, slots=True)
class NoteSection:
    """Things of one kind that a release changes, under the title that the source gives them."""

    kind: SectionKind
    title: str
    items: tuple[NoteItem, ...]


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One release: what identifies it in its source, its day if it has one, and what it changes."""

    external_id: str
    name: str
    title: str
    on: dt.date | None
    state: State
    sections: tuple[NoteSection, ...]
    body: str
    links: tuple[str, ...]
    origin: Origin
    teams: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    # What it is called where it comes from, for the page that leads there.
    url: str = ""
    # The body was longer than is kept.
    is_cut: bool = False

    @property
    def item_count(self) -> int:
        """How many things it changes."""
        return sum(len(section.items) for section in self.sections)


def kind_of(title: str) -> SectionKind:
    """What a section holds, as its title says in French or English."""
    plain = _NOT_A_WORD.sub(" ", fold(title)).strip()
    return next((kind for kind, words in _FOUND if words.search(plain)), "other")


_ADDRESS = re.compile(r"https?://[^\s<>\"'`\]\[{}|\\^]{1,1000}")


def links_in(text: str, most: int = MOST_LINKS) -> tuple[str, ...]:
    """The web addresses in a text, each once; nothing else that calls itself a link."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?*_")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(".,;:!?*_")
        found[address] = None
        if len(found) >= most:
            break
    return tuple(found)


def day_of(text: object) -> dt.date | None:
    """The day of a moment as systems write it."""
    return parse_date(str(text)[:10]) if text else None
