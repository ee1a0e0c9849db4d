"""Searching Jira page by page, in the order of the latest change, so that nothing is passed over while people work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vertebra.connectors.asking import Asker
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.jira_shape import Issue
from vertebra.connectors.histories.moments import utc
from vertebra.connectors.publishing import Answer
from vertebra.connectors.trackers.jira_answers import Answers, Page, RawPage

SIZE, MANY = 100, 1_000
# A search knows what changed only after a while.
OVERLAP = dt.timedelta(minutes=5)
# Around a change of the clocks the same hour comes twice, or not at all.
CLOCKS = dt.timedelta(hours=3)
# No zone of the world lies further off.
WORLD = dt.timedelta(hours=26)
# So many of a page are asked for again with the next, to see whether the list moved meanwhile.
BACK = 5
# What is asked for where only the ids are wanted.
IDS = "updated"
# Further down a list a server has to count through all that stands above.
DEEPEST = 10_000
Jql = Callable[[dt.datetime | None], str]


def jql_of(chosen: Sequence[str], zone: dt.tzinfo | None) -> Jql:
    """What is searched for, by a moment: everything of these projects, or what changed from a little before it on."""
    keys = ", ".join('"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' for key in chosen)

    def jql(mark: dt.datetime | None) -> str:
        changed = f' AND updated >= "{minute(mark, zone)}"' if mark is not None else ""
        return f"project in ({keys}){changed} ORDER BY updated ASC, key ASC"

    return jql


def minute(mark: dt.datetime, zone: dt.tzinfo | None) -> str:
    """A minute not after the moment, as a search in the zone of an account has to name it."""
    at = mark - OVERLAP
    if zone is None:
        return f"{at.astimezone(dt.UTC) - WORLD:%Y-%m-%d %H:%M}"
    offsets = {(at + apart).astimezone(zone).utcoffset() for apart in (-CLOCKS, dt.timedelta(), CLOCKS)}
    if len(offsets) > 1:
        at -= CLOCKS
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


class Search:
    """One search, walked from a moment on."""

    def __init__(self, asker: Asker, version: int, answers: Answers, jql: Jql, fields: str) -> None:
        self.asker = asker
        self.version = version
        self.path = "/rest/api/3/search/jql" if version == 3 else "/rest/api/2/search"
        self.answers = answers
        self.jql = jql
        self.fields = fields
        self.size = MANY if fields == IDS else SIZE

    def count(self, mark: dt.datetime | None) -> int | None:
        """About how many there are, where Jira says it."""
        if self.version == 2:
            query = {"jql": self.jql(mark), "maxResults": 0, "fields": "id"}
            return self._answer(query).total
        # What is counted has no order.
        asked = {"jql": self.jql(mark).partition(" ORDER BY")[0]}
        try:
            found = self.asker.post_json("/rest/api/3/search/approximate-count", asked)
        except Trouble as trouble:
            if trouble.fault in {Fault.NOT_ALLOWED, Fault.THROTTLED}:
                raise
            return None
        count = found.get("count") if isinstance(found, dict) else None
        return count if isinstance(count, int) else None

    def pages(self, mark: dt.datetime | None, *, whole: bool = True) -> Iterator[list[Issue]]:
        """The issues in their order, a page at a time; with their history, or only what tells them apart."""
        more = {"fields": self.fields, **({"expand": "changelog"} if whole else {})}
        return self._cloud(mark, more) if self.version == 3 else self._server(mark, more)

    def _cloud(self, mark: dt.datetime | None, more: dict[str, str]) -> Iterator[list[Issue]]:
        query: dict[str, Any] = {"jql": self.jql(mark), **more}
        while True:
            page = self._answer(query)
            yield self.answers.issues(page)
            if not page.nextPageToken or page.nextPageToken == query.get("nextPageToken"):
                return
            query["nextPageToken"] = page.nextPageToken

    def _server(self, mark: dt.datetime | None, more: dict[str, str]) -> Iterator[list[Issue]]:
        """A list that moves up by one each time that somebody changes an issue that was given already.

        The last of each page are therefore asked for again: where they are not found, the list is gone back through.
        """
        start, seen, reached = 0, set[str](), mark
        while True:
            ask = max(start - min(BACK, self.size // 4), 0)
            page = self._answer({"jql": self.jql(mark), "startAt": ask, **more})
            found = self.answers.issues(page)
            known = [str(one.id) for one in found]
            if 0 < ask < start and not (known and known[0] in seen):
                start = max(ask - self.size, 0)
                continue
            yield [one for one in found if str(one.id) not in seen]
            start, seen = ask + len(page.issues), set(known)
            reached = _latest(found) or reached
            if not page.issues or start >= (page.total or 0):
                return
            if start >= DEEPEST and reached is not None and _is_later(reached, mark):
                start, mark = 0, reached

    def _answer(self, query: dict[str, Any]) -> RawPage | Page:
        """One answer, with fewer issues where so many are too much or take too long."""
        while True:
            try:
                return self.answers.page(self._get({"maxResults": self.size, **query}).body, self.asker.host)
            except Trouble as trouble:
                if trouble.fault not in {Fault.TOO_LARGE, Fault.TOO_SLOW} or self.size <= 1:
                    raise
                self.size = max(self.size // 4, 1)

    def _get(self, query: dict[str, Any]) -> Answer:
        try:
            return self.asker.get(self.path, query)
        except Trouble as trouble:
            if trouble.particulars.get("status") == 400 and "nextPageToken" not in query:
                raise Trouble(Fault.CHOICE_REFUSED, host=self.asker.host) from trouble
            raise


def _latest(found: list[Issue]) -> dt.datetime | None:
    for one in reversed(found):
        if one.fields is not None and (at := utc(one.fields.updated)) is not None:
            return at
    return None


def _is_later(reached: dt.datetime, mark: dt.datetime | None) -> bool:
    """Whether a search from there on is another one: it goes back a little, and more around a change of the clocks."""
    return mark is None or reached - mark > CLOCKS + 2 * OVERLAP
