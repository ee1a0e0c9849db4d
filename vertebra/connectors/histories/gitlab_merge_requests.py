"""A merge request of GitLab with what happened to it becomes an item; people are known by their account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vertebra.connectors.histories.answers import in_order, moment, things, word, words
from vertebra.connectors.histories.gitlab_issues import (
    ACCOUNT,
    assignments,
    change,
    dated,
    label_changes,
    labels_of,
    milestone_changes,
)
from vertebra.connectors.histories.jira_issues import LONGEST_TITLE, number
from vertebra.connectors.trail import Change, Item

KIND = "merge request"
_ENDED = {"merged", "closed"}
_ASKED = re.compile(r"requested review from ")
_NOT_ASKED = re.compile(r"removed review request for ")
_REVIEWS = {
    "approved this merge request": ("", "approved"),
    "unapproved this merge request": ("approved", ""),
    "requested changes": ("", "changes requested"),
}
_DRAFTS = {
    "marked this merge request as **draft**": "draft",
    "marked this merge request as **ready**": "ready",
}


def id_of(record: Mapping[str, Any]) -> str:
    """What a merge request is known by: issues have the same numbers."""
    return f"merge-request-{word(record, 'id')}"


def item_of(record: Mapping[str, Any], project: str = "") -> Item | None:
    """The item that a merge request is, or nothing where it lacks what makes it one."""
    key, created = word(record, "references", "full"), moment(record, "created_at")
    if not key or not word(record, "id") or created is None:
        return None
    state, people = word(record, "state"), things(record, "assignees")
    status = "draft" if state == "opened" and record.get("draft") is True else state
    return Item(
        external_id=id_of(record),
        key=key,
        project=project or key.rpartition("!")[0],
        kind=KIND,
        title=word(record, "title")[:LONGEST_TITLE],
        status=status,
        category="done" if state in _ENDED else "doing",
        created_at=created,
        updated_at=moment(record, "updated_at") or created,
        resolved_at=moment(record, "merged_at") or moment(record, "closed_at"),
        resolution=state if state in _ENDED else "",
        reporter=word(record, "author", "username"),
        assignee=word(people[0], "username") if people else word(record, "assignee", "username"),
        comments=int(number(record.get("user_notes_count")) or 0),
        labels=labels_of(record),
        versions=words([word(record, "milestone", "title")]),
        changes=in_order(_changes(record)),
    )


def _changes(record: Mapping[str, Any]) -> Iterator[Change]:
    yield from _states(record)
    yield from label_changes(record)
    yield from milestone_changes(record)
    for note in dated(record, "notes"):
        if note.get("system") is True:
            body = word(note, "body")
            yield from assignments(note, body)
            yield from _reviews(note, body)


def _states(record: Mapping[str, Any]) -> Iterator[Change]:
    """From state to state, drafts included, of which only notes tell."""
    drafts = [
        {**note, "state": _DRAFTS[word(note, "body")]}
        for note in things(record, "notes")
        if note.get("system") is True and word(note, "body") in _DRAFTS
    ]
    events = dated({"events": [*things(record, "state_events"), *drafts]}, "events")
    first = next((told for one in events if (told := word(one, "state")) in {"draft", "ready"}), "")
    is_draft = first == "ready" or (not first and record.get("draft") is True)
    state = "draft" if is_draft else "opened"
    for event in events:
        before, told = state, word(event, "state")
        if told in {"draft", "ready"}:
            is_draft = told == "draft"
        if told in _ENDED:
            state = told
        elif told in {"opened", "reopened"} or state not in _ENDED:
            state = "draft" if is_draft else "opened"
        yield change(event, "status", before, state)


def _reviews(note: Mapping[str, Any], body: str) -> Iterator[Change]:
    """Of whom a review was asked, and how it ended."""
    if body in _REVIEWS:
        yield change(note, "review", *_REVIEWS[body])
    elif found := _ASKED.match(body) or _NOT_ASKED.match(body):
        is_asked = body.startswith("requested")
        for who in ACCOUNT.findall(body[found.end() :]):
            yield change(note, "reviewer", "" if is_asked else who, who if is_asked else "")
