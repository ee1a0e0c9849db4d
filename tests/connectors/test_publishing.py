"""Publishers: what goes out, what comes back, and where nothing may go."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tests.connectors.chats import Chat, chat_server
from vertebra.connectors.chat_text import for_mattermost, for_slack
from vertebra.connectors.mattermost import MattermostWebhook
from vertebra.connectors.publishing import NotSent, Post, Publisher
from vertebra.connectors.slack import SlackApp, SlackWebhook, blocks_of
from vertebra.connectors.teams import MOST_BYTES, TeamsWebhook
from vertebra.connectors.web_json import Reach

OPEN = Reach(private=["127.0.0.1"], seconds=1)
NEWS = Post(
    subject="Refunds in one click <now>",
    body="Hello **all**,\n\n* one\n* [two](https://example.org/a?b=1&c=2)\n\n<!channel> & @channel",
    address="https://vertebra.example.org/releases/1/",
    address_label="Read it",
)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with chat_server() as server:
        yield server


def publishers(chat: Chat) -> dict[str, Publisher]:
    return {
        "slack app": SlackApp("xoxb-token", OPEN, room="C1", api=f"{chat.address}/api"),
        "slack webhook": SlackWebhook(f"{chat.address}/services/T/B/x", OPEN),
        "teams": TeamsWebhook(f"{chat.address}/workflows/x", OPEN),
        "mattermost": MattermostWebhook(f"{chat.address}/hooks/x", OPEN),
    }


ALL = ("slack app", "slack webhook", "teams", "mattermost")


def refusal(publisher: Publisher, message: Post = NEWS) -> NotSent:
    with pytest.raises(NotSent) as refused:
        publisher.publish(message)
    return refused.value


@pytest.mark.parametrize("name", ALL)
def test_a_text_arrives_with_its_address_over_one_kept_connection(chat: Chat, name: str) -> None:
    publisher = publishers(chat)[name]
    publisher.publish(NEWS)
    publisher.publish(NEWS)
    publisher.close()
    assert len(chat.received) == 2
    sent = json.dumps(chat.received[0].value, ensure_ascii=False)
    assert "Refunds in one click" in sent
    assert "https://vertebra.example.org/releases/1/" in sent


def test_nothing_in_a_text_calls_everybody() -> None:
    assert "&lt;!channel&gt;" in for_slack(NEWS.body)
    assert "<!channel" not in for_slack(NEWS.body)
    assert "@channel" not in for_mattermost("Hello @channel, @all and @HERE")


@pytest.mark.parametrize(
    ("markdown", "slack"),
    [
        ("**bold** and *soft* and ~~gone~~", "*bold* and _soft_ and ~gone~"),
        ("# Title\n\ntext", "*Title*\n\ntext"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("* one\n    * under", "• one\n    • under"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a|b](https://x.org/a|b)", "<https://x.org/a%7Cb|a|b>"),
        ("> said", "> said"),
        ("`a<b`", "`a&lt;b`"),
        ("```\nx = 1\n```", "```x = 1```"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
    ],
)
def test_markdown_becomes_what_slack_writes(markdown: str, slack: str) -> None:
    assert for_slack(markdown) == slack


def test_a_book_fits_into_each_tool(chat: Chat) -> None:
    book = Post("s" * 400, "\n\n".join(["word " * 400] * 200), NEWS.address, "Read it")
    for publisher in publishers(chat).values():
        publisher.publish(book)
    blocks = blocks_of(book)
    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks[:-1])
    teams = chat.received[2].value
    assert len(json.dumps(teams, ensure_ascii=False).encode()) <= MOST_BYTES
    assert len(chat.received[3].value["text"]) <= 16_383


@pytest.mark.parametrize("name", ALL)
def test_a_tool_that_wants_peace_says_for_how_long(chat: Chat, name: str) -> None:
    chat.answers = [(429, {"Retry-After": "7"}, "")]
    refused = refusal(publishers(chat)[name])
    assert (refused.wait, refused.is_permanent, refused.in_doubt) == (7, False, False)


@pytest.mark.parametrize("name", ALL)
def test_an_address_that_is_gone_is_not_tried_again(chat: Chat, name: str) -> None:
    chat.answers = [(410, {}, "gone")]
    assert refusal(publishers(chat)[name]).is_permanent


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("answer", [0, 500])
def test_a_tool_that_broke_in_the_middle_leaves_a_doubt(chat: Chat, name: str, answer: int) -> None:
    chat.answers = [(answer, {}, "")]
    refused = refusal(publishers(chat)[name])
    assert refused.in_doubt and not refused.is_permanent


def test_silence_leaves_a_doubt_and_a_closed_door_none(chat: Chat) -> None:
    chat.seconds = 1.5
    assert refusal(publishers(chat)["mattermost"]).in_doubt
    refused = refusal(MattermostWebhook("http://127.0.0.1:1/hooks/x", OPEN))
    assert not refused.in_doubt and not refused.is_permanent


@pytest.mark.parametrize("place", ["http://127.0.0.2:80/x", "http://169.254.169.254/latest", "http://[::1]/"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_webhook_cannot_lead_into_the_private_network(chat: Chat, place: str, status: int) -> None:
    chat.answers = [(status, {"Location": place}, "")]
    refused = refusal(publishers(chat)["teams"])
    assert refused.code in {"moved", "address_private", "host_unknown"}
    assert refused.is_permanent
    assert len(chat.received) == 1


def test_the_private_network_is_closed_unless_it_is_opened() -> None:
    for address in (
        "http://127.0.0.1:9/x",
        "http://10.0.0.1/x",
        "http://localhost/x",
        "http://[::ffff:10.0.0.1]/",
    ):
        assert refusal(TeamsWebhook(address, Reach())).code == "address_private"


def test_a_token_is_not_shown_to_another_place(chat: Chat) -> None:
    with chat_server() as other:
        chat.answers = [(307, {"Location": f"{other.address}/api/chat.postMessage"}, "")]
        SlackApp("xoxb-token", OPEN, room="C1", api=f"{chat.address}/api").publish(NEWS)
        assert chat.received[0].headers["authorization"] == "Bearer xoxb-token"
        assert "authorization" not in other.received[0].headers


def test_a_loop_of_redirections_ends(chat: Chat) -> None:
    chat.answers = [(307, {"Location": "/again"}, "")] * 10
    assert refusal(publishers(chat)["teams"]).code == "too_many_redirects"


@pytest.mark.parametrize(
    ("code", "is_permanent", "wait"),
    [("channel_not_found", True, None), ("token_revoked", True, None), ("ratelimited", False, 30),
     ("service_unavailable", False, None)],
)  # fmt: skip
def test_slack_says_no_in_a_success(chat: Chat, code: str, is_permanent: bool, wait: int | None) -> None:
    chat.answers = [(200, {}, json.dumps({"ok": False, "error": code}))]
    refused = refusal(publishers(chat)["slack app"])
    assert (refused.is_permanent, refused.wait) == (is_permanent, wait)


def test_an_older_connector_of_teams_says_no_in_a_success(chat: Chat) -> None:
    chat.answers = [
        (
            200,
            {},
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
        )
    ]
    assert refusal(publishers(chat)["teams"]).wait == 30


def test_slack_knows_people_by_their_mail(chat: Chat) -> None:
    app = SlackApp("xoxb-token", OPEN, api=f"{chat.address}/api")
    assert dict(app.people()) == {"lea@example.org": "U1LEA", "karim@example.org": "U2KARIM"}
    assert app.find("lea@example.org") == "U1LEA"
    assert app.find("nobody@example.org") == ""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    path = Path(folder) / "api-specs" / "slack-web-2021.json"
    if not folder or not path.is_file():
        pytest.skip(
            "SKIPPED LOUDLY: set VERTEBRA_REAL_DATA to check the calls against Slack's own description"
        )
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def schema_of(operation: dict[str, Any], place: str) -> dict[str, Any]:
    """The parameters of an operation that stand in one place, as a schema; text may be given as structure in JSON."""
    mine = [one for one in operation["parameters"] if one["in"] == place and one["name"] != "token"]
    kinds = {
        one["name"]: {"type": ["array", "object", "string"] if one["name"] in {"blocks", "attachments"} else
                      ["string", "integer", "boolean"] if place == "query" else one["type"]}
        for one in mine
    }  # fmt: skip
    required = [one["name"] for one in mine if one.get("required")]
    return {"type": "object", "properties": kinds, "required": required, "additionalProperties": False}


def test_the_calls_are_those_that_slack_describes(chat: Chat, described: dict[str, Any]) -> None:
    app = SlackApp("xoxb-token", OPEN, room="C1", api=f"{chat.address}/api")
    app.publish(NEWS)
    app.find("lea@example.org")
    list(app.people())
    for sent in chat.received:
        path = sent.path.partition("?")[0].removeprefix("/api")
        operation = described["paths"][path][sent.method.lower()]
        if sent.method == "POST":
            assert "application/json" in operation["consumes"]
            # `unfurl_links` and `unfurl_media` are described; nothing that is not is sent.
            jsonschema_rs.validate(schema_of(operation, "formData"), sent.value)
        else:
            query = dict(pair.split("=") for pair in sent.path.partition("?")[2].split("&"))
            jsonschema_rs.validate(schema_of(operation, "query"), query)


def test_every_refusal_that_slack_describes_is_understood(chat: Chat, described: dict[str, Any]) -> None:
    operation = described["paths"]["/chat.postMessage"]["post"]
    codes = operation["responses"]["default"]["schema"]["properties"]["error"]["enum"]
    assert len(codes) > 10
    for code in codes:
        chat.answers = [(200, {}, json.dumps({"ok": False, "error": code}))]
        refused = refusal(publishers(chat)["slack app"])
        assert refused.wait or refused.is_permanent or code in {"invalid_array_arg", "invalid_charset",
               "invalid_form_data", "invalid_post_type", "missing_post_type"}, code  # fmt: skip
