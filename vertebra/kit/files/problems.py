"""What can be wrong with a file: a code and its particulars; the words are in `labels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Every fault that reading a file, or making records of it, can report."""

    # The file as a whole.
    FILE_MISSING = "file_missing"
    FILE_EMPTY = "file_empty"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNREADABLE = "file_unreadable"
    FORMAT_UNKNOWN = "format_unknown"
    ENCODING_UNKNOWN = "encoding_unknown"
    NUL_BYTES = "nul_bytes"
    SYNTAX = "syntax"
    TRUNCATED = "truncated"
    TOO_DEEP = "too_deep"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MANY_ALIASES = "too_many_aliases"
    REPEATED_KEY = "repeated_key"

    # Workbooks.
    WORKBOOK_BROKEN = "workbook_broken"
    WORKBOOK_BOMB = "workbook_bomb"
    WORKBOOK_ENCRYPTED = "workbook_encrypted"
    SHEET_MISSING = "sheet_missing"
    FORMULA_NOT_CALCULATED = "formula_not_calculated"

    # Tables.
    HEADER_MISSING = "header_missing"
    HEADER_REPEATED = "header_repeated"
    ROW_TOO_LONG = "row_too_long"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    QUOTE_UNCLOSED = "quote_unclosed"

    # Transcripts.
    TRANSCRIPT_UNKNOWN = "transcript_unknown"
    NOT_WEBVTT = "not_webvtt"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    NOTHING_SAID = "nothing_said"

    # Values.
    VALUE_MISSING = "value_missing"
    VALUE_TOO_LONG = "value_too_long"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_BOOLEAN = "not_a_boolean"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_TEXT = "not_a_text"
    CHOICE_UNKNOWN = "choice_unknown"
    SEVERAL_VALUES = "several_values"
    UNPRINTABLE = "unprintable"

    # Records made of what was read.
    RECORD_CONFLICT = "record_conflict"
    ENDS_BEFORE_START = "ends_before_start"
    REFERENCE_LOOP = "reference_loop"
    NOTHING_FOUND = "nothing_found"

    # Changelogs.
    NO_RELEASE = "no_release"
    RELEASE_TWICE = "release_twice"
    DAY_LEFT_OUT = "day_left_out"
    DAYS_MISSING = "days_missing"
    NOTES_LEFT_OUT = "notes_left_out"

    # Recipes.
    RECIPE_UNKNOWN = "recipe_unknown"
    RECIPE_INVALID = "recipe_invalid"
    RECIPE_FIELD_UNKNOWN = "recipe_field_unknown"
    RECIPE_FIELD_MISSING = "recipe_field_missing"
    RECIPE_INPUT_UNKNOWN = "recipe_input_unknown"
    RECIPE_PATH_INVALID = "recipe_path_invalid"
    RECIPE_PATTERN_INVALID = "recipe_pattern_invalid"
    RECIPE_KEY_UNKNOWN = "recipe_key_unknown"
    PATTERN_TOO_SLOW = "pattern_too_slow"
    INPUT_MISSING = "input_missing"
    FILE_NOT_READ = "file_not_read"
    FILES_PASSED_OVER = "files_passed_over"


# Worth telling, but no reason to refuse the file.
NOTICES = frozenset(
    {
        Code.NOTHING_FOUND,
        Code.REPEATED_KEY,
        Code.FILES_PASSED_OVER,
        Code.RELEASE_TWICE,
        Code.DAY_LEFT_OUT,
        Code.DAYS_MISSING,
        Code.NOTES_LEFT_OUT,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault and its place; `particulars` fill in the sentences of `labels`."""

    file: str
    line: int | None
    column: str | None
    code: Code
    particulars: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        """Nothing of the import may be applied while a blocking problem stands."""
        return self.code not in NOTICES


class Refused(Exception):
    """A file, or what is left of it, cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.file}:{problem.line or ''}: {problem.code}")
        self.problem = problem


def refuse(
    file: str, code: Code, *, line: int | None = None, column: str | None = None, **particulars: str | int
) -> Refused:
    """The exception that says why a file is refused."""
    return Refused(Problem(file, line, column, code, particulars))
