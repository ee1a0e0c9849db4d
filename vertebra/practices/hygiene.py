"""The library of checks that ships with Vertebra: what each points at, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as said

DAYS = said("check", "days")
TIMES = said("check", "times")
Given = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a team may set of a check: what it is called, and what it is as long as nobody says."""

    name: str
    words: str | Promise
    default: str | int

    def read(self, given: object) -> str | int:
        """What was given, of the right kind; else the default. No text can end the quotes that it stands in."""
        if isinstance(self.default, int):
            found = str(given).strip()
            return int(found) if found.isdecimal() and len(found) < 6 else self.default
        found = " ".join(str(given or "").replace('"', " ").replace("\\", " ").split())[:100]
        return found or self.default


@dataclass(frozen=True, slots=True)
class ShippedCheck:
    """One check: among which items, what it points at, and the same as the search of Jira where it can say it."""

    code: str
    name: str | Promise
    why: str | Promise
    how: str | Promise
    among: str
    flags: str
    jql: str = ""
    parameters: tuple[Parameter, ...] = ()

    def settled(self, given: Given) -> dict[str, str | int]:
        """Every parameter, as given or as it is by default."""
        return {one.name: one.read(given.get(one.name, one.default)) for one in self.parameters}

    def written(self, given: Given) -> tuple[str, str]:
        """Among which items and what it points at, as expressions with their parameters."""
        values = self.settled(given)
        return self.among.format_map(values), self.flags.format_map(values)

    def search(self, given: Given) -> str:
        """What to search for in Jira; nothing where its search cannot say it."""
        return self.jql.format_map(self.settled(given))


DOING, DONE, NOT_DONE, TODO = (
    'category = "doing"',
    'category = "done"',
    'category in ("todo", "doing")',
    'category = "todo"',
)
J_DOING, J_DONE, J_OPEN, J_TODO = (
    'statusCategory = "In Progress"',
    "statusCategory = Done",
    "statusCategory != Done",
    'statusCategory = "To Do"',
)


def _days(default: int) -> tuple[Parameter, ...]:
    return (Parameter("days", DAYS, default),)


def _times(default: int) -> tuple[Parameter, ...]:
    return (Parameter("times", TIMES, default),)


