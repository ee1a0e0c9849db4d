"""The shell around every page is made once for a request, in the language in which the page is read."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from tests import world
from vertebra.web.context import Place, shell

pytestmark = pytest.mark.django_db


def test_what_is_read_together_in_another_language_has_its_shell_in_that_one() -> None:
    request = RequestFactory().get("/")
    request.user = world.ines()
    said: dict[str, list[Place]] = {}
    for language in ("fr", "en"):
        with translation.override(language):
            said[language] = shell(request)["navigation"]
            assert shell(request) is shell(request)
    assert [said[language][0].label for language in ("fr", "en")] == ["Accueil", "Home"]
    assert [one.url for one in said["fr"]] == [one.url for one in said["en"]]
