"""Jira's own export to CSV, with English or French headings, as it is or saved again by a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from vertebra.connectors.histories.jira_issues import (
    EPIC,
    LONGEST_TITLE,
    POINTS,
    number,
    short,
    sprint_of,
)
from vertebra.connectors.histories.moments import Moments, has_month_first, zone_of
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.histories.packed import PackedFile
from vertebra.connectors.histories.rows import Rows, cell_text
from vertebra.connectors.trail import Category, Flaw, FlawCode, Item, Sprint, Tie
from vertebra.kit.files.tables import Row
from vertebra.kit.text import fold

# What each column is called, folded.
_CALLED: Mapping[str, frozenset[str]] = {
    "id": frozenset({"issue id", "work item id", "id de ticket", "id du ticket", "id de demande"}),
    "key": frozenset({"issue key", "key", "work item key", "cle de ticket", "cle du ticket", "cle de demande", "cle"}),
    "kind": frozenset({"issue type", "work type", "type de ticket", "type de demande", "type"}),
    "title": frozenset({"summary", "resume"}),
    "status": frozenset({"status", "etat", "statut"}),
    "category": frozenset({"status category", "categorie d'etat", "categorie de statut", "categorie de l'etat"}),
    "project": frozenset({"project key", "cle de projet", "cle du projet"}),
    "priority": frozenset({"priority", "priorite"}),
    "resolution": frozenset({"resolution"}),
    "assignee": frozenset({"assignee", "responsable", "personne assignee"}),
    "assignee_id": frozenset({"assignee id", "id du responsable", "id de responsable", "id responsable", "responsable id"}),
    "reporter": frozenset({"reporter", "rapporteur"}),
    "reporter_id": frozenset({"reporter id", "id du rapporteur", "id de rapporteur", "id rapporteur", "rapporteur id"}),
    "created": frozenset({"created", "creation", "cree", "cree(e)", "cree le", "date de creation"}),
    "updated": frozenset({"updated", "mise a jour", "mis a jour", "mis(e) a jour", "date de mise a jour"}),
    "resolved": frozenset({"resolved", "resolu", "resolue", "resolu(e)", "date de resolution"}),
    "due": frozenset({"due date", "echeance", "date d'echeance"}),
    "labels": frozenset({"labels", "etiquettes"}),
    "components": frozenset({"component/s", "components", "composant/s", "composants", "composant(s)"}),
    "versions": frozenset({
        "fix version/s", "fix versions", "version(s) corrigee(s)", "version corrigee", "versions corrigees",
        "correction de la version",
    }),
    "parent_key": frozenset({"parent key", "cle parent", "cle parente", "cle du parent"}),
    "parent": frozenset({"parent", "parent id", "id parent", "id du parent"}),
    "epic": EPIC,
    "points": POINTS,
    "sprint": frozenset({"sprint", "sprints"}),
    "comment": frozenset({"comment", "comments", "commentaire", "commentaires"}),
}  # fmt: skip
_CUSTOM_PARTS = frozenset({"epic", "points", "sprint"})
_CUSTOM = re.compile(r"(?:custom field|champs? personnalises?) \((.+)\)")
_LINK = re.compile(
    r"(?:(inward|outward) (?:issue|work item) link|lien d[eu] (?:ticket|demande) (entrant|sortant)) \((.+)\)",
    re.IGNORECASE,
)
_CATEGORIES: Mapping[str, Category] = {
    "to do": "todo", "a faire": "todo", "new": "todo",
    "in progress": "doing", "en cours": "doing",
    "done": "done", "termine": "done", "terminee": "done", "termine(e)": "done",
}  # fmt: skip


class JiraCsvFile:
    """An export of issues as they are now: it tells no changes."""

    def __init__(self, file: PackedFile, mapping: Mapping[str, str], now: dt.datetime) -> None:
        self._file = file
        self._mapping = dict(mapping)
        self._noted = Noted(file.name, now)
        self._zone = zone_of(self._mapping.pop("zone", ""))

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single rows."""
        return self._noted.flaws

    def items(self) -> Iterator[Item]:
        """The rows as items, in their order."""
        rows = Rows(self._file)
        columns = _Columns(rows, self._mapping)
        first = columns.places["created"][0]
        moments = Moments(self._zone, is_month_first=has_month_first(rows.cells(first)))
        for row in rows.walk():
            self._file.line = row.line
            if (item := self._item(_Cells(row, columns), moments)) is not None:
                yield item

    def _item(self, cells: _Cells, moments: Moments) -> Item | None:
        key, line = cells.one("key"), cells.line
        created = moments.read(cells.raw("created"))
        if not key or created is None:
            self._noted.add(FlawCode.ITEM_WITHOUT, line, what="created" if key else "key", key=key)
            return None
        self._noted.look_at_times(key, line, created, [])
        due = moments.read(cells.raw("due"))
        return Item(
            external_id=cells.one("id") or key,
            key=key,
            project=cells.one("project") or key.rpartition("-")[0],
            kind=cells.one("kind"),
            title=cells.one("title")[:LONGEST_TITLE],
            status=cells.one("status"),
            category=_CATEGORIES.get(fold(cells.one("category")), ""),
            created_at=created,
            updated_at=moments.read(cells.raw("updated")) or created,
            resolved_at=moments.read(cells.raw("resolved")),
            due_on=due.astimezone(self._zone).date() if due is not None else None,
            priority=cells.one("priority"),
            resolution=_unless_open(cells.one("resolution")),
            parent=cells.one("parent_key") or cells.one("epic") or cells.one("parent"),
            points=number(cells.one("points")) if cells.one("points") else None,
            reporter=cells.one("reporter_id") or cells.one("reporter"),
            assignee=cells.one("assignee_id") or cells.one("assignee"),
            comments=len(cells.all("comment")),
            labels=cells.all("labels"),
            components=cells.all("components"),
            versions=cells.all("versions"),
            fields={
                name: short(", ".join(cells.at(places))) for name, places in cells.columns.fields.items()
            },
            ties=cells.ties(),
            sprints=[_sprint(name) for name in cells.all("sprint")],
        )


