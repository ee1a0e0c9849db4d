"""Linear: projects as releases, those that changed since the last time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vertebra.connectors.asking import Asker
from vertebra.connectors.changelog_items import sections_of
from vertebra.connectors.contract import Choice, Page, Raw, Setting, Stream, in_pages
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.records import Origin
from vertebra.connectors.release_notes import LONGEST, ReleaseRecord, State, day_of, links_in
from vertebra.connectors.web_json import Reach

API = "https://api.linear.app"
MOST_PAGES = 400
VIEWER = "query Viewer { viewer { id } organization { name } }"
TEAMS = """query Teams($after: String) {
  teams(first: 100, after: $after) { nodes { key name } pageInfo { hasNextPage endCursor } }
}"""
# People are not asked for: no lead, no members, no creator.
PROJECTS = """query Projects($after: String, $filter: ProjectFilter) {
  projects(first: 50, after: $after, filter: $filter, orderBy: updatedAt, includeArchived: true) {
    nodes {
      id name description content url slugId createdAt updatedAt startDate targetDate completedAt canceledAt
      archivedAt trashed
      status { name type }
      teams(first: 20) { nodes { key name } }
      labels(first: 20) { nodes { name } }
      projectMilestones(first: 50) { nodes { name description targetDate } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""
_STATES: Mapping[str, State] = {"completed": "released", "canceled": "withdrawn"}


class LinearProjects:
    """Projects of the chosen teams."""

    code = "linear"
    settings = (
        Setting("address", "address", is_required=False, default=API),
        Setting("token", "secret", max_length=500),
    )
    streams = (Stream("projects", is_incremental=True),)
    private = ()

    def open(self, values: Mapping[str, str], reach: Reach) -> LinearSession:
        """A session: a personal API key goes by itself, a token of an application as a bearer."""
        token = values["token"]
        shown = token if token.startswith("lin_api_") else f"Bearer {token}"
        return LinearSession(Asker(values.get("address") or API, reach, {"Authorization": shown}))

    def normalise(self, stream: str, record: Raw) -> ReleaseRecord | None:
        """A project as a release: completed is out, canceled or in the bin is withdrawn, all else is planned."""
        number, name = str(record.get("id") or ""), str(record.get("name") or "").strip()
        if not number or not name:
            return None
        kind = str((record.get("status") or {}).get("type") or "")
        state = "withdrawn" if record.get("trashed") is True else _STATES.get(kind, "planned")
        day = record.get("completedAt") if state == "released" else record.get("targetDate")
        text = str(record.get("content") or "").strip()
        summary = str(record.get("description") or "").strip()
        body = "\n\n".join(part for part in (summary, text) if part)
        return ReleaseRecord(
            external_id=number,
            name=name[: LONGEST["name"]],
            title=name[: LONGEST["title"]],
            on=day_of(day or record.get("targetDate")),
            state=state,
            sections=sections_of(body[: LONGEST["body"]]),
            body=body[: LONGEST["body"]],
            links=links_in(body[: LONGEST["body"]]),
            origin=Origin("", None, str(record.get("slugId") or "")),
            teams=tuple(one["name"] for one in _nodes(record, "teams") if one.get("name")),
            areas=tuple(one["name"] for one in _nodes(record, "labels") if one.get("name")),
            url=next(iter(links_in(str(record.get("url") or ""), 1)), ""),
            is_cut=len(body) > LONGEST["body"],
        )


class LinearSession:
    """One workspace."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker

    def hurry(self) -> None:
        """Ask everything once only."""
        self.asker.attempts = 1

    def check(self) -> str:
        """The name of the workspace that the token opens."""
        found = self.ask(VIEWER, {})
        return str((found.get("organization") or {}).get("name") or "")

    def choices(self) -> list[Choice]:
        """The teams of the workspace."""
        return [Choice(str(one.get("key")), str(one.get("name"))) for one in self.every(TEAMS, "teams", {})]

    def read(self, stream: str, since: str, chosen: Sequence[str]) -> Iterator[Page]:
        """Projects that changed after the cursor, the longest unchanged first.

        They come latest first, and one may change meanwhile: all are read before the first is given.
        """
        wanted: dict[str, Any] = {}
        moment, _, last = since.partition("@")
        if moment:
            wanted["updatedAt"] = {"gte": moment}
        if chosen:
            wanted["accessibleTeams"] = {"some": {"key": {"in": list(chosen)}}}
        latest: dict[str, Mapping[str, Any]] = {}
        for one in self.every(PROJECTS, "projects", {"filter": wanted}):
            latest.setdefault(str(one.get("id")), one)
        in_order = sorted(latest.values(), key=lambda one: (str(one.get("updatedAt")), str(one.get("id"))))
        # The one read last stands at the very moment of the cursor.
        fresh = [one for one in in_order if (str(one.get("updatedAt")), str(one.get("id"))) > (moment, last)]
        yield from in_pages(fresh, [f"{one.get('updatedAt')}@{one.get('id')}" for one in fresh], "")

    def every(
        self, query: str, name: str, variables: Mapping[str, Any], most_pages: int = MOST_PAGES
    ) -> Iterator[Mapping[str, Any]]:
        """What a list holds, page after page."""
        after: str | None = None
        for _page in range(most_pages):
            found = self.ask(query, {**variables, "after": after}).get(name)
            if not isinstance(found, dict) or not isinstance(found.get("nodes"), list):
                raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
            yield from (one for one in found["nodes"] if isinstance(one, dict))
            paging = found.get("pageInfo") or {}
            after = paging.get("endCursor")
            if not paging.get("hasNextPage") or not after:
                return

    def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered to a question."""
        found = self.asker.post_json("/graphql", {"query": query, "variables": variables})
        errors = found.get("errors") if isinstance(found, dict) else None
        if errors:
            raise self._of_errors(errors)
        data = found.get("data") if isinstance(found, dict) else None
        if not isinstance(data, dict):
            raise Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)
        return data

    def _of_errors(self, errors: Any) -> Trouble:
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        code = str((first.get("extensions") or {}).get("code") or "").upper()
        if code in {"AUTHENTICATION_ERROR", "FORBIDDEN", "UNAUTHENTICATED"}:
            return Trouble(Fault.NOT_ALLOWED, host=self.asker.host, status=401)
        if code == "RATELIMITED":
            return Trouble(Fault.THROTTLED, host=self.asker.host, seconds=3600)
        return Trouble(Fault.ANSWER_STRANGE, host=self.asker.host)

    def close(self) -> None:
        """Let go of the connection."""
        self.asker.close()


def _nodes(record: Raw, name: str) -> list[dict[str, Any]]:
    nodes = (record.get(name) or {}).get("nodes") or []
    return [one for one in nodes if isinstance(one, dict)]
