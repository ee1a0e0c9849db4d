"""Slack: an app writes to rooms and to people by `chat.postMessage`; an incoming webhook writes to its one room."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from vertebra.connectors.chat_text import for_slack
from vertebra.connectors.publishing import Answer, NotSent, Post, Wire, refuse_status, short, wait_of
from vertebra.connectors.web_json import Reach

API = "https://slack.com/api"
MOST_TEXT, MOST_HEADER, MOST_SECTION, MOST_BLOCKS = 4000, 150, 3000, 40
MOST_LABEL, MOST_VALUE, MOST_TICKS = 75, 2000, 10
# Where Slack takes what is answered to a press.
HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
TICKS = "ticks"
PAGE = 1000
# How old a request may be that Slack signed.
MOST_SECONDS = 300
# What Slack answers when trying again would give the same until somebody changes something there.
PERMANENT = frozenset(
    {
        "account_inactive", "as_user_not_supported", "cannot_dm_bot", "channel_not_found", "duplicate_channel_not_found",
        "ekm_access_denied", "enterprise_is_restricted", "invalid_arg_name", "invalid_arguments",
        "invalid_auth", "invalid_blocks", "invalid_blocks_format", "is_archived", "metadata_too_large",
        "messages_tab_disabled", "missing_scope", "msg_blocks_too_long", "msg_too_long", "no_permission", "no_text",
        "not_allowed_token_type", "not_authed", "not_in_channel", "org_login_required", "restricted_action",
        "token_expired", "token_revoked", "too_many_attachments", "user_not_found", "users_not_found",
    }
)  # fmt: skip
# Those of them that no text of this app gets past.
OF_THE_APP = frozenset(
    {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "org_login_required", "token_expired",
     "token_revoked"}
)  # fmt: skip


def is_signed(body: bytes, *, secret: str, timestamp: str, signature: str, at: float) -> bool:
    """Whether Slack sent this, now: it signs the moment and the bytes with the secret of the app."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    if abs(at - int(timestamp)) > MOST_SECONDS:
        return False
    told = hmac.new(secret.encode(), b"v0:%b:%b" % (timestamp.encode(), body), hashlib.sha256)
    return hmac.compare_digest(f"v0={told.hexdigest()}".encode(), signature.encode())


def blocks_of(message: Post) -> list[dict[str, Any]]:
    """A text as blocks: a title, its paragraphs, what can be ticked and pressed, a button that opens the page."""
    found: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": short(message.subject or "…", MOST_HEADER)}}
    ]
    for piece in _pieces(for_slack(message.body)):
        found.append({"type": "section", "text": {"type": "mrkdwn", "text": piece}})
    if message.ticks:
        found.append({"type": "actions", "block_id": TICKS, "elements": [_ticks_of(message)]})
    buttons: list[dict[str, Any]] = [
        {"type": "button", "text": _plain(one.label), "action_id": one.action, "value": one.value}
        for one in message.buttons
    ]
    if message.address and message.address_label:
        address = short(message.address, 3000)
        buttons.append({"type": "button", "text": _plain(message.address_label), "url": address})
    if buttons:
        found.append({"type": "actions", "elements": buttons})
    return found


