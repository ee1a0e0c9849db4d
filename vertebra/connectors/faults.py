"""What can be wrong with an outside system and with the values it gives: a code; the words are elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """Every fault that reading values can report."""

    # Web addresses.
    ADDRESS_INVALID = "address_invalid"
    ADDRESS_PRIVATE = "address_private"
    HOST_UNKNOWN = "host_unknown"
    NO_ANSWER = "no_answer"
    NOT_ALLOWED = "not_allowed"
    NOT_THERE = "not_there"
    BAD_STATUS = "bad_status"
    ADDRESS_OPEN = "address_open"
    THROTTLED = "throttled"
    MOVED = "moved"
    ANSWER_STRANGE = "answer_strange"
    CHOICE_REFUSED = "choice_refused"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NOT_JSON = "not_json"
    PATH_INVALID = "path_invalid"
    PATH_EMPTY = "path_empty"
    NOT_A_TABLE = "not_a_table"

    # Databases.
    DATABASE_UNKNOWN = "database_unknown"
    DATABASE_MISSING = "database_missing"
    DATABASE_CLOSED = "database_closed"
    STATEMENT_UNREADABLE = "statement_unreadable"
    STATEMENT_NOT_READING = "statement_not_reading"
    STATEMENT_FORBIDDEN = "statement_forbidden"
    QUERY_FAILED = "query_failed"
    TOO_MANY_ROWS = "too_many_rows"
    LIBRARY_MISSING = "library_missing"

    # Feeds.
    CONNECTION_GONE = "connection_gone"
    KEY_LOST = "key_lost"
    NO_ROOM = "no_room"
    FILE_GONE = "file_gone"
    PROVIDER_UNKNOWN = "provider_unknown"
    UNFORESEEN = "unforeseen"

    # Files of work items.
    FILE_REFUSED = "file_refused"
    PACKED_TABLE = "packed_table"
    PIECE_TOO_LONG = "piece_too_long"
    FORM_STRANGE = "form_strange"
    COLUMN_MISSING = "column_missing"
    ENTITIES_REFUSED = "entities_refused"

    # Values.
    NO_DATE_COLUMN = "no_date_column"
    NO_VALUE_COLUMN = "no_value_column"
    COLUMN_UNKNOWN = "column_unknown"
    NOTHING_THERE = "nothing_there"
    NOT_A_DAY = "not_a_day"
    NOT_A_NUMBER = "not_a_number"
    NOT_FINITE = "not_finite"
    NUMBER_TOO_LARGE = "number_too_large"
    NOT_A_COUNT = "not_a_count"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    PERIOD_TWICE = "period_twice"
    PART_TOO_LONG = "part_too_long"
    METRIC_UNKNOWN = "metric_unknown"
    CHOICE_UNKNOWN = "choice_unknown"
    PERSON_UNKNOWN = "person_unknown"
    PLACE_UNKNOWN = "place_unknown"
    NAME_MISSING = "name_missing"
    NAME_TWICE = "name_twice"


# Trying again gives the same until somebody changes something.
PERMANENT = frozenset(Fault) - {
    Fault.HOST_UNKNOWN,
    Fault.NO_ANSWER,
    Fault.BAD_STATUS,
    Fault.THROTTLED,
    Fault.TOO_SLOW,
    Fault.NOT_JSON,
    Fault.PATH_EMPTY,
    Fault.NOTHING_THERE,
    Fault.DATABASE_CLOSED,
    Fault.NO_ROOM,
    Fault.UNFORESEEN,
}


class Trouble(Exception):
    """An outside system that cannot be read: which fault, with what fills in its sentence."""

    def __init__(self, fault: Fault, **particulars: str | int) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.particulars: Mapping[str, str | int] = particulars

    @property
    def is_permanent(self) -> bool:
        """Whether trying again would not help."""
        return self.fault in PERMANENT
