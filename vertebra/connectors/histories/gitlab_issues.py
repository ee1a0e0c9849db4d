"""An issue of GitLab with what happened to it becomes an item; people are known by their account."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from vertebra.connectors.histories.answers import (
    POINTS,
    SPRINT,
    in_order,
    moment,
    thing,
    things,
    word,
    words,
)
from vertebra.connectors.histories.jira_issues import LONGEST_TITLE, number, short
from vertebra.connectors.trail import SOMETHING, Category, Change, Item, Sprint, Tie
from vertebra.kit.files.values import parse_date

_CATEGORIES: Mapping[str, Category] = {"opened": "todo", "closed": "done"}
_LINKED = {"relates_to": "relates to", "blocks": "blocks", "is_blocked_by": "is blocked by"}
_ITERATIONS = {1: "upcoming", 2: "active", 3: "closed"}
# What GitLab itself notes beside an issue is English whoever reads it.
_ASSIGNED = re.compile(r"\b(unassigned|assigned to)\b")
ACCOUNT = re.compile(r"@([A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_-]|[A-Za-z0-9_])")
_DUE = re.compile(r"changed due date to ([A-Z][a-z]+ \d{1,2}, \d{4})|(removed due date)")


def item_of(record: Mapping[str, Any], project: str = "") -> Item | None:
    """The item that an issue is, or nothing where it lacks what makes it one; `project` is whence it was taken."""
    key, external_id = word(record, "references", "full"), word(record, "id")
    created = moment(record, "created_at")
    if not key or not external_id or created is None:
        return None
    state, people = word(record, "state"), things(record, "assignees")
    scoped = dict(_scoped(one) for one in labels_of(record) if "::" in one)
    return Item(
        external_id=external_id,
        key=key,
        project=project or key.rpartition("#")[0],
        kind=word(record, "issue_type").replace("_", " ") or "issue",
        # What only some may read in GitLab is only counted here.
        title=SOMETHING if record.get("confidential") is True else word(record, "title")[:LONGEST_TITLE],
        status=state,
        category=_CATEGORIES.get(state, ""),
        created_at=created,
        updated_at=moment(record, "updated_at") or created,
        resolved_at=moment(record, "closed_at"),
        due_on=parse_date(word(record, "due_date")) if word(record, "due_date") else None,
        resolution=_resolution(record) if state == "closed" else "",
        parent=_epic(record),
        points=number(record.get("weight")),
        reporter=word(record, "author", "username"),
        assignee=word(people[0], "username") if people else word(record, "assignee", "username"),
        comments=int(number(record.get("user_notes_count")) or 0),
        labels=labels_of(record),
        versions=words([word(record, "milestone", "title")]),
        fields={**scoped, **_own_fields(record)},
        changes=in_order(_changes(record)),
        ties=_ties(record),
        sprints=[sprint] if (sprint := _sprint(thing(record, "iteration"))) is not None else [],
    )


def labels_of(record: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of labels, told as such or as objects."""
    found = record.get("labels")
    names = found if isinstance(found, list) else []
    return words(
        word(one, "name") if isinstance(one, Mapping) else word({"name": one}, "name") for one in names
    )


def _scoped(label: str) -> tuple[str, str]:
    """A label of which an issue has only one of its kind: the kind and the value."""
    kind, _, value = label.rpartition("::")
    return kind, value


def _resolution(record: Mapping[str, Any]) -> str:
    if word(record, "moved_to_id"):
        return "moved"
    return "duplicate" if word(record, "duplicated_to_id") else ""


def _own_fields(record: Mapping[str, Any]) -> dict[str, str]:
    """What GitLab knows besides; hours that were foreseen and spent in seconds, as it gives them."""
    found = {
        "severity": word(record, "severity").casefold(),
        "health": word(record, "health_status").replace("_", " "),
        "time estimate": word(record, "time_stats", "time_estimate"),
        "time spent": word(record, "time_stats", "total_time_spent"),
    }
    return {name: value for name, value in found.items() if value not in {"", "0", "unknown"}}


def _epic(record: Mapping[str, Any]) -> str:
    """The epic as GitLab refers to it: its group and number."""
    address, place = word(record, "epic", "url"), word(record, "epic", "iid")
    group = address.removeprefix("/").removeprefix("groups/").partition("/-/epics/")[0]
    return f"{group}&{place}" if group and place else ""


