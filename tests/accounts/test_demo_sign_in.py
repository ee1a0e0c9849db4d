"""Coming in as a member of the demo's cast: from this machine, and only while nothing is real."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, User

pytestmark = pytest.mark.django_db
DEMO = "/accounts/demo/"


def browser(**where: Any) -> Client:
    """A browser on this machine, or `where` it is instead."""
    return Client(**({"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"} | where))


def cast() -> User:
    world.account("Hugo Petit", Role.PRODUCT_OPS, is_cast=True)
    return world.account("Salome Weber", Role.READER, is_cast=True)


def enter(user: User, **where: str) -> Client:
    client = browser(**where)
    client.post(reverse("accounts:demo-enter", args=(user.pk,)))
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_one_comes_in_as_a_member_of_the_cast_and_it_is_noted() -> None:
    salome = cast()
    client = enter(salome)
    assert client.session["_auth_user_id"] == str(salome.pk)
    assert AuditEntry.objects.get(verb="sign_in").particulars == {"how": "demo"}


def test_the_page_lists_the_cast_and_finds_a_name() -> None:
    cast()
    client = browser()
    assert b"Salome Weber" in client.get(DEMO).content
    page = client.get(DEMO, {"q": "hugo"}).content
    assert b"Hugo Petit" in page
    assert b"Salome" not in page
    assert DEMO.encode() in client.get("/accounts/login/").content


def test_opening_the_page_signs_nobody_in() -> None:
    salome = cast()
    client = browser()
    assert client.get(reverse("accounts:demo-enter", args=(salome.pk,))).status_code == 405
    assert not is_in(client)


@pytest.mark.parametrize(
    "where",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_HOST": "vertebra.example.org"},
    ],
)
def test_from_elsewhere_the_door_does_not_exist(where: dict[str, str], settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    salome = cast()
    assert browser(**where).get(DEMO).status_code == 404
    assert not is_in(enter(salome, **where))


def test_without_a_cast_there_is_no_door() -> None:
    assert browser().get(DEMO).status_code == 404


def test_with_a_real_account_the_door_is_gone() -> None:
    salome = cast()
    real = world.ada()
    assert browser().get(DEMO).status_code == 404
    assert not is_in(enter(salome))
    real.is_active = False
    real.save()
    assert is_in(enter(salome))


def imported(**particulars: object) -> AuditEntry:
    return audit.record(actor=None, verb="import", kind="import", now=world.NOW, particulars=particulars)


def test_with_real_data_the_door_is_gone() -> None:
    salome = cast()
    imported(is_demo=True)
    assert is_in(enter(salome)), "what the demo itself brings does not count"
    imported()
    assert browser().get(DEMO).status_code == 404
    assert not is_in(enter(salome))


def test_only_the_cast_is_open() -> None:
    cast()
    closed = world.account("Closed Real", is_active=False)
    client = browser()
    assert client.post(reverse("accounts:demo-enter", args=(closed.pk,))).status_code == 404


def test_a_form_of_another_site_is_refused() -> None:
    salome = cast()
    client = browser(enforce_csrf_checks=True)
    assert client.post(reverse("accounts:demo-enter", args=(salome.pk,))).status_code == 403
    assert not is_in(client)


def test_coming_in_leads_nowhere_else() -> None:
    salome = cast()
    client = browser()
    address = reverse("accounts:demo-enter", args=(salome.pk,))
    assert client.post(address, {"next": "https://evil.example/"})["Location"] == "/"
    assert client.post(address, {"next": "/account/"})["Location"] == "/account/"


def test_the_session_key_changes() -> None:
    salome = cast()
    client = browser()
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    client.post(reverse("accounts:demo-enter", args=(salome.pk,)))
    assert client.session.session_key != session.session_key
    assert "planted" not in client.session


def test_the_cast_has_no_password_to_change() -> None:
    client = enter(cast())
    assert client.get("/accounts/password/set/").status_code == 404
    assert client.get("/accounts/2fa/").status_code == 404
    assert client.get("/account/").status_code == 200
