"""Every answer protects itself: against frames, guessing browsers, shared caches, false hosts and false returns."""

import re
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.http import HttpResponse

from tests import world
from tests.architecture.addresses import Address, addresses
from tests.architecture.samples import browser, undone
from tests.architecture.walking import NOBODY, VISITORS, Walk, told, unprotected
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User

pytestmark = pytest.mark.django_db
ELSEWHERE = Address("elsewhere", "/does-not-exist/", lambda: None)
API = [
    Address(f"api{at}", f"/api/v1/{path}", lambda: None)
    for at, path in enumerate(("docs", "units", "nothing"))
]


@pytest.mark.parametrize("who", VISITORS)
def test_what_is_no_page_protects_itself_too(walk: Walk, who: str) -> None:
    """Pages are looked at where they are walked: tests/architecture/test_walk.py."""
    user, faults = walk.visitor(who), []
    with undone():
        client = browser(user)
        for address in [ELSEWHERE, *API]:
            found = unprotected(client.get(address.route), user)
            faults += [f"{address.route} {fault}" for fault in found]
    assert not faults, "\n".join(faults)


def test_an_answer_that_does_not_protect_itself_is_seen() -> None:
    bare = HttpResponse(headers={"Content-Security-Policy": "default-src *", "Cache-Control": "private"})
    assert "X-Frame-Options" in unprotected(bare, None)[0]
    kept = HttpResponse(headers={"Cache-Control": "max-age=60"})
    assert "shared caches" in unprotected(kept, User())[-1]


SECRET = re.compile(r"<\w+:(token|secret)>|\(\?P<key>")


def told_to_others(response: Any) -> list[str]:
    """The headers of a private answer that this one lacks."""
    wanted = {
        "Cache-Control": {"no-store", "private"},
        "Referrer-Policy": {"same-origin"},
        "X-Robots-Tag": {"noindex", "nofollow"},
    }
    return [name for name, words in wanted.items() if words - set(re.split(r",\s*", response.get(name, "")))]


@pytest.mark.parametrize("who", [NOBODY, Role.PRODUCT_OPS])
@pytest.mark.parametrize("is_right", [True, False])
def test_what_a_secret_opens_is_private_whatever_it_answers(walk: Walk, who: str, *, is_right: bool) -> None:
    user, faults, seen = walk.visitor(who), [], 0
    with undone():
        client = browser(user)
        for address in addresses():
            if not (address.reason and SECRET.search(address.route)):
                continue
            path = walk.path(address, user) if is_right else wrong(walk, address)
            for method in ("get", "post"):
                cache.clear()
                with undone():
                    response = getattr(client, method)(path)
                if response.status_code == 405:
                    continue
                seen += 1
                if missing := told_to_others(response):
                    faults.append(f"{method} {path} {told(response)}: {missing}")
    assert seen > 20
    assert not faults, "\n".join(faults)


def wrong(walk: Walk, address: Address) -> str:
    """An address with a secret that opens nothing."""
    path = walk.path(address, None)
    parts = path.split("/")
    at = max(range(len(parts)), key=lambda place: len(parts[place]))
    parts[at] = parts[at][:-1] + ("a" if parts[at][-1] != "a" else "b")
    return "/".join(parts)


def test_an_answer_that_tells_its_secret_is_seen() -> None:
    assert told_to_others({"Cache-Control": "private", "X-Robots-Tag": "noindex, nofollow"}) == [
        "Cache-Control",
        "Referrer-Policy",
    ]


HOSTS = ["evil.example", "localhost.evil.example", "localhost@evil.example", "localhost:x"]


# Every address meets one of them at each change, and all of them in the deep tests.
@pytest.mark.parametrize(
    "turn", [0, *(pytest.param(turn, marks=pytest.mark.deep) for turn in range(1, len(HOSTS)))]
)
def test_another_host_is_refused(walk: Walk, turn: int) -> None:
    faults = []
    with undone():
        client = browser(walk.users[Role.PRODUCT_OPS])
        for at, address in enumerate([*addresses(), ELSEWHERE]):
            host = HOSTS[(at + turn) % len(HOSTS)]
            path = walk.path(address, walk.users[Role.PRODUCT_OPS])
            with undone():
                response = client.get(path, headers={"host": host, "x-forwarded-host": host})
            if response.status_code != 400 and not (
                response.status_code < 405 and host not in str(response.headers)
            ):
                faults.append(f"{path}: {told(response)}")
            if host in response.get("Location", "") or host.encode() in getattr(response, "content", b""):
                faults.append(f"{path} speaks of {host}")
    assert not faults, "\n".join(faults)


OUTSIDE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "\thttps://evil.example",
]


def leads_outside(response: Any) -> bool:
    """Whether this answer sends the browser to another site."""
    for header in ("Location", "HX-Redirect", "HX-Location"):
        parts = urlsplit(response.get(header, "").replace("\\", "/"))
        if parts.scheme or parts.netloc:
            return True
    return False


# The whole product is walked each time: every address meets two of the five spellings.
@pytest.mark.deep
@pytest.mark.parametrize("turn", [0, 1])
def test_no_answer_leads_to_another_site(walk: Walk, turn: int) -> None:
    user, faults = walk.users[Role.PRODUCT_OPS], []
    cache.clear()
    with undone():
        client = browser(user)
        cookies = deepcopy(client.cookies)
        for at, address in enumerate(addresses()):
            outside = OUTSIDE[(2 * at + turn) % len(OUTSIDE)]
            path = walk.path(address, user)
            given = dict.fromkeys(("next", "url", "return", "back"), outside) | {"name": "x", "body": "x"}
            for method in ("get", "post"):
                client.cookies = deepcopy(cookies)
                with undone():
                    response = getattr(client, method)(path, given, headers={"referer": outside.strip()})
                if leads_outside(response):
                    faults.append(f"{method} {path} leads to {response.headers}")
                # A hidden field may keep it for the way back, which is judged when it is used; a link never.
                if f'href="{outside}'.encode() in getattr(response, "content", b""):
                    faults.append(f"{method} {path} links to {outside}")
    assert not faults, "\n".join(faults)


def test_signing_in_leads_to_no_other_site(walk: Walk) -> None:
    with undone():
        user = world.account("Plain Visitor")
        User.objects.filter(pk=user.pk).update(password=walk.users[Role.READER].password)
        for outside in OUTSIDE:
            cache.clear()
            form = {"login": user.email, "password": world.PASSWORD, "next": outside}
            response = browser().post("/accounts/login/", form)
            assert response.status_code == 302, outside
            assert not leads_outside(response), outside
