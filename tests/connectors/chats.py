"""A chat tool that keeps what it was sent and answers as it is told; Slack's methods answer like Slack."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PEOPLE = {"lea@example.org": "U1LEA", "karim@example.org": "U2KARIM"}


@dataclass
class Sent:
    """One call: path, headers, what was in it."""

    method: str
    path: str
    headers: dict[str, str]
    value: Any


@dataclass
class Chat:
    """The server, what it received, and what it is told to answer next: (status, headers, body)."""

    port: int = 0
    received: list[Sent] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    seconds: float = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def slack_answer(sent: Sent) -> Any:
    """What Slack answers to the methods that the connector calls."""
    query = parse_qs(urlsplit(sent.path).query)
    if sent.path.startswith("/api/chat.postMessage"):
        told = {"type": "message", "text": sent.value["text"], "ts": "1503435956.000247", "bot_id": "B19LU7CSY",
                "subtype": "bot_message"}  # fmt: skip
        return {"ok": True, "channel": sent.value["channel"], "ts": "1503435956.000247", "message": told}
    if sent.path.startswith("/api/users.lookupByEmail"):
        found = PEOPLE.get(query["email"][0])
        return {"ok": True, "user": {"id": found}} if found else {"ok": False, "error": "users_not_found"}
    if sent.path.startswith("/api/users.list"):
        names = sorted(PEOPLE)
        at = int(query.get("cursor", ["0"])[0])
        members = [{"id": PEOPLE[names[at]], "profile": {"email": names[at].upper()}}]
        following = str(at + 1) if at + 1 < len(names) else ""
        return {"ok": True, "members": members, "response_metadata": {"next_cursor": following}}
    return None


class Handler(BaseHTTPRequestHandler):
    """Takes a call, and answers what the server was told or what the method answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    chat: Chat

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): told for name, told in self.headers.items()}
        sent = Sent(self.command, self.path, headers, json.loads(body) if body else None)
        self.chat.received.append(sent)
        time.sleep(self.chat.seconds)
        if self.chat.answers:
            status, more, text = self.chat.answers.pop(0)
        else:
            said = slack_answer(sent)
            status, more, text = 200, {}, "ok" if said is None else json.dumps(said)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        for name, told in more.items():
            self.send_header(name, told)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    do_POST = do_GET = _take

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def chat_server() -> Iterator[Chat]:
    """A chat tool as long as the block."""
    chat = Chat()
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"chat": chat}))
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    chat.port = made.server_port
    try:
        yield chat
    finally:
        made.shutdown()
        made.server_close()
