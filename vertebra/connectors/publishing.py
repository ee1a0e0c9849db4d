"""Bringing a text to an outside system: one contract, what may go wrong, and one guarded way to post."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urljoin

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.web_json import Reach, body_of, parts_of, resolve, seconds_left

# Only these send the same again to another place; the others turn what is posted into a question.
_SENT_ON = frozenset({307, 308})
_MOVED = frozenset({301, 302, 303})
LONGEST_WAIT = 3600
KEPT_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Button:
    """What can be answered by one press where a chat tool takes it: what it says, what it does, with which value."""

    label: str
    action: str
    value: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that can be ticked beside the buttons of a text."""

    label: str
    value: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """What is said: a subject, a text in Markdown, where to read more, and to whom (or the room of the connection)."""

    subject: str
    body: str
    address: str = ""
    address_label: str = ""
    to: str = ""
    buttons: tuple[Button, ...] = ()
    ticks: tuple[Tick, ...] = ()


class NotSent(Exception):
    """A text that did not go, or of which nobody knows (`in_doubt`); `wait` is what the other side asks for."""

    def __init__(
        self, code: str, *, is_permanent: bool = False, in_doubt: bool = False, wait: int | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.is_permanent = is_permanent
        self.in_doubt = in_doubt
        self.wait = wait


class Publisher(Protocol):
    """A system that texts can be brought to."""

    def publish(self, message: Post) -> str:
        """Bring a text there; gives what the system calls it, where it says."""

    def close(self) -> None:
        """Let go of the connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an outside system answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The answer as JSON, or nothing where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class Wire:
    """One kept connection to a place; every place, redirections included, is checked before anything is sent."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self._place: tuple[str, str] | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._used_at = 0.0

    def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send a body; what is not answered may have arrived."""
        return self._ask("POST", address, body, headers)

    def post_json(self, address: str, value: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a value as JSON."""
        sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
        return self.post(address, json.dumps(value, ensure_ascii=False).encode(), sent)

    def get(self, address: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Ask for something; asking twice does no harm."""
        return self._ask("GET", f"{address}?{urlencode(query)}", None, headers)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._place = None

    def _ask(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        until = time.monotonic() + self.reach.seconds
        for _step in range(self.reach.redirects + 1):
            answer = self._once(method, address, body, headers, until)
            if answer.status in _MOVED:
                raise NotSent("moved", is_permanent=True)
            if answer.status not in _SENT_ON:
                return answer
            place, address = parts_of(address), urljoin(address, answer.headers.get("location", ""))
            if parts_of(address)[:2] != place[:2]:  # what opens one place is not shown to another
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
        raise NotSent(Fault.TOO_MANY_REDIRECTS, is_permanent=True)

    def _once(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str], until: float
    ) -> Answer:
        try:
            place = parts_of(address)
            connection = self._connected(place, until)
        except Trouble as trouble:
            raise NotSent(trouble.fault, is_permanent=trouble.is_permanent) from trouble
        except OSError as error:
            self.close()
            raise NotSent(Fault.NO_ANSWER) from error
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        try:
            connection.request(method, path, body=body, headers={"User-Agent": "Vertebra", **headers})
            response = connection.getresponse()
            found = body_of(response, connection, self.reach, until)
            response.close()  # ready for the next: reading piece by piece does not say that it ended
            self._used_at = time.monotonic()
            if response.will_close:
                self.close()
            told = {name.casefold(): value for name, value in response.getheaders()}
            return Answer(response.status, told, found)
        except Trouble as trouble:  # more than is taken
            self.close()
            if method == "GET":
                raise NotSent(trouble.fault, is_permanent=True) from trouble
            raise NotSent(Fault.NO_ANSWER, in_doubt=True) from trouble
        except (OSError, http.client.HTTPException) as error:
            self.close()
            code = Fault.TOO_SLOW if isinstance(error, TimeoutError) else Fault.NO_ANSWER
            raise NotSent(code, in_doubt=method == "POST") from error

    def _connected(self, place: SplitResult, until: float) -> http.client.HTTPConnection:
        """The kept connection, unless it leads elsewhere or was idle for so long that the other side may have left."""
        where = (place.scheme, place.netloc)
        kept = self._connection
        is_fresh = time.monotonic() - self._used_at < KEPT_SECONDS
        if kept is not None and kept.sock is not None and self._place == where and is_fresh:
            kept.sock.settimeout(seconds_left(until))
            return kept
        self.close()
        host = place.hostname or ""
        port = place.port or (443 if place.scheme == "https" else 80)
        addresses = resolve(host, port, self.reach)
        if place.scheme == "https":
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=seconds_left(until), context=ssl.create_default_context()
            )
        else:
            made = http.client.HTTPConnection(host, port, timeout=seconds_left(until))

        def connect(*_asked: Any, **_options: Any) -> socket.socket:
            return socket.create_connection((addresses[0], port), timeout=seconds_left(until))

        made._create_connection = connect  # type: ignore[attr-defined]
        made.connect()
        self._connection, self._place = made, where
        return made


def wait_of(answer: Answer, otherwise: int = 30) -> int:
    """How long a system asks to be left alone, in seconds."""
    asked = answer.headers.get("retry-after", "")
    return min(max(int(asked), 1), LONGEST_WAIT) if asked.isdecimal() else otherwise


def refuse_status(answer: Answer) -> None:
    """Raise what a status that is no success means."""
    if 200 <= answer.status < 300:
        return
    if answer.status == 429:
        raise NotSent("throttled", wait=wait_of(answer))
    if answer.status in {502, 503, 504}:
        raise NotSent(
            f"status_{answer.status}", wait=wait_of(answer) if "retry-after" in answer.headers else None
        )
    # An error in the middle of their work does not say how far they came.
    raise NotSent(f"status_{answer.status}", is_permanent=answer.status < 500, in_doubt=answer.status >= 500)


def short(text: str, length: int) -> str:
    """The text, cut where it is too long for the place it goes to."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
