"""GitLab: the issues and merge requests of projects, with their events of states, labels, milestones, iterations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from vertebra.connectors.asking import Asker
from vertebra.connectors.contract import Choice, Setting, WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories import gitlab_issues, gitlab_merge_requests
from vertebra.connectors.histories.answers import word
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.trackers.rounds import changed, looked_at, time_of, walk
from vertebra.connectors.trail import Flaw, Item
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock

API = "https://gitlab.com"
PAGE = 100
MOST_CHOICES = 500
_MOST_PAGES = 100_000
ISSUES, MERGE_REQUESTS = "issues", "merge_requests"
# What is asked of each issue or merge request, and what its name here is.
_EVENTS = {
    "state_events": "resource_state_events",
    "label_events": "resource_label_events",
    "milestone_events": "resource_milestone_events",
    "notes": "notes",
}
# How merge requests of a project are told from its issues.
_SIGN = "!"


class GitLabTracker:
    """Issues and merge requests of the chosen projects."""

    code = "gitlab"
    settings = (
        Setting("address", "address", is_required=False, default=API),
        Setting("token", "secret", max_length=500),
    )

    def open(self, values: Mapping[str, str], reach: Reach) -> GitLabWork:
        """A session; a personal, group or project token with the right to read the API opens it."""
        return GitLabWork(
            Asker(values.get("address") or API, reach, {"Authorization": f"Bearer {values['token']}"})
        )


class GitLabWork:
    """One GitLab, asked for work items: each project by what changed, then what happened to each issue."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._noted: Noted | None = None
        self._untold: set[str] = set()

    def hurry(self) -> None:
        """Ask everything once only."""
        self.asker.attempts = 1

    def check(self) -> str:
        """The name of the account that the token opens."""
        found = self.asker.get_json("/api/v4/user")
        if not isinstance(found, dict):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        return word(found, "username")

    def choices(self) -> list[Choice]:
        """The projects that the account is a member of, wherever they lie in groups."""
        asked = {"membership": "true", "simple": "true", "order_by": "id", "sort": "asc"}
        found = [
            Choice(word(one, "path_with_namespace"), word(one, "name_with_namespace"))
            for one in self._every("/projects", asked, MOST_CHOICES // PAGE)
        ]
        return sorted(found, key=lambda one: one.code)

    def fields(self) -> list[Choice]:
        """Nothing: labels that are of a kind come as fields under its name."""
        return []

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single issues."""
        return self._noted.flaws if self._noted else []

    def items(self, since: str, chosen: Sequence[str], mapping: Mapping[str, str]) -> Iterator[WorkPage]:
        """Issues, then merge requests that changed, project after project, each with what happened to it."""
        self._noted = Noted(self.asker.host, clock.now())
        places = [place for name in chosen for place in (name, f"{name}{_SIGN}")]
        yield from walk(since, places, self._count, self._changed)

    def present(self, chosen: Sequence[str]) -> Iterator[str]:
        """The number that GitLab knows each issue by; an issue that is moved is another one there."""
        for name in chosen:
            yield from (word(one, "id") for one in self._listed(name, ""))
            merge_requests = self._listed(f"{name}{_SIGN}", "")
            yield from (gitlab_merge_requests.id_of(one) for one in merge_requests)

    def close(self) -> None:
        """Let go of the connection."""
        self.asker.close()

    def _count(self, place: str, since: str) -> tuple[int | None, dt.datetime]:
        try:
            answer = self.asker.get(f"/api/v4{_path(place)}", {**_asked(since), "per_page": 1})
        except Trouble as trouble:
            if _has_none(place, trouble):
                return 0, clock.now()
            raise
        found = self.asker.json_of(answer)
        if not isinstance(found, list):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        # Beyond ten thousand GitLab does not count.
        total = answer.headers.get("x-total", "")
        return int(total) if total.isdecimal() else (None if found else 0), time_of(answer)

    def _changed(self, place: str, since: str) -> Iterator[Item]:
        for one in self._listed(place, since):
            yield from self._whole(place, one)

    def _listed(self, place: str, since: str) -> Iterator[Mapping[str, Any]]:
        def ask(since: str, page: int) -> list[Mapping[str, Any]]:
            try:
                return self._list(_path(place), {**_asked(since), "page": page})
            except Trouble as trouble:
                if _has_none(place, trouble):
                    return []
                raise

        yield from changed(ask, since, PAGE)

    def _whole(self, place: str, record: Mapping[str, Any]) -> Iterator[Item]:
        """An issue or merge request with what happened to it; nothing where it was deleted since it was listed."""
        name, number = place.removesuffix(_SIGN), word(record, "iid")
        is_issue, path = place == name, f"{_path(place)}/{quote(number)}"
        told: dict[str, Any] = dict(record)
        for kind, where in _wanted(record, is_issue=is_issue).items():
            if (events := self._events(path, where)) is None:
                return
            told[kind] = events
        made = (gitlab_issues if is_issue else gitlab_merge_requests).item_of(told, name)
        if self._noted is not None:
            yield from looked_at(made, f"{name}{'#' if is_issue else _SIGN}{number}", self._noted)

    def _events(self, path: str, where: str) -> list[Mapping[str, Any]] | None:
        """What happened of one sort; no comments, which people write."""
        if where in self._untold:
            return []
        try:
            asked = {"activity_filter": "only_activity", "sort": "asc"} if where == "notes" else {}
            found = self._every(f"{path}/{where}", asked, _MOST_PAGES)
            return [one for one in found if where != "notes" or one.get("system") is True]
        except Trouble as trouble:
            if trouble.fault != Fault.NOT_THERE:
                raise
        try:
            self.asker.get_json(f"/api/v4{path}")
        except Trouble as trouble:
            if trouble.fault == Fault.NOT_THERE:
                return None
            raise
        self._untold.add(where)  # this edition or version does not tell it
        return []

    def _every(self, path: str, query: Mapping[str, Any], most_pages: int) -> Iterator[Mapping[str, Any]]:
        for page in range(1, most_pages + 1):
            found = self._list(path, {**query, "page": page})
            yield from found
            if len(found) < PAGE:
                return

    def _list(self, path: str, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = self.asker.get_json(f"/api/v4{path}", {**query, "per_page": PAGE})
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        return found


def _wanted(record: Mapping[str, Any], *, is_issue: bool) -> dict[str, str]:
    """What is asked of an issue or a merge request; only some editions have the last two, and name them in each issue."""
    wanted = {**_EVENTS, "links": "links"} if is_issue else dict(_EVENTS)
    if is_issue and "iteration" in record:
        wanted["iteration_events"] = "resource_iteration_events"
    if is_issue and record.get("weight") is not None:
        wanted["weight_events"] = "resource_weight_events"
    return wanted


def _has_none(place: str, trouble: Trouble) -> bool:
    """Whether a project, whose issues were listed before, has no merge requests to show."""
    return place.endswith(_SIGN) and trouble.particulars.get("status") in {403, 404}


def _path(place: str) -> str:
    """Where the issues or the merge requests of a project are asked for."""
    name = place.removesuffix(_SIGN)
    return f"/projects/{quote(name, safe='')}/{ISSUES if place == name else MERGE_REQUESTS}"


def _asked(since: str) -> dict[str, str]:
    asked = {"scope": "all", "state": "all", "order_by": "updated_at", "sort": "asc"}
    return {**asked, "updated_after": since} if since else asked
