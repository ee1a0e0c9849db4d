"""A mail server and a Slack of its own, in one process: they note what arrives, and break one thing in twenty.

Told `report` on the standard input, it answers how many messages came, how many of them for the first time.
"""

import asyncio
import json
import random
import re
import socket
import sys
import threading
from collections import Counter
from typing import Any

from aiosmtpd.controller import Controller

ERRORS = 0.05
THROTTLED = 0.0005
SEED = 5
_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Post:
    """What arrived, by what tells one message from another; refusals are counted apart."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.refused = 0
        self.chance = random.Random(SEED)

    def breaks(self) -> bool:
        """Whether this one is refused."""
        is_broken = self.chance.random() < ERRORS
        self.refused += is_broken
        return is_broken

    def told(self) -> dict[str, int]:
        """What arrived, in figures."""
        return {"came": self.seen.total(), "different": len(self.seen), "refused": self.refused}


class Mails:
    """Takes mails; some are told to come later."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take one mail; those of the demo to its own people are not what is counted."""
        if not envelope.rcpt_tos[0].startswith("fan"):
            return "250 OK"
        if self.post.breaks():
            return "451 4.3.0 try later"
        found = _ID.search(envelope.content)
        self.post.seen[found[1].decode() if found else f"none {len(self.post.seen)}"] += 1
        return "250 OK"


class Slack:
    """Takes posts as `chat.postMessage` does, and lists everybody of the workspace."""

    def __init__(self, post: Post, people: int) -> None:
        self.post = post
        self.people = people
        self.port = 0

    async def serve(self, started: threading.Event) -> None:
        """Listen until the process ends."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(length[1])) if length else b""
                status, more, answer = self._answer(head.split(b" ", 2)[1].decode(), body)
                said = json.dumps(answer).encode()
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{more}"
                    f"Content-Length: {len(said)}\r\n\r\n".encode()
                    + said
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, path: str, body: bytes) -> tuple[str, str, Any]:
        if "users.list" in path:
            return "200 OK", "", self._people(path)
        if self.post.chance.random() < THROTTLED:
            return "429 Too Many Requests", "Retry-After: 1\r\n", {"ok": False, "error": "ratelimited"}
        if self.post.breaks():
            return "503 Service Unavailable", "", {"ok": False, "error": "service_unavailable"}
        said = json.loads(body)
        self.post.seen[said["channel"]] += 1
        return "200 OK", "", {"ok": True, "channel": said["channel"], "ts": "1.1", "message": {"text": ""}}

    def _people(self, path: str) -> Any:
        found = re.search(r"cursor=(\d+)", path)
        start = int(found[1]) if found else 0
        numbers = range(start, min(start + 1000, self.people))
        members = [{"id": f"U{n}", "profile": {"email": f"fan{n}@example.org"}} for n in numbers]
        following = str(start + 1000) if start + 1000 < self.people else ""
        return {"ok": True, "members": members, "response_metadata": {"next_cursor": following}}


def main(people: int) -> None:
    """Start both, say where they listen, and answer until the standard input ends."""
    mails, posts, started = Post(), Post(), threading.Event()
    slack = Slack(posts, people)
    threading.Thread(target=lambda: asyncio.run(slack.serve(started)), daemon=True).start()
    started.wait(10)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Mails(mails), hostname="127.0.0.1", port=port)
    controller.start()
    print(json.dumps({"mail": port, "slack": slack.port}), flush=True)
    for _line in sys.stdin:
        print(json.dumps({"mail": mails.told(), "slack": posts.told()}), flush=True)
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]))
