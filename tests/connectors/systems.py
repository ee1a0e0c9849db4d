"""Small stand-ins for Jira, GitHub and Linear on this machine: they page, throttle, refuse, and can be made to fail."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from vertebra.connectors.contract import Session
from vertebra.connectors.systems import CONNECTORS
from vertebra.connectors.web_json import Reach

TOKEN = "t0ken-of-nobody"
Reply = tuple[int, dict[str, str], Any]


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class Fake:
    """A system that answers by a function, after what stands in `first` was answered."""

    answer: Callable[[Asked], Reply]
    first: list[Reply] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    address: str = ""

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.first.pop(0) if self.first else self.answer(asked)


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """The system on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body are two packets: the second would wait for the client's word on the first, 40 ms each time.
        disable_nagle_algorithm = True

        def _handle(self) -> None:
            place = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(size)
            query = {name: values[0] for name, values in parse_qs(place.query).items()}
            headers = {name.casefold(): value for name, value in self.headers.items()}
            asked = Asked(self.command, place.path, query, headers, json.loads(sent) if sent else None)
            status, told, value = fake.reply(asked)
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, text in {"Content-Type": "application/json", **told}.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _handle

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    fake.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()


def opened(code: str, fake: Fake, token: str = TOKEN, **more: str) -> Session:
    """A session with the stand-in that waits for nothing."""
    values = {"address": fake.address, "token": token, **more}
    session = CONNECTORS[code].open(values, Reach(private=["127.0.0.1"], seconds=10))
    session.waits = []  # type: ignore[attr-defined]
    session.asker.pause = session.waits.append  # type: ignore[attr-defined]
    return session


def jira(versions: dict[str, list[dict[str, Any]]], issues: list[dict[str, Any]] | None = None) -> Fake:
    """A Jira Cloud with projects, their versions and issues."""

    def answer(asked: Asked) -> Reply:
        if not asked.headers.get("authorization"):
            return 401, {}, {"errorMessages": ["Login Required"]}
        parts = asked.path.removeprefix("/rest/api/3/").removeprefix("/rest/api/2/").split("/")
        start = int(asked.query.get("startAt", 0))
        size = min(int(asked.query.get("maxResults", 50)), 50)
        if parts[0] == "myself":
            return 200, {}, {"displayName": "Reader", "accountId": "1"}
        if parts[:2] == ["project", "search"]:
            return (
                200,
                {},
                _page([{"id": "1", "key": key, "name": f"Project {key}"} for key in versions], start, size),
            )
        if parts == ["project"]:
            return 200, {}, [{"id": "1", "key": key, "name": f"Project {key}"} for key in versions]
        if parts[0] == "project" and parts[1] in versions:
            return 200, {}, _page(versions[parts[1]], start, size)
        if parts[0] == "search":
            wanted = {
                part.strip() for part in asked.query["jql"].partition("(")[2].partition(")")[0].split(",")
            }
            found = [
                one
                for one in issues or []
                if wanted & {version["id"] for version in one["fields"]["fixVersions"]}
            ]
            at = int(asked.query.get("nextPageToken", 0))
            more = {"nextPageToken": str(at + 2)} if at + 2 < len(found) else {}
            return 200, {}, {"issues": found[at : at + 2], **more}
        return 404, {}, {"errorMessages": ["No project could be found"]}

    return Fake(answer)


def _page(rows: list[dict[str, Any]], start: int, size: int) -> dict[str, Any]:
    values = rows[start : start + size]
    return {
        "startAt": start, "maxResults": size, "total": len(rows), "isLast": start + size >= len(rows), "values": values,
    }  # fmt: skip


def version(number: int, **more: Any) -> dict[str, Any]:
    """A fix version as Jira gives it."""
    return {
        "self": f"https://boats.example.org/rest/api/3/version/{number}", "id": str(number), "name": f"v{number}",
        "archived": False, "released": True, "releaseDate": f"2026-01-{number % 28 + 1:02}", "projectId": 1, **more,
    }  # fmt: skip


