"""Jira, Cloud or Data Center: the fix versions of projects, with what each brings, as releases."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from vertebra.connectors.asking import Asker
from vertebra.connectors.contract import Choice, Page, Raw, Setting, Stream, without
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import (
    LONGEST,
    NoteItem,
    NoteSection,
    ReleaseRecord,
    kind_of,
    links_in,
)
from vertebra.connectors.web_json import Reach
from vertebra.kit.files.values import parse_date

PAGE = 50
MOST_ISSUES = 500
MOST_CHOICES = 500
_TYPES = {"bug": "fixed", "story": "added", "new feature": "added", "improvement": "changed", "epic": "added"}


class JiraVersions:
    """Fix versions of the chosen projects."""

    code = "jira"
    settings = (
        Setting("address", "address"),
        Setting("email", "email", is_required=False),
        Setting("token", "secret", max_length=2_000),
    )
    streams = (Stream("versions", is_incremental=False),)
    private = ("approvers", "driver", "operations", "issues.assignee", "issues.reporter")

    def open(self, values: Mapping[str, str], reach: Reach) -> JiraSession:
        """A session: an e-mail and an API token in the Cloud, a personal access token elsewhere."""
        headers, version = opening(values)
        return JiraSession(Asker(values["address"], reach, headers), version, self.private)

    def normalise(self, stream: str, record: Raw) -> ReleaseRecord | None:
        """A version of a project as a release; its issues are what it changes, by their type."""
        number, name = str(record.get("id") or ""), str(record.get("name") or "").strip()
        if not number or not name:
            return None
        on = parse_date(record.get("releaseDate") or "")
        is_out = record.get("released") is True
        body = str(record.get("description") or "").strip()[: LONGEST["body"]]
        project = str(record.get("project") or "")
        return ReleaseRecord(
            external_id=number,
            name=name[: LONGEST["name"]],
            title=name[: LONGEST["title"]],
            on=on,
            state="withdrawn"
            if record.get("archived") is True and not is_out
            else "released"
            if is_out
            else "planned",
            sections=_sections(record.get("issues") or []),
            body=body,
            links=links_in(body),
            origin=Origin(project, None, str(record.get("self") or "")),
            areas=_components(record.get("issues") or []),
            url=_address(record),
        )


class JiraSession:
    """One Jira, asked as one account."""

    def __init__(self, asker: Asker, version: int, private: Sequence[str]) -> None:
        self.asker = asker
        self.root = f"/rest/api/{version}"
        self.version = version
        self.private = private

    def hurry(self) -> None:
        """Ask everything once only."""
        self.asker.attempts = 1

    def check(self) -> str:
        """The name of the account that the token opens."""
        found = self.asker.get_json(f"{self.root}/myself")
        return str(found.get("displayName") or found.get("name") or "") if isinstance(found, dict) else ""

    def choices(self) -> list[Choice]:
        """The projects that the account may see."""
        if self.version == 2:
            found = self.asker.get_json(f"{self.root}/project")
            return [_choice(one) for one in found[:MOST_CHOICES]] if isinstance(found, list) else []
        made: list[Choice] = []
        while len(made) < MOST_CHOICES:
            query = {"startAt": len(made), "maxResults": PAGE, "orderBy": "key"}
            page = self._page(self.asker.get_json(f"{self.root}/project/search", query))
            made += [_choice(one) for one in page["values"]]
            if page.get("isLast", True) or not page["values"]:
                break
        return made

    def read(self, stream: str, since: str, chosen: Sequence[str]) -> Iterator[Page]:
        """Every version of the chosen projects in their order; a cursor is a project and a place in it."""
        project, _, place = since.rpartition("@")
        begun = list(chosen).index(project) if project in chosen else 0
        for key in list(chosen)[begun:]:
            start = int(place) if key == project and place.isdecimal() else 0
            yield from self._versions(key, start)

    def _versions(self, key: str, start: int) -> Iterator[Page]:
        path = f"{self.root}/project/{quote(key, safe='')}/version"
        while True:
            query = {"startAt": start, "maxResults": PAGE, "orderBy": "sequence"}
            page = self._page(self.asker.get_json(path, query))
            versions = [{**one, "project": key} for one in page["values"] if isinstance(one, dict)]
            if not versions:
                return
            issues = self._issues([str(one.get("id")) for one in versions if not one.get("archived")])
            start += len(page["values"])
            records = ({**one, "issues": issues.get(str(one.get("id")), [])} for one in versions)
            yield Page(tuple(without(one, self.private) for one in records), f"{key}@{start}")
            if page.get("isLast", start >= int(page.get("total") or 0)):
                return

    def _issues(self, versions: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """What each version brings: the issues fixed in it, done or not, by the ids of versions."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        numbers = [one for one in versions if one.isdecimal()]
        if not numbers:
            return found
        query: dict[str, Any] = {
            "jql": f"fixVersion in ({', '.join(numbers)}) ORDER BY key",
            "fields": "summary,issuetype,components,fixVersions",
            "maxResults": 100,
        }
        path = f"{self.root}/search/jql" if self.version == 3 else f"{self.root}/search"
        while True:
            page = self.asker.get_json(path, query)
            issues = page.get("issues") if isinstance(page, dict) else None
            if not isinstance(issues, list):
                raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
            for issue in issues:
                _file(issue, found)
            token = page.get("nextPageToken")
            read = int(page.get("startAt") or 0) + len(issues)
            if token and issues:
                query["nextPageToken"] = token
            elif self.version == 2 and issues and read < int(page.get("total") or 0):
                query["startAt"] = read
            else:
                return found

    def _page(self, found: Any) -> dict[str, Any]:
        if not isinstance(found, dict) or not isinstance(found.get("values"), list):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self.asker.close()


