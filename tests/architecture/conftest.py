"""The demo company with an account of each role, to be walked through."""

from functools import partial
from typing import Any

import pytest
from django.conf import settings, urls
from django.http import HttpRequest, HttpResponse

from tests.architecture.samples import Samples, accounts
from tests.architecture.walking import Walk
from vertebra.demo.load import Summary


@pytest.fixture(scope="module")
def walk(demo_small: Summary) -> Walk:
    users = accounts()
    return Walk(users, Samples(users))


@pytest.fixture
def refused_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their page, for walks that judge what is refused and not how it is said.

    To say it takes most of such a walk. Every refusal of a look is still said in full where pages are opened
    (tests/architecture/test_walk.py), that of a form in tests/kit/test_refused_pages.py.
    """
    monkeypatch.setattr(urls, "handler403", partial(_refused, 403))
    monkeypatch.setattr(urls, "handler404", partial(_refused, 404))
    monkeypatch.setattr(settings, "CSRF_FAILURE_VIEW", partial(_refused, 403))


def _refused(status: int, request: HttpRequest, **why: Any) -> HttpResponse:
    return HttpResponse(status=status)
