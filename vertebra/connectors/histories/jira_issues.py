"""An issue of Jira becomes an item: its changes in order, its sprints and links, people as Jira identifies them."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from vertebra.connectors.histories.jira_shape import (
    Fields,
    Issue,
    Link,
    Named,
    Person,
    Step,
    attribute,
)
from vertebra.connectors.histories.moments import utc
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.trail import PEOPLE, SOMETHING, Category, Change, FlawCode, Item, Sprint, Tie
from vertebra.kit.files.values import parse_date, parse_number
from vertebra.kit.text import fold

LONGEST_TITLE = 500
LONGEST_VALUE = 500
CATEGORIES: Mapping[str, Category] = {"new": "todo", "indeterminate": "doing", "done": "done"}
# What the parts that are custom fields are called, folded; Jira's cloud has the same numbers everywhere.
POINTS = frozenset({"story points", "story point estimate", "estimation du story point", "points de story"})
SPRINT = frozenset({"sprint", "sprints"})
EPIC = frozenset({"epic link", "lien d'epopee", "lien de l'epopee", "lien epic"})
_CLOUD = {"sprint": "customfield_10020", "epic": "customfield_10014"}
_ROLES = ("points", "sprint", "epic")
_PROSE = frozenset({"description", "environment", "Comment"})
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+", re.ASCII)
# What a custom field holds besides people: numbers of options, or a day.
_NOBODY = re.compile(r"\[?(?:\d{1,19}(?:, ?\d{1,19})*)?\]?|\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?", re.ASCII)
# Commas stand between the people of a list, and within some names.
_MOST_COMMAS = 2
_OLD_SPRINT = re.compile(r"\.Sprint@[^\[]*\[(.*)\]\s*\Z", re.DOTALL)
_OLD_PART = re.compile(r"(\w+)=(.*?)(?=,\w+=|\Z)", re.DOTALL)


class Choice:
    """Which custom fields are read, by the mapping and by what the file calls its fields."""

    def __init__(
        self, mapping: Mapping[str, str], names: Mapping[str, str], shown: Mapping[str, str]
    ) -> None:
        by_name = {fold(name): field for field, name in names.items()}
        self.roles = {**_CLOUD, **shown}
        for role, called in (("sprint", SPRINT), ("epic", EPIC)):
            for name in sorted(called & by_name.keys()):
                self.roles[role] = by_name[name]
        given = {role: by_name.get(fold(field), field) for role, field in mapping.items()}
        self.roles |= {role: field for role, field in given.items() if role in _ROLES}
        self.fields = {name: attribute(field) for name, field in given.items() if name not in _ROLES}
        # Projects of two kinds in one tracker keep their points in two fields.
        points = (
            [given["points"]]
            if "points" in given
            else [by_name[one] for one in sorted(POINTS & by_name.keys())]
        )
        self.points = tuple(attribute(one) for one in points)
        self.all = tuple({*self.roles.values(), *given.values(), *points})

    def attribute(self, role: str) -> str:
        """Where the shape keeps what plays a role; nothing if nothing does."""
        return attribute(self.roles[role]) if role in self.roles else ""


class IssueReader:
    """Makes items of issues; who is called what is remembered as long as the file is read."""

    def __init__(self, choice: Choice, noted: Noted) -> None:
        self.noted = noted
        self.fields = choice.fields
        self.points = choice.points
        self.sprint, self.epic = choice.attribute("sprint"), choice.attribute("epic")
        self._people: dict[str, str] = {}

    def item(self, issue: Issue, line: int) -> Item | None:
        """The item, or nothing where an issue lacks what makes it one."""
        fields, key = issue.fields, issue.key or ""
        created = utc(fields.created) if fields is not None else None
        if fields is None or not key or created is None:
            self._left_out(issue, line)
            return None
        # Whoever has a part in the issue is known before it is told what was changed to whom.
        reporter = self._person(fields.reporter) or self._person(fields.creator)
        assignee = self._person(fields.assignee)
        changes = self._changes(issue, key, line)
        self.noted.look_at_times(key, line, created, changes)
        status, category = _status(fields)
        return Item(
            external_id=str(issue.id or key),
            key=key,
            project=(fields.project.key if fields.project is not None else "") or key.rpartition("-")[0],
            kind=_name(fields.issuetype),
            title=(fields.summary or "")[:LONGEST_TITLE],
            status=status,
            category=category,
            created_at=created,
            updated_at=utc(fields.updated) or (max(changes[-1].at, created) if changes else created),
            resolved_at=utc(fields.resolutiondate),
            due_on=parse_date(fields.duedate) if fields.duedate else None,
            priority=_name(fields.priority),
            resolution=_name(fields.resolution),
            parent=self._parent(fields),
            points=self._number_of_points(fields),
            reporter=reporter,
            assignee=assignee,
            comments=_count(fields),
            labels=tuple(fields.labels or ()),
            components=_names(fields.components),
            versions=_names(fields.fixVersions),
            fields={name: plain(getattr(fields, one)) for name, one in self.fields.items()},
            changes=changes,
            ties=[tie for link in fields.issuelinks or () if (tie := _tie(link)) is not None],
            sprints=self._sprints(fields),
        )

    def _left_out(self, issue: Issue, line: int) -> None:
        if not issue.key and issue.fields is None:
            self.noted.add(FlawCode.NOT_AN_ITEM, line)
        else:
            what = "fields" if issue.fields is None else "created" if issue.key else "key"
            self.noted.add(FlawCode.ITEM_WITHOUT, line, what=what, key=issue.key or str(issue.id or ""))

    def _changes(self, issue: Issue, key: str, line: int) -> list[Change]:
        log = issue.changelog
        histories = log.histories if log is not None else None
        if log is None or not histories:
            return []
        if log.total is not None and log.total > len(histories):
            self.noted.add(FlawCode.HISTORY_CUT, line, key=key, told=len(histories), total=log.total)
        if (histories[0].created or "") > (histories[-1].created or ""):
            histories = histories[::-1]  # newest first in the cloud
        dated: list[tuple[dt.datetime, str, list[Step]]] = []
        is_ordered = True
        for history in histories:
            if (at := utc(history.created)) is not None:
                is_ordered = is_ordered and (not dated or dated[-1][0] <= at)
                dated.append((at, self._person(history.author), history.items or []))
        if len(dated) < len(histories):
            lost = len(histories) - len(dated)
            self.noted.add(FlawCode.CHANGE_WITHOUT_TIME, line, key=key, count=lost)
        if not is_ordered:
            dated.sort(key=lambda one: one[0])
        changes: list[Change] = []
        for at, author, steps in dated:
            self._take(steps, at, author, changes)
        return changes

    def _take(self, steps: list[Step], at: dt.datetime, author: str, changes: list[Change]) -> None:
        """What one person changed at one moment: names, but identifiers for people and no long texts."""
        for step in steps:
            if not (field := step.field):
                continue
            before, after = step.fromString or "", step.toString or ""
            if field in PEOPLE:
                before = step.tmpFromAccountId or step.from_ or self._people.get(before, before)
                after = step.tmpToAccountId or step.to or self._people.get(after, after)
            elif field in _PROSE or len(before) > LONGEST_VALUE or len(after) > LONGEST_VALUE:
                before, after = SOMETHING if before else "", SOMETHING if after else ""
            elif step.fieldtype != "jira" and self._is_of_people(step, before, after):
                before = self._how_many(before, step.tmpFromAccountId or step.from_)
                after = self._how_many(after, step.tmpToAccountId or step.to)
            else:
                before, after = short(before), short(after)
            changes.append(Change(at, field, before, after, author))

    def _is_of_people(self, step: Step, before: str, after: str) -> bool:
        if step.tmpFromAccountId or step.tmpToAccountId:
            return True
        if not (_NOBODY.fullmatch(step.from_ or "") and _NOBODY.fullmatch(step.to or "")):
            return True
        return any(one in self._people for shown in (before, after) for one in self._listed(shown))

    def _how_many(self, shown: str, identifiers: str | None) -> str:
        """How many people there are: by their identifiers, which have no commas, else by their names."""
        if told := (identifiers or "").strip("[] "):
            return str(told.count(",") + 1)
        return str(len(self._listed(shown))) if shown else ""

    def _listed(self, shown: str) -> list[str]:
        """What a list names, somebody known whose name has a comma being one."""
        parts = shown.split(", ")
        listed: list[str] = []
        while parts:
            wide = (", ".join(parts[:width]) for width in range(_MOST_COMMAS + 1, 1, -1))
            one = next((name for name in wide if name in self._people), parts[0])
            listed.append(one)
            del parts[: one.count(", ") + 1]
        return listed

    def _person(self, person: Person | None) -> str:
        if person is None:
            return ""
        shown = person.displayName or ""
        found = person.accountId or person.key or person.name or shown
        if shown and shown not in self._people:
            self._people[shown] = found
        return found

    def _parent(self, fields: Fields) -> str:
        if fields.parent is not None and fields.parent.key:
            return fields.parent.key
        epic = getattr(fields, self.epic) if self.epic else None
        if isinstance(epic, str) and _KEY.fullmatch(epic):
            return epic
        return (fields.epic.key if fields.epic is not None else "") or ""

    def _number_of_points(self, fields: Fields) -> float | None:
        found = (number(getattr(fields, one)) for one in self.points)
        return next((one for one in found if one is not None), None)

    def _sprints(self, fields: Fields) -> list[Sprint]:
        told = [fields.closedSprints, getattr(fields, self.sprint) if self.sprint else None, fields.sprint]
        found: dict[str, Sprint] = {}
        for value in told:
            for one in value if isinstance(value, list) else [value]:
                if (sprint := sprint_of(one)) is not None:
                    found[sprint.external_id] = sprint
        return list(found.values())


def sprint_of(value: Any) -> Sprint | None:
    """A sprint, told as an object or in the words of older versions; None if it is none."""
    if isinstance(value, str) and (old := _OLD_SPRINT.search(value)):
        value = {name: "" if part == "<null>" else part for name, part in _OLD_PART.findall(old[1])}
    if not isinstance(value, dict):
        return None
    name, number = text_of(value.get("name")), text_of(value.get("id"))
    if not name or not number or not (value.keys() & {"state", "startDate", "boardId", "originBoardId"}):
        return None
    return Sprint(
        number,
        name[:LONGEST_VALUE],
        text_of(value.get("state")).casefold(),
        utc(text_of(value.get("startDate"))),
        utc(text_of(value.get("endDate"))),
        utc(text_of(value.get("completeDate"))),
    )


def text_of(value: Any) -> str:
    """A text or a number as text; anything else is nothing."""
    try:
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    except ValueError:  # whole numbers of thousands of figures
        return ""


def number(value: Any) -> float | None:
    """A number, also one written as a text; None if it is none."""
    try:
        found = parse_number(value) if isinstance(value, str) else value
        made = float(found) if found is not None and not isinstance(found, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return made if math.isfinite(made) else None


def plain(value: Any) -> str:
    """The value of a chosen field in words: names of choices, how many people, no long texts."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, list):
        if value and all(_is_person(one) for one in value):
            return str(len(value))
        told = (plain(one) for one in value[:200] if not isinstance(one, list))
        return short(", ".join(said for said in told if said))
    if isinstance(value, dict):
        return _said(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}" if math.isfinite(value) else ""
    return short(text_of(value))