def opening(values: Mapping[str, str]) -> tuple[dict[str, str], int]:
    """What is shown to Jira to be let in, and the version of its interface: only the Cloud asks for an e-mail."""
    if values.get("email"):
        pair = base64.b64encode(f"{values['email']}:{values['token']}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}, 3
    return {"Authorization": f"Bearer {values['token']}"}, 2


def _choice(found: Any) -> Choice:
    project = found if isinstance(found, dict) else {}
    return Choice(str(project.get("key") or ""), str(project.get("name") or project.get("key") or ""))


def _file(issue: Any, found: dict[str, list[dict[str, Any]]]) -> None:
    fields = issue.get("fields") or {}
    kept = {
        "key": str(issue.get("key") or ""),
        "summary": str(fields.get("summary") or ""),
        "type": str((fields.get("issuetype") or {}).get("name") or ""),
        "components": [str(one.get("name") or "") for one in fields.get("components") or []],
    }
    for version in fields.get("fixVersions") or []:
        if len(found[str(version.get("id"))]) < MOST_ISSUES:
            found[str(version.get("id"))].append(kept)


def _sections(issues: Sequence[Mapping[str, Any]]) -> tuple[NoteSection, ...]:
    told: dict[str, list[NoteItem]] = defaultdict(list)
    for issue in issues:
        text = f"{issue.get('summary') or ''} ({issue.get('key') or '?'})".strip()[: LONGEST["item"]]
        areas = tuple(one for one in issue.get("components") or [] if one)
        told[str(issue.get("type") or "")].append(NoteItem(text, areas=areas))
    return tuple(
        NoteSection(_TYPES.get(title.casefold(), kind_of(title)), title[: LONGEST["section"]], tuple(items))  # type: ignore[arg-type]
        for title, items in told.items()
    )


def _components(issues: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted({one for issue in issues for one in issue.get("components") or [] if one}))


def _address(record: Raw) -> str:
    """Where people read of the version, from where machines do."""
    own, _, _rest = str(record.get("self") or "").partition("/rest/api/")
    if not own.startswith(("http://", "https://")) or not record.get("project"):
        return ""
    return f"{own}/projects/{quote(str(record['project']), safe='')}/versions/{record.get('id')}"
