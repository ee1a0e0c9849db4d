"""GitHub, or a server of the same kind: the issues and pull requests of repositories, with what happened to them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from vertebra.connectors.contract import Choice, WorkPage
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.github_releases import MOST_PAGES, NAME, PAGE, GitHubReleases, GitHubSession
from vertebra.connectors.histories.answers import word
from vertebra.connectors.histories.github_issues import COUNTED, item_of
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.trackers.rounds import changed, looked_at, time_of, walk
from vertebra.connectors.trail import Flaw, Item
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock

_LAST = re.compile(r'[?&]page=(\d{1,9})(?:&[^>]*)?>;\s*rel="last"')


class GitHubTracker:
    """Issues and pull requests of the chosen repositories."""

    code = "github"
    settings = GitHubReleases.settings

    def open(self, values: Mapping[str, str], reach: Reach) -> GitHubWork:
        """A session; public repositories need no token, but are asked far less often without one."""
        opened = GitHubReleases().open(values, reach)
        return GitHubWork(opened.asker, opened.has_token, opened.private)


class GitHubWork(GitHubSession):
    """One GitHub, asked for work items: each list of a repository by what changed, then what happened to each."""

    _noted: Noted | None = None

    def fields(self) -> list[Choice]:
        """Nothing: fields of one's own come under their names."""
        return []

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single issues."""
        return self._noted.flaws if self._noted else []

    def items(self, since: str, chosen: Sequence[str], mapping: Mapping[str, str]) -> Iterator[WorkPage]:
        """Issues and pull requests that changed, repository after repository, each with its timeline."""
        self._noted = Noted(self.asker.host, clock.now())
        yield from walk(since, chosen, self._count, self._changed)

    def present(self, chosen: Sequence[str]) -> Iterator[str]:
        """The number that GitHub knows each issue by; an issue that is moved is another one there."""
        for name in chosen:
            for one in self._listed(name, ""):
                yield word(one, "id")

    def _count(self, name: str, since: str) -> tuple[int | None, dt.datetime]:
        """Of pages with one issue each, the last one has the number."""
        answer = self.asker.get(f"{self._path(name)}/issues", {**_asked(since), "per_page": 1})
        found = self.asker.json_of(answer)
        if not isinstance(found, list):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        link = answer.headers.get("link", "")
        if last := _LAST.search(link):
            return int(last[1]), time_of(answer)
        return None if 'rel="next"' in link else len(found), time_of(answer)

    def _changed(self, name: str, since: str) -> Iterator[Item]:
        for one in self._listed(name, since):
            yield from self._whole(name, one)

    def _listed(self, name: str, since: str) -> Iterator[Mapping[str, Any]]:
        def ask(since: str, page: int) -> list[Mapping[str, Any]]:
            asked = {**_asked(since), "per_page": PAGE, "page": page}
            found = self.asker.get_json(f"{self._path(name)}/issues", asked)
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
            return found

        yield from changed(ask, since, PAGE)

    def _whole(self, name: str, record: Mapping[str, Any]) -> Iterator[Item]:
        """An issue with its timeline; nothing where it was deleted or moved since it was listed."""
        place = word(record, "number")
        if self._noted is None or (timeline := self._timeline(name, place)) is None:
            return
        yield from looked_at(item_of({**record, "timeline": timeline}, name), f"{name}#{place}", self._noted)

    def _timeline(self, name: str, place: str) -> list[Mapping[str, Any]] | None:
        path = f"{self._path(name)}/issues/{quote(place)}"
        try:
            return [
                one for one in self.every(f"{path}/timeline", {}, MOST_PAGES) if word(one, "event") in COUNTED
            ]
        except Trouble as trouble:
            if trouble.fault in {Fault.NOT_THERE, Fault.MOVED} and not self._is_there(path):
                return None
            raise

    def _is_there(self, path: str) -> bool:
        try:
            self.asker.get_json(path)
        except Trouble as trouble:
            if trouble.fault in {Fault.NOT_THERE, Fault.MOVED}:
                return False
            raise
        return True

    def _path(self, name: str) -> str:
        if not NAME.fullmatch(name):
            raise Trouble(Fault.NOT_THERE, host=self.asker.host, status=404)
        return f"/repos/{quote(name)}"


def _asked(since: str) -> dict[str, str]:
    asked = {"state": "all", "sort": "updated", "direction": "asc"}
    # GitHub's moments have no parts of seconds.
    return {**asked, "since": f"{since[:19]}Z"} if since else asked
