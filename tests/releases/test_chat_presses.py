"""What is pressed in Slack: people are told, a consultation is answered, each once, only for who Slack says presses."""

import base64
import datetime as dt
import json
import pickle
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import world
from tests.accounts.test_slash_commands import AT, SECRET, ask, connected, known
from tests.connectors.chats import Chat, chat_server
from tests.connectors.test_publishing import described, schema_of
from tests.org.company import area, person
from tests.releases.made import champion
from tests.releases.presses import ANSWER_TO, answers, press, pressed, words
from tests.releases.test_consultations import asked
from tests.releases.test_telling import _known
from tests.roadmap.undertaken import browser
from vertebra.accounts import outbox
from vertebra.accounts.jobs import answer_in_slack
from vertebra.accounts.models import ChannelChoice, ChatConnection, Message, User
from vertebra.connectors.publishing import NotSent
from vertebra.connectors.slack import answer_press, press_of
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock
from vertebra.kit.jobs import Permanent
from vertebra.org.models import Area, Person
from vertebra.releases.actions.consultation_answers import answer_consultation
from vertebra.releases.actions.consultations import close_consultation
from vertebra.releases.models import ConsultationAnswer, ConsultationAsk, HeadsUp
from vertebra.releases.pages.telling_command import key_of

__all__ = ["described"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FIXED_NOW = world.NOW
    cache.clear()
    monkeypatch.setattr(clock, "machine", lambda: dt.datetime.fromtimestamp(AT, dt.UTC))


@pytest.fixture
def slack() -> ChatConnection:
    return connected()


@pytest.fixture
def lea(slack: ChatConnection) -> User:
    return known(slack, world.lea())


@pytest.fixture
def bo() -> Person:
    boats = _known(area("Bateaux"), "Bateaux")
    return champion("Bo Chen", "sales", area=boats, email="bo@field.example", language="en")


def proposed(row: ChatConnection, text: str = "Un bateau prend l'eau") -> tuple[str, list[str]]:
    """The value of the button of an answer, and the people that can be ticked beside it."""
    *_before, ticks, buttons = ask(row, text).json()["blocks"]
    [boxes] = ticks["elements"]
    assert boxes["type"] == "checkboxes"
    assert boxes["initial_options"], "those to write to first are ticked"
    return buttons["elements"][0]["value"], [one["value"] for one in boxes["options"]]


class TestTelling:
    def test_those_who_are_ticked_are_told_what_was_asked_about_once(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        value, people = proposed(slack)
        assert people == [str(bo.pk)]
        assert press(slack, pressed("tell", value, bo.pk)).content == b""
        made = HeadsUp.objects.get()
        assert (made.words, made.made_by) == ("Un bateau prend l'eau", lea)
        message = Message.objects.get(template="heads_up")
        assert message.to_email == "bo@field.example"
        assert made.told.get().reasons[0] == "area"
        assert "1 person is told. Bo Chen" in words()
        assert answers()[-1]["replace_original"] is True
        assert press(slack, pressed("tell", value, bo.pk), salt="pressed twice").status_code == 200
        assert HeadsUp.objects.count() == 1
        assert "sent already" in words()

    def test_nobody_ticked_is_told_and_pressed_again_it_goes(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        value, _people = proposed(slack)
        press(slack, pressed("tell", value))
        assert "Choose at least one person" in words() and not HeadsUp.objects.exists()
        assert answers()[-1]["replace_original"] is False
        press(slack, pressed("tell", value, bo.pk))
        assert HeadsUp.objects.count() == 1

    def test_whom_no_message_reaches_is_named_and_not_counted(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        mute = champion("Mo Hart", "support", area=Area.objects.get())
        value, people = proposed(slack)
        assert set(people) == {str(bo.pk), str(mute.pk)}
        press(slack, pressed("tell", value, bo.pk, mute.pk))
        assert "1 person is told. Bo Chen" in words()
        assert "No message reaches Mo Hart" in words()
        assert [one.person for one in HeadsUp.objects.get().told.all()] == [bo]

    def test_nobody_else_than_who_is_proposed_for_it_is_told(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        other = person("Cy Roux", email="cy@example.org")
        value, _people = proposed(slack)
        press(slack, pressed("tell", value, other.pk))
        assert not HeadsUp.objects.exists()
        press(slack, pressed("tell", value, other.pk, bo.pk))
        assert [one.person for one in HeadsUp.objects.get().told.all()] == [bo]

    def test_an_answer_is_pressed_by_who_asked_and_within_the_hour(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        value, _people = proposed(slack)
        karim = world.english(world.karim())
        slack.addresses.create(user=karim, address="U2KARIM", found_at=world.NOW)
        press(slack, pressed("tell", value, bo.pk, who="U2KARIM"))
        press(slack, pressed("tell", value, bo.pk, who="U3NOBODY"))
        made_up = json.dumps({"key": "made up", "text": "bateau"})
        press(slack, pressed("tell", made_up, bo.pk))
        assert not HeadsUp.objects.exists()
        cache.clear()  # an hour later
        press(slack, pressed("tell", value, bo.pk), salt="1")
        assert not HeadsUp.objects.exists() and "ask again" in words()

    def test_nothing_of_a_question_can_be_read_here_before_it_is_sent(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        value, _people = proposed(slack, "bateau très secret")
        assert cache.get(key_of(json.loads(value)["key"])) == lea.pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM cache_entries")
            assert "secret" not in str([pickle.loads(base64.b64decode(row[1])) for row in cursor])

    def test_a_long_ticket_is_sent_from_the_page(self, slack: ChatConnection, lea: User, bo: Person) -> None:
        blocks = ask(slack, "bateau " * 300).json()["blocks"]
        [button] = blocks[-1]["elements"]
        assert "url" in button and "value" not in button
        assert all(block.get("block_id") != "ticks" for block in blocks)


class TestAnswering:
    @pytest.fixture
    def champion(self, slack: ChatConnection, lea: User) -> Person:
        return champion("Lea Roux", "support", area=area("Bateaux"), user=lea)

    @pytest.fixture
    def row(self, champion: Person) -> ConsultationAsk:
        asked(world.ines(), champion)
        return ConsultationAsk.objects.get(person=champion)

    @pytest.mark.parametrize("impact", ["none", "low", "high"])
    def test_one_press_answers_and_its_two_minutes_are_counted(
        self, slack: ChatConnection, row: ConsultationAsk, impact: str
    ) -> None:
        assert press(slack, pressed(f"consultation:{impact}", str(row.pk))).content == b""
        held = ConsultationAnswer.objects.get()
        assert (held.ask, held.impact, held.minutes) == (row, impact, 2)
        assert "Noted" in words() and answers()[-1]["replace_original"] is False

    def test_pressed_twice_it_is_answered_once_and_another_press_answers_better(
        self, slack: ChatConnection, row: ConsultationAsk
    ) -> None:
        for salt in ("1", "2"):
            press(slack, pressed("consultation:low", str(row.pk)), salt=salt)
        assert ConsultationAnswer.objects.get().impact == "low" and "Noted" in words()
        press(slack, pressed("consultation:high", str(row.pk)))
        assert ConsultationAnswer.objects.get().impact == "high"

    def test_what_was_written_on_the_page_stays(self, slack: ChatConnection, row: ConsultationAsk) -> None:
        answer_consultation(
            actor=None, ask=row, impact="low", readiness="Two macros.", words="When?", minutes=9,
            language="fr", now=world.NOW,
        )  # fmt: skip
        press(slack, pressed("consultation:high", str(row.pk)))
        held = ConsultationAnswer.objects.get()
        assert (held.impact, held.readiness, held.words) == ("high", "Two macros.", "When?")
        assert (held.minutes, held.language) == (9, "fr")

    def test_somebody_else_answers_nothing_nor_does_who_is_not_known(
        self, slack: ChatConnection, row: ConsultationAsk
    ) -> None:
        karim = world.english(world.karim())
        slack.addresses.create(user=karim, address="U2KARIM", found_at=world.NOW)
        for who in ("U2KARIM", "U3NOBODY", ""):
            press(slack, pressed("consultation:high", str(row.pk), who=who))
        assert not ConsultationAnswer.objects.exists()

    @pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "0"])
    def test_an_ask_that_is_none_and_an_answer_that_is_none_are_refused(
        self, slack: ChatConnection, row: ConsultationAsk, value: str
    ) -> None:
        assert press(slack, pressed("consultation:low", value)).status_code == 200
        assert press(slack, pressed("consultation:enormous", str(row.pk))).status_code == 200
        assert not ConsultationAnswer.objects.exists() and "Choose one of the three" in words()

    def test_what_is_closed_says_so(self, slack: ChatConnection, row: ConsultationAsk) -> None:
        actor = User.objects.get(email="ines@example.org")
        close_consultation(actor=actor, consultation=row.consultation, outcome="It waits.", now=world.NOW)
        press(slack, pressed("consultation:high", str(row.pk)))
        assert "closed" in words() and not ConsultationAnswer.objects.exists()


class TestTheDoor:
    def test_only_what_slack_signed_just_now_is_taken(
        self, slack: ChatConnection, lea: User, bo: Person
    ) -> None:
        value, _people = proposed(slack)
        payload = pressed("tell", value, bo.pk)
        assert press(slack, payload, secret="x" * 32).status_code == 401
        assert press(slack, payload, at=AT - 301).status_code == 401
        assert press(slack, payload, at=AT + 301).status_code == 401
        address = reverse("releases:chat-press", args=[slack.pk])
        assert Client().post(address, {"payload": json.dumps(payload)}).status_code == 401
        assert Client().get(address).status_code == 405
        assert Client().post(reverse("releases:chat-press", args=[10**9])).status_code == 401
        assert not HeadsUp.objects.exists() and not answers()

    def test_the_same_request_again_is_refused(self, slack: ChatConnection, lea: User) -> None:
        row = ConsultationAsk
        one = champion("Lea Roux", "support", area=area("Bateaux"), user=lea)
        asked(world.ines(), one)
        number = str(row.objects.get().pk)
        low, high = (pressed(f"consultation:{impact}", number) for impact in ("low", "high"))
        assert press(slack, low).status_code == 200
        assert press(slack, high).status_code == 200
        assert press(slack, low).status_code == 401, "replayed, it does not bring the first answer back"
        assert ConsultationAnswer.objects.get().impact == "high"

    def test_the_token_of_mattermost_opens_nothing_here(self, lea: User) -> None:
        row = connected("mattermost", "webhook", "https://chat.example.org/hooks/abc")
        answer = Client().post(
            reverse("releases:chat-press", args=[row.pk]), {"token": SECRET, "payload": "{}"}
        )
        assert answer.status_code == 401

    @pytest.mark.parametrize(
        "payload",
        ["", "{", "[]", "null", "1", '"x"', "[" * 50_000, '{"type":"block_actions"}',
         '{"type":"block_actions","actions":{},"state":[],"user":"x"}',
         '{"type":"block_actions","actions":[{"action_id":"tell","value":"{}"}],"user":{"id":"U1LEA"}}',
         '{"type":"block_actions","actions":[{"action_id":"tell","value":7}],"user":{"id":["U1LEA"]}}',
         '{"type":"block_actions","actions":[{"action_id":"tell","value":"[1]"}],"user":{"id":"U1\\u0000"}}',
         '{"type":"view_submission"}'],
    )  # fmt: skip
    def test_what_is_no_press_of_ours_does_nothing(
        self, slack: ChatConnection, lea: User, payload: str
    ) -> None:
        assert press(slack, payload).status_code == 200
        assert not HeadsUp.objects.exists()

    def test_ticking_and_opening_are_taken_without_a_word(self, slack: ChatConnection, lea: User) -> None:
        for action in ("ticks", "Bz3a"):
            assert press(slack, pressed(action, "1")).content == b""
        assert answers() == []


class TestWhatSlackReads:
    @pytest.fixture
    def chat(self, settings: Any) -> Iterator[Chat]:
        with chat_server() as server:
            settings.PRIVATE_HOSTS = ["127.0.0.1"]
            settings.SLACK_API = f"{server.address}/api"
            settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
            yield server

    def consulted(self, lea: User) -> None:
        ChannelChoice.objects.create(user=lea, kind="consultations", channel="slack")
        asked(world.ines(), champion("Lea Roux", "support", area=area("Bateaux"), user=lea))
        outbox.deliver(world.NOW)

    def test_a_champion_who_chose_slack_reads_the_three_answers_there(
        self, chat: Chat, slack: ChatConnection, lea: User, described: dict[str, Any]
    ) -> None:
        self.consulted(lea)
        [posted] = (one for one in chat.received if "postMessage" in one.path)
        operation = described["paths"]["/chat.postMessage"]["post"]
        jsonschema_rs.validate(schema_of(operation, "formData"), posted.value)
        jsonschema_rs.validate(described["definitions"]["blocks"], posted.value["blocks"])
        *answers, page = posted.value["blocks"][-1]["elements"]
        row = ConsultationAsk.objects.get()
        assert [(one["action_id"], one["value"]) for one in answers] == [
            (f"consultation:{impact}", str(row.pk)) for impact in ("none", "low", "high")
        ]
        assert [one["text"]["text"] for one in answers] == ["It changes nothing for us", "A little", "Much"]
        assert "/releases/consulted/" in page["url"]
        assert press(slack, pressed(answers[2]["action_id"], answers[2]["value"])).status_code == 200
        assert ConsultationAnswer.objects.get().impact == "high"

    def test_where_presses_do_not_come_back_there_is_the_page_alone(
        self, chat: Chat, slack: ChatConnection, lea: User
    ) -> None:
        ChatConnection.objects.update(sealed_command="")
        self.consulted(lea)
        [posted] = (one for one in chat.received if "postMessage" in one.path)
        [page] = posted.value["blocks"][-1]["elements"]
        assert "url" in page

    def test_the_answer_to_a_press_goes_to_slack_and_says_nothing_to_others(
        self, chat: Chat, slack: ChatConnection, lea: User, bo: Person, described: dict[str, Any]
    ) -> None:
        value, _people = proposed(slack)
        place = f"{chat.address}/actions/x"
        press(slack, pressed("tell", value, bo.pk, response_url=place))
        assert chat.received == [], "Slack does not wait for it"
        answer_in_slack.call(place, answers()[-1])
        [told] = chat.received
        assert told.value["response_type"] == "ephemeral" and told.value["replace_original"] is True
        jsonschema_rs.validate(described["definitions"]["blocks"], told.value["blocks"])

    def test_the_blocks_of_an_answer_are_within_what_slack_takes(
        self, slack: ChatConnection, lea: User, described: dict[str, Any]
    ) -> None:
        boats = _known(area("Bateaux"), "Bateaux")
        for number in range(8):
            champion(f"Bo {'n' * 90} {number}", "sales", area=boats, email=f"b{number}@field.example")
        blocks = ask(slack, "bateau " * 200).json()["blocks"]
        jsonschema_rs.validate(described["definitions"]["blocks"], blocks)
        [boxes] = blocks[-2]["elements"]
        assert len(boxes["options"]) <= 10
        assert all(len(one["text"]["text"]) <= 75 for one in boxes["options"])
        assert all(one in boxes["options"] for one in boxes["initial_options"])
        assert all(len(one.get("value", "")) <= 2000 for one in blocks[-1]["elements"])

    def test_an_answer_that_is_refused_for_good_is_not_tried_again(self, chat: Chat) -> None:
        chat.answers = [(404, {}, "expired_url"), (500, {}, "")]
        with pytest.raises(Permanent):
            answer_in_slack.call(f"{chat.address}/x", {"text": "x"})
        with pytest.raises(NotSent):
            answer_in_slack.call(f"{chat.address}/x", {"text": "x"})

    @pytest.mark.parametrize(
        "address",
        ["", "x", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.example/x",
         "https://hooks.slack.com@evil.example/x", "https://hooks.slack.com:8443/x", "https://hooks.slack.com:x/", "https://[x/", "http://169.254.169.254/",
         "https://evil.example/hooks.slack.com"],
    )  # fmt: skip
    def test_an_answer_goes_nowhere_else(self, address: str) -> None:
        with pytest.raises(NotSent) as refused:
            answer_press(address, {}, Reach(private=["127.0.0.1"], seconds=1))
        assert refused.value.code == "address_unknown" and refused.value.is_permanent


def test_what_slack_documents_is_read() -> None:
    """The shape of Slack's own example of a pressed button in a message."""
    told = press_of(json.dumps(pressed("approve", "click_me_123", 4, 5)))
    assert told is not None
    assert (told.who, told.action, told.value) == ("U1LEA", "approve", "click_me_123")
    assert (told.ticked, told.answer_to) == (("4", "5"), ANSWER_TO)


def test_an_administrator_reads_where_slack_brings_presses() -> None:
    row = connected()
    page = browser(world.english(User.objects.get(role="administrator"))).get(
        reverse("accounts:chat-command", args=[row.pk])
    )
    assert f"http://127.0.0.1:8000/chats/{row.pk}/pressed/" in page.content.decode()
    other = connected("mattermost", "webhook", "https://chat.example.org/hooks/abc")
    page = browser(User.objects.get(role="administrator")).get(
        reverse("accounts:chat-command", args=[other.pk])
    )
    assert "/pressed/" not in page.content.decode()
