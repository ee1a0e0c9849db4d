"""JSON behind web addresses: private networks, redirections, size, time, tokens."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.web_json import Reach, as_table, fetch_json, pick

OPEN = Reach(private=["127.0.0.1", "localhost"], seconds=2, bytes=50_000)


class Handler(BaseHTTPRequestHandler):
    seen: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        Handler.seen.append((self.path, self.headers.get("Authorization", "")))
        kind = self.path.strip("/").partition("?")[0]
        if kind == "slow":
            time.sleep(4)
        if kind == "drip":
            self.send_response(200)
            self.end_headers()
            for _time in range(40):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
            return
        status, goes_to, body = {
            "good": (200, "", json.dumps({"data": [{"on": "2026-10-01", "value": 3}]})),
            "large": (200, "", "[" + "1," * 60_000 + "1]"),
            "html": (200, "", "<html>"),
            "refused": (401, "", ""),
            "broken": (503, "", ""),
            "away": (302, "http://127.0.0.2:1/good", ""),
            "metadata": (302, "http://169.254.169.254/latest", ""),
            "round": (302, "/round", ""),
            "here": (302, "/good", ""),
            "elsewhere": (302, f"http://localhost:{self.server.server_port}/good", ""),  # type: ignore[attr-defined]
            "file": (302, "file:///etc/passwd", ""),
        }.get(kind, (404, "", ""))
        self.send_response(status)
        if goes_to:
            self.send_header("Location", goes_to)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def fault_of(address: str, reach: Reach = OPEN) -> Fault:
    with pytest.raises(Trouble) as trouble:
        fetch_json(address, reach)
    return trouble.value.fault


def test_an_answer_is_read(server: str) -> None:
    assert fetch_json(f"{server}/good?a=1", OPEN) == {"data": [{"on": "2026-10-01", "value": 3}]}


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("large", Fault.TOO_LARGE), ("html", Fault.NOT_JSON), ("refused", Fault.NOT_ALLOWED),
        ("broken", Fault.BAD_STATUS), ("nowhere", Fault.NOT_THERE), ("round", Fault.TOO_MANY_REDIRECTS),
        ("away", Fault.ADDRESS_PRIVATE), ("metadata", Fault.ADDRESS_PRIVATE), ("file", Fault.ADDRESS_INVALID),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_said(server: str, path: str, fault: Fault) -> None:
    assert fault_of(f"{server}/{path}") == fault


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_an_answer_that_takes_for_ever_is_given_up(server: str, path: str) -> None:
    begun = time.monotonic()
    assert fault_of(f"{server}/{path}") == Fault.TOO_SLOW
    assert time.monotonic() - begun < 4


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::1]", "0.0.0.0", "[::ffff:10.0.0.1]",
     "2130706433", "0x7f.1", "[64:ff9b::a00:1]", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_the_private_network_is_closed(host: str) -> None:
    assert fault_of(f"http://{host}:9/x", Reach()) in {Fault.ADDRESS_PRIVATE, Fault.HOST_UNKNOWN}


def test_a_network_is_opened_by_its_name_or_its_numbers(server: str) -> None:
    assert fetch_json(f"{server}/good", Reach(private=["127.0.0.0/8"]))
    assert fault_of(f"{server}/good", Reach(private=["10.0.0.0/8"])) == Fault.ADDRESS_PRIVATE


@pytest.mark.parametrize(
    "address", ["ftp://example.org", "http://", "http://me:pw@example.org", "http://a b/", "x"]
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    assert fault_of(address) == Fault.ADDRESS_INVALID


def test_a_token_stays_with_its_host(server: str) -> None:
    reach = Reach(private=OPEN.private, seconds=2, headers={"Authorization": "Bearer abc"})
    Handler.seen.clear()
    fetch_json(f"{server}/here", reach)
    assert Handler.seen == [("/here", "Bearer abc"), ("/good", "Bearer abc")]
    Handler.seen.clear()
    fetch_json(f"{server}/elsewhere", reach)
    assert Handler.seen == [("/elsewhere", "Bearer abc"), ("/good", "")]


def test_a_path_finds_the_values() -> None:
    document = {"data": {"points": [{"day": "2026-10-01", "n": 4}]}}
    assert pick(document, "data.points[*].{on: day, value: n}") == [{"on": "2026-10-01", "value": 4}]
    for path, fault in (("data[", Fault.PATH_INVALID), ("nothing.here", Fault.PATH_EMPTY)):
        with pytest.raises(Trouble) as trouble:
            pick(document, path)
        assert trouble.value.fault == fault


def test_objects_pairs_and_values_by_day_are_tables() -> None:
    assert as_table([{"on": "a", "value": 1}, {"on": "b"}]) == (["on", "value"], [["a", 1], ["b", None]])
    assert as_table([["a", 1]]) == (["on", "value", "part", "behind"], [["a", 1, None, None]])
    assert as_table({"a": 1})[1] == [["a", 1, None, None]]
    for wrong in ([], "text", 3, [1, 2], [{"a": 1}, 2]):
        with pytest.raises(Trouble):
            as_table(wrong)
