"""Listening at scale: pages over 5,000 conversations, an audit assembled from them, answers that come all at once."""

import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

from benchmarks.figures import Figure
from benchmarks.instance import DAY, SCALE, Instance
from benchmarks.visitor import BrokenPage, Visitor, p50, p95

REQUESTS, ANSWERS, AT_ONCE = 25, 1000, 8
STEPS = ("/discovery/", "/evidence/")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
CHOICE = re.compile(rb'name="([\w-]+)"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="([\w-]+)"')


def run() -> Iterable[Figure]:
    """The whole of it on one instance of its own."""
    instance = Instance()
    instance.make("--scale", SCALE, "--until", DAY)
    start = time.perf_counter()
    there = instance.inside("listening.fill")
    yield Figure("listen: rows of the year added", time.perf_counter() - start, "s")
    for name in ("interviews", "verbatims", "answers"):
        yield Figure(f"listen: {name}", there[name], "rows")
    seconds = instance.inside("listening.assemble", str(there["campaign"]))
    yield Figure("listen: audit assembled", seconds, "s", 5.0)
    yield from pages(instance)
    yield from answers(instance)


def pages(instance: Instance) -> Iterable[Figure]:
    """Every page of listening and understanding."""
    found = [page for page in instance.inside("pages") if page["path"].startswith(STEPS)]
    cookies = instance.inside("sessions")
    slowest = {"p50": 0.0, "p95": 0.0, "queries": 0.0, "size": 0.0}
    with instance.served() as server:
        visitors = {who: Visitor(server.port, cookie=cookie) for who, cookie in cookies.items()}
        yield Figure("listen: floor: empty view", p50(visitors["reader"].times("/healthz", 100)), "ms")
        for page in found:
            name = f"listen: {page['path']}"
            try:
                times = visitors[page["who"]].times(page["path"], REQUESTS)
            except BrokenPage as error:
                yield Figure(f"{name}: broken ({error})", 1, "pages", 0)
                continue
            costs = {"p50": p50(times), "p95": p95(times)}
            costs |= {"queries": page["queries"], "size": page["bytes"] / 1000}
            slowest = {key: max(slowest[key], costs[key]) for key in slowest}
            yield Figure(f"{name}: p50", costs["p50"], "ms", 35.0)
            yield Figure(f"{name}: p95", costs["p95"], "ms", 60.0)
    yield Figure("listen: the slowest page: p50", slowest["p50"], "ms", 35.0)
    yield Figure("listen: the slowest page: p95", slowest["p95"], "ms", 60.0)
    yield Figure("listen: most queries of a page", slowest["queries"], "queries", 12)
    yield Figure("listen: largest page", slowest["size"], "kB", 150.0)


def answers(instance: Instance) -> Iterable[Figure]:
    """Many people answer at the same time, each through a link of their own; none is lost."""
    links = instance.inside("listening.open_links", str(ANSWERS))
    with instance.served() as server, ThreadPoolExecutor(AT_ONCE) as crowd:
        start = time.perf_counter()
        done = list(crowd.map(lambda secret: answer(server.port, secret), links["secrets"]))
        seconds = time.perf_counter() - start
    kept = instance.inside("listening.answered", str(links["survey"]))
    yield Figure("listen: answers accepted", 60 * sum(done) / seconds, "a minute", 2000.0, False)
    yield Figure("listen: answers lost or counted twice", abs(sum(done) - kept), "answers", 0)


def answer(port: int, secret: str) -> int:
    """Open the link, choose something for each question, send it; 1 when it was taken."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    address = f"/evidence/answers/{secret}/"
    connection.request("GET", address, headers={"Accept-Language": "fr"})
    response = connection.getresponse()
    page, cookies = response.read(), response.headers.get_all("Set-Cookie") or []
    found = TOKEN.search(page)
    if response.status != 200 or found is None:
        return 0
    given = {"csrfmiddlewaretoken": found[1].decode()}
    for one in CHOICE.finditer(page):
        given[(one[1] or one[4]).decode()] = (one[2] or one[3]).decode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(cookie.partition(";")[0] for cookie in cookies),
        "Accept-Language": "fr",
    }
    connection.request("POST", address, body=urlencode(given), headers=headers)
    sent = connection.getresponse()
    sent.read()
    connection.close()
    return int(sent.status in (200, 302, 303))