def github(repositories: dict[str, list[dict[str, Any]]]) -> Fake:
    """A GitHub with releases, newest first as it gives them."""

    def answer(asked: Asked) -> Reply:
        token = asked.headers.get("authorization")
        if token and token != f"Bearer {TOKEN}":
            return 401, {}, {"message": "Bad credentials"}
        if asked.path == "/user":
            return 200, {}, {"login": "reader"}
        if asked.path == "/user/repos":
            return 200, {}, [{"full_name": name} for name in repositories]
        name = asked.path.removeprefix("/repos/").removesuffix("/releases")
        if name not in repositories:
            return 404, {}, {"message": "Not Found"}
        size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
        rows = sorted(repositories[name], key=lambda one: str(one["created_at"]), reverse=True)
        more = {}
        if page * size < len(rows):
            following = (
                f"https://elsewhere.example.org/repositories/1/releases?per_page={size}&page={page + 1}"
            )
            more["Link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
        return 200, more, rows[(page - 1) * size : page * size]

    return Fake(answer)


def release(number: int, **more: Any) -> dict[str, Any]:
    """A release as GitHub gives it."""
    return {
        "url": f"https://api.example.org/repos/red/boat/releases/{number}",
        "html_url": f"https://example.org/red/boat/releases/tag/v{number}",
        "id": number, "tag_name": f"v{number}", "name": f"Boat {number}", "draft": False, "prerelease": False,
        "created_at": f"2026-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}T10:00:00Z",
        "published_at": f"2026-{number // 28 % 12 + 1:02}-{number % 28 + 1:02}T11:00:00Z",
        "author": {"login": "somebody"}, "assets": [{"uploader": {"login": "somebody"}}],
        "body": "## Fixed\r\n- A leak, see https://example.org/leak\r\n", **more,
    }  # fmt: skip


def linear(projects: list[dict[str, Any]], size: int = 50) -> Fake:
    """A Linear that knows the three questions it is asked."""

    def answer(asked: Asked) -> Reply:
        if TOKEN not in asked.headers.get("authorization", ""):
            refusal = {"message": "Authentication required", "extensions": {"code": "AUTHENTICATION_ERROR"}}
            return 401, {}, {"errors": [refusal]}
        query, variables = asked.body["query"], asked.body["variables"]
        if query.startswith("query Viewer"):
            return 200, {}, {"data": {"viewer": {"id": "1"}, "organization": {"name": "Boats"}}}
        if query.startswith("query Teams"):
            nodes = [{"key": "RED", "name": "Red boats"}]
            return 200, {}, {"data": {"teams": {"nodes": nodes, "pageInfo": {"hasNextPage": False}}}}
        since = ((variables.get("filter") or {}).get("updatedAt") or {}).get("gte", "")
        rows = sorted(
            (one for one in projects if one["updatedAt"] >= since),
            key=lambda one: one["updatedAt"],
            reverse=True,
        )
        at = int(variables.get("after") or 0)
        paging = {"hasNextPage": at + size < len(rows), "endCursor": str(at + size)}
        return 200, {}, {"data": {"projects": {"nodes": rows[at : at + size], "pageInfo": paging}}}

    return Fake(answer)


def project(number: int, **more: Any) -> dict[str, Any]:
    """A project as Linear gives it."""
    return {
        "id": f"p{number:04}", "name": f"Boat {number}", "description": "A boat.", "content": "## Added\n- A sail.",
        "url": f"https://linear.example.org/boats/project/p{number}", "slugId": f"s{number}",
        "createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": f"2026-02-01T00:{number // 60:02}:{number % 60:02}.000Z",
        "startDate": None, "targetDate": "2026-03-31", "completedAt": None, "canceledAt": None, "archivedAt": None,
        "trashed": None, "status": {"name": "Planned", "type": "planned"},
        "teams": {"nodes": [{"key": "RED", "name": "Red boats"}]}, "labels": {"nodes": [{"name": "sails"}]},
        "projectMilestones": {"nodes": []}, **more,
    }  # fmt: skip
