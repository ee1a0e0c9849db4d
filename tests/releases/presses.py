"""Presses in Slack as Slack tells of them, signed, and what is said there in answer."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tests.accounts.test_slash_commands import AT, SECRET
from vertebra.accounts.jobs import answer_in_slack
from vertebra.accounts.models import ChatConnection

ANSWER_TO = "https://hooks.slack.com/actions/T1/2/x"


def pressed(action: str, value: str, *ticked: int, who: str = "U1LEA", **more: Any) -> dict[str, Any]:
    """What Slack tells of a press."""
    options = [{"value": str(one), "text": {"type": "plain_text", "text": "x"}} for one in ticked]
    ticks = {"ticks": {"ticks": {"type": "checkboxes", "selected_options": options}}}
    return {
        "type": "block_actions",
        "user": {"id": who, "team_id": "T1"},
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "response_url": ANSWER_TO,
        "actions": [
            {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1"}
        ],
        "state": {"values": ticks},
        **more,
    }


def press(row: ChatConnection, payload: Any, *, at: int = AT, secret: str = SECRET, salt: str = "") -> Any:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    body = urlencode({"payload": text, **({"salt": salt} if salt else {})})
    told = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        reverse("releases:chat-press", args=[row.pk]),
        body,
        content_type="application/x-www-form-urlencoded",
        headers={"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={told}"},
    )


def answers() -> list[dict[str, Any]]:
    """What is said in Slack to what was pressed, in its order."""
    rows = DBTaskResult.objects.filter(task_path=answer_in_slack.module_path).order_by("enqueued_at")
    return [row.args_kwargs["args"][1] for row in rows]


def words() -> str:
    return str(answers()[-1]["text"])
