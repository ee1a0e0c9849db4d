"""A GitLab on this machine that remembers: issues with what happened to them, which change and are deleted.

Its answers are written by hand from the published reference of its REST API, version 4.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from tests.connectors.systems import TOKEN, Asked, Fake, Reply

BEGAN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
KINDS = ("resource_state_events", "resource_label_events", "resource_milestone_events", "notes", "links")
OF_PREMIUM = ("resource_iteration_events", "resource_weight_events")


def stamp(at: dt.datetime) -> str:
    """A moment as GitLab writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def user(username: str) -> dict[str, Any]:
    """Somebody as GitLab tells of them."""
    return {
        "id": sum(map(ord, username)), "name": username.replace("-", " ").title(), "username": username, "state": "active",
        "avatar_url": None, "web_url": f"https://gitlab.example.org/{username}",
    }  # fmt: skip


def issue(number: int, project: str = "red/boat", **more: Any) -> dict[str, Any]:
    """An issue as a list of GitLab holds it; its texts and people must be found nowhere afterwards."""
    at = stamp(BEGAN + dt.timedelta(hours=number))
    return {
        "id": 9_000_000 + number, "iid": number, "project_id": 3, "title": f"A leak {number}", "type": "ISSUE",
        "description": "A secret text that nobody keeps", "state": "opened", "created_at": at, "updated_at": at,
        "closed_at": None, "closed_by": None, "labels": [], "milestone": None, "assignees": [], "author": user("zoe-quist"),
        "issue_type": "issue", "assignee": None, "user_notes_count": 2, "due_date": None, "confidential": False,
        "discussion_locked": None, "severity": "UNKNOWN", "moved_to_id": None,
        "web_url": f"https://gitlab.example.org/{project}/-/issues/{number}",
        "time_stats": {"time_estimate": 0, "total_time_spent": 0},
        "references": {"short": f"#{number}", "relative": f"#{number}", "full": f"{project}#{number}"}, **more,
    }  # fmt: skip


def merge_request(number: int, project: str = "red/boat", **more: Any) -> dict[str, Any]:
    """A merge request as a list of GitLab holds it, with the number of an issue."""
    told = issue(number, project)
    for name in ("type", "issue_type", "due_date", "confidential", "severity", "moved_to_id"):
        del told[name]
    full = f"{project}!{number}"
    return {
        **told, "draft": False, "work_in_progress": False, "merged_at": None, "merge_user": None, "reviewers": [],
        "source_branch": "a-leak", "target_branch": "main", "sha": "8888888888888888888888888888888888888888",
        "references": {"short": f"!{number}", "relative": f"!{number}", "full": full}, **more,
    }  # fmt: skip


def happened(at: dt.datetime, who: str = "yann-orsel", **more: Any) -> dict[str, Any]:
    """An event of any sort."""
    return {
        "id": int(at.timestamp()),
        "user": user(who),
        "created_at": stamp(at),
        "resource_type": "Issue",
        "resource_id": 11,
        **more,
    }


def note(at: dt.datetime, body: str, *, is_system: bool = True, who: str = "yann-orsel") -> dict[str, Any]:
    """A note beside an issue: GitLab's own, or what somebody wrote."""
    return {
        "id": int(at.timestamp()), "body": body, "author": user(who), "created_at": stamp(at), "updated_at": stamp(at),
        "system": is_system, "noteable_type": "Issue",
    }  # fmt: skip


class GitLab:
    """Projects with issues, each with what happened to it; a free edition tells neither iterations nor weights."""

    def __init__(self, *projects: str, is_premium: bool = False) -> None:
        self.projects = projects or ("red/boat",)
        # The merge requests of a project are held under its name with their sign.
        self.issues: dict[str, dict[int, dict[str, Any]]] = {
            held: {} for name in self.projects for held in (name, f"{name}!")
        }
        self.events: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
        self.known = (*KINDS, *(OF_PREMIUM if is_premium else ()))
        self.now = BEGAN
        self.fake = Fake(self.answer)

    def add(self, told: dict[str, Any], **events: list[dict[str, Any]]) -> dict[str, Any]:
        """An issue is there, with what happened to it by sort."""
        full = told["references"]["full"]
        project = full.partition("#")[0] if "#" in full else f"{full.partition('!')[0]}!"
        self.issues[project][told["iid"]] = told
        for kind, found in events.items():
            self.events[project, told["iid"], kind] = found
        self.now = max(self.now, dt.datetime.fromisoformat(told["updated_at"]))
        return told

    def change(
        self, number: int, kind: str, event: dict[str, Any], project: str = "red/boat", **now: Any
    ) -> None:
        """Something happens to an issue."""
        self.events.setdefault((project, number, kind), []).append(event)
        self.issues[project][number].update(now, updated_at=event["created_at"])
        self.now = max(self.now, dt.datetime.fromisoformat(event["created_at"]))

    def delete(self, number: int, project: str = "red/boat") -> None:
        """An issue is deleted."""
        del self.issues[project][number]

    def answer(self, asked: Asked) -> Reply:
        """What GitLab says."""
        told = {"Date": self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, told, {"message": "401 Unauthorized"}
        parts = [unquote(part) for part in asked.path.removeprefix("/api/v4/").split("/")]
        if parts == ["user"]:
            return 200, told, user("reader")
        if parts == ["projects"]:
            return self._paged(
                asked,
                told,
                [{"path_with_namespace": one, "name_with_namespace": one.title()} for one in self.projects],
            )
        held = f"{parts[1]}!" if parts[2] == "merge_requests" else parts[1]
        issues = self.issues.get(held)
        if issues is None:
            return 404, told, {"message": "404 Project Not Found"}
        if len(parts) == 3:
            return self._paged(asked, told, self._listed(held, asked.query))
        if int(parts[3]) not in issues or (len(parts) == 5 and parts[4] not in self.known):
            return 404, told, {"message": "404 Not found"}
        if len(parts) == 4:
            return 200, told, issues[int(parts[3])]
        return self._paged(asked, told, self.events.get((held, int(parts[3]), parts[4]), []))

    def _listed(self, project: str, query: dict[str, str]) -> list[dict[str, Any]]:
        assert (query["scope"], query["state"]) == ("all", "all")
        by, since = query["order_by"], query.get("updated_after", "")
        rows = [one for one in self.issues[project].values() if one["updated_at"] >= since]
        return sorted(rows, key=lambda one: (one[by], one["iid"]), reverse=query["sort"] == "desc")

    def _paged(self, asked: Asked, told: dict[str, str], rows: list[dict[str, Any]]) -> Reply:
        size, page = int(asked.query.get("per_page", 20)), int(asked.query.get("page", 1))
        return 200, {**told, "X-Total": str(len(rows))}, rows[(page - 1) * size : page * size]


def holding(works: Sequence[Any]) -> Fake:
    """A GitLab that holds some work of one project, closed and opened again with every step."""
    world = GitLab()
    for one in works:
        ends = ("closed", "opened")
        steps = [
            happened(one.at(step), state="reopened" if step % 2 else "closed") for step in range(one.steps)
        ]
        updated = stamp(one.at(one.steps - 1) if one.steps else one.began)
        told = issue(
            one.number,
            created_at=stamp(one.began),
            updated_at=updated,
            state=ends[(one.steps - 1) % 2] if one.steps else "opened",
        )
        world.add(told, resource_state_events=steps)
    return world.fake