def _sprint(told: Mapping[str, Any]) -> Sprint | None:
    """An iteration, as a sprint."""
    if not word(told, "id"):
        return None
    return Sprint(
        word(told, "id"),
        _name_of(told),
        _ITERATIONS.get(int(number(told.get("state")) or 0), ""),
        moment(told, "start_date"),
        moment(told, "due_date"),
    )


def _name_of(iteration: Mapping[str, Any]) -> str:
    """Its title, or its days where its cadence gives it none."""
    days = f"{word(iteration, 'start_date')} – {word(iteration, 'due_date')}"
    return short(word(iteration, "title") or (days if len(days) > 3 else word(iteration, "id")))


def _ties(record: Mapping[str, Any]) -> list[Tie]:
    told = [
        (_LINKED.get(word(one, "link_type"), "relates to"), word(one, "references", "full"))
        for one in things(record, "links")
    ]
    return [Tie(relation, other) for relation, other in dict.fromkeys(told) if other]


def _changes(record: Mapping[str, Any]) -> Iterator[Change]:
    yield from _states(record)
    yield from label_changes(record)
    yield from milestone_changes(record)
    for event in dated(record, "iteration_events"):
        yield turned(event, SPRINT, _name_of(thing(event, "iteration")))
    weight = ""
    for event in dated(record, "weight_events"):
        before, weight = weight, word(event, "weight")
        yield change(event, POINTS, before, weight)
    yield from _noted(record)


def _states(record: Mapping[str, Any]) -> Iterator[Change]:
    state = "opened"
    for event in dated(record, "state_events"):
        before, state = state, word(event, "state").replace("reopened", "opened") or state
        yield change(event, "status", before, state)


def milestone_changes(record: Mapping[str, Any]) -> Iterator[Change]:
    """Into which milestone something was put, and out of which it was taken."""
    for event in dated(record, "milestone_events"):
        yield turned(event, "milestone", short(word(event, "milestone", "title")))


def label_changes(record: Mapping[str, Any]) -> Iterator[Change]:
    """Labels one by one, and those of a kind also as values of a field, one after the other."""
    values: dict[str, str] = {}
    for event in dated(record, "label_events"):
        name = short(word(event, "label", "name"))
        if not name:  # a label that was deleted since
            continue
        yield turned(event, "labels", name)
        if "::" not in name:
            continue
        kind, value = _scoped(name)
        before = values.get(kind, "")
        if word(event, "action") == "add":
            values[kind] = value
            yield change(event, kind, before, value)
        elif before == value:
            values[kind] = ""
            yield change(event, kind, before, "")


def _noted(record: Mapping[str, Any]) -> Iterator[Change]:
    """What is told nowhere but in GitLab's own notes: to whom it was given, until when it was due."""
    due = ""
    for note in dated(record, "notes"):
        if note.get("system") is not True:
            continue
        body = word(note, "body")
        yield from assignments(note, body)
        if found := _DUE.match(body):
            before, due = due, _written(found[1] or "")
            yield change(note, "due date", before, due)


def assignments(note: Mapping[str, Any], body: str) -> Iterator[Change]:
    """Who was given an issue in whose place; several at once are told one by one."""
    if not _ASSIGNED.match(body):
        return
    given, taken = list[str](), list[str]()
    parts = _ASSIGNED.split(body)[1:]
    for verb, accounts in zip(parts[::2], parts[1::2], strict=True):
        (given if verb == "assigned to" else taken).extend(ACCOUNT.findall(accounts))
    for before, after in zip_longest(taken, given, fillvalue=""):
        yield change(note, "assignee", before, after)


def _written(day: str) -> str:
    """A day as others are written."""
    try:
        return dt.datetime.strptime(day, "%B %d, %Y").date().isoformat()  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return day


def dated(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The events of one sort that have a moment, in order: what is added before what it takes the place of goes."""
    found = [
        (at, word(one, "action") == "remove", one)
        for one in things(record, name)
        if (at := moment(one, "created_at")) is not None
    ]
    return [one for _at, _is_removed, one in sorted(found, key=lambda one: one[:2])]


def turned(event: Mapping[str, Any], field: str, value: str) -> Change:
    """What was added or taken away."""
    is_added = word(event, "action") == "add"
    return change(event, field, "" if is_added else value, value if is_added else "")


def change(event: Mapping[str, Any], field: str, before: str, after: str) -> Change:
    """A change of a field at the moment of an event, by whoever did it."""
    at = moment(event, "created_at")
    who = word(event, "user", "username") or word(event, "author", "username")
    return Change(at or dt.datetime.min.replace(tzinfo=dt.UTC), field, before, after, who)
