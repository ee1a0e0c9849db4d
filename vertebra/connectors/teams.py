"""Microsoft Teams: an adaptive card posted to the webhook of a workflow (or of an older connector)."""

from __future__ import annotations

import json
from typing import Any

from vertebra.connectors.publishing import NotSent, Post, Wire, refuse_status, short
from vertebra.connectors.web_json import Reach

# Teams refuses messages of more than 28 kB.
MOST_BYTES = 27_000


def card_of(message: Post, longest: int = 15_000) -> dict[str, Any]:
    """A text as a message with one card: Teams shows bold, italics, lists and links of Markdown."""
    body: list[dict[str, Any]] = [
        {
            "type": "TextBlock",
            "text": short(message.subject, 300),
            "weight": "Bolder",
            "size": "Medium",
            "wrap": True,
        }
    ]
    paragraphs = short(message.body, longest).replace("\r\n", "\n").split("\n\n")
    body += [{"type": "TextBlock", "text": one, "wrap": True} for one in paragraphs if one.strip()]
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if message.address and message.address_label:
        card["actions"] = [
            {"type": "Action.OpenUrl", "title": short(message.address_label, 75), "url": message.address}
        ]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


class TeamsWebhook:
    """The webhook of one channel or chat."""

    def __init__(self, address: str, reach: Reach) -> None:
        self.wire = Wire(reach)
        self.address = address

    def publish(self, message: Post) -> str:
        """Post a text; an older connector says in the text of a success that it failed."""
        longest = 15_000
        while len(json.dumps(card := card_of(message, longest), ensure_ascii=False).encode()) > MOST_BYTES:
            longest //= 2
        answer = self.wire.post_json(self.address, card)
        refuse_status(answer)
        said = answer.body[:500].decode("utf-8", "replace")
        if "error 429" in said:
            raise NotSent("throttled", wait=30)
        if "webhook message delivery failed" in said.casefold():
            raise NotSent("refused", is_permanent="error 4" in said)
        return ""

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()
