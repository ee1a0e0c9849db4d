"""A form sent twice makes one thing; a form that came back with errors may be sent again."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts.models import ApiToken
from vertebra.org.models import Market

pytestmark = pytest.mark.django_db


def opened(address: str) -> tuple[Client, str]:
    client = Client()
    client.force_login(world.karim())
    found = re.search(r'name="once" value="([\w-]+)"', client.get(address).content.decode())
    assert found is not None
    return client, found[1]


def send(client: Client, address: str, **body: str) -> Any:
    return client.post(address, urlencode(body), content_type="application/x-www-form-urlencoded")


def test_the_same_form_twice_makes_one_thing_and_leads_to_it() -> None:
    address = reverse("org:market-create")
    client, word = opened(address)
    first = send(client, address, once=word, name="Italy", code="it")
    again = send(client, address, once=word, name="Italy", code="it")
    assert Market.objects.filter(name="Italy").count() == 1
    assert (again.status_code, again["Location"]) == (302, first["Location"])


def test_a_form_with_errors_may_be_sent_again() -> None:
    address = reverse("org:market-create")
    client, word = opened(address)
    assert send(client, address, once=word, name="").status_code in {200, 422}
    assert send(client, address, once=word, name="Italy").status_code == 302
    assert Market.objects.filter(name="Italy").exists()


def test_reloading_a_secret_makes_no_second_one() -> None:
    address = reverse("accounts:token-create")
    client, word = opened(address)
    body = {"once": word, "name": "script", "scopes": "read", "ends_on": "2026-12-01"}
    assert send(client, address, **body).status_code == 200
    assert send(client, address, **body).status_code == 302
    assert ApiToken.objects.count() == 1
