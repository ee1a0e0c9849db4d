"""Every address and every route, walked as nobody and as each role: who may come comes, others change nothing."""

import re
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from tests import world
from tests.architecture.addresses import Address, addresses, routes
from tests.architecture.samples import Samples, browser, undone
from tests.architecture.walking import (
    NOBODY,
    SENT_FROM_OUTSIDE,
    VISITORS,
    Walk,
    body_of,
    is_sent_to_sign_in,
    judge_get,
    judge_post,
    told,
    unprotected,
    written,
)
from vertebra.accounts.api import Bearer
from vertebra.accounts.labels import Role, Scope
from vertebra.accounts.models import ApiToken, User
from vertebra.accounts.permissions import may
from vertebra.accounts.tokens import digest_of, new_secret

pytestmark = pytest.mark.django_db


def but_deep(*roles: Role) -> list[Any]:
    """Every visitor; to walk as one of these is left to the deep tests."""
    return [pytest.param(who, marks=pytest.mark.deep) if who in roles else who for who in VISITORS]


@pytest.mark.parametrize("who", but_deep(Role.CONTRIBUTOR, Role.ADMINISTRATOR))
def test_each_page_opens_to_who_may_come_and_to_nobody_else(walk: Walk, who: str) -> None:
    user, faults = walk.visitor(who), []
    with undone():
        client = browser(user)
        for address in addresses():
            path = walk.path(address, user)
            with undone(), written() as tables:
                response = client.get(path)
                if fault := judge_get(address, user, response):
                    faults.append(f"{path} {fault}: {told(response)}")
                body_of(response)
            if tables:
                faults.append(f"{path} writes when it is only looked at: {sorted(tables)}")
            faults += [f"{path} {fault}: {told(response)}" for fault in unprotected(response, user)]
    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("refused_briefly")
@pytest.mark.parametrize("who", but_deep(Role.PRODUCT_OPS, Role.ADMINISTRATOR))
def test_nothing_is_changed_by_who_lacks_the_right(walk: Walk, who: str) -> None:
    user, faults = walk.visitor(who), []
    cache.clear()
    with undone():
        client = browser(user)
        cookies = deepcopy(client.cookies)
        for address in addresses():
            path = walk.path(address, user)
            client.cookies = deepcopy(cookies)
            with undone(), written() as tables:
                response = client.post(path)
            if fault := judge_post(address, user, response, tables):
                faults.append(f"{path} {fault}: {told(response)}")
    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("refused_briefly")
@pytest.mark.parametrize(
    "who", [NOBODY, Role.PRODUCT_OPS, pytest.param(Role.ADMINISTRATOR, marks=pytest.mark.deep)]
)
def test_nothing_is_changed_by_a_form_of_another_site(walk: Walk, who: str) -> None:
    user, faults = walk.visitor(who), []
    with undone():
        client = browser(user, enforce_csrf_checks=True)
        for address in addresses():
            if address.name in SENT_FROM_OUTSIDE:
                continue
            path = walk.path(address, user)
            with undone(), written() as tables:
                response = client.post(path, headers={"origin": "https://evil.example"})
            refused = response.status_code == 403 or (user is None and is_sent_to_sign_in(response))
            if tables or not refused:
                faults.append(f"{path}: {told(response)} {sorted(tables)}")
    assert not faults, "\n".join(faults)


def test_a_parameter_without_a_sample_is_seen(walk: Walk) -> None:
    with pytest.raises(KeyError):
        walk.samples.path(Address("new", "/organisation/<int:sphere_id>/", lambda: None), None)


def test_a_page_that_opens_to_who_lacks_the_right_is_seen(walk: Walk) -> None:
    class Answer:
        status_code = 200

    jobs = next(each for each in addresses() if each.right == "administer")
    assert judge_get(jobs, walk.users[Role.READER], Answer())
    assert judge_post(jobs, walk.users[Role.READER], Answer(), {"accounts_user"})


def test_a_look_that_writes_is_seen(walk: Walk) -> None:
    with undone(), written() as tables:
        User.objects.filter(pk=walk.users[Role.READER].pk).update(name="Other")
    assert tables == {"accounts_user"}


def caller(user: User, *scopes: str) -> Client:
    """A tool with a token of this person."""
    raw = new_secret()
    ApiToken.objects.create(
        user=user,
        name="walk",
        digest=digest_of(raw),
        hint=raw[-4:],
        scopes=list(scopes),
        created_at=world.NOW,
        expires_at=world.NOW.replace(year=2027),
        latest_use_at=world.NOW,
    )
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {raw}"})


