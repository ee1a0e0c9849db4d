"""An issue of Linear with its history becomes an item; people are known by their e-mail address, or else by their id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vertebra.connectors.histories.answers import POINTS, SPRINT, in_order, moment, thing, things, word, words
from vertebra.connectors.histories.jira_issues import LONGEST_TITLE, number, short
from vertebra.connectors.trail import Category, Change, Item, Sprint, Tie
from vertebra.kit.files.values import parse_date

_CATEGORIES: Mapping[str, Category] = {
    "triage": "todo", "backlog": "todo", "unstarted": "todo", "started": "doing",
    "completed": "done", "canceled": "done", "duplicate": "done",
}  # fmt: skip
_PRIORITIES = {"0": "", "1": "Urgent", "2": "High", "3": "Medium", "4": "Low"}
_RELATIONS = {
    "blocks": ("blocks", "is blocked by"),
    "duplicate": ("duplicates", "is duplicated by"),
    "related": ("relates to", "relates to"),
    "similar": ("is similar to", "is similar to"),
}
# Fields of the history whose values are ids of something with a name, and the field they tell of.
_NAMED = {
    "State": "status",
    "Assignee": "assignee",
    "Cycle": SPRINT,
    "Project": "project",
    "Team": "team",
    "Parent": "parent",
}
_PLAIN = {"Estimate": POINTS, "Title": "title", "DueDate": "due date"}


def item_of(record: Mapping[str, Any], names: Mapping[str, str]) -> Item | None:
    """The item that an issue is, or nothing where it lacks what makes it one; `names` says what ids are called."""
    external_id, key = word(record, "id"), word(record, "identifier")
    created = moment(record, "createdAt")
    if not external_id or not key or created is None:
        return None
    kind = word(record, "state", "type")
    category = _CATEGORIES.get(kind, "")
    due, labels = word(record, "dueDate"), record.get("labelIds")
    told = {"project": word(record, "project", "name"), "milestone": word(record, "projectMilestone", "name")}
    return Item(
        external_id=external_id,
        key=key,
        project=word(record, "team", "key"),
        kind="issue",
        title=word(record, "title")[:LONGEST_TITLE],
        status=word(record, "state", "name"),
        category=category,
        created_at=created,
        updated_at=moment(record, "updatedAt") or created,
        resolved_at=moment(record, "completedAt") or moment(record, "canceledAt"),
        due_on=parse_date(due) if due else None,
        priority=_PRIORITIES.get(_figure(record.get("priority")), ""),
        resolution=kind if category == "done" else "",
        parent=word(record, "parent", "identifier"),
        points=number(record.get("estimate")),
        reporter=account_of(thing(record, "creator")),
        assignee=account_of(thing(record, "assignee")),
        comments=len(things(record, "comments", "nodes")),
        labels=words(_called(one, names) for one in labels) if isinstance(labels, list) else (),
        fields={name: short(value) for name, value in told.items() if value},
        changes=in_order(_changes(record, names)),
        ties=_ties(record),
        sprints=[one] if (one := sprint_of(thing(record, "cycle"))) is not None else [],
    )


def account_of(person: Mapping[str, Any]) -> str:
    """What somebody is known by: an address, so that they can be found when they ask to be forgotten."""
    return word(person, "email") or word(person, "id")


def sprint_of(cycle: Mapping[str, Any]) -> Sprint | None:
    """A cycle as a sprint."""
    if not word(cycle, "id"):
        return None
    is_over = cycle.get("isPast") is True or bool(word(cycle, "completedAt"))
    state = "closed" if is_over else "active" if cycle.get("isActive") is True else "future"
    return Sprint(
        word(cycle, "id"),
        cycle_name(cycle),
        state,
        moment(cycle, "startsAt"),
        moment(cycle, "endsAt"),
        moment(cycle, "completedAt"),
    )


def cycle_name(cycle: Mapping[str, Any]) -> str:
    """What a cycle is called; most have a number only."""
    return short(word(cycle, "name") or f"Cycle {_figure(cycle.get('number'))}".strip())


def _changes(record: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[Change]:
    for step in things(record, "history", "nodes"):
        at = moment(step, "createdAt")
        if at is None:
            continue
        who = names.get(word(step, "actorId"), word(step, "actorId"))
        for name, field in _NAMED.items():
            before, after = (_called(step.get(f"{end}{name}Id"), names) for end in ("from", "to"))
            # An issue begins in a state: that is no change of it.
            if before or (after and name != "State"):
                yield Change(at, field, before, after, who)
        for name, field in _PLAIN.items():
            before, after = (_figure(step.get(f"{end}{name}")) for end in ("from", "to"))
            yield Change(at, field, short(before), short(after), who)
        before, after = (_PRIORITIES.get(_figure(step.get(f"{end}Priority")), "") for end in ("from", "to"))
        yield Change(at, "priority", before, after, who)
        for label in _listed(step, "addedLabelIds"):
            yield Change(at, "labels", "", _called(label, names), who)
        for label in _listed(step, "removedLabelIds"):
            yield Change(at, "labels", _called(label, names), "", who)


def _ties(record: Mapping[str, Any]) -> list[Tie]:
    """What it blocks, duplicates or relates to, and what does so to it."""
    found = [
        (_RELATIONS.get(word(one, "type"), ("relates to", "relates to"))[end], word(one, name, "identifier"))
        for end, (field, name) in enumerate((("relations", "relatedIssue"), ("inverseRelations", "issue")))
        for one in things(record, field, "nodes")
    ]
    return [Tie(relation, other) for relation, other in dict.fromkeys(found) if other]


def _listed(step: Mapping[str, Any], name: str) -> list[Any]:
    found = step.get(name)
    return found if isinstance(found, list) else []


def _called(value: Any, names: Mapping[str, str]) -> str:
    """What an id stands for; of what is not told any more, the id."""
    told = word({"id": value}, "id")
    return short(names.get(told, told))


def _figure(value: Any) -> str:
    """A number without what follows a whole one, or a text as it is."""
    return f"{value:.10g}" if isinstance(value, float) else word({"value": value}, "value")