def _said(value: dict[str, Any]) -> str:
    """An object in a word: somebody, a document, a choice with what was chosen under it."""
    if _is_person(value):
        return "1"
    if value.get("type") == "doc" and "content" in value:
        return SOMETHING
    for name in ("value", "name", "key", "title", "id"):
        if said := short(text_of(value.get(name))):
            under = value.get("child")
            more = short(text_of(under.get("value"))) if isinstance(under, dict) else ""
            return short(f"{said} / {more}") if more else said
    return ""


def _is_person(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.keys() & {"accountId", "displayName", "emailAddress"})


def short(text: str) -> str:
    """The text, or only that there is one if it is prose."""
    return text if len(text) <= LONGEST_VALUE and "\n" not in text else SOMETHING


def _status(fields: Fields) -> tuple[str, Category]:
    """What the status is called, and what kind of status it is."""
    status = fields.status
    if status is None:
        return "", ""
    kind = status.statusCategory
    return status.name or "", CATEGORIES.get((kind.key if kind is not None else "") or "", "")


def _name(named: Named | None) -> str:
    return (named.name if named is not None else "") or ""


def _names(named: list[Named] | None) -> tuple[str, ...]:
    return tuple(one.name for one in named if one.name) if named else ()


def _count(fields: Fields) -> int:
    if fields.comment is None:
        return 0
    return max(fields.comment.total or 0, len(fields.comment.comments or ()))


def _tie(link: Link) -> Tie | None:
    kind = link.type
    if link.outwardIssue is not None and link.outwardIssue.key:
        return Tie((kind.outward or kind.name or "") if kind is not None else "", link.outwardIssue.key)
    if link.inwardIssue is not None and link.inwardIssue.key:
        return Tie((kind.inward or kind.name or "") if kind is not None else "", link.inwardIssue.key)
    return None
