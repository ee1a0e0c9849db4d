"""Cases of an event log become items: each event is a step, whatever else changes is a change of its own field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vertebra.connectors.histories.jira_issues import LONGEST_TITLE, short
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.trail import Change, FlawCode, Item

# What a mapping may name besides fields of one's own.
STEP = ("status", "activity")
OF_EVENTS = (*STEP, "case", "at", "end", "resource", "lifecycle")
OF_ITEMS = ("title", "kind", "project", "priority", "assignee", "reporter")
# Transitions of an activity, as the standard of event logs names them, that are not its completion.
_NOT_COMPLETE = frozenset({
    "schedule", "assign", "reassign", "start", "suspend", "resume", "withdraw", "pi_abort", "ate_abort",
    "autoskip", "manualskip",
})  # fmt: skip


class Event(NamedTuple):
    """Something that happened to a case."""

    at: dt.datetime
    step: str
    author: str = ""
    transition: str = ""
    # The values of further fields, in an order that all events of a log share; None where an event says nothing.
    values: tuple[str | None, ...] = ()


class CaseReader:
    """Makes items of cases; `fields` are what the values of events are called."""

    def __init__(self, fields: Sequence[str], noted: Noted) -> None:
        self.fields = tuple(fields)
        self._noted = noted

    def item(self, case: str, events: Sequence[Event], line: int, about: Mapping[str, str]) -> Item:
        """The item of a case that has events, which may come in any order; `about` is what is told of the whole."""
        ordered = sorted(events, key=lambda event: event.at)
        changes: list[Change] = []
        status = _steps(ordered, changes)
        if not status:
            self._noted.add(FlawCode.CASE_WITHOUT_STEP, line, key=case)
        last = {name: self._follow(ordered, place, name, changes) for place, name in enumerate(self.fields)}
        changes.sort(key=lambda change: change.at)
        self._noted.look_at_times(case, line, ordered[0].at, changes)
        # What plays a part is never a field as well: people stand in some of them.
        told = {name: last.pop(name, "") for name in OF_ITEMS}
        parts = {name: about.get(name) or value for name, value in told.items()}
        own = {name: value for name, value in about.items() if name not in OF_ITEMS}
        return Item(
            external_id=case,
            key=case,
            project=parts["project"],
            kind=parts["kind"],
            title=parts["title"][:LONGEST_TITLE],
            status=status,
            category="",
            created_at=ordered[0].at,
            updated_at=changes[-1].at if changes else ordered[-1].at,
            priority=parts["priority"],
            assignee=parts["assignee"],
            reporter=parts["reporter"],
            fields={**last, **{name: last.get(name) or value for name, value in own.items()}},
            changes=changes,
        )

    def _follow(self, events: Sequence[Event], place: int, name: str, changes: list[Change]) -> str:
        """Where a field changes from one event to the next; its last value."""
        known: str | None = None
        for event in events:
            value = event.values[place]
            if value is None or value == known:
                continue
            if known is not None:
                changes.append(Change(event.at, name, short(known), short(value), event.author))
            known = value
        return short(known or "")


def _steps(events: Sequence[Event], changes: list[Change]) -> str:
    """Every event as a step, also one to where the case already was; the last of them."""
    status = stage = ""
    for event in events:
        if event.transition.casefold() in _NOT_COMPLETE:
            reached = f"{event.step}:{event.transition}"
            changes.append(Change(event.at, "lifecycle", stage, short(reached), event.author))
            stage = short(reached)
        else:
            changes.append(Change(event.at, "status", status, short(event.step), event.author))
            status = short(event.step)
    return status