class _Columns:
    """Where each part of an issue stands; a part may have several columns."""

    def __init__(self, rows: Rows, mapping: Mapping[str, str]) -> None:
        self.places: dict[str, list[int]] = {}
        self.fields: dict[str, list[int]] = {}
        self.ties: list[tuple[int, str]] = []
        named: dict[str, list[int]] = {}
        customs: dict[str, list[int]] = {}
        for place, heading in enumerate(rows.headings):
            folded = fold(heading)
            if link := _LINK.fullmatch(folded):
                is_inward = (link[1] or link[2]) in {"inward", "entrant"}
                kind = heading[heading.index("(") + 1 : -1]
                self.ties.append((place, f"{kind} (inward)" if is_inward else kind))
            elif custom := _CUSTOM.fullmatch(folded):
                customs.setdefault(custom[1], []).append(place)
            named.setdefault(folded, []).append(place)
        for role, called in _CALLED.items():
            known = {**customs, **named} if role in _CUSTOM_PARTS else named
            if found := [place for name in called for place in known.get(name, ())]:
                self.places[role] = sorted(found)
        for role, heading in mapping.items():
            if (chosen := {**customs, **named}.get(fold(heading))) is None:
                raise rows.unknown(heading)
            (self.places if role in _CALLED else self.fields)[role] = chosen
        for wanted in ("key", "created"):
            if wanted not in self.places:
                raise rows.missing(wanted)


class _Cells:
    """One row, by the parts of an issue."""

    def __init__(self, row: Row, columns: _Columns) -> None:
        self._cells: Sequence[object] = row.cells
        self.line = row.line
        self.columns = columns

    def at(self, places: Sequence[int]) -> tuple[str, ...]:
        """What stands in some columns, without the empty ones."""
        cells = self._cells
        return tuple(text for at in places if at < len(cells) and (text := cell_text(cells[at])))

    def all(self, part: str) -> tuple[str, ...]:
        """Every value of a part."""
        return self.at(self.columns.places.get(part, ()))

    def one(self, part: str) -> str:
        """The first value of a part."""
        found = self.all(part)
        return found[0] if found else ""

    def raw(self, part: str) -> object:
        """The first cell of a part as it was read."""
        places = self.columns.places.get(part, ())
        return next((self._cells[at] for at in places if at < len(self._cells) and self._cells[at]), None)

    def ties(self) -> list[Tie]:
        """The links of the issue."""
        cells = self._cells
        return [
            Tie(relation, text)
            for at, relation in self.columns.ties
            if at < len(cells) and (text := cell_text(cells[at]))
        ]


def _sprint(text: str) -> Sprint:
    return sprint_of(text) or Sprint(text, text)


def _unless_open(resolution: str) -> str:
    return (
        "" if fold(resolution) in {"unresolved", "non resolu", "non resolue", "non resolu(e)"} else resolution
    )
