"""A GitHub on this machine that remembers: issues and pull requests with timelines, which change, are deleted, moved.

Written from the published description of its REST API, version 2022-11-28.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.connectors.systems import TOKEN, Asked, Fake, Reply

BEGAN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


def stamp(at: dt.datetime) -> str:
    """A moment as GitHub writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str) -> dict[str, Any]:
    """Somebody as GitHub tells of them."""
    home = f"https://api.example.org/users/{login}"
    lists = (
        "events",
        "followers",
        "following",
        "gists",
        "organizations",
        "received_events",
        "repos",
        "starred",
        "subscriptions",
    )
    return {
        "login": login, "id": sum(map(ord, login)), "node_id": f"U_{login}", "gravatar_id": "", "type": "User",
        "avatar_url": f"{home}/avatar", "url": home, "html_url": f"https://example.org/{login}", "site_admin": False,
        **{f"{name}_url": f"{home}/{name}" for name in lists},
    }  # fmt: skip


def label(name: str) -> dict[str, Any]:
    """A label."""
    return {
        "id": sum(map(ord, name)), "node_id": "L", "url": f"https://api.example.org/labels/{name}", "name": name,
        "description": None, "color": "ff0000", "default": False,
    }  # fmt: skip


def issue(number: int, repository: str = "red/boat", **more: Any) -> dict[str, Any]:
    """An issue as a list of GitHub holds it; its texts and people must be found nowhere afterwards."""
    home = f"https://api.example.org/repos/{repository}/issues/{number}"
    at = stamp(BEGAN + dt.timedelta(hours=number))
    lists = ("labels", "comments", "events", "timeline")
    return {
        "id": 9_000_000 + number, "node_id": f"I_{number}", "number": number, "url": home,
        "repository_url": f"https://api.example.org/repos/{repository}", "html_url": f"https://example.org/{repository}/issues/{number}",
        **{f"{name}_url": f"{home}/{name}" for name in lists},
        "title": f"A leak {number}", "body": "A secret text that nobody keeps", "user": user("zoe-quist"),
        "labels": [], "assignee": None, "assignees": [], "milestone": None, "locked": False, "comments": 2,
        "state": "open", "state_reason": None, "closed_at": None, "created_at": at, "updated_at": at,
        "author_association": "MEMBER", **more,
    }  # fmt: skip


def event(kind: str, at: dt.datetime, who: str = "yann-orsel", **more: Any) -> dict[str, Any]:
    """Something that happened to an issue."""
    number = int(at.timestamp())
    return {
        "id": number, "node_id": f"E_{number}", "url": f"https://api.example.org/repos/red/boat/issues/events/{number}",
        "actor": user(who), "event": kind, "commit_id": None, "commit_url": None, "created_at": stamp(at),
        "performed_via_github_app": None, **more,
    }  # fmt: skip


class GitHub:
    """Repositories with issues, each with what happened to it."""

    def __init__(self, *repositories: str) -> None:
        self.issues: dict[str, dict[int, dict[str, Any]]] = {
            name: {} for name in repositories or ("red/boat",)
        }
        self.timelines: dict[tuple[str, int], list[dict[str, Any]]] = {}
        self.now = BEGAN
        self.fake = Fake(self.answer)

    def add(self, told: dict[str, Any], *timeline: dict[str, Any]) -> dict[str, Any]:
        """An issue is there, with what happened to it."""
        repository = told["repository_url"].partition("/repos/")[2]
        self.issues[repository][told["number"]] = told
        self.timelines[repository, told["number"]] = list(timeline)
        self._is_later(told["updated_at"])
        return told

    def change(
        self, number: int, *happened: dict[str, Any], repository: str = "red/boat", **now: Any
    ) -> None:
        """Something happens to an issue."""
        told = self.issues[repository][number]
        self.timelines[repository, number] += happened
        told.update(now, updated_at=max(one["created_at"] for one in happened))
        self._is_later(told["updated_at"])

    def delete(self, number: int, repository: str = "red/boat") -> None:
        """An issue is deleted."""
        del self.issues[repository][number]

    def _is_later(self, text: str) -> None:
        self.now = max(self.now, dt.datetime.fromisoformat(text))

    def answer(self, asked: Asked) -> Reply:
        """What GitHub says."""
        told = {"Date": self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        token = asked.headers.get("authorization")
        if token and token != f"Bearer {TOKEN}":
            return 401, told, {"message": "Bad credentials"}
        if asked.path == "/user":
            return 200, told, {"login": "reader"}
        if asked.path == "/user/repos":
            return 200, told, [{"full_name": name} for name in self.issues]
        parts = asked.path.strip("/").split("/")
        name = "/".join(parts[1:3])
        if name not in self.issues:
            return 404, told, {"message": "Not Found"}
        if len(parts) == 4:
            return self._paged(asked, told, self._listed(name, asked.query))
        number = int(parts[4])
        if number not in self.issues[name]:
            return 410, told, {"message": "This issue was deleted"}
        if len(parts) == 5:
            return 200, told, self.issues[name][number]
        return self._paged(asked, told, self.timelines[name, number])

    def _listed(self, name: str, query: dict[str, str]) -> list[dict[str, Any]]:
        assert query["state"] == "all"
        by, since = f"{query['sort']}_at", query.get("since", "")
        rows = [one for one in self.issues[name].values() if one["updated_at"] >= since]
        return sorted(rows, key=lambda one: (one[by], -one["number"]), reverse=query["direction"] == "desc")

    def _paged(self, asked: Asked, told: dict[str, str], rows: list[dict[str, Any]]) -> Reply:
        size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
        if page * size < len(rows):
            query = "&".join(f"{name}={text}" for name, text in asked.query.items() if name != "page")
            place = f"https://elsewhere.example.org/repositories/1?{query}&page="
            last = -(-len(rows) // size)
            told = {**told, "Link": f'<{place}{page + 1}>; rel="next", <{place}{last}>; rel="last"'}
        return 200, told, rows[(page - 1) * size : page * size]


def holding(works: Sequence[Any]) -> Fake:
    """A GitHub that holds some work of one repository, closed and opened again with every step."""
    world = GitHub()
    for one in works:
        ends = [{"state": "closed", "state_reason": "completed"}, {"state": "open", "state_reason": None}]
        steps = [
            event(
                "reopened" if step % 2 else "closed",
                one.at(step),
                **({} if step % 2 else {"state_reason": "completed"}),
            )
            for step in range(one.steps)
        ]
        updated = stamp(one.at(one.steps - 1) if one.steps else one.began)
        more = ends[(one.steps - 1) % 2] if one.steps else {}
        world.add(issue(one.number, created_at=stamp(one.began), updated_at=updated, **more), *steps)
    return world.fake