def _plain(label: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": short(label or "…", MOST_LABEL)}


def _ticks_of(message: Post) -> dict[str, Any]:
    options = [{"text": _plain(one.label), "value": one.value} for one in message.ticks[:MOST_TICKS]]
    first = [option for one, option in zip(message.ticks, options, strict=False) if one.is_on]
    found = {"type": "checkboxes", "action_id": TICKS, "options": options}
    return found | ({"initial_options": first} if first else {})


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that a section takes, cut between lines where that can be."""
    left, count = text, 0
    while left and count < MOST_BLOCKS:
        if len(left) <= MOST_SECTION:
            yield left
            return
        at = left.rfind("\n", 1, MOST_SECTION)
        at = at if at > 0 else MOST_SECTION
        piece, left, count = left[:at], left[at:].lstrip("\n"), count + 1
        yield piece if count < MOST_BLOCKS else short(f"{piece}…", MOST_SECTION)


def fallback_of(message: Post) -> str:
    """The text for notifications and screen readers."""
    parts = [for_slack(message.subject), for_slack(message.body), message.address]
    return short("\n".join(part for part in parts if part), MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed a button: who, which, with which value, what was ticked, where the answer goes."""

    who: str
    action: str
    value: str
    ticked: tuple[str, ...]
    answer_to: str


def press_of(payload: str) -> Press | None:
    """What was pressed, as Slack tells it; nothing if it tells of something else."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    if _at(told, "type") != "block_actions":
        return None
    pressed = _at(told, "actions", 0)
    chosen = _at(told, "state", "values", TICKS, TICKS, "selected_options")
    ticked = tuple(
        _text(_at(one, "value")) for one in (chosen if isinstance(chosen, list) else ())[:MOST_TICKS]
    )
    return Press(
        who=_text(_at(told, "user", "id")),
        action=_text(_at(pressed, "action_id")),
        value=_text(_at(pressed, "value")),
        ticked=ticked,
        answer_to=_text(_at(told, "response_url")),
    )


def _at(value: Any, *path: str | int) -> Any:
    """What stands at the end of a path, or nothing."""
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and len(value) > step else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    # No database keeps the zero character.
    return value.replace("\x00", "") if isinstance(value, str) else ""


def said(message: Post, *, replaces: bool | None = None) -> dict[str, Any]:
    """An answer that only whoever asked or pressed reads; to a press, below what was pressed or in its place."""
    found = {"response_type": "ephemeral", "text": fallback_of(message), "blocks": blocks_of(message)}
    return found if replaces is None else found | {"replace_original": replaces}


def answer_press(address: str, body: dict[str, Any], reach: Reach, *, api: str = API) -> None:
    """Bring what is said to where Slack takes the answer to a press, and nowhere else."""
    try:
        place = urlsplit(address)[:2]
    except ValueError:
        place = ("", "")
    if place not in {("https", host) for host in HOSTS} and place != urlsplit(api)[:2]:
        raise NotSent("address_unknown", is_permanent=True)
    wire = Wire(reach)
    try:
        refuse_status(wire.post_json(address, body))
    finally:
        wire.close()


class SlackApp:
    """An app of the workspace, known by its token."""

    def __init__(self, token: str, reach: Reach, *, room: str = "", api: str = API) -> None:
        self.wire = Wire(reach)
        self.room = room
        self.api = api.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"}

    def publish(self, message: Post) -> str:
        """Post a text to a room or, by their id, to a person; gives its `ts`."""
        body = {
            "channel": message.to or self.room,
            "text": fallback_of(message),
            "blocks": blocks_of(message),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        answer = self.wire.post_json(f"{self.api}/chat.postMessage", body, self.headers)
        return str(_checked(answer).get("ts", ""))

    def people(self) -> Iterator[tuple[str, str]]:
        """Everybody of the workspace who can be written to: e-mail in small letters, and id."""
        cursor = ""
        while True:
            query = {"limit": PAGE} | ({"cursor": cursor} if cursor else {})
            page = _checked(self.wire.get(f"{self.api}/users.list", query, self.headers))
            for member in page.get("members") or []:
                email = str((member.get("profile") or {}).get("email") or "")
                if email and not member.get("deleted") and not member.get("is_bot"):
                    yield email.casefold(), str(member["id"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def find(self, email: str) -> str:
        """The id of whoever has this e-mail, or nothing."""
        try:
            found = _checked(self.wire.get(f"{self.api}/users.lookupByEmail", {"email": email}, self.headers))
        except NotSent as refusal:
            if refusal.code in {"users_not_found", "user_not_found"}:
                return ""
            raise
        return str((found.get("user") or {}).get("id") or "")

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()


def _checked(answer: Answer) -> dict[str, Any]:
    """What Slack answered, if it did what it was asked."""
    refuse_status(answer)
    found = answer.json()
    if not isinstance(found, dict):
        raise NotSent("not_json", in_doubt=True)
    if found.get("ok"):
        return found
    code = str(found.get("error") or "unknown_error")[:60]
    if code in {"ratelimited", "rate_limited"}:
        raise NotSent("throttled", wait=wait_of(answer))
    # "fatal_error" and the like may come after the text was posted.
    raise NotSent(code, is_permanent=code in PERMANENT, in_doubt=code in {"fatal_error", "internal_error"})


class SlackWebhook:
    """The incoming webhook of one room."""

    def __init__(self, address: str, reach: Reach) -> None:
        self.wire = Wire(reach)
        self.address = address

    def publish(self, message: Post) -> str:
        """Post a text to the room."""
        answer = self.wire.post_json(
            self.address, {"text": fallback_of(message), "blocks": blocks_of(message), "unfurl_links": False}
        )
        refuse_status(answer)
        return ""

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()
