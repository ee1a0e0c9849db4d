"""Mattermost: Markdown posted to an incoming webhook."""

from __future__ import annotations

from vertebra.connectors.chat_text import for_mattermost
from vertebra.connectors.publishing import Post, Wire, refuse_status, short
from vertebra.connectors.web_json import Reach

MOST_TEXT = 16_000


def text_of(message: Post) -> str:
    """A text as one post: its title, what it says, where to read more."""
    parts = [f"#### {' '.join(message.subject.split())}", message.body.strip()]
    if message.address:
        parts.append(f"[{message.address_label or message.address}]({message.address})")
    last = parts.pop() if message.address else ""
    said = short(for_mattermost("\n\n".join(part for part in parts if part)), MOST_TEXT - len(last) - 2)
    return f"{said}\n\n{last}".strip()


class MattermostWebhook:
    """The incoming webhook of one channel (or of several, if it is not locked to one)."""

    def __init__(self, address: str, reach: Reach, *, room: str = "") -> None:
        self.wire = Wire(reach)
        self.address = address
        self.room = room

    def publish(self, message: Post) -> str:
        """Post a text to the channel."""
        body = {"text": text_of(message)}
        if where := message.to or self.room:
            body["channel"] = where
        answer = self.wire.post_json(self.address, body)
        refuse_status(answer)
        return ""

    def close(self) -> None:
        """Let go of the connection."""
        self.wire.close()
