"""One Jira asked for its issues: in the order in which they changed, each with its whole history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from vertebra.connectors.asking import Asker
from vertebra.connectors.contract import Choice, WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.jira_issues import Choice as FieldChoice
from vertebra.connectors.histories.jira_issues import IssueReader, sprint_of
from vertebra.connectors.histories.jira_shape import Fields, Issue, shape_with
from vertebra.connectors.histories.moments import utc
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.jira_versions import JiraSession
from vertebra.connectors.trackers.jira_answers import Answers, is_cut
from vertebra.connectors.trackers.jira_search import IDS, Search, jql_of
from vertebra.connectors.trail import Flaw, Item, Sprint
from vertebra.kit import clock

MOST_FIELDS = 2_000
MOST_BOARDS = 300
# Pages of a history that nobody goes on reading: a hundred changes each.
MOST_HISTORY = 500
# What Jira's own apps call their fields, whatever language its people speak.
_MADE_BY = "com.pyxis.greenhopper.jira:"
_SPRINT, _EPIC, _POINTS = f"{_MADE_BY}gh-sprint", f"{_MADE_BY}gh-epic-link", f"{_MADE_BY}jsw-story-points"
# Never asked for: descriptions, attachments, work logs.
_ASKED = tuple(
    one for one in Fields.__struct_encode_fields__ if one not in {"epic", "closedSprints", "sprint"}
)


class JiraWorkSession(JiraSession):
    """One Jira, asked as one account for what it works on."""

    def __init__(self, asker: Asker, version: int) -> None:
        super().__init__(asker, version, ())
        self.began = clock.now()
        self.noted = Noted(asker.host, self.began)

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single issues."""
        return self.noted.flaws

    def fields(self) -> list[Choice]:
        """The fields that this Jira has of its own."""
        return [
            Choice(str(one.get("id") or ""), str(one.get("name") or ""))
            for one in self._fields()
            if one.get("custom") is True
        ]

    def items(self, since: str, chosen: Sequence[str], mapping: Mapping[str, str]) -> Iterator[WorkPage]:
        """Issues of the chosen projects that changed since, each whole, then the sprints of their boards."""
        zone = self._zone()
        choice = self._choice(mapping)
        shape = shape_with(choice.all)
        reader, answers = IssueReader(choice, self.noted), Answers(shape, self.noted)
        asked = ",".join(sorted({*_ASKED, *choice.all}))
        mark = utc(since)
        search = Search(self.asker, self.version, answers, jql_of(chosen, zone), asked)
        total, reached = search.count(mark), since
        for found in search.pages(mark):
            items = tuple(self._read(found, reader, answers))
            reached = self._reached(reached, items)
            yield WorkPage(items, reached, total)
        yield WorkPage((), reached, total, tuple(self._sprints(chosen)))

    def present(self, chosen: Sequence[str]) -> Iterator[str]:
        """The ids of all issues of the chosen projects."""
        answers = Answers(Issue, self.noted)
        search = Search(self.asker, self.version, answers, jql_of(chosen, self._zone()), IDS)
        for found in search.pages(None, whole=False):
            yield from (str(one.id) for one in found if one.id is not None)

    def _read(self, found: Sequence[Issue], reader: IssueReader, answers: Answers) -> Iterator[Item]:
        for one in found:
            if is_cut(one):
                self._complete(one, answers)
            item = reader.item(one, 0)
            if item is not None:
                yield item

    def _reached(self, since: str, items: Sequence[Item]) -> str:
        """The latest change that was given; never in the future, where a broken clock would hide all that follows."""
        if not items:
            return since
        latest = min(max(one.updated_at for one in items), self.began)
        return latest.isoformat() if (mark := utc(since)) is None or latest > mark else since

    def _complete(self, issue: Issue, answers: Answers) -> None:
        """Read the whole history of an issue of which a search gave only a part."""
        path = f"{self.root}/issue/{quote(str(issue.id), safe='')}"
        try:
            log = answers.history(self.asker, path, is_paged=self.version == 3, most=MOST_HISTORY)
        except Trouble as trouble:
            if trouble.fault != Fault.NOT_THERE:
                raise
            return  # deleted meanwhile: what was given of it is taken
        if issue.changelog is not None and len(log) >= len(issue.changelog.histories or ()):
            issue.changelog.histories = log

    def _zone(self) -> dt.tzinfo | None:
        """The zone of the account, in which the words of a search are understood; nothing if it does not say."""
        found = self.asker.get_json(f"{self.root}/myself")
        try:
            return ZoneInfo(str(found["timeZone"]))
        except (KeyError, TypeError, ValueError, OSError):
            return None

    def _choice(self, mapping: Mapping[str, str]) -> FieldChoice:
        """Which fields are read: those mapped by somebody, else those of Jira's own apps."""
        fields = [one for one in self._fields() if one.get("custom") is True]
        names = {str(one.get("id")): str(one.get("name") or "") for one in fields}
        made_by = {_made_by(one): str(one.get("id")) for one in reversed(fields)}
        shown = {
            role: made_by[kind] for role, kind in (("sprint", _SPRINT), ("epic", _EPIC)) if kind in made_by
        }
        wanted = {
            **({"points": made_by[_POINTS]} if _POINTS in made_by and not _has_points(names) else {}),
            **mapping,
        }
        return FieldChoice(wanted, names, shown)

    def _fields(self) -> list[dict[str, Any]]:
        found = self.asker.get_json(f"{self.root}/field")
        if not isinstance(found, list):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        return [one for one in found[:MOST_FIELDS] if isinstance(one, dict)]

    def _sprints(self, chosen: Sequence[str]) -> Iterator[Sprint]:
        """The sprints of the boards of the chosen projects: one that ends does not change its issues."""
        boards: dict[str, None] = {}
        for key in chosen:
            query = {"projectKeyOrId": key, "type": "scrum"}
            boards.update(dict.fromkeys(str(one.get("id")) for one in self._agile("board", query)))
            if len(boards) >= MOST_BOARDS:
                break
        for board in list(boards)[:MOST_BOARDS]:
            for one in self._agile(f"board/{quote(board, safe='')}/sprint", {}):
                if (sprint := sprint_of(one)) is not None:
                    yield sprint

    def _agile(self, path: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What a list of Jira's boards holds; nothing where there are no boards, or none for this account."""
        start = 0
        while True:
            try:
                found = self.asker.get_json(
                    f"/rest/agile/1.0/{path}", {**query, "startAt": start, "maxResults": 50}
                )
            except Trouble as trouble:
                if (
                    trouble.fault in {Fault.NOT_THERE, Fault.NOT_ALLOWED}
                    or trouble.particulars.get("status") == 400
                ):
                    return
                raise
            page = self._page(found)
            yield from (one for one in page["values"] if isinstance(one, dict))
            start += len(page["values"])
            if page.get("isLast", True) or not page["values"]:
                return


def _made_by(field: Mapping[str, Any]) -> str:
    kind = field.get("schema")
    return str(kind.get("custom") or "") if isinstance(kind, Mapping) else ""


def _has_points(names: Mapping[str, str]) -> bool:
    return bool(FieldChoice({}, names, {}).points)
