"""An issue or a pull request of GitHub with its timeline becomes an item; people are known by their account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vertebra.connectors.histories.answers import in_order, moment, thing, things, word, words
from vertebra.connectors.histories.jira_issues import LONGEST_TITLE, number, short
from vertebra.connectors.trail import Category, Change, Item, Tie

PULL_REQUEST = "pull request"
_GESTURE = dt.timedelta(seconds=2)
# What is read of the timeline; the rest (comments, commits, mentions, subscriptions) is let go before anybody sees it.
COUNTED = frozenset({
    "closed", "reopened", "merged", "ready_for_review", "convert_to_draft", "converted_to_draft", "labeled", "unlabeled",
    "assigned", "unassigned", "milestoned", "demilestoned", "renamed", "review_requested", "review_request_removed",
    "reviewed", "review_dismissed", "added_to_project", "moved_columns_in_project", "removed_from_project",
    "issue_type_added", "issue_type_removed", "issue_type_changed", "parent_issue_added", "parent_issue_removed",
    "blocked_by_added", "blocked_by_removed", "blocking_added", "blocking_removed", "cross-referenced",
})  # fmt: skip
# Events that add or take away one value: the field, and where the value stands.
_ONE: Mapping[str, tuple[str, tuple[str, ...], bool]] = {
    "labeled": ("labels", ("label", "name"), True),
    "unlabeled": ("labels", ("label", "name"), False),
    "assigned": ("assignee", ("assignee", "login"), True),
    "unassigned": ("assignee", ("assignee", "login"), False),
    "milestoned": ("milestone", ("milestone", "title"), True),
    "demilestoned": ("milestone", ("milestone", "title"), False),
    "issue_type_added": ("type", ("issue_type", "name"), True),
    "issue_type_removed": ("type", ("prev_issue_type", "name"), False),
    "added_to_project": ("column", ("project_card", "column_name"), True),
    "removed_from_project": ("column", ("project_card", "column_name"), False),
}
# Events that tie or untie another issue: the relation, and where the other stands.
_OTHERS: Mapping[str, tuple[str, str, bool]] = {
    "parent_issue_added": ("parent", "parent_issue", True),
    "parent_issue_removed": ("parent", "parent_issue", False),
    "blocked_by_added": ("is blocked by", "blocked_by", True),
    "blocked_by_removed": ("is blocked by", "blocked_by", False),
    "blocking_added": ("blocks", "blocking", True),
    "blocking_removed": ("blocks", "blocking", False),
}
_CATEGORIES: Mapping[str, Category] = {"closed": "done", "merged": "done", "draft": "doing"}


def item_of(record: Mapping[str, Any], project: str = "") -> Item | None:
    """The item that an issue is, or nothing where it lacks what makes it one; `project` is whence it was taken."""
    repository, place = _repository(word(record, "repository_url")), word(record, "number")
    created, external_id = moment(record, "created_at"), word(record, "id")
    if not (repository and place and external_id) or created is None:
        return None
    events = _dated(things(record, "timeline"))
    is_pull = "pull_request" in record
    status, values = _status(record, is_pull), _own_fields(record)
    return Item(
        external_id=external_id,
        key=f"{repository}#{place}",
        project=project or repository,
        kind=PULL_REQUEST if is_pull else word(record, "type", "name") or "issue",
        title=word(record, "title")[:LONGEST_TITLE],
        status=status,
        category=_CATEGORIES.get(status, "doing" if is_pull else "todo"),
        created_at=created,
        updated_at=moment(record, "updated_at") or created,
        resolved_at=moment(record, "closed_at"),
        due_on=_day(moment(record, "milestone", "due_on")),
        priority=values.get("Priority", ""),
        resolution=_resolution(record, status),
        parent=_parent(word(record, "parent_issue_url")),
        reporter=word(record, "user", "login"),
        assignee=word(record, "assignee", "login") or _first_assignee(record),
        comments=int(number(record.get("comments")) or 0),
        labels=words(word(one, "name") for one in things(record, "labels")),
        versions=words([word(record, "milestone", "title")]),
        fields=values,
        changes=in_order([*_states(events, record, is_pull), *_handed_over(_changes(events))]),
        ties=_ties(events),
    )


def _dated(timeline: Sequence[Mapping[str, Any]]) -> list[tuple[dt.datetime, str, Mapping[str, Any]]]:
    """The events in order: what merges a pull request also closes it, at the same moment."""
    found = [
        (at, word(one, "event"), one)
        for one in timeline
        if (at := moment(one, "submitted_at") or moment(one, "created_at")) is not None
    ]
    return sorted(found, key=lambda one: (one[0], one[1] == "closed"))


def _states(events: Sequence[Any], record: Mapping[str, Any], is_pull: bool) -> Iterator[Change]:
    """From state to state, and why it was closed."""
    is_draft = is_pull and _began_as_draft(events, record)
    state, reason = "draft" if is_draft else "open", ""
    for at, event, told in events:
        before, why = state, reason
        if event == "merged":
            state, reason = "merged", "merged"
        elif event == "closed" and state != "merged":
            state, reason = "closed", _plain(word(told, "state_reason"))
        elif event == "reopened":
            state, reason = "draft" if is_draft else "open", ""
        elif event == "ready_for_review":
            is_draft = False
            state = "open" if state == "draft" else state
        elif event in {"convert_to_draft", "converted_to_draft"}:
            is_draft = True
            state = "draft" if state == "open" else state
        yield Change(at, "status", before, state, _who(told))
        yield Change(at, "resolution", why, reason, _who(told))


def _began_as_draft(events: Sequence[Any], record: Mapping[str, Any]) -> bool:
    for _at, event, _told in events:
        if event == "ready_for_review":
            return True
        if event in {"convert_to_draft", "converted_to_draft"}:
            return False
    return record.get("draft") is True


def _handed_over(changes: Iterable[Change]) -> Iterator[Change]:
    """Whoever takes the place of another in one gesture is told as one change: GitHub tells two."""
    held: Change | None = None
    for one in changes:
        if one.field != "assignee":
            yield one
        elif held is None:
            held = one
        elif (
            one.at - held.at <= _GESTURE
            and one.author == held.author
            and bool(one.after) == bool(held.before)
        ):
            yield Change(one.at, one.field, one.before or held.before, one.after or held.after, one.author)
            held = None
        else:
            yield held
            held = one
    if held is not None:
        yield held


def _changes(events: Sequence[Any]) -> Iterator[Change]:
    for at, event, told in events:
        who = _who(told)
        if event in _ONE:
            field, path, is_added = _ONE[event]
            yield _turned(at, field, short(word(told, *path)), is_added, who)
        elif event in _OTHERS:
            field, name, is_added = _OTHERS[event]
            yield _turned(at, field, _key(thing(told, name)), is_added, who)
        else:
            yield from _further(at, event, told, who)


def _further(at: dt.datetime, event: str, told: Mapping[str, Any], who: str) -> Iterator[Change]:
    """Events that say both values, and those of reviews."""
    if event == "renamed":
        yield Change(at, "title", short(word(told, "rename", "from")), short(word(told, "rename", "to")), who)
    elif event == "moved_columns_in_project":
        card = thing(told, "project_card")
        yield Change(at, "column", word(card, "previous_column_name"), word(card, "column_name"), who)
    elif event == "issue_type_changed":
        yield Change(at, "type", word(told, "prev_issue_type", "name"), word(told, "issue_type", "name"), who)
    elif event in {"review_requested", "review_request_removed"}:
        is_added = event == "review_requested"
        yield _turned(at, "reviewer", word(told, "requested_reviewer", "login"), is_added, who)
        yield _turned(at, "reviewing team", short(word(told, "requested_team", "name")), is_added, who)
    elif event == "reviewed":
        yield Change(at, "review", "", _plain(word(told, "state")), word(told, "user", "login"))
    elif event == "review_dismissed":
        yield Change(at, "review", _plain(word(told, "dismissed_review", "state")), "dismissed", who)


def _turned(at: dt.datetime, field: str, value: str, is_added: bool, who: str) -> Change:
    return Change(at, field, "" if is_added else value, value if is_added else "", who)


def _who(told: Mapping[str, Any]) -> str:
    return word(told, "assigner", "login") or word(told, "actor", "login") or word(told, "user", "login")


def _status(record: Mapping[str, Any], is_pull: bool) -> str:
    """The state as GitHub shows it: of pull requests it also says whether they were merged, or are drafts."""
    if word(record, "state") == "closed":
        return "merged" if is_pull and word(record, "pull_request", "merged_at") else "closed"
    return "draft" if is_pull and record.get("draft") is True else "open"


def _resolution(record: Mapping[str, Any], status: str) -> str:
    if status == "merged":
        return status
    return _plain(word(record, "state_reason")) if status == "closed" else ""


def _ties(events: Sequence[Any]) -> list[Tie]:
    """What it blocks or waits for now, and where it was mentioned."""
    found: dict[tuple[str, str], Tie] = {}
    for _at, event, told in events:
        relation, name, is_added = _OTHERS.get(event, ("", "", False))
        if event == "cross-referenced":
            relation, is_added, other = "is mentioned in", True, _key(thing(told, "source", "issue"))
        else:
            other = _key(thing(told, name)) if relation and relation != "parent" else ""
        if other and is_added:
            found[relation, other] = Tie(relation, other)
        elif other:
            found.pop((relation, other), None)
    return list(found.values())


def _key(issue: Mapping[str, Any]) -> str:
    """The key of another issue."""
    repository = word(issue, "repository", "full_name") or _repository(word(issue, "repository_url"))
    place = word(issue, "number")
    return f"{repository}#{place}" if repository and place else ""


def _parent(address: str) -> str:
    """The key of the issue at an address of the API."""
    repository, _, place = address.rpartition("/issues/")
    return f"{_repository(repository)}#{place}" if place.isdecimal() and _repository(repository) else ""


def _repository(address: str) -> str:
    """The owner and name of the repository at an address of the API."""
    found = address.partition("/repos/")[2].strip("/")
    return found if found.count("/") == 1 else ""


def _own_fields(record: Mapping[str, Any]) -> dict[str, str]:
    """The fields of the company's own, but for texts that people write."""
    found: dict[str, str] = {}
    for one in things(record, "issue_field_values"):
        name, kind = word(one, "issue_field_name"), word(one, "data_type")
        if kind == "single_select":
            found[name] = short(word(one, "single_select_option", "name"))
        elif kind == "multi_select":
            found[name] = short(", ".join(word(each, "name") for each in things(one, "multi_select_options")))
        elif kind in {"number", "date"}:
            made = number(one.get("value")) if kind == "number" else None
            found[name] = short(word(one, "value")) if made is None else f"{made:.10g}"
    return {name: value for name, value in found.items() if name and value}


def _first_assignee(record: Mapping[str, Any]) -> str:
    return next((word(one, "login") for one in things(record, "assignees")), "")


def _plain(code: str) -> str:
    return code.replace("_", " ").casefold()


def _day(at: dt.datetime | None) -> dt.date | None:
    return at.date() if at is not None else None
