"""What one web process with threads and one worker use (PSS): at rest, and after everything was read."""

from collections.abc import Iterable
from urllib.parse import quote

from benchmarks.api import LISTS
from benchmarks.figures import Figure
from benchmarks.instance import shared
from benchmarks.search import LONG, NAMES, WORDS
from benchmarks.visitor import Visitor

ROUNDS = 3


def run() -> Iterable[Figure]:
    """Before the first search, then after every page, list and search."""
    instance = shared()
    pages, cookies, token = instance.inside("pages"), instance.inside("sessions"), instance.inside("token")
    with instance.served() as server:
        visitors = {who: Visitor(server.port, cookie=cookie) for who, cookie in cookies.items()}
        program = Visitor(server.port, token=token)
        visitors["reader"].ask("/")
        instance.rest()
        yield Figure("memory: at rest, before the first search", server.memory(), "MB", 180.0)
        for _ in range(ROUNDS):
            for page in pages:
                visitors[page["who"]].ask(page["path"])
            for name in LISTS:
                program.ask(f"/api/v1/{name}")
            for words in (*NAMES, *WORDS, *LONG):
                visitors["reader"].ask(f"/search/?q={quote(words)}")
        instance.rest()
        yield Figure("memory: after everything was read", server.memory(), "MB", 250.0)
