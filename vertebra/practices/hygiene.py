"""The library of checks that ships with Vertebra: what each points at, why it matters, how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

DAYS = pgettext_lazy("check", "days")
TIMES = pgettext_lazy("check", "times")
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
        "no_estimate", pgettext_lazy("check", "Started without an estimate"),
        pgettext_lazy("check", "What was begun without a size cannot be planned with, nor learnt from afterwards."),
        pgettext_lazy("check", "Give it a size together before it starts, or write why sizes are not used for this kind of work."),
        DOING, "points is empty", f"{J_DOING} AND \"Story Points\" IS EMPTY",
    ),
    ShippedCheck(
        "no_assignee", pgettext_lazy("check", "In progress, and nobody has it"),
        pgettext_lazy("check", "Work that everybody believes to be somebody else’s waits without anyone noticing."),
        pgettext_lazy("check", "Whoever is at it takes it; if nobody is, put it back into what is to do."),
        DOING, "not assigned", f"{J_DOING} AND assignee IS EMPTY",
    ),
    ShippedCheck(
        "stale", pgettext_lazy("check", "In progress, and untouched for days"),
        pgettext_lazy("check", "What nobody touches is blocked, forgotten or done without being said: others plan on it all the same."),
        pgettext_lazy("check", "Say what it waits for, put it back, or close it."),
        DOING, "days_since(updated) > {days}", f"{J_DOING} AND updated < -{{days}}d", _days(10),
    ),
    ShippedCheck(
        "long_in_status", pgettext_lazy("check", "Long in one status"),
        pgettext_lazy("check", "A step that takes weeks hides several steps, or a queue before the next one."),
        pgettext_lazy("check", "Look at what it waits for; cut it smaller if it is too large to move."),
        DOING, "days_since(status_since) > {days}", f"{J_DOING} AND NOT status CHANGED AFTER -{{days}}d", _days(15),
    ),
    ShippedCheck(
        "open_children", pgettext_lazy("check", "Done, with parts that are not"),
        pgettext_lazy("check", "It is announced as finished while some of it is still to come."),
        pgettext_lazy("check", "Close the parts, move them under something else, or open it again."),
        DONE, "open_children > 0",
    ),
    ShippedCheck(
        "no_description", pgettext_lazy("check", "No description"),
        pgettext_lazy("check", "Who takes it over has to ask what was meant, each time anew."),
        pgettext_lazy("check", "Write for whom, what and why in three lines; a template of the practice helps."),
        NOT_DONE, 'field("description") is empty', f"{J_OPEN} AND description IS EMPTY",
    ),
    ShippedCheck(
        "no_acceptance", pgettext_lazy("check", "Done without a link to its acceptance"),
        pgettext_lazy("check", "Nobody can tell later what was checked before it went out."),
        pgettext_lazy("check", "Link the test or the acceptance that says it works."),
        DONE, 'not (links contains "{relation}")', f'{J_DONE} AND issueLinkType != "{{relation}}"',
        (Parameter("relation", pgettext_lazy("check", "the link is called"), "is tested by"),),
    ),
    ShippedCheck(
        "due_past", pgettext_lazy("check", "Past its due date"),
        pgettext_lazy("check", "A date that has passed says nothing any more, and others still count on it."),
        pgettext_lazy("check", "Give it a date that can be believed, and tell those who wait for it."),
        NOT_DONE, "due < today", f"{J_OPEN} AND due < startOfDay()",
    ),
    ShippedCheck(
        "no_due", pgettext_lazy("check", "Started without a due date"),
        pgettext_lazy("check", "Where a practice asks for a date, work without one is not in anybody’s plan."),
        pgettext_lazy("check", "Agree on a date with whoever waits for it, or drop the date from this kind of work."),
        DOING, "due is empty", f"{J_DOING} AND due IS EMPTY",
    ),
    ShippedCheck(
        "no_parent", pgettext_lazy("check", "Belongs to nothing larger"),
        pgettext_lazy("check", "Nobody can say which aim it serves, nor leave it out when the aim goes."),
        pgettext_lazy("check", "Put it under what it serves, or say that it stands alone."),
        f'{NOT_DONE} and not (kind in ("Epic", "Initiative", "{{kind}}"))', "parent is empty",
        f"{J_OPEN} AND issuetype != Epic AND parent IS EMPTY",
        (Parameter("kind", pgettext_lazy("check", "except work of the kind"), "Epic"),),
    ),
    ShippedCheck(
        "open_duplicate", pgettext_lazy("check", "A duplicate that is still open"),
        pgettext_lazy("check", "The same thing is discussed, counted and sometimes done twice."),
        pgettext_lazy("check", "Close one as a duplicate and bring what it says to the other."),
        NOT_DONE, 'links contains "{relation}"', f'{J_OPEN} AND issueLinkType = "{{relation}}"',
        (Parameter("relation", pgettext_lazy("check", "the link is called"), "duplicates"),),
    ),
    ShippedCheck(
        "sprint_moved", pgettext_lazy("check", "Moved from sprint to sprint"),
        pgettext_lazy("check", "What is carried over again and again is too large, unclear or not wanted."),
        pgettext_lazy("check", "Cut it, or take it out of the sprint until it is wanted."),
        NOT_DONE, "sprint_changes >= {times}", "", _times(3),
    ),
    ShippedCheck(
        "reopened", pgettext_lazy("check", "Opened again several times"),
        pgettext_lazy("check", "“Done” did not mean the same to those who did it and those who looked at it."),
        pgettext_lazy("check", "Agree on what done means before the next try."),
        "", "reopenings >= {times}", "", _times(2),
    ),
    ShippedCheck(
        "no_resolution", pgettext_lazy("check", "Done without a resolution"),
        pgettext_lazy("check", "Done, refused or a duplicate: figures count them as the same thing."),
        pgettext_lazy("check", "Choose how it ended; make the field part of the closing screen."),
        DONE, "resolution is empty", f"{J_DONE} AND resolution IS EMPTY",
    ),
    ShippedCheck(
        "resolution_left", pgettext_lazy("check", "Open, with a resolution"),
        pgettext_lazy("check", "Boards show it as open, reports as closed: one of them is wrong."),
        pgettext_lazy("check", "Clear the resolution when work is opened again; a rule of the tool can do it."),
        NOT_DONE, "resolution is not empty", f"{J_OPEN} AND resolution IS NOT EMPTY",
    ),
    ShippedCheck(
        "no_priority", pgettext_lazy("check", "Priority never set"),
        pgettext_lazy("check", "Whoever takes the next piece of work cannot see which matters more."),
        pgettext_lazy("check", "Set it when the work is taken in; if nobody uses it, take the field away."),
        "", "priority is empty", "priority IS EMPTY",
    ),
    ShippedCheck(
        "blocked_unlinked", pgettext_lazy("check", "Blocked by nothing that can be seen"),
        pgettext_lazy("check", "Nobody can help with what blocks it without asking first."),
        pgettext_lazy("check", "Link what it waits for."),
        'status contains "{word}"', "count(links) = 0", "",
        (Parameter("word", pgettext_lazy("check", "the status has in its name"), "block"),),
    ),
    ShippedCheck(
        "no_component", pgettext_lazy("check", "Started without a component"),
        pgettext_lazy("check", "It is in nobody’s area: neither the team’s figures nor its users’ release notes know it."),
        pgettext_lazy("check", "Choose the component when the work is taken in."),
        DOING, "components is empty", f"{J_DOING} AND component IS EMPTY",
    ),
    ShippedCheck(
        "no_version", pgettext_lazy("check", "Done without a version"),
        pgettext_lazy("check", "Nobody can tell users in which release it came."),
        pgettext_lazy("check", "Set the version when it is merged; a rule of the tool can do it."),
        DONE, "versions is empty", f"{J_DONE} AND fixVersion IS EMPTY",
    ),
    ShippedCheck(
        "outside_sprint", pgettext_lazy("check", "In progress outside any sprint"),
        pgettext_lazy("check", "It takes the time that the sprint was planned with, unseen."),
        pgettext_lazy("check", "Bring it into the sprint, and something of its size out of it."),
        DOING, "sprints is empty", f"{J_DOING} AND sprint IS EMPTY",
    ),
    ShippedCheck(
        "old_backlog", pgettext_lazy("check", "Waiting for very long"),
        pgettext_lazy("check", "What has waited this long is rarely wanted as it was written, and hides what is."),
        pgettext_lazy("check", "Ask whoever raised it, then do it, close it with the reason, or write it anew."),
        TODO, "days_since(created) > {days}", f"{J_TODO} AND created < -{{days}}d", _days(365),
    ),
    ShippedCheck(
        "short_title", pgettext_lazy("check", "A title that says little"),
        pgettext_lazy("check", "In a list nobody knows what it is about without opening it."),
        pgettext_lazy("check", "Say what changes for whom, in a few words."),
        NOT_DONE, "length(title) < {characters}", "",
        (Parameter("characters", pgettext_lazy("check", "characters at least"), 15),),
    ),
    ShippedCheck(
        "too_large", pgettext_lazy("check", "Too large to be finished soon"),
        pgettext_lazy("check", "Large work hides its risks, and everything behind it waits."),
        pgettext_lazy("check", "Cut it into parts that somebody can use one by one."),
        NOT_DONE, "points > {points}", f'{J_OPEN} AND "Story Points" > {{points}}',
        (Parameter("points", pgettext_lazy("check", "points at most"), 13),),
    ),
    ShippedCheck(
        "handed_over", pgettext_lazy("check", "Handed from one to the next"),
        pgettext_lazy("check", "Each hand-over costs an explanation; several mean that it is unclear whose it is."),
        pgettext_lazy("check", "Agree who takes this kind of work, and what must be known before."),
        NOT_DONE, "hand_overs >= {times}", "", _times(4),
    ),
    ShippedCheck(
        "never_started", pgettext_lazy("check", "Done without ever being in progress"),
        pgettext_lazy("check", "Times and boards do not see the work: the figures of the team leave it out."),
        pgettext_lazy("check", "Move it when the work begins; close what was never done as such."),
        DONE, "started is empty", f'{J_DONE} AND NOT status WAS IN ("In Progress")',
    ),
)  # fmt: skip


@cache
def library() -> dict[str, ShippedCheck]:
    """The shipped checks by their codes."""
    return {one.code: one for one in CHECKS}
