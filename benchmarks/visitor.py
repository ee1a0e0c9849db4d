"""Somebody who asks the server one thing after another over one connection, and looks at the clock."""

import json
import statistics
import time
from http.client import HTTPConnection
from typing import Any


class BrokenPage(RuntimeError):
    """An address that should answer did not."""


class Visitor:
    """One keep-alive connection, with a session's cookie or a token."""

    def __init__(self, port: int, *, cookie: str = "", token: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Accept-Language": "fr", "Accept": "text/html" if cookie else "application/json"}
        if cookie:
            self.headers["Cookie"] = f"sessionid={cookie}"
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def ask(self, path: str, body: Any = None) -> tuple[int, bytes, float]:
        """The status, the answer, and the milliseconds it took; with a body, it is sent as JSON."""
        sent = None if body is None else json.dumps(body).encode()
        headers = self.headers if sent is None else {**self.headers, "Content-Type": "application/json"}
        try:
            return self._send(path, sent, headers)
        except (ConnectionError, BrokenPipeError):  # the server closes a connection that was idle for long
            self.connection.close()
            return self._send(path, sent, headers)

    def _send(self, path: str, sent: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, float]:
        start = time.perf_counter()
        self.connection.request("GET" if sent is None else "POST", path, body=sent, headers=headers)
        response = self.connection.getresponse()
        answer = response.read()
        return response.status, answer, (time.perf_counter() - start) * 1000

    def times(self, path: str, count: int, warm: int = 3) -> list[float]:
        """Milliseconds of so many requests, after a few that warm the server."""
        for _ in range(warm):
            status, _answer, _ms = self.ask(path)
            if status != 200:
                raise BrokenPage(f"{path}: {status}")
        return [self.ask(path)[2] for _ in range(count)]


def p50(times: list[float]) -> float:
    """The middle one."""
    return statistics.median(times)


def p95(times: list[float]) -> float:
    """The one that 95 in 100 do not exceed."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]
