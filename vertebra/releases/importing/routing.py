"""To whom what a release changes goes: which trade reads which part, which teams and areas it names."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vertebra.connectors.release_notes import NoteItem, NoteSection, ReleaseRecord
from vertebra.kit.text import fold
from vertebra.org.models import Area, AreaVersion, Unit, UnitVersion
from vertebra.releases.labels.briefs import Trade

# Which trade reads what, by the kind of section; what an action is required for is read by support and engineering.
READS: dict[str, frozenset[str]] = {
    Trade.EVERYONE: frozenset({"added", "changed", "removed", "breaking", "other"}),
    Trade.SUPPORT: frozenset({"fixed", "breaking", "removed", "deprecated", "security"}),
    Trade.ENGINEERING: frozenset({"breaking", "deprecated", "security", "internal"}),
}
ALWAYS = frozenset({Trade.SUPPORT, Trade.ENGINEERING})
# Kinds that make more than a small matter of a release.
GRAVE = frozenset({"breaking", "security"})
MOST_CHARACTERS = 50_000
_SIGNS = re.compile(r"[^a-z0-9]+")
_OF_A_GROUP = ("", "sig-", "wg-", "team-")
_FRENCH = frozenset(
    ("le", "la", "les", "des", "une", "est", "pour", "dans", "sur", "ajout", "correction", "de")
)
_ENGLISH = frozenset(("the", "of", "and", "to", "is", "for", "with", "in", "now", "added", "fixed", "a"))


def plain(name: str) -> str:
    """A name so that the same one written in two ways is the same."""
    return _SIGNS.sub("-", fold(name)).strip("-")


@dataclass
class Places:
    """Units and areas of a day by the names that sources may call them by."""

    units: dict[str, int] = field(default_factory=dict)
    areas: dict[str, int] = field(default_factory=dict)
    unit_names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, day: dt.date) -> "Places":
        """The names of a day; one that two share names neither."""
        found = cls(unit_names=dict(UnitVersion.objects.as_of(day).values_list("unit_id", "name")))
        outside = Unit.objects.exclude(external_id="").values_list("pk", "external_id")
        found.units = _by_name([*((pk, name) for pk, name in found.unit_names.items()), *outside])
        areas = list(AreaVersion.objects.as_of(day).values_list("area_id", "name"))
        found.areas = _by_name(
            [*areas, *Area.objects.exclude(external_id="").values_list("pk", "external_id")]
        )
        return found

    def unit(self, name: str) -> int | None:
        """The unit that a source calls so."""
        key = plain(name)
        return next((self.units[start + key] for start in _OF_A_GROUP if start + key in self.units), None)

    def area(self, name: str) -> int | None:
        """The area that a source calls so."""
        return self.areas.get(plain(name))


def _by_name(pairs: Iterable[tuple[int, str]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for pk, name in pairs:
        found.setdefault(plain(name), set()).add(pk)
    return {name: next(iter(pks)) for name, pks in found.items() if name and len(pks) == 1}


def teams_of(record: ReleaseRecord) -> Counter[str]:
    """The teams that a release names, with how many of its items name each."""
    found = Counter(team for item in items_of(record) for team in item.teams)
    found.update({team: 0 for team in record.teams if team not in found})
    return found


def areas_of(record: ReleaseRecord) -> Counter[str]:
    """The areas that a release names, with how many of its items name each."""
    found = Counter(area for item in items_of(record) for area in item.areas)
    found.update({area: 1 for area in record.areas if area not in found})
    return found


def items_of(record: ReleaseRecord) -> Iterable[NoteItem]:
    """Everything that a release changes."""
    return (item for section in record.sections for item in section.items)


def is_grave(record: ReleaseRecord) -> bool:
    """Whether somebody has to do something because of it: it breaks what was, or closes a hole."""
    kinds = {section.kind for section in record.sections if section.items}
    return bool(kinds & GRAVE) or any(item.is_action_required for item in items_of(record))


def text_for(trade: str, sections: Sequence[NoteSection]) -> str:
    """What one trade reads of a release: its sections under their own titles, in Markdown."""
    parts = []
    for section in sections:
        items = [
            item
            for item in section.items
            if section.kind in READS[trade] or (item.is_action_required and trade in ALWAYS)
        ]
        if items:
            lines = "\n".join(f"- {_indented(item.text)}" for item in items)
            parts.append(f"## {section.title}\n\n{lines}" if section.title else lines)
    text = "\n\n".join(parts)
    if len(text) <= MOST_CHARACTERS:
        return text
    return text[: MOST_CHARACTERS - 2].rsplit("\n", 1)[0] + "\n…"


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n  ")


def language_of(records: Sequence[ReleaseRecord], otherwise: str) -> str:
    """French or English, by the small words of what is written; otherwise the company's language."""
    words = Counter(_SIGNS.split(fold(" ".join(record.body[:4000] for record in records[:20]))))
    french, english = (sum(words[word] for word in some) for some in (_FRENCH, _ENGLISH))
    if max(french, english) < 3 or french == english:
        return otherwise
    return "fr" if french > english else "en"