SCOPES: list[tuple[str, ...]] = [(), *((scope,) for scope in Scope.values), tuple(Scope.values)]


IDS = {
    "units": "unit_id",
    "people": "person_id",
    "areas": "area_id",
    "markets": "market_id",
    "memberships": "membership_id",
    "mandates": "mandate_id",
    "ownerships": "ownership_id",
    "surveys": "closed_survey_id",
}


def _sample(samples: Samples, kind: str) -> object:
    """The number of one of these objects."""
    if kind in IDS:
        return samples.values[IDS[kind]](samples.someone)
    if kind == "checks":
        return samples.practices.checks.of(samples.someone)["check_id"]
    return {
        "objectives": samples.tables.objective,
        "topics": samples.tables.topics[0],
        "cycles": samples.tables.published,
        "decisions": samples.tables.decision,
        "initiatives": samples.roadmap.row,
        "key-results": samples.results.measured,
        "results": samples.results.measured.results.get(),
        "launches": samples.launches.launch,
        "metrics": samples.measures.metric,
        "incidents": samples.incidents.incident,
        "releases": samples.releases.row,
        "briefs": samples.releases.row.briefs.all()[0],
        "audiences": samples.releases.audience,
        "announcements": samples.releases.row.announcements.all()[0],
        "consultations": samples.consultations.row,
        "lessons": samples.learning.lesson,
        "practices": samples.practices.row,
        "routines": samples.practices.routines.row,
    }[kind].pk


def _call(client: Client, method: str, path: str, samples: Samples) -> Any:
    kind = path.split("/")[1]
    if "{" in path:
        path = re.sub(r"\{[^}]*\}", str(_sample(samples, kind)), path)
    path = "/api/v1" + path + ("?q=a" if kind == "search" else "")
    return client.generic(method, path, b"{}", content_type="application/json")


@pytest.mark.parametrize("who", VISITORS)
def test_each_route_answers_within_the_scopes_and_rights_of_its_token(walk: Walk, who: str) -> None:
    user, faults = walk.visitor(who), []
    for scopes in SCOPES if user else [()]:
        with undone():
            client = caller(user, *scopes) if user else Client(raise_request_exception=False)
            for method, path, auth in routes():
                bearer = next(each for each in auth if isinstance(each, Bearer))
                is_open = user is not None and bearer.scope in scopes and may(user, bearer.right)
                with undone(), written() as tables:
                    response = _call(client, method, path, walk.samples)
                status = response.status_code
                expected = {200, 201, 409, 422} if is_open else {403} if user else {401}
                if status not in expected or (tables and not is_open):
                    faults.append(f"{method} {path} {scopes}: {told(response)} {sorted(tables)}")
                if status >= 400 and response["Content-Type"] != "application/problem+json":
                    faults.append(f"{method} {path}: no problem document")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/openapi.json"])
def test_the_description_of_the_api_is_for_who_is_signed_in(walk: Walk, path: str) -> None:
    with undone():
        assert is_sent_to_sign_in(browser().get(path))
        assert browser(walk.users[Role.READER]).get(path).status_code == 200


DAYS = ["", "2024-06-01", "1900-01-01", "9999-12-31"]
FORMATS = ["", "csv", "xlsx"]
# Every visitor on two days, the forms in turn; all three together would be six times as many.
VISITS = [
    (who, DAYS[(at + turn) % len(DAYS)], FORMATS[(at + 2 * turn) % len(FORMATS)])
    for at, who in enumerate(VISITORS)
    for turn in range(0, len(DAYS), 2)
]


@pytest.mark.deep
@pytest.mark.parametrize(("who", "day", "form"), VISITS)
def test_each_page_opens_on_any_day_in_any_form(walk: Walk, who: str, day: str, form: str) -> None:
    user, faults = walk.visitor(who), []
    with undone():
        client = browser(user)
        for address in addresses():
            path = walk.path(address, user)
            with undone():
                asked = urlencode({"as_of": day, "format": form})
                response = client.get(f"{path}{'&' if '?' in path else '?'}{asked}")
                # What is shown may not exist on that day.
                if (fault := judge_get(address, user, response)) and not (
                    day and response.status_code == 404
                ):
                    faults.append(f"{path} {fault}: {told(response)}")
                body_of(response)
    assert not faults, "\n".join(faults)
