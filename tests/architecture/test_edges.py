"""What people and machines may write in an address or a header that no page of ours would: nothing breaks or leaks."""

import itertools
import random

import pytest

from tests.architecture.addresses import Address, addresses
from tests.architecture.samples import PARAMETER, browser, undone
from tests.architecture.walking import NOBODY, SENT_FROM_OUTSIDE, Walk, body_of, judge_get, told, written
from vertebra.accounts.labels import Role

pytestmark = pytest.mark.django_db

LONG, HUGE = "x" * 20_000, "9" * 30
# Base64 of ["x",HUGE], of [null,1] and of null: cursors that somebody made by hand.
CURSORS = ("WyJ4Iiw5OTk5OTk5OTk5OTk5OTk5OTk5OV0", "W251bGwsMV0", "bnVsbA")
OBJECTS = (
    "unit",
    "person",
    "area",
    "market",
    "team",
    "of",
    "parent",
    "into",
    "with",
    "run",
    "source",
    "import",
)
CODES = (
    "country",
    "state",
    "rule",
    "view",
    "colour",
    "function",
    "who",
    "role",
    "kind",
    "name",
    "target",
    "verb",
)
# In one query each parameter once: the first is tried on every page at each change.
EDGES: list[dict[str, str]] = [
    {
        "as_of": "nonsense",
        "sort": "nonsense",
        "after": "nonsense",
        "q": "\x00",
        "from": "nonsense",
        "to": "\x00",
    },
    {"as_of": "2026-02-30", "after": CURSORS[0], "sort": "name", "q": "😀\u202e'\"%_\\", "columns": LONG},
    {**dict.fromkeys(OBJECTS, HUGE), "near": f"unit:{HUGE}", "since": "2026-02-30", "until": "0000-01-01"},
    {**dict.fromkeys(CODES, "\x00"), **dict.fromkeys(OBJECTS, "\x00"), "near": "a:b:c", "sentence": "\x00"},
    {"as_of": "0000-00-00", "sort": "-", "before": CURSORS[2], "format": "pdf", "page": "-1", "since": "x"},
    {"as_of": "-1-1-1", "after": CURSORS[1], "sort": "name,id", "q": LONG, "next": "//evil.example"},
    {"as_of": "99999-01-01", "before": "\ufffd", **dict.fromkeys(OBJECTS, "-1"), "limit": "0", "depth": HUGE},
    {"as_of": "9999-12-31", "from": "0001-01-01", "to": "9999-12-31", **dict.fromkeys(OBJECTS, "٣")},
    {
        **dict.fromkeys(CODES, LONG[:3000]),
        **dict.fromkeys(OBJECTS, "1.5"),
        "as_of": "0001-01-01",
        "sentence": LONG,
    },
    {f"x{at}": "y" for at in range(900)},
]


def _who_may(address: Address) -> Role:
    """Who gets furthest into a page."""
    return Role.ADMINISTRATOR if address.right == "administer" else Role.PRODUCT_OPS


def _edges(walk: Walk, queries: list[dict[str, str]]) -> list[str]:
    user, faults = walk.users[Role.ADMINISTRATOR], []
    with undone():
        clients = {who: browser(walk.users[who]) for who in (Role.ADMINISTRATOR, Role.PRODUCT_OPS)}
        for address in addresses():
            who = _who_may(address)
            user = walk.users[who]
            path = walk.path(address, user)
            for query in queries:
                with undone():
                    response = clients[who].get(path, query)
                    if response.status_code >= 500 and (fault := judge_get(address, user, response)):
                        faults.append(f"{path} {fault}: {told(response)} {str(query)[:200]}")
                    body_of(response)
    return faults


def test_no_page_stumbles_over_what_an_address_says(walk: Walk) -> None:
    faults = _edges(walk, EDGES[:1])
    assert not faults, "\n".join(faults)


@pytest.mark.deep
@pytest.mark.parametrize("at", range(1, len(EDGES)))
def test_no_page_stumbles_over_many_words_in_an_address(walk: Walk, at: int) -> None:
    faults = _edges(walk, [EDGES[at]])
    assert not faults, "\n".join(faults)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(2))
def test_no_page_stumbles_over_any_word_in_an_address(walk: Walk, part: int) -> None:
    # Alone: a word that is refused early hides what the next would do. All of them at every page take too long.
    words = [{name: value} for query in EDGES[:9] for name, value in query.items()]
    faults = _edges(walk, random.Random(part).sample(words, 3))
    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("refused_briefly")
@pytest.mark.parametrize("number", [pytest.param("0", marks=pytest.mark.deep), "9" * 40])
def test_what_does_not_exist_is_not_found(walk: Walk, number: str) -> None:
    faults = []
    with undone():
        clients = {who: browser(walk.users[who]) for who in (Role.ADMINISTRATOR, Role.PRODUCT_OPS)}
        for address in addresses():
            if "<int:" not in address.route:
                continue
            client = clients[_who_may(address)]
            path = PARAMETER.sub(lambda found: "unit" if found[1] == "kind" else number, address.route)
            for method in ("get", "post"):
                with undone():
                    response = getattr(client, method)(path)
                # Without its signature, what comes from outside is not told what is there.
                is_unsigned = address.name in SENT_FROM_OUTSIDE and response.status_code == 401
                if response.status_code not in {403, 404, 405, 429} and not is_unsigned:
                    faults.append(f"{method} {path}: {told(response)}")
    assert not faults, "\n".join(faults)


METHODS = ["HEAD", "OPTIONS", "DELETE", "NONSENSE"]


@pytest.mark.parametrize("who", [NOBODY, pytest.param(Role.ADMINISTRATOR, marks=pytest.mark.deep)])
def test_no_page_stumbles_over_another_method(walk: Walk, who: str) -> None:
    user, faults = walk.visitor(who), []
    with undone():
        client = browser(user)
        for address, method in itertools.product(list(addresses()), METHODS):
            path = walk.path(address, user)
            with undone(), written() as tables:
                response = client.generic(method, path)
            if (response.status_code >= 500 and address.name != "web:readiness") or tables:
                faults.append(f"{method} {path}: {told(response)} {sorted(tables)}")
    assert not faults, "\n".join(faults)
