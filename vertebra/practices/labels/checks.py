"""Words of checks: what kind one is, what is wrong with an expression, rules in a sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext_lazy

# How long a team sees its figures before anybody outside it.
OWN_DAYS = 14
# How many weeks of the past a check is tried on.
TRIED_WEEKS = 12


class CheckKind(TextChoices):
    """Where a check comes from."""

    SHIPPED = "shipped", pgettext_lazy("check", "from the library")
    OWN = "own", pgettext_lazy("check", "written here")
    RULE = "rule", pgettext_lazy("check", "seen in the history")


class TrialState(TextChoices):
    """How far the try of a check on the past has come."""

    WAITING = "waiting", pgettext_lazy("trial", "being computed")
    DONE = "done", pgettext_lazy("trial", "computed")
    FAILED = "failed", pgettext_lazy("trial", "not computed")


class Trouble(TextChoices):
    """Why a try on the past came to nothing."""

    NO_TRAIL = (
        "no_trail",
        pgettext_lazy("trial", "There are no work items yet: bring the history of a tracker in first."),
    )
    TOO_LONG = (
        "too_long",
        pgettext_lazy(
            "trial", "It took too long and was stopped: make the check simpler, or try again at night."
        ),
    )
    NO_LIBRARY = (
        "no_library",
        pgettext_lazy(
            "trial",
            "DuckDB and Ibis are not installed: ask whoever runs Vertebra to install the extra “analytics”.",
        ),
    )
    WRONG = "wrong", pgettext_lazy("trial", "What it says can no longer be read: write it anew.")
    UNREADABLE = "unreadable", pgettext_lazy("trial", "The files of work items could not be read: ask whoever runs Vertebra to look at the journal.")  # fmt: skip


class Unseen(TextChoices):
    """Why nothing is told of a unit."""

    NOTHING = "nothing", pgettext_lazy("observation", "Nothing that the checks look at happened there.")
    FEW = "few", pgettext_lazy("observation", "Fewer than five people are behind it: see the unit above.")


class RuleKind(TextChoices):
    """What a rule over histories asks."""

    PHASES = "phases", pgettext_lazy("rule", "phases in order")
    BEFORE = "before", pgettext_lazy("rule", "a step before another")
    ANSWER = "answer", pgettext_lazy("rule", "an answer within working days")
    NEVER = "never", pgettext_lazy("rule", "something that must not follow")
    PRESENT = "present", pgettext_lazy("rule", "a field or a link present at a step")
    FOUR_EYES = "four_eyes", pgettext_lazy("rule", "four eyes")


# A template of msgids with the particulars of each error; said in the reader's language.
_WRONG: Mapping[str, str] = {
    "empty": gettext_noop("Nothing is written yet: begin with a field, such as status."),
    "too_long": gettext_noop("This is too long: keep it under %(limit)s characters, or make two checks of it."),
    "too_deep": gettext_noop("Too many brackets lie inside each other: keep to %(limit)s, or make two checks of it."),
    "too_many": gettext_noop("There are too many parts: keep to %(limit)s, or make two checks of it."),
    "strange_sign": gettext_noop("“%(found)s” means nothing here: use fields, comparisons, and, or, not."),
    "text_open": gettext_noop("A quotation mark is opened here and never closed: close it."),
    "text_long": gettext_noop("This text is too long: keep it under %(limit)s characters."),
    "number_large": gettext_noop("This number is too large: %(limit)s is the largest."),
    "no_such_day": gettext_noop("“%(found)s” is no day: write it as 2026-01-31."),
    "unknown_name": gettext_noop("There is no field “%(found)s”: choose one of those listed."),
    "unknown_category": gettext_noop("A category is “todo”, “doing” or “done”, not “%(found)s”."),
    "is_of_people": gettext_noop("Who does what is nobody’s to check: use “assigned” to know whether somebody has it."),
    "expected_value": gettext_noop("A field, a text in quotation marks, a number or a day is missing here."),
    "expected_comparison": gettext_noop("A comparison is missing here: =, !=, <, >, in, contains, is empty."),
    "expected_sign": gettext_noop("“%(sign)s” is missing here."),
    "not_together": gettext_noop("These two cannot be compared: one is %(one)s, the other %(other)s."),
    "not_for": gettext_noop("“%(what)s” cannot be asked of what is %(kind)s."),
    "not_yes_or_no": gettext_noop("This alone is neither yes nor no: compare it with something."),
    "left_over": gettext_noop("Something is left over from here on: put “and” or “or” before it, or take it out."),
}  # fmt: skip
_NEAR = gettext_noop("There is no field “%(found)s”: did you mean “%(near)s”?")
TYPES: Mapping[str, Any] = {
    "text": pgettext_lazy("kind of value", "a text"),
    "number": pgettext_lazy("kind of value", "a number"),
    "day": pgettext_lazy("kind of value", "a day"),
    "words": pgettext_lazy("kind of value", "a list of words"),
    "yes": pgettext_lazy("kind of value", "a yes or a no"),
}


def wrong_said(code: str, at: int, particulars: Mapping[str, str]) -> str:
    """What is wrong with an expression, where, and what to do."""
    template = _NEAR if code == "unknown_name" and particulars.get("near") else _WRONG[code]
    told = {
        name: str(TYPES.get(value, value)) if name in {"one", "other", "kind"} else value
        for name, value in particulars.items()
    }
    return _("Character %(at)s: %(what)s") % {"at": at + 1, "what": _(template) % told}  # fmt: skip


# What each name of an expression means, for whoever writes one.
FIELDS: Mapping[str, Any] = {
    "status": pgettext_lazy("field", "status, in the tool’s words"),
    "category": pgettext_lazy("field", "“todo”, “doing” or “done”"),
    "kind": pgettext_lazy("field", "kind of work"),
    "project": pgettext_lazy("field", "project"),
    "priority": pgettext_lazy("field", "priority"),
    "resolution": pgettext_lazy("field", "how it ended"),
    "title": pgettext_lazy("field", "title"),
    "parent": pgettext_lazy("field", "key of what it belongs to"),
    "key": pgettext_lazy("field", "key"),
    "points": pgettext_lazy("field", "estimate in points"),
    "comments": pgettext_lazy("field", "number of comments"),
    "created": pgettext_lazy("field", "day it was created"),
    "updated": pgettext_lazy("field", "day it was last touched"),
    "started": pgettext_lazy("field", "day work on it began"),
    "resolved": pgettext_lazy("field", "day it ended"),
    "due": pgettext_lazy("field", "due date"),
    "status_since": pgettext_lazy("field", "day of its last change of status"),
    "labels": pgettext_lazy("field", "labels"),
    "components": pgettext_lazy("field", "components"),
    "versions": pgettext_lazy("field", "versions"),
    "sprints": pgettext_lazy("field", "sprints it was in"),
    "links": pgettext_lazy("field", "what its links are called"),
    "assigned": pgettext_lazy("field", "whether somebody has it"),
    "children": pgettext_lazy("field", "number of its parts"),
    "open_children": pgettext_lazy("field", "number of its parts that are not done"),
    "status_changes": pgettext_lazy("field", "number of changes of status"),
    "sprint_changes": pgettext_lazy("field", "number of changes of sprint after the first"),
    "reopenings": pgettext_lazy("field", "number of times it was opened again"),
    "hand_overs": pgettext_lazy("field", "number of times it went from one to another"),
}


def _quoted(word: object) -> str:
    return _("“%(word)s”") % {"word": word}


def rule_said(rule: Mapping[str, Any]) -> str:
    """A rule in a sentence."""
    kind = str(rule.get("rule", ""))
    return _SENTENCES[kind](rule) if kind in _SENTENCES else ""


def _phases(rule: Mapping[str, Any]) -> str:
    return _("Phases come in order, none goes back: %(phases)s") % {"phases": " → ".join(rule["phases"])}


def _before(rule: Mapping[str, Any]) -> str:
    return _("%(first)s comes before %(then)s") % {
        "first": _quoted(rule["first"]),
        "then": _quoted(rule["then"]),
    }


def _answer(rule: Mapping[str, Any]) -> str:
    days = int(rule["days"])
    return ngettext(
        "%(step)s is answered within %(days)d working day by %(answers)s",
        "%(step)s is answered within %(days)d working days by %(answers)s",
        days,
    ) % {"step": _quoted(rule["step"]), "days": days, "answers": ", ".join(map(_quoted, rule["answers"]))}


def _never(rule: Mapping[str, Any]) -> str:
    return _("%(never)s does not follow %(step)s") % {
        "never": _quoted(rule["never"]),
        "step": _quoted(rule["step"]),
    }


def _present(rule: Mapping[str, Any]) -> str:
    return _("%(field)s is filled in when %(step)s is reached") % {
        "field": _quoted(rule["field_present"]),
        "step": _quoted(rule["step"]),
    }


def _four_eyes(rule: Mapping[str, Any]) -> str:
    return _("%(then)s is not by whoever did %(first)s") % {
        "then": _quoted(rule["then"]),
        "first": _quoted(rule["first"]),
    }


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "phases": _phases,
    "before": _before,
    "answer": _answer,
    "never": _never,
    "present": _present,
    "four_eyes": _four_eyes,
}
