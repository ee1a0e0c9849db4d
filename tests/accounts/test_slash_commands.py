"""“Whom do I tell?” asked from a chat tool: only the tool itself is answered, and only for somebody it knows."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import pickle
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language

from tests.org.company import area, person
from tests.releases.made import champion
from tests.releases.test_telling import _known
from tests.roadmap.undertaken import browser
from tests.world import NOW, ada, english, ines, karim, lea
from vertebra.accounts.actions.chats import (
    Given,
    NotConnected,
    connect_chat,
    disconnect_chat,
    open_command,
)
from vertebra.accounts.models import AuditRow, ChatAddress, ChatConnection, User
from vertebra.connectors.publishing import Post
from vertebra.connectors.slack import is_signed
from vertebra.kit import clock
from vertebra.kit.jobs.upkeep import forget_what_expired
from vertebra.kit.seals import unseal
from vertebra.releases.models import HeadsUp
from vertebra.releases.pages import telling_command

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
AT = 1531420618
PAGE = re.compile(r"http://127\.0\.0\.1:8000/releases/whom-to-tell/\?asked=[0-9a-f]{64}")
TICKET = "Un bateau prend l'eau. " + "L’eau monte. " * 300


@pytest.fixture(autouse=True)
def now(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FIXED_NOW = NOW
    cache.clear()
    monkeypatch.setattr(clock, "machine", lambda: dt.datetime.fromtimestamp(AT, dt.UTC))


def connected(tool: str = "slack", way: str = "app", secret: str = "xoxb-1") -> ChatConnection:
    actor = User.objects.filter(role="administrator").first() or ada()
    given = Given(name=tool, tool=tool, way=way, secret=secret, language="en")
    row, _entry = connect_chat(actor=actor, given=given, now=NOW)
    open_command(actor=actor, connection=row, secret=SECRET, now=NOW)
    row.refresh_from_db()
    return row


def signature(body: str, at: int = AT, secret: str = SECRET) -> str:
    told = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256)
    return f"v0={told.hexdigest()}"


def ask(row: ChatConnection, text: str, *, user_id: str = "U1LEA", at: int = AT, signed: str = "") -> Any:
    body = urlencode({"command": "/tell", "text": text, "user_id": user_id, "token": "old"})
    return Client(enforce_csrf_checks=True).post(
        reverse("releases:telling-command", args=[row.pk]),
        body,
        content_type="application/x-www-form-urlencoded",
        headers={
            "X-Slack-Request-Timestamp": str(at),
            "X-Slack-Signature": signed or signature(body, at),
        },
    )


def known(row: ChatConnection, user: User) -> User:
    ChatAddress.objects.create(connection=row, user=user, address="U1LEA", found_at=NOW)
    return english(user)


def boats() -> None:
    champion("Bo *Chen*", "sales", area=_known(area("Bateaux"), "Bateaux"), title="Seller <!channel>")


def test_whoever_slack_knows_is_answered_with_names_and_one_way_to_tell_them() -> None:
    row = connected()
    known(row, lea())
    boats()
    answer = ask(row, "Un bateau prend l&amp;eau")
    assert answer.status_code == 200
    told = answer.json()
    assert told["response_type"] == "ephemeral"
    said = json.dumps(told["blocks"], ensure_ascii=False)
    assert "*Bo *Chen**" in said and "answers for Bateaux" in said
    assert "Seller &lt;!channel&gt;" in said, "a name calls nobody"
    tell, button = told["blocks"][-1]["elements"]
    assert tell["text"]["text"] == "Tell them"
    assert button["text"]["text"] == "Write it otherwise"
    assert PAGE.fullmatch(button["url"]), "what was asked stands in no address"
    assert "has time" not in said and not HeadsUp.objects.exists()


@pytest.fixture
def page_of_lea() -> str:
    """The address that was answered to Léa, who asked with a long ticket."""
    row = connected()
    known(row, lea())
    boats()
    cache.clear()
    return str(ask(row, TICKET).json()["blocks"][-1]["elements"][-1]["url"])


def test_the_page_opens_with_all_that_was_asked_for_who_asked_it(page_of_lea: str) -> None:
    client = browser(User.objects.get(email="lea@example.org"))
    for _time in range(2):
        shown = client.get(page_of_lea).content.decode()
        assert "Bo *Chen*" in shown and shown.count("L’eau monte.") >= 300
    assert 'action="/releases/whom-to-tell/"' in shown, "what is sent from there leaves the address"
    assert not HeadsUp.objects.exists()


def test_nobody_else_opens_it_nor_anybody_after_an_hour(page_of_lea: str) -> None:
    stranger = english(karim())
    for address in (page_of_lea, f"{page_of_lea[:-64]}{'0' * 64}", f"{page_of_lea[:-64]}é", page_of_lea[:-1]):
        shown = browser(stranger).get(address)
        assert shown.status_code == 200 and "no longer here" in shown.content.decode()
        assert "L’eau" not in shown.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cache_entries SET expires = %s", ["2001-01-01 00:00:00"])
    left = browser(User.objects.get(email="lea@example.org")).get(page_of_lea).content.decode()
    assert "no longer here" in left and "L’eau" not in left


def test_what_is_kept_for_the_page_can_be_read_without_its_address_by_nobody_and_goes(
    page_of_lea: str,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM cache_entries")
        kept = [pickle.loads(base64.b64decode(row[0])) for row in cursor]
        assert kept and "monte" not in str(kept) and page_of_lea[-64:] not in str(kept)
        cursor.execute("UPDATE cache_entries SET expires = %s", ["2001-01-01 00:00:00"])
        forget_what_expired.call()
        cursor.execute("SELECT COUNT(*) FROM cache_entries")
        assert cursor.fetchone() == (0,)


def test_time_is_told_to_nobody_in_a_chat_tool() -> None:
    row = connected()
    known(row, ines())
    boats()
    told = ask(row, "bateau").content.decode()
    assert "answers for Bateaux" in told
    assert "has no hours agreed" not in told


def test_it_answers_in_the_language_of_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    row = connected()
    User.objects.filter(pk=known(row, lea()).pk).update(language="fr")
    spoken: list[str | None] = []

    def answer(_user: User | None, _text: str, **_how: bool) -> Post:
        spoken.append(get_language())
        return Post("", "")

    monkeypatch.setattr(telling_command, "_answer", answer)
    ask(row, "bateau")
    assert spoken == ["fr"]


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_asked_is_answered_with_how_to_ask(text: str) -> None:
    row = connected()
    known(row, lea())
    assert "Write after the command" in ask(row, text).json()["text"]


def test_a_text_that_names_nothing_is_told_so() -> None:
    row = connected()
    known(row, lea())
    assert "It names no area" in ask(row, "zzz \x00 😀").json()["text"]


def test_whoever_is_not_known_is_led_to_the_page() -> None:
    row = connected()
    boats()
    for user_id in ("U1LEA", "", "x" * 5000, "\x00"):
        told = ask(row, "bateau", user_id=user_id).json()
        assert "It is not known here who you are" in told["text"]
        assert "Bo" not in told["text"]
    gone = known(row, lea())
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert "It is not known here" in ask(row, "bateau").json()["text"]


def test_only_what_slack_signed_just_now_is_answered() -> None:
    row = connected()
    known(row, lea())
    assert ask(row, "x").status_code == 200
    assert ask(row, "x", signed="v0=" + "0" * 64).status_code == 401
    assert ask(row, "x", signed="é").status_code == 401
    assert ask(row, "x", at=AT - 301).status_code == 401
    assert ask(row, "x", at=AT + 301).status_code == 401
    assert ask(row, "x", at=AT - 299).status_code == 200
    address = reverse("releases:telling-command", args=[row.pk])
    assert Client().post(address, {"text": "x"}).status_code == 401
    assert Client().get(address).status_code == 405
    assert Client().post(reverse("releases:telling-command", args=[10**9])).status_code == 401


def test_the_example_of_slack_is_recognised() -> None:
    body = b"text=94070&user_id=U2CERLKJA"
    told = hmac.new(b"secret", b"v0:1531420618:" + body, hashlib.sha256).hexdigest()
    given: dict[str, Any] = {"secret": "secret", "timestamp": "1531420618", "at": 1531420618.4}
    assert is_signed(body, signature=f"v0={told}", **given)
    assert not is_signed(body + b" ", signature=f"v0={told}", **given)
    assert not is_signed(body, signature=f"v1={told}", **given)
    for wrong in ("", "-1", "1e9", "٣", "9" * 40, "1531420618.4"):
        assert not is_signed(body, signature=f"v0={told}", **{**given, "timestamp": wrong})


def test_many_questions_in_a_short_time_are_asked_to_wait() -> None:
    row = connected()
    known(row, lea())
    said = [ask(row, "x").json()["text"] for _time in range(21)]
    assert "wait a minute" in said[-1] and "wait a minute" not in said[-2]


def test_mattermost_proves_itself_by_the_token_of_its_command() -> None:
    row = connected("mattermost", "webhook", "https://chat.example.org/hooks/abc")
    person("Lea Roux", user=english(lea()), handle="lea.roux")
    boats()

    def asked(**more: str) -> Any:
        given = {"text": "bateau", "user_name": "Lea.Roux", "token": SECRET, **more}
        return Client().post(reverse("releases:telling-command", args=[row.pk]), given)

    told = asked().json()
    assert told["response_type"] == "ephemeral"
    [page] = PAGE.findall(told["text"])
    assert "answers for Bateaux" in told["text"]
    assert "Bo *Chen*" in browser(User.objects.get(email="lea@example.org")).get(page).content.decode()
    assert asked(token="wrong").status_code == 401
    assert asked(token="é").status_code == 401
    assert "It is not known here" in asked(user_name="nobody").json()["text"]
    assert "It is not known here" in asked(user_name="\x00").json()["text"]
    person("Other Lea", user=karim(), handle="LEA.ROUX")
    assert "It is not known here" in asked().json()["text"], "two have that login"


def test_the_secret_is_sealed_and_forgotten() -> None:
    row = connected()
    assert SECRET not in row.sealed_command and unseal(row.sealed_command) == SECRET
    kept = str(list(AuditRow.objects.values_list("before", "after")))
    assert SECRET not in kept and row.sealed_command not in kept
    actor = User.objects.get(role="administrator")
    disconnect_chat(actor=actor, connection=row, now=NOW)
    row.refresh_from_db()
    assert row.sealed_command == ""
    assert ask(row, "x").status_code == 401


def test_a_room_of_slack_has_no_command() -> None:
    actor = ada()
    given = Given(name="Room", tool="slack", way="webhook", secret="https://hooks.example.org/x")
    row, _entry = connect_chat(actor=actor, given=given, now=NOW)
    with pytest.raises(NotConnected):
        open_command(actor=actor, connection=row, secret=SECRET, now=NOW)


def test_an_administrator_gives_the_tool_its_address_and_keeps_its_secret() -> None:
    actor = english(ada())
    given = Given(name="Slack", tool="slack", way="app", secret="xoxb-1")
    row, _entry = connect_chat(actor=actor, given=given, now=NOW)
    client = browser(actor)
    page = reverse("accounts:chat-command", args=[row.pk])
    assert page in client.get(reverse("accounts:chat-list")).content.decode()
    assert f"http://127.0.0.1:8000/chats/{row.pk}/whom-to-tell/" in client.get(page).content.decode()
    assert client.post(page, {"secret": "short"}).status_code == 422
    assert client.post(page, {"secret": SECRET}).status_code == 302
    row.refresh_from_db()
    assert unseal(row.sealed_command) == SECRET
    assert SECRET not in client.get(page).content.decode()
    assert browser(karim()).get(page).status_code == 403
