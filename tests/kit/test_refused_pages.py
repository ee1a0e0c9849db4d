"""Why somebody may not, or why a form was not taken: each cause with its own sentence and what to do."""

import pytest
from django.test import Client, override_settings

from tests import world
from vertebra.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea() -> User:
    user = world.lea()
    User.objects.filter(pk=user.pk).update(language="en")
    return user


def signed_in(user: User, **options: bool) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)  # type: ignore[arg-type]
    client.force_login(user)
    return client


def words(answer) -> str:  # type: ignore[no-untyped-def]
    assert answer.status_code == 403
    return " ".join(answer.content.decode().split("<main")[1].split())


def test_whoever_lacks_the_role_is_told_who_they_are_and_whom_to_ask(lea: User) -> None:
    said = words(signed_in(lea).get("/imports/"))
    assert f"You are signed in as {lea.name} ({lea.get_role_display()})" in said
    assert "ask an administrator" in said
    assert "reload the page" not in said


def test_a_form_from_before_signing_in_is_told_as_that(lea: User) -> None:
    client = signed_in(lea, enforce_csrf_checks=True)
    client.get("/accounts/me/")
    client.cookies["csrftoken"] = "x" * 32
    said = words(client.post("/accounts/logout/", {"csrfmiddlewaretoken": "y" * 32}))
    assert "before you last signed in or out" in said
    assert "reload the page" in said
    assert "another role" not in said


def test_a_browser_without_cookies_is_told_so() -> None:
    said = words(Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post("/accounts/login/"))
    assert "Allow cookies for this site" in said


@override_settings(CSRF_TRUSTED_ORIGINS=["https://vertebra.example"])
def test_a_form_from_another_address_names_the_setting(lea: User) -> None:
    client = signed_in(lea, enforce_csrf_checks=True)
    said = words(client.post("/accounts/logout/", headers={"origin": "https://elsewhere.example"}))
    assert "VERTEBRA_PUBLIC_URL" in said
    assert "cookies" not in said


def test_a_refused_form_speaks_french_to_whoever_does() -> None:
    answer = Client(enforce_csrf_checks=True, headers={"accept-language": "fr"}).post("/accounts/login/")
    assert 'lang="fr"' in answer.content.decode()
