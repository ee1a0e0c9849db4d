"""Signing in: by password and second factor, without telling who has an account, and never elsewhere."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests import world
from vertebra.accounts import outbox
from vertebra.accounts.jobs import send_password_links
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, Message, User

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def lea(**fields: object) -> User:
    user = world.account("Lea Roux", Role.READER, **fields)
    user.set_password(world.PASSWORD)
    user.save()
    return user


def sign_in(client: Client, email: str = "lea@example.org", password: str = world.PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_right_password_opens_home_and_is_noted(client: Client) -> None:
    user = lea()
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert AuditEntry.objects.get(verb="sign_in").actor == user


def test_the_case_of_the_address_does_not_matter(client: Client) -> None:
    lea()
    sign_in(client, "LEA@Example.ORG")
    assert is_in(client)


def words_of_page(response) -> str:  # type: ignore[no-untyped-def]
    """The page without what differs at each visit."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|content)="[^"]*"', "", response.content.decode())
    return re.sub(r"nonce-[^\"']*|value=\"[^\"]*\"|request_id[^<]*|<p class=\"is-faint\">[^<]*</p>", "", text)


def test_a_known_and_an_unknown_address_get_the_same_answer() -> None:
    lea()
    known = sign_in(Client(), password="wrong wrong wrong")
    unknown = sign_in(Client(), "nobody@example.org", "wrong wrong wrong")
    assert known.status_code == unknown.status_code
    assert words_of_page(known) == words_of_page(unknown)


def test_an_unknown_address_costs_the_same_work(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher

    done: list[str] = []
    encode = Argon2PasswordHasher.encode
    monkeypatch.setattr(
        Argon2PasswordHasher,
        "encode",
        lambda self, p, s: done.append(p) or encode(self, p, s),  # type: ignore[func-returns-value]
    )
    sign_in(client, "nobody@example.org", "wrong wrong wrong")
    assert done == ["wrong wrong wrong"]


def test_a_closed_account_is_told_only_to_whoever_knows_the_password() -> None:
    user = lea(is_active=False)
    assert sign_in(Client())["Location"] == reverse("account_inactive")
    wrong = sign_in(Client(), password="wrong wrong wrong")
    unknown = sign_in(Client(), "nobody@example.org", "wrong wrong wrong")
    assert words_of_page(wrong) == words_of_page(unknown)
    client = Client()
    sign_in(client)
    assert not is_in(client), user


def test_guessing_a_password_is_stopped_even_from_many_places() -> None:
    lea()
    for n in range(6):
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(
            SIGN_IN, {"login": "lea@example.org", "password": f"guess {n}"}
        )
    client = Client(REMOTE_ADDR="10.0.1.1")
    sign_in(client)
    assert not is_in(client)


def test_trying_many_addresses_from_one_place_is_stopped() -> None:
    lea()
    for n in range(21):
        sign_in(Client(), f"somebody{n}@example.org", "guess")
    client = Client()
    sign_in(client)
    assert not is_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_signing_in_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    lea()
    response = sign_in(client, next=elsewhere)
    assert response["Location"] == "/"


def test_signing_in_leads_back_to_where_one_was(client: Client) -> None:
    lea()
    assert sign_in(client, next="/account/tokens/")["Location"] == "/account/tokens/"


def test_signing_out_leads_nowhere_else(client: Client) -> None:
    client.force_login(lea())
    response = client.post("/accounts/logout/", {"next": "https://evil.example/"})
    assert response["Location"] == SIGN_IN
    assert not is_in(client)


def test_opening_the_sign_out_page_does_not_sign_out(client: Client) -> None:
    client.force_login(lea())
    client.get("/accounts/logout/")
    assert is_in(client)


def test_a_session_key_known_before_signing_in_is_worth_nothing(client: Client) -> None:
    lea()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before or ""
    sign_in(client)
    assert client.session.session_key != before
    other = Client()
    other.cookies["sessionid"] = before or ""
    assert not is_in(other)


@pytest.mark.parametrize("path", [SIGN_IN, RESET, "/accounts/logout/"])
def test_a_form_of_another_site_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lea())
    assert client.post(path, {"login": "lea@example.org", "password": world.PASSWORD}).status_code == 403


def asked_for(client: Client, email: str):  # type: ignore[no-untyped-def]
    return client.post(RESET, {"email": email}, follow=True)


def test_asking_for_a_password_says_and_does_the_same_for_any_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lea()
    asked: list[str] = []
    monkeypatch.setattr(
        type(send_password_links), "enqueue", lambda self, **words: asked.append(words["email"])
    )
    known, unknown = asked_for(Client(), "lea@example.org"), asked_for(Client(), "nobody@example.org")
    assert known.status_code == unknown.status_code == 200
    assert words_of_page(known) == words_of_page(unknown)
    assert asked == ["lea@example.org", "nobody@example.org"]
    assert not Message.objects.exists(), "the search is left to the job"


def password_link(email: str = "lea@example.org") -> str:
    send_password_links.func(email=email, ask="one")
    body = outbox.words_of(Message.objects.get(template="password_link")).body
    found = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", body)
    assert found
    return found[1]


def choose(client: Client, path: str, password: str):  # type: ignore[no-untyped-def]
    page = client.get(path, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else path
    return client.post(where, {"password1": password, "password2": password}, follow=True)


def test_a_link_sent_by_mail_changes_the_password_once_and_ends_sessions(client: Client) -> None:
    user = lea()
    elsewhere = Client()
    sign_in(elsewhere)
    path = password_link()
    choose(client, path, "another long walk outside")
    user.refresh_from_db()
    assert user.check_password("another long walk outside")
    assert elsewhere.get("/account/").status_code == 302, "the other session ended"
    choose(Client(), path, "a third long walk outside")
    user.refresh_from_db()
    assert user.check_password("another long walk outside"), "the link opened once"


def test_opening_the_link_does_not_change_the_password(client: Client) -> None:
    user = lea()
    client.get(password_link(), follow=True)
    user.refresh_from_db()
    assert user.check_password(world.PASSWORD)


def test_the_same_demand_twice_sends_one_mail() -> None:
    lea()
    send_password_links.func(email="lea@example.org", ask="one")
    send_password_links.func(email="lea@example.org", ask="one")
    assert Message.objects.filter(template="password_link").count() == 1


def test_the_link_waits_sealed() -> None:
    lea()
    path = password_link()
    assert path not in Message.objects.get().address


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_cast": True}])
def test_closed_accounts_and_the_cast_get_no_password(fields: dict[str, bool]) -> None:
    lea(**fields)
    send_password_links.func(email="lea@example.org", ask="one")
    assert not Message.objects.exists()


def test_asking_again_and_again_is_stopped() -> None:
    answers = [Client(REMOTE_ADDR=f"10.0.0.{n}").post(RESET, {"email": "lea@example.org"}) for n in range(5)]
    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429


def test_without_mail_the_page_says_whom_to_ask(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert b"<form" not in client.get(RESET).content.split(b"<main")[1]


def test_changing_ones_password_ends_other_sessions_and_tells_its_owner(client: Client) -> None:
    lea()
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    new = "another long walk outside"
    client.post(
        "/accounts/password/change/",
        {"oldpassword": world.PASSWORD, "password1": new, "password2": new},
    )
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert "password_changed" in str(AuditEntry.objects.filter(verb="change").get().particulars)
    assert Message.objects.filter(template="security_change").exists()
    assert not mail.outbox


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def with_second_factor(user: User) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def test_the_second_factor_is_switched_on_after_giving_the_password_again(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = lea()
    sign_in(client)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page["Location"].startswith("/accounts/reauthenticate/")
    page = client.post(page["Location"], {"password": world.PASSWORD}, follow=True)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)
    assert done.status_code == 200
    assert Authenticator.objects.filter(user=user).count() == 2, "the app and the recovery codes"
    assert AuditEntry.objects.filter(particulars__what="totp_activated").exists()
    assert secret not in str(list(Authenticator.objects.values("data"))), "sealed in the database"


def test_with_a_second_factor_the_password_alone_does_not_open(client: Client) -> None:
    secret = with_second_factor(lea())
    assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)


def test_codes_cannot_be_guessed_for_long(client: Client) -> None:
    secret = with_second_factor(lea())
    sign_in(client)
    for n in range(12):
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_in(client)


def test_a_recovery_code_opens_once() -> None:
    user = lea()
    with_second_factor(user)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (True, False):
        client = Client()
        sign_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(client) is expected


def test_the_code_page_without_a_password_leads_to_sign_in(client: Client) -> None:
    assert client.get("/accounts/2fa/authenticate/")["Location"] == SIGN_IN
