"""The whole API, asked by machine what nobody would think of: it never fails, and answers as it is described."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import world
from tests.architecture.samples import undone
from tests.web.test_openapi import SNAPSHOT
from vertebra.accounts.labels import Role, Scope
from vertebra.accounts.models import ApiToken
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.demo.load import Summary
from vertebra.web.api import api

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_path(SNAPSHOT)
SCHEMA.app = WSGIHandler()
OPERATIONS: dict[str, Any] = {}
for _found in SCHEMA.get_all_operations():
    assert isinstance(_found, Ok)
    OPERATIONS[_found.ok().label] = _found.ok()
MODES = {"right": GenerationMode.POSITIVE, "wrong": GenerationMode.NEGATIVE}
QUICKLY, DEEPLY = 2, 60


@pytest.fixture(scope="module")
def token(demo_small: Summary) -> str:
    """A key of an administrator, with every scope."""
    raw = new_secret()
    ApiToken.objects.create(
        user=world.account("Fuzz Tester", Role.ADMINISTRATOR),
        name="fuzz",
        digest=digest_of(raw),
        hint=raw[-4:],
        scopes=list(Scope.values),
        created_at=world.NOW,
        expires_at=world.NOW + dt.timedelta(days=9),
    )
    return raw


def ask(operation: Any, mode: GenerationMode, token: str, cases: int) -> Counter[int]:
    """Ask one operation so many different things, and count the answers by their status."""
    answers: Counter[int] = Counter()

    @settings(
        max_examples=cases,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def each(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with undone():
            response = case.call(headers=headers)
            answers[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

    each()
    return answers


@pytest.fixture(autouse=True)
def in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Requests share the test's connection, as those of Django's test client do, and come as often as they like."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    assert isinstance(api.throttle, list)
    for throttle in api.throttle:
        monkeypatch.setattr(throttle, "allow_request", lambda request: True)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_question_makes_it_fail(token: str, label: str, mode: str) -> None:
    try:
        answers = ask(OPERATIONS[label], MODES[mode], token, QUICKLY)
    except Exception as error:
        if "no negative" in str(error).lower():
            pytest.skip("nothing can be asked wrongly here")
        raise
    assert sum(answers.values()) > 0
    assert 429 not in answers


@pytest.mark.deep
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_question_of_very_many_makes_it_fail(token: str, label: str, mode: str) -> None:
    answers = ask(OPERATIONS[label], MODES[mode], token, DEEPLY)
    assert sum(answers.values()) > 0
    assert 429 not in answers
