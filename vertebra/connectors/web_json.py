"""JSON behind a web address: never of the private network unless allowed, never for long, never too much."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from vertebra.connectors.faults import Fault, Trouble

_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_IPV4_IN_IPV6 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Reach:
    """How far reading may go: which private hosts and networks are open, how long, how much."""

    private: Iterable[str] = ()
    seconds: float = 30
    bytes: int = 20 * 1024 * 1024
    redirects: int = 5
    headers: Mapping[str, str] = field(default_factory=dict)

    def allows(self, host: str, address: str) -> bool:
        """Whether the address that a host resolves to may be reached."""
        found = _plain(ipaddress.ip_address(address.partition("%")[0]))
        if found.is_global and not (found.is_multicast or found.is_reserved):
            return True
        return any(_is_meant(one, host, found) for one in self.private)


def _plain(address: _Address) -> _Address:
    """The address that one inside another stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        if inside := address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]:
            return inside
        if address in _IPV4_IN_IPV6:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_meant(allowed: str, host: str, address: _Address) -> bool:
    if allowed.casefold() == host.casefold():
        return True
    try:
        return address in ipaddress.ip_network(allowed)
    except (ValueError, TypeError):
        return False


def resolve(host: str, port: int, reach: Reach) -> list[str]:
    """The addresses of a host; refuses one of which any is private and not allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Trouble(Fault.HOST_UNKNOWN, host=host) from error
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses or not all(reach.allows(host, one) for one in addresses):
        raise Trouble(Fault.ADDRESS_PRIVATE, host=host)
    return addresses


def fetch_json(address: str, reach: Reach) -> Any:
    """What the address answers, as JSON; every step of a redirection is checked like the first."""
    until = time.monotonic() + reach.seconds
    headers = {"Accept": "application/json", "User-Agent": "Vertebra", **reach.headers}
    for _step in range(reach.redirects + 1):
        place = parts_of(address)
        status, goes_to, body = _get(place, headers, reach, until)
        if status not in _REDIRECTS or not goes_to:
            return _read(place, status, body)
        following = parts_of(urljoin(address, goes_to))
        if following[:2] != place[:2]:  # what opens one place is not shown to another
            headers = {name: headers[name] for name in ("Accept", "User-Agent")}
        address = following.geturl()
    raise Trouble(Fault.TOO_MANY_REDIRECTS, host=parts_of(address).hostname or "")


def parts_of(address: str) -> SplitResult:
    """The parts of a web address; refuses what is none, and one that carries a name and a password."""
    try:
        parts = urlsplit(address.strip())
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
        _port = parts.port
    except ValueError:
        is_good = False
    if not is_good or any(ord(char) < 33 for char in address.strip()):
        raise Trouble(Fault.ADDRESS_INVALID, address=address[:200])
    return parts


def _get(
    place: SplitResult, headers: Mapping[str, str], reach: Reach, until: float
) -> tuple[int, str, bytes]:
    """One request to one of the addresses just checked: the name is not asked for again."""
    host = place.hostname or ""
    port = place.port or (443 if place.scheme == "https" else 80)
    addresses = resolve(host, port, reach)
    kind: type[http.client.HTTPConnection] = http.client.HTTPConnection
    more: dict[str, Any] = {}
    if place.scheme == "https":
        kind, more = http.client.HTTPSConnection, {"context": ssl.create_default_context()}
    connection = kind(host, port, timeout=seconds_left(until), **more)

    def connect(*_asked: Any, **_options: Any) -> socket.socket:
        return socket.create_connection((addresses[0], port), timeout=seconds_left(until))

    connection._create_connection = connect  # type: ignore[attr-defined]
    path = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or "", body_of(answer, connection, reach, until)
    except TimeoutError as error:
        raise Trouble(Fault.TOO_SLOW, host=host, seconds=int(reach.seconds)) from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Trouble(Fault.NO_ANSWER, host=host, detail=type(error).__name__) from error
    finally:
        connection.close()


def seconds_left(until: float) -> float:
    """The seconds that are left; raises TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def body_of(
    answer: http.client.HTTPResponse, connection: http.client.HTTPConnection, reach: Reach, until: float
) -> bytes:
    """What was answered, as far as it is not too much and does not take too long."""
    taken: list[bytes] = []
    length = 0
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(seconds_left(until))
        chunk = answer.read1(_CHUNK)
        seconds_left(until)
        length += len(chunk)
        if length > reach.bytes:
            raise Trouble(Fault.TOO_LARGE, megabytes=reach.bytes // 2**20)
        if not chunk:
            return b"".join(taken)
        taken.append(chunk)


def _read(place: SplitResult, status: int, body: bytes) -> Any:
    host = place.hostname or ""
    if status in {401, 403, 407}:
        raise Trouble(Fault.NOT_ALLOWED, host=host, status=status)
    if status in {404, 410}:
        raise Trouble(Fault.NOT_THERE, host=host, status=status)
    if not 200 <= status < 300:
        raise Trouble(Fault.BAD_STATUS, host=host, status=status)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Trouble(Fault.NOT_JSON, host=host) from error


def pick(document: Any, path: str) -> Any:
    """What a JMESPath finds in a document."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    if not path.strip():
        return document
    try:
        found = jmespath.search(path, document)
    except JMESPathError as error:
        raise Trouble(Fault.PATH_INVALID, path=path[:200], detail=str(error).splitlines()[0][:200]) from error
    if found is None or found == []:
        raise Trouble(Fault.PATH_EMPTY, path=path[:200])
    return found


def as_table(found: Any) -> tuple[list[str], list[list[Any]]]:
    """What was found as a heading and rows: objects, pairs, or an object of a value per day."""
    if isinstance(found, dict):
        found = [[day, value] for day, value in found.items()]
    if not isinstance(found, list) or not found:
        raise Trouble(Fault.NOT_A_TABLE)
    if all(isinstance(row, dict) for row in found):
        header = list(dict.fromkeys(str(key) for row in found for key in row))
        return header, [[row.get(key) for key in header] for row in found]
    if all(isinstance(row, list) and 2 <= len(row) <= 4 for row in found):
        return ["on", "value", "part", "behind"], [row + [None] * (4 - len(row)) for row in found]
    raise Trouble(Fault.NOT_A_TABLE)