CHECKS: tuple[ShippedCheck, ...] = (
    ShippedCheck(
        "no_estimate", said("check", "Started without an estimate"),
        said("check", "What was begun without a size cannot be planned with, nor learnt from afterwards."),
        said("check", "Give it a size together before it starts, or write why sizes are not used for this kind of work."),
        DOING, "points is empty", f"{J_DOING} AND \"Story Points\" IS EMPTY",
    ),
    ShippedCheck(
        "no_assignee", said("check", "In progress, and nobody has it"),
        said("check", "Work that everybody believes to be somebody else’s waits without anyone noticing."),
        said("check", "Whoever is at it takes it; if nobody is, put it back into what is to do."),
        DOING, "not assigned", f"{J_DOING} AND assignee IS EMPTY",
    ),
    ShippedCheck(
        "stale", said("check", "In progress, and untouched for days"),
        said("check", "What nobody touches is blocked, forgotten or done without being said: others plan on it all the same."),
        said("check", "Say what it waits for, put it back, or close it."),
        DOING, "days_since(updated) > {days}", f"{J_DOING} AND updated < -{{days}}d", _days(10),
    ),
    ShippedCheck(
        "long_in_status", said("check", "Long in one status"),
        said("check", "A step that takes weeks hides several steps, or a queue before the next one."),
        said("check", "Look at what it waits for; cut it smaller if it is too large to move."),
        DOING, "days_since(status_since) > {days}", f"{J_DOING} AND NOT status CHANGED AFTER -{{days}}d", _days(15),
    ),
    ShippedCheck(
        "open_children", said("check", "Done, with parts that are not"),
        said("check", "It is announced as finished while some of it is still to come."),
        said("check", "Close the parts, move them under something else, or open it again."),
        DONE, "open_children > 0",
    ),
    ShippedCheck(
        "no_description", said("check", "No description"),
        said("check", "Who takes it over has to ask what was meant, each time anew."),
        said("check", "Write for whom, what and why in three lines; a template of the practice helps."),
        NOT_DONE, 'field("description") is empty', f"{J_OPEN} AND description IS EMPTY",
    ),
    ShippedCheck(
        "no_acceptance", said("check", "Done without a link to its acceptance"),
        said("check", "Nobody can tell later what was checked before it went out."),
        said("check", "Link the test or the acceptance that says it works."),
        DONE, 'not (links contains "{relation}")', f'{J_DONE} AND issueLinkType != "{{relation}}"',
        (Parameter("relation", said("check", "the link is called"), "is tested by"),),
    ),
    ShippedCheck(
        "due_past", said("check", "Past its due date"),
        said("check", "A date that has passed says nothing any more, and others still count on it."),
        said("check", "Give it a date that can be believed, and tell those who wait for it."),
        NOT_DONE, "due < today", f"{J_OPEN} AND due < startOfDay()",
    ),
    ShippedCheck(
        "no_due", said("check", "Started without a due date"),
        said("check", "Where a practice asks for a date, work without one is not in anybody’s plan."),
        said("check", "Agree on a date with whoever waits for it, or drop the date from this kind of work."),
        DOING, "due is empty", f"{J_DOING} AND due IS EMPTY",
    ),
    ShippedCheck(
        "no_parent", said("check", "Belongs to nothing larger"),
        said("check", "Nobody can say which aim it serves, nor leave it out when the aim goes."),
        said("check", "Put it under what it serves, or say that it stands alone."),
        f'{NOT_DONE} and not (kind in ("Epic", "Initiative", "{{kind}}"))', "parent is empty",
        f"{J_OPEN} AND issuetype != Epic AND parent IS EMPTY",
        (Parameter("kind", said("check", "except work of the kind"), "Epic"),),
    ),
    ShippedCheck(
        "open_duplicate", said("check", "A duplicate that is still open"),
        said("check", "The same thing is discussed, counted and sometimes done twice."),
        said("check", "Close one as a duplicate and bring what it says to the other."),
        NOT_DONE, 'links contains "{relation}"', f'{J_OPEN} AND issueLinkType = "{{relation}}"',
        (Parameter("relation", said("check", "the link is called"), "duplicates"),),
    ),
    ShippedCheck(
        "sprint_moved", said("check", "Moved from sprint to sprint"),
        said("check", "What is carried over again and again is too large, unclear or not wanted."),
        said("check", "Cut it, or take it out of the sprint until it is wanted."),
        NOT_DONE, "sprint_changes >= {times}", "", _times(3),
    ),
    ShippedCheck(
        "reopened", said("check", "Opened again several times"),
        said("check", "“Done” did not mean the same to those who did it and those who looked at it."),
        said("check", "Agree on what done means before the next try."),
        "", "reopenings >= {times}", "", _times(2),
    ),
    ShippedCheck(
        "no_resolution", said("check", "Done without a resolution"),
        said("check", "Done, refused or a duplicate: figures count them as the same thing."),
        said("check", "Choose how it ended; make the field part of the closing screen."),
        DONE, "resolution is empty", f"{J_DONE} AND resolution IS EMPTY",
    ),
    ShippedCheck(
        "resolution_left", said("check", "Open, with a resolution"),
        said("check", "Boards show it as open, reports as closed: one of them is wrong."),
        said("check", "Clear the resolution when work is opened again; a rule of the tool can do it."),
        NOT_DONE, "resolution is not empty", f"{J_OPEN} AND resolution IS NOT EMPTY",
    ),
    ShippedCheck(
        "no_priority", said("check", "Priority never set"),
        said("check", "Whoever takes the next piece of work cannot see which matters more."),
        said("check", "Set it when the work is taken in; if nobody uses it, take the field away."),
        "", "priority is empty", "priority IS EMPTY",
    ),
    ShippedCheck(
        "blocked_unlinked", said("check", "Blocked by nothing that can be seen"),
        said("check", "Nobody can help with what blocks it without asking first."),
        said("check", "Link what it waits for."),
        'status contains "{word}"', "count(links) = 0", "",
        (Parameter("word", said("check", "the status has in its name"), "block"),),
    ),
    ShippedCheck(
        "no_component", said("check", "Started without a component"),
        said("check", "It is in nobody’s area: neither the team’s figures nor its users’ release notes know it."),
        said("check", "Choose the component when the work is taken in."),
        DOING, "components is empty", f"{J_DOING} AND component IS EMPTY",
    ),
    ShippedCheck(
        "no_version", said("check", "Done without a version"),
        said("check", "Nobody can tell users in which release it came."),
        said("check", "Set the version when it is merged; a rule of the tool can do it."),
        DONE, "versions is empty", f"{J_DONE} AND fixVersion IS EMPTY",
    ),
    ShippedCheck(
        "outside_sprint", said("check", "In progress outside any sprint"),
        said("check", "It takes the time that the sprint was planned with, unseen."),
        said("check", "Bring it into the sprint, and something of its size out of it."),
        DOING, "sprints is empty", f"{J_DOING} AND sprint IS EMPTY",
    ),
    ShippedCheck(
        "old_backlog", said("check", "Waiting for very long"),
        said("check", "What has waited this long is rarely wanted as it was written, and hides what is."),
        said("check", "Ask whoever raised it, then do it, close it with the reason, or write it anew."),
        TODO, "days_since(created) > {days}", f"{J_TODO} AND created < -{{days}}d", _days(365),
    ),
    ShippedCheck(
        "short_title", said("check", "A title that says little"),
        said("check", "In a list nobody knows what it is about without opening it."),
        said("check", "Say what changes for whom, in a few words."),
        NOT_DONE, "length(title) < {characters}", "",
        (Parameter("characters", said("check", "characters at least"), 15),),
    ),
    ShippedCheck(
        "too_large", said("check", "Too large to be finished soon"),
        said("check", "Large work hides its risks, and everything behind it waits."),
        said("check", "Cut it into parts that somebody can use one by one."),
        NOT_DONE, "points > {points}", f'{J_OPEN} AND "Story Points" > {{points}}',
        (Parameter("points", said("check", "points at most"), 13),),
    ),
    ShippedCheck(
        "handed_over", said("check", "Handed from one to the next"),
        said("check", "Each hand-over costs an explanation; several mean that it is unclear whose it is."),
        said("check", "Agree who takes this kind of work, and what must be known before."),
        NOT_DONE, "hand_overs >= {times}", "", _times(4),
    ),
    ShippedCheck(
        "never_started", said("check", "Done without ever being in progress"),
        said("check", "Times and boards do not see the work: the figures of the team leave it out."),
        said("check", "Move it when the work begins; close what was never done as such."),
        DONE, "started is empty", f'{J_DONE} AND NOT status WAS IN ("In Progress")',
    ),
)  # fmt: skip


@cache
def library() -> dict[str, ShippedCheck]:
    """The shipped checks by their codes."""
    return {one.code: one for one in CHECKS}
