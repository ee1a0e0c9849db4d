"""What was wrong with files of work items, in words: what, and what to do about it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Flaw, FlawCode
from vertebra.kit.files.labels import message
from vertebra.kit.files.labels import remedy as problem_remedy
from vertebra.kit.files.problems import Code, Problem
from vertebra.sources import faults

FLAWS: dict[str, tuple[Promise, Promise]] = {
    FlawCode.NOT_AN_ITEM: (
        gettext_lazy("This is no work item: it is left out."),
        gettext_lazy("Check that the file holds work items and nothing else."),
    ),
    FlawCode.ITEM_WITHOUT: (
        gettext_lazy("The work item %(key)s has no %(what)s: it is left out."),
        gettext_lazy("Export it again with that field."),
    ),
    FlawCode.ITEM_UNREADABLE: (
        gettext_lazy("The work item %(key)s cannot be read: it is left out."),
        gettext_lazy("Export it again."),
    ),
    FlawCode.EVENT_WITHOUT: (
        gettext_lazy("An event of %(key)s has no %(what)s: it is left out."),
        gettext_lazy("Complete the row, or leave it so."),
    ),
    FlawCode.CHANGE_WITHOUT_TIME: (
        gettext_lazy("Changes of %(key)s have no time: %(count)s are left out."),
        gettext_lazy("Export the work item again with its history."),
    ),
    FlawCode.VALUE_ODD: (
        gettext_lazy("The value of “%(field)s” of %(key)s cannot be read: it is left out."),
        gettext_lazy("Nothing has to be done if that value is not needed."),
    ),
    FlawCode.CHANGE_IN_FUTURE: (
        gettext_lazy("Changes of %(key)s lie in the future (%(count)s): they are taken as they are."),
        gettext_lazy("Check the clock of the tool, or the time zone of the file."),
    ),
    FlawCode.CHANGE_BEFORE_CREATION: (
        gettext_lazy("Changes of %(key)s lie before its creation (%(count)s): they are taken as they are."),
        gettext_lazy("That is usual of work items that were moved from another tool."),
    ),
    FlawCode.CREATED_IN_FUTURE: (
        gettext_lazy("The work item %(key)s was created in the future: it is taken as it is."),
        gettext_lazy("Check the clock of the tool, or the time zone of the file."),
    ),
    FlawCode.HISTORY_CUT: (
        gettext_lazy("The file holds %(told)s of the %(total)s changes of %(key)s."),
        gettext_lazy("Export the whole history; what is missing is added then."),
    ),
    FlawCode.CASE_WITHOUT_STEP: (
        gettext_lazy("No event of the case %(key)s completes a step: it is taken without a status."),
        gettext_lazy("Nothing has to be done if no step of it is completed yet."),
    ),
    FlawCode.MORE: (
        gettext_lazy("There are more such things: %(count)s."),
        gettext_lazy("Those that are told lead to the others."),
    ),
}
# What is said where nobody knows which work item it is.
UNNAMED: dict[str, Promise] = {
    FlawCode.ITEM_WITHOUT: gettext_lazy("A work item has no %(what)s: it is left out."),
    FlawCode.EVENT_WITHOUT: gettext_lazy("An event has no %(what)s: it is left out."),
    FlawCode.VALUE_ODD: gettext_lazy("The value of “%(field)s” cannot be read: it is left out."),
}
# What a file can lack, as sentences name it: “has no …”.
LACKING: dict[str, Promise] = {
    "key": pgettext_lazy("what a work item or an event lacks", "key"),
    "created": pgettext_lazy("what a work item or an event lacks", "date of creation"),
    "fields": pgettext_lazy("what a work item or an event lacks", "fields"),
    "events": pgettext_lazy("what a work item or an event lacks", "complete event"),
    "case": pgettext_lazy("what a work item or an event lacks", "case"),
    "at": pgettext_lazy("what a work item or an event lacks", "date"),
    "activity": pgettext_lazy("what a work item or an event lacks", "activity"),
}
# Why a whole file is refused.
FAULTS: dict[Fault, tuple[Promise, Promise]] = {
    Fault.PACKED_TABLE: (
        gettext_lazy("A table cannot be read while it is packed."),
        gettext_lazy("Unpack it first."),
    ),
    Fault.COLUMN_UNKNOWN: (
        gettext_lazy("There is no column “%(column)s”; there are: %(columns)s."),
        gettext_lazy("Correct its name in the file that says what is what."),
    ),
    Fault.PIECE_TOO_LONG: (
        gettext_lazy("A line or a value is longer than %(megabytes)s MB."),
        gettext_lazy("No tracker writes such a thing: check what the file is."),
    ),
    Fault.FORM_STRANGE: (
        gettext_lazy("The file is not of the form that was said."),
        gettext_lazy("Say what it is: Jira, an event log as a table, or XES."),
    ),
    Fault.COLUMN_MISSING: (
        gettext_lazy("No column of the file holds “%(what)s”; it has: %(columns)s."),
        gettext_lazy("Say which column holds it."),
    ),
    Fault.ENTITIES_REFUSED: (
        gettext_lazy("The file defines entities of its own, which are never expanded."),
        gettext_lazy("Export it again without a DOCTYPE."),
    ),
    Fault.CHOICE_UNKNOWN: (
        gettext_lazy("“%(value)s” is none of: %(choices)s."),
        gettext_lazy("Correct the file that says what is what."),
    ),
    Fault.LIBRARY_MISSING: (
        gettext_lazy("This file needs %(name)s, which is not installed."),
        gettext_lazy("An administrator installs requirements/analytics.txt; see the chapter on installing."),
    ),
}
_OTHER = (
    gettext_lazy("Something of the file could not be taken."),
    gettext_lazy("Check this place of the file."),
)


def told_flaw(flaw: Flaw) -> dict[str, Any]:
    """A flaw as commands and previews show it."""
    what, remedy = FLAWS.get(flaw.code, _OTHER)
    given = _in_words(flaw.particulars)
    if not given.get("key"):
        what = UNNAMED.get(flaw.code, what)
    return {
        "file": flaw.file, "line": flaw.line or None, "column": None, "code": str(flaw.code), "is_blocking": False,
        "what": faults.filled(what, given), "remedy": faults.filled(remedy, given),
    }  # fmt: skip


def told_trouble(trouble: Trouble) -> dict[str, Any]:
    """Why a file cannot be read at all, as commands and previews show it."""
    given = _in_words(trouble.particulars)
    file, line = str(given.get("file", "")), int(given.get("line") or 0) or None
    if trouble.fault == Fault.FILE_REFUSED:
        problem = Problem(file, line, None, Code(str(given.get("code"))), given)
        what, remedy = message(problem), problem_remedy(problem)
    else:
        said = FAULTS.get(trouble.fault) or faults.SOURCES[Fault.UNFORESEEN]
        what, remedy = (faults.filled(one, given) for one in said)
    return {
        "file": file, "line": line, "column": None, "code": str(trouble.fault), "is_blocking": True,
        "what": what, "remedy": remedy,
    }  # fmt: skip


def _in_words(particulars: Mapping[str, Any]) -> dict[str, Any]:
    """Particulars with the name of what is lacking in place of its code."""
    code = particulars.get("what")
    return {**particulars, "what": LACKING.get(str(code), code)} if code else dict(particulars)


def by_kind(flaws: Iterable[Flaw]) -> dict[str, int]:
    """How many flaws there are of each kind, those that were only counted among them."""
    counts: dict[str, int] = {}
    for flaw in flaws:
        count = int(flaw.particulars.get("count", 1)) if flaw.code == FlawCode.MORE else 1
        counts[str(flaw.code)] = counts.get(str(flaw.code), 0) + count
    return dict(sorted(counts.items()))


def known_already() -> str:
    """What is said of files that were brought in before."""
    return _("These files were brought in before: nothing changes.")
