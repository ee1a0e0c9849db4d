"""A Jira of our own on this machine, Cloud or Data Center: it pages, throttles, refuses, moves and forgets as Jiras do."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

Reply = tuple[int, dict[str, str], Any]
TOKEN, EMAIL = "t0ken-of-nobody", "reader@example.org"
SPRINT, POINTS, SIZED = "customfield_10020", "customfield_10016", "customfield_10090"
FIELDS = [
    {"id": "summary", "name": "Summary", "custom": False},
    {"id": SPRINT, "name": "Sprint", "custom": True,
     "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint", "customId": 10020}},
    {"id": POINTS, "name": "Story point estimate", "custom": True,
     "schema": {"type": "number", "custom": "com.pyxis.greenhopper.jira:jsw-story-points", "customId": 10016}},
    {"id": SIZED, "name": "T-shirt", "custom": True, "schema": {"type": "option", "customId": 10090}},
]  # fmt: skip
_SINCE = re.compile(r'updated >= "(\d{4}-\d\d-\d\d \d\d:\d\d)"')
_AMONG = re.compile(r"project in \(([^)]*)\)")


class Asked(Protocol):
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass
class FakeJira:
    """What a Jira holds, and how it behaves."""

    version: int = 3
    zone: str = "Europe/Paris"
    # Which of two equal hours is meant when the clocks are set back.
    is_late: bool = False
    issues: dict[str, dict[str, Any]] = field(default_factory=dict)
    sprints: list[dict[str, Any]] = field(default_factory=list)
    token: str = TOKEN
    # Of longer histories a search of the Cloud tells only the latest changes.
    told_changes: int = 100
    most: int = 100
    # Whether fields come that nobody asked for: what a benchmark reads is then as large as elsewhere.
    is_generous: bool = False
    # Answers given first, whatever is asked.
    first: list[Reply] = field(default_factory=list)
    # Called before each answer with how many there were: what happens in the tool while it is read.
    meanwhile: Callable[[int], None] = lambda _count: None
    answered: int = 0
    paths: list[str] = field(default_factory=list)
    _bodies: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    _order: list[tuple[str, str, str]] | None = None
    # What was searched for, and found: a page of many is cut from what the first was.
    _found: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def put(self, issues: Iterable[dict[str, Any]]) -> None:
        """Put issues there, in place of those with their ids."""
        self.issues |= {one["id"]: one for one in issues}
        self.touched()

    def delete(self, number: str) -> None:
        """Delete an issue for ever."""
        del self.issues[number]
        self.touched()

    def change(
        self, number: str, name: str, before: str, after: str, at: dt.datetime, who: str = "a1"
    ) -> None:
        """Change a field of an issue, as the interface would."""
        issue, when = self.issues[number], stamp(at)
        log = issue["changelog"]
        item = {
            "field": name,
            "fieldtype": "jira",
            "from": None,
            "fromString": before,
            "to": None,
            "toString": after,
        }
        log["histories"] = [
            *log["histories"],
            {"id": f"{number}{len(log['histories']):04}", "author": {"accountId": who, "displayName": who.title()},
             "created": when, "items": [item]},
        ]  # fmt: skip
        log["total"] = len(log["histories"])
        issue["fields"]["updated"] = when
        if name == "status":
            issue["fields"]["status"] = {**issue["fields"]["status"], "name": after}
        self._bodies.pop(number, None)
        self.touched()

    def move(self, number: str, key: str, at: dt.datetime) -> None:
        """Move an issue to another project, under another key."""
        issue = self.issues[number]
        before, issue["key"] = issue["key"], key
        issue["fields"]["project"] = {"key": key.rpartition("-")[0]}
        self.change(number, "Key", before, key, at)

    def touched(self) -> None:
        """Forget the order and what was found: something changed."""
        self._order = None
        self._found.clear()

    def answer(self, asked: Asked) -> Reply:
        """What is answered to one request."""
        self.meanwhile(self.answered)
        self.answered += 1
        self.paths.append(asked.path)
        if self.first:
            return self.first.pop(0)
        if not self._is_let_in(asked.headers.get("authorization", "")):
            return 401, {}, {"errorMessages": ["Client must be authenticated to access this resource."]}
        if asked.path.startswith("/rest/agile/1.0/"):
            return self._agile(asked.path.removeprefix("/rest/agile/1.0/").split("/"), asked.query)
        root = f"/rest/api/{self.version}/"
        if not asked.path.startswith(root):
            return 404, {}, {"errorMessages": ["There is no such resource."]}
        return self._platform([unquote(part) for part in asked.path.removeprefix(root).split("/")], asked)

    def _is_let_in(self, shown: str) -> bool:
        if self.version == 3:
            return shown == "Basic " + base64.b64encode(f"{EMAIL}:{self.token}".encode()).decode()
        return shown == f"Bearer {self.token}"

    def _platform(self, parts: list[str], asked: Asked) -> Reply:
        query = asked.query
        if parts == ["myself"]:
            return 200, {}, {"displayName": "Reader", "accountId": "reader", "timeZone": self.zone}
        if parts == ["field"]:
            return 200, {}, FIELDS
        if parts == (["project", "search"] if self.version == 3 else ["project"]):
            rows = [{"id": key, "key": key, "name": f"Project {key}"} for key in self.projects()]
            return 200, {}, (_page(rows, query) if self.version == 3 else rows)
        if parts[0] == "project" and parts[2:] == ["version"]:
            return 200, {}, _page([], query)
        if parts == (["search", "jql"] if self.version == 3 else ["search"]):
            return self._search(query)
        if parts == ["search", "approximate-count"] and self.version == 3:
            return 200, {}, {"count": len(self._matching(asked.body["jql"]))}
        if parts[0] == "issue" and parts[1] in self.issues:
            return self._one(parts, query)
        return 404, {}, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}

    def _one(self, parts: list[str], query: dict[str, str]) -> Reply:
        issue = self.issues[parts[1]]
        if parts[2:] == ["changelog"] and self.version == 3:
            return 200, {}, _page(issue["changelog"]["histories"], query, 100)
        return 200, {}, {"id": issue["id"], "key": issue["key"], "changelog": issue["changelog"]}

    def projects(self) -> list[str]:
        """The keys of the projects that there are."""
        return sorted({one["fields"]["project"]["key"] for one in self.issues.values()})

    def _search(self, query: dict[str, str]) -> Reply:
        try:
            found = self._matching(query["jql"])
        except LookupError as error:
            return (
                400,
                {},
                {"errorMessages": [f"The value '{error.args[0]}' does not exist for the field 'project'."]},
            )
        is_light = query.get("fields") == "updated"
        size = min(int(query.get("maxResults", 50)), 1_000 if is_light else self.most)
        if self.version == 2:
            start = int(query.get("startAt", 0))
            rows = found[start : start + size]
            told: dict[str, Any] = {"startAt": start, "maxResults": size, "total": len(found)}
        else:
            # A place in the order, which stays where it is when others move.
            after = tuple(json.loads(query.get("nextPageToken", '["", ""]')))
            at = bisect_right(found, after, key=lambda one: one[:2])
            rows = found[at : at + size]
            told = {"nextPageToken": json.dumps(rows[-1][:2])} if at + size < len(found) else {"isLast": True}
        whole = b",".join(self._body(number, query, is_light=is_light) for _at, _key, number in rows)
        head = json.dumps(told)[:-1].encode()
        return 200, {}, head + b', "issues": [' + whole + b"]}"

    def _matching(self, jql: str) -> list[tuple[str, str, str]]:
        """The issues that are searched for, by when they changed last and by their keys."""
        if jql not in self._found:
            self._found[jql] = self._searched(jql)
        return self._found[jql]

    def _searched(self, jql: str) -> list[tuple[str, str, str]]:
        keys = set(re.findall(r'"([^"]*)"', _AMONG.search(jql)[1]))  # type: ignore[index]
        if strange := sorted(keys - set(self.projects())):
            raise LookupError(strange[0])
        if self._order is None:
            self._order = sorted(
                (one["fields"]["updated"], one["key"], number) for number, one in self.issues.items()
            )
        among = [one for one in self._order if one[1].rpartition("-")[0] in keys]
        if (since := _SINCE.search(jql)) is None:
            return among
        at = dt.datetime.strptime(since[1], "%Y-%m-%d %H:%M").replace(
            tzinfo=ZoneInfo(self.zone), fold=int(self.is_late)
        )
        first = stamp(at.astimezone(dt.UTC))
        return [one for one in among if one[0] >= first]

    def _body(self, number: str, query: dict[str, str], *, is_light: bool) -> bytes:
        issue = self.issues[number]
        if is_light:
            light = {"id": number, "key": issue["key"], "fields": {"updated": issue["fields"]["updated"]}}
            return json.dumps(light).encode()
        asked = hash(query.get("fields"))
        held = self._bodies.get(number)
        if held is None or held[0] != asked:
            held = self._bodies[number] = (asked, json.dumps(self._told(issue, query)).encode())
        return held[1]

    def _told(self, issue: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        wanted = set(query.get("fields", "").split(","))
        fields = issue["fields"]
        if not self.is_generous:
            fields = {name: value for name, value in fields.items() if name in wanted}
        histories = issue["changelog"]["histories"]
        total = len(histories)
        if self.version == 3:
            histories = histories[::-1][: self.told_changes]
        log = {"startAt": 0, "maxResults": len(histories), "total": total, "histories": histories}
        return {
            **issue,
            "fields": fields,
            **({"changelog": log} if "changelog" in query.get("expand", "") else {}),
        }

    def _agile(self, parts: list[str], query: dict[str, str]) -> Reply:
        if parts == ["board"]:
            return 200, {}, _page([{"id": 7, "name": "Board", "type": "scrum"}], query)
        return 200, {}, _page(self.sprints, query)


def _page(rows: list[Any], query: dict[str, str], most: int = 50) -> dict[str, Any]:
    start, size = int(query.get("startAt", 0)), min(int(query.get("maxResults", most)), most)
    return {"startAt": start, "maxResults": size, "total": len(rows), "isLast": start + size >= len(rows),
            "values": rows[start : start + size]}  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """A time as Jira writes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


@dataclass
class _Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@contextmanager
def serving(jira: FakeJira, port: int = 0) -> Iterator[str]:
    """The Jira on a port of this machine; gives its address."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def _handle(self) -> None:
            place = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(place.query).items()}
            headers = {name.casefold(): value for name, value in self.headers.items()}
            with lock:
                asked = _Request(self.command, place.path, query, headers, json.loads(sent) if sent else None)
                status, told, value = jira.answer(asked)
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

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
