"""Keys to the API: shown once, within one's rights, for a year at most, taken back at once."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts import tokens
from vertebra.accounts.actions import tokens as actions
from vertebra.accounts.models import ApiToken, AuditEntry, AuditRow, User

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def made(user: User, scopes: list[str] | None = None, lasts: dt.timedelta = 90 * DAY) -> tuple[ApiToken, str]:
    return actions.make_token(
        actor=user, name="Export", scopes=scopes or ["read"], expires_at=world.NOW + lasts, now=world.NOW
    )


def test_a_token_opens_for_its_owner() -> None:
    lea = world.lea()
    _, raw = made(lea)
    token = tokens.authenticate(raw, world.NOW)
    assert token is not None
    assert token.user == lea
    assert token.scopes == ["read"]


@pytest.mark.parametrize("raw", ["", "vtb_", "vtb_" + "A" * 43, "\x00", "é" * 5000])
def test_anything_else_opens_nothing(raw: str) -> None:
    made(world.lea())
    assert tokens.authenticate(raw, world.NOW) is None


def test_the_database_holds_a_digest_and_four_characters() -> None:
    token, raw = made(world.lea())
    assert len(raw) >= 43 + 4
    assert token.hint == raw[-4:]
    held = str([*ApiToken.objects.values(), *AuditRow.objects.values(), *AuditEntry.objects.values()])
    assert raw not in held
    assert raw.removeprefix("vtb_") not in held


def test_a_token_ends_on_its_day() -> None:
    _, raw = made(world.lea(), lasts=DAY)
    assert tokens.authenticate(raw, world.NOW + DAY - dt.timedelta(seconds=1)) is not None
    assert tokens.authenticate(raw, world.NOW + DAY) is None


def test_a_token_lasts_a_year_at_most() -> None:
    lea = world.lea()
    for lasts in (400 * DAY, -DAY, dt.timedelta(0)):
        with pytest.raises(actions.TokenRefused):
            made(lea, lasts=lasts)


@pytest.mark.parametrize("scope", ["import", "admin", "everything"])
def test_a_reader_gives_no_scope_they_do_not_have(scope: str) -> None:
    with pytest.raises(actions.TokenRefused):
        made(world.lea(), ["read", scope])


def test_a_revoked_token_opens_nothing() -> None:
    lea = world.lea()
    token, raw = made(lea)
    actions.revoke_token(actor=lea, token=token, now=world.NOW)
    assert tokens.authenticate(raw, world.NOW) is None


def test_a_closed_account_closes_its_tokens() -> None:
    lea = world.lea()
    _, raw = made(lea)
    User.objects.filter(pk=lea.pk).update(is_active=False)
    assert tokens.authenticate(raw, world.NOW) is None


def test_use_is_noted_once_a_minute_at_most() -> None:
    token, raw = made(world.lea())
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        tokens.authenticate(raw, world.NOW + dt.timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.latest_use_at == world.NOW + dt.timedelta(seconds=noted)


def test_the_key_is_shown_once(client: Client) -> None:
    client.force_login(world.lea())
    fields = {"name": "Export", "scopes": ["read"], "ends_on": (world.TODAY + 30 * DAY).isoformat()}
    page = client.post(reverse("accounts:token-create"), fields)
    raw = page.context["address"]
    assert "no-store" in page["Cache-Control"]
    assert raw in page.content.decode()
    assert tokens.authenticate(raw, world.NOW) is not None
    again = client.get(reverse("accounts:token-list")).content.decode()
    assert raw not in again
    assert raw[-4:] in again


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": "2030-01-01"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "soon"},
        {"scopes": ["admin"]},
        {"name": ""},
        {"scopes": []},
    ],
)
def test_a_wrong_form_says_so_and_makes_nothing(client: Client, wrong: dict[str, object]) -> None:
    client.force_login(world.lea())
    fields = {"name": "Export", "scopes": ["read"], "ends_on": (world.TODAY + DAY).isoformat()} | wrong
    assert client.post(reverse("accounts:token-create"), fields).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_revokes_the_token_of_somebody_else(client: Client) -> None:
    token, raw = made(world.lea())
    client.force_login(world.ada())
    assert client.post(reverse("accounts:token-revoke", args=(token.pk,))).status_code == 404
    assert tokens.authenticate(raw, world.NOW) is not None


def test_tokens_cannot_be_made_without_end(client: Client) -> None:
    client.force_login(world.lea())
    fields = {"name": "Export", "scopes": ["read"], "ends_on": (world.TODAY + DAY).isoformat()}
    answers = [client.post(reverse("accounts:token-create"), fields).status_code for _ in range(21)]
    assert answers[19] == 200
    assert answers[20] == 429
