"""Words of what can be wrong with values and where they come from: what, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vertebra.connectors.faults import Fault
from vertebra.sources.faults import WEB, filled

FAULTS: dict[Fault, tuple[Promise, Promise]] = {
    **WEB,
    Fault.TOO_LARGE: (
        _("The answer is larger than %(megabytes)s MB."),
        _("Ask for fewer periods, or for sums."),
    ),
    Fault.TOO_SLOW: (
        _("“%(host)s” took longer than %(seconds)s seconds and was stopped."),
        _("Ask for fewer periods, or let a view of the database sum up what is slow."),
    ),
    Fault.PATH_INVALID: (
        _("The path “%(path)s” is not understood: %(detail)s"),
        _("Write a JMESPath, for example data.points[*].{on: day, value: count}."),
    ),
    Fault.PATH_EMPTY: (
        _("The path “%(path)s” finds nothing in the answer."),
        _("Compare it with the answer."),
    ),
    Fault.NOT_A_TABLE: (
        _("What was found is not a list of values."),
        _("Find a list of objects with “on” and “value”, a list of pairs, or an object of a value per day."),
    ),
    Fault.DATABASE_UNKNOWN: (
        _("“%(name)s” is not a kind of database that can be read."),
        _("Use sqlite, duckdb, postgresql, or a warehouse that Ibis knows."),
    ),
    Fault.DATABASE_MISSING: (
        _("There is no database file “%(name)s”."),
        _("Put it in the folder %(folder)s of the server."),
    ),
    Fault.DATABASE_CLOSED: (
        _("The database does not let us in: %(detail)s"),
        _("Check that it runs, and the user and the password of the connection."),
    ),
    Fault.STATEMENT_UNREADABLE: (
        _("The query is not understood: %(detail)s"),
        _("Write one SELECT as the database understands it."),
    ),
    Fault.STATEMENT_NOT_READING: (
        _("The query does more than read, or is more than one."),
        _("Write exactly one SELECT: nothing here may write."),
    ),
    Fault.STATEMENT_FORBIDDEN: (
        _("The function “%(name)s” may not be called here."),
        _("Write the query without it."),
    ),
    Fault.QUERY_FAILED: (_("The database refused the query: %(detail)s"), _("Correct the query.")),
    Fault.TOO_MANY_ROWS: (
        _("The query gives more than %(limit)s rows."),
        _("Give one row per period and part: group them in the query."),
    ),
    Fault.LIBRARY_MISSING: (
        _("The library “%(name)s” is not installed on this server."),
        _("An administrator installs requirements/analytics.txt; see the chapter on installing."),
    ),
    Fault.CONNECTION_GONE: (_("The connection of this feed is gone."), _("Choose another one.")),
    Fault.FILE_GONE: (_("The file of this feed is no longer there."), _("Upload it again.")),
    Fault.PROVIDER_UNKNOWN: (
        _("Nothing computes “%(name)s” any more."),
        _("Choose another of the metrics that Vertebra computes."),
    ),
    Fault.NO_DATE_COLUMN: (
        _("No column holds the day; the columns are: %(columns)s."),
        _("Call one of them “on”, “date”, “week” or “month”."),
    ),
    Fault.NO_VALUE_COLUMN: (
        _("No column holds the value; the columns are: %(columns)s."),
        _("Call one of them “value”."),
    ),
    Fault.COLUMN_UNKNOWN: (
        _("There is no column “%(column)s”; the columns are: %(columns)s."),
        _("Name one of those."),
    ),
    Fault.NOTHING_THERE: (_("There is no value at all."), _("Check that the period asked for has values.")),
    Fault.NOT_A_DAY: (
        _("“%(value)s” is not a day."),
        _("Write it like 2026-03-31, 31/03/2026, 2026-03, 2026-Q1 or 2026-W14."),
    ),
    Fault.NOT_A_NUMBER: (_("“%(value)s” is not a number."), _("Write it like 1234.5 or 1 234,5.")),
    Fault.NOT_FINITE: (
        _("“%(value)s” is not a finite number."),
        _("Leave the value empty where there is none."),
    ),
    Fault.NUMBER_TOO_LARGE: (
        _("“%(value)s” is too large for a value."),
        _("Give a number that a metric can reach."),
    ),
    Fault.NOT_A_COUNT: (
        _("“%(value)s” is not a number of people or things."),
        _("Write a whole number, or leave it empty."),
    ),
    Fault.IN_THE_FUTURE: (
        _("The period of “%(value)s” has not begun."),
        _("Values are what was measured; what is expected is a target."),
    ),
    Fault.TOO_LONG_AGO: (_("“%(value)s” lies before 1970."), _("Check how the day is written.")),
    Fault.PERIOD_TWICE: (
        _("The period of %(period)s has another value on line %(other_line)s; neither was taken."),
        _("Keep one row per period and part, or give the metric a shorter period."),
    ),
    Fault.PART_TOO_LONG: (_("The name of the part “%(value)s” is too long."), _("Keep to 120 characters.")),
    Fault.METRIC_UNKNOWN: (
        _("No metric is called “%(value)s”."),
        _("Import the catalogue first, or correct the name."),
    ),
    Fault.CHOICE_UNKNOWN: (_("“%(value)s” is not one of: %(choices)s."), _("Use one of those.")),
    Fault.PERSON_UNKNOWN: (
        _("Nobody in the directory is called “%(value)s”."),
        _("Write the e-mail address, or leave it empty: the metric is taken without an owner."),
    ),
    Fault.PLACE_UNKNOWN: (
        _("Nothing of the organisation is called “%(value)s”."),
        _("Write the name as the map has it, or leave it empty."),
    ),
    Fault.NAME_MISSING: (_("The metric has no name."), _("Give it one.")),
    Fault.NAME_TWICE: (
        _("“%(value)s” is described on line %(other_line)s already."),
        _("Keep one row per metric."),
    ),
}


def what(code: str, particulars: Mapping[str, Any]) -> str:
    """What is wrong, in words."""
    return filled(FAULTS[Fault(code)][0], particulars)


def remedy(code: str, particulars: Mapping[str, Any]) -> str:
    """What to do about it."""
    return filled(FAULTS[Fault(code)][1], particulars)
