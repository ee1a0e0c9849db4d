"""What one web process with threads and one worker use (PSS): at rest, and after everything was read."""

import time
from collections.abc import Iterable
from urllib.parse import quote

from benchmarks.api import LISTS
from benchmarks.figures import Figure
from benchmarks.instance import Instance, shared
from benchmarks.search import LONG, NAMES, WORDS
from benchmarks.visitor import Visitor

ROUNDS = 3
REST_SECONDS = 120


def run() -> Iterable[Figure]:
    """Before the first search, then after every page, list and search."""
    instance = shared()
    pages, cookies, token = instance.inside("pages"), instance.inside("sessions"), instance.inside("token")
    with instance.served() as server:
        visitors = {who: Visitor(server.port, cookie=cookie) for who, cookie in cookies.items()}
        program = Visitor(server.port, token=token)
        visitors["reader"].ask("/")
        rest(instance)
        yield Figure("memory: at rest, before the first search", server.memory(), "MB", 180.0)
        for _ in range(ROUNDS):
            for page in pages:
                visitors[page["who"]].ask(page["path"])
            for name in LISTS:
                program.ask(f"/api/v1/{name}")
            for words in (*NAMES, *WORDS, *LONG):
                visitors["reader"].ask(f"/search/?q={quote(words)}")
        rest(instance)
        yield Figure("memory: after everything was read", server.memory(), "MB", 250.0)


def rest(instance: Instance) -> None:
    """Wait until the worker has done what was due (files of audits, counts), and had the time to make room."""
    until = time.monotonic() + REST_SECONDS
    while instance.inside("jobs_to_do") and time.monotonic() < until:
        time.sleep(1)
    time.sleep(3)
