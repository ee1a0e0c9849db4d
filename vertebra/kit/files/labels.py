"""The words of every fault of a file: what is wrong and why, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from vertebra.kit.files.problems import Code, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

# Each code: what is wrong, what to do about it; the particulars of the fault fill in the names.
LABELS: Mapping[Code, tuple[str, str]] = {
    Code.FILE_MISSING: (
        _("There is no file of this name."),
        _("Check the path, and that the file may be read."),
    ),
    Code.FILE_EMPTY: (
        _("The file is empty: nothing can be read from it."),
        _("Export it again and check that it has content."),
    ),
    Code.FILE_TOO_LARGE: (
        _("The file is too large: %(megabytes)s MB, the limit is %(limit)s MB."),
        _("Split it into several files, or leave out the columns that are not needed."),
    ),
    Code.FILE_UNREADABLE: (
        _("The file is there, but it cannot be read."),
        _("Check that it still exists and that this program may read it."),
    ),
    Code.FORMAT_UNKNOWN: (
        _("Files ending in “%(suffix)s” cannot be read."),
        _("Use CSV, XLSX, YAML, JSON, JSON Lines, TOML or Markdown."),
    ),
    Code.ENCODING_UNKNOWN: (
        _("The letters of the file are not valid %(encoding)s, which it looks like."),
        _("Save it again as UTF-8; the line named here is where it goes wrong."),
    ),
    Code.NUL_BYTES: (
        _("The file holds NUL bytes: it is not text, or it was damaged."),
        _("Export it again as text, in UTF-8."),
    ),
    Code.SYNTAX: (
        _("The file does not follow the rules of its format: %(detail)s."),
        _(
            "Correct the line named here; often a quote, a bracket, a colon or an indent is missing just before."
        ),
    ),
    Code.TRUNCATED: (
        _("The file stops in the middle."),
        _("Export or download it again, completely."),
    ),
    Code.TOO_DEEP: (
        _("The file is nested more than %(limit)s levels deep."),
        _("No organisation needs that: check how the file was made."),
    ),
    Code.TOO_MANY_VALUES: (
        _("The file holds more than %(limit)s values."),
        _("Split it into several files."),
    ),
    Code.TOO_MANY_ALIASES: (
        _("Repeated parts (aliases) of the file would unfold to more than %(limit)s values."),
        _("Write the parts out, or repeat fewer of them."),
    ),
    Code.REPEATED_KEY: (
        _("The key “%(key)s” stands twice in the same place: only the last one counts."),
        _("Keep one of them, or rename the other."),
    ),
    Code.WORKBOOK_BROKEN: (
        _("The workbook cannot be opened: it is damaged, or it is not a workbook."),
        _("Open it in a spreadsheet program and save it again as XLSX."),
    ),
    Code.WORKBOOK_BOMB: (
        _("The workbook is small but would unpack to %(megabytes)s MB or more: it is refused for safety."),
        _("Copy the useful cells to a new workbook, or export them as CSV."),
    ),
    Code.WORKBOOK_ENCRYPTED: (
        _("The workbook has a password, or the format of the old Excel (.xls)."),
        _("Save it without a password as XLSX."),
    ),
    Code.SHEET_MISSING: (
        _("The workbook has no sheet “%(sheet)s”; it has: %(sheets)s."),
        _("Rename the sheet, or choose one of those."),
    ),
    Code.FORMULA_NOT_CALCULATED: (
        _(
            "Cell %(cell)s of the sheet “%(sheet)s” holds a formula that was never calculated: it reads as empty."
        ),
        _("Open the workbook in a spreadsheet program and save it, or write the value itself."),
    ),
    Code.HEADER_MISSING: (
        _("The first line has no headings."),
        _("Give each column a heading on the first line."),
    ),
    Code.HEADER_REPEATED: (
        _("Several columns are headed “%(heading)s”."),
        _("Give each column a heading of its own."),
    ),
    Code.ROW_TOO_LONG: (
        _("The row has %(found)s cells, the heading only %(columns)s."),
        _("Put values that hold the separator between quotes, or head the additional columns."),
    ),
    Code.TOO_MANY_ROWS: (
        _("The file has more than %(limit)s rows."),
        _("Split it into several files."),
    ),
    Code.TOO_MANY_COLUMNS: (
        _("The file has %(columns)s columns, the limit is %(limit)s."),
        _("Leave out the columns that are not needed."),
    ),
    Code.QUOTE_UNCLOSED: (
        _(
            "A quote opened on this line is never closed: the file stops in the middle, or a quote is missing."
        ),
        _("Close the quote, or double it if it belongs to the text."),
    ),
    Code.VALUE_MISSING: (
        _("“%(field)s” is empty, and it is needed."),
        _("Fill it in, or leave the row out."),
    ),
    Code.VALUE_TOO_LONG: (
        _("The value has %(length)s characters, the limit is %(limit)s."),
        _("Shorten it; check that no quote is missing around it."),
    ),
    Code.NOT_A_DATE: (
        _("“%(value)s” is not a date."),
        _("Write it like 2024-12-31 or 31/12/2024."),
    ),
    Code.NOT_A_NUMBER: (
        _("“%(value)s” is not a number."),
        _("Write it in digits, like 12.5 or 12,5."),
    ),
    Code.NOT_A_BOOLEAN: (
        _("“%(value)s” is neither yes nor no."),
        _("Write yes or no, true or false."),
    ),
    Code.NOT_AN_EMAIL: (
        _("“%(value)s” is not an e-mail address."),
        _("Write one address like name@example.org, or leave it empty."),
    ),
    Code.NOT_A_TEXT: (
        _("“%(field)s” holds a list or a mapping where a text is expected."),
        _("Name a place deeper in the file in the recipe."),
    ),
    Code.CHOICE_UNKNOWN: (
        _("“%(value)s” is not one of: %(choices)s."),
        _("Use one of those, or add the word to the “map” of the recipe."),
    ),
    Code.SEVERAL_VALUES: (
        _("“%(field)s” holds %(count)s values where one is expected (the first is “%(value)s”)."),
        _("Keep one, or add “first” or “join” to the functions of the recipe."),
    ),
    Code.UNPRINTABLE: (
        _("There is a character that no text may hold (%(character)s)."),
        _("Remove it; it often comes from a copy of another program."),
    ),
    Code.RECORD_CONFLICT: (
        _(
            "“%(id)s” is described twice: “%(field)s” is “%(value)s” here and “%(other)s” in %(other_file)s,"
            " line %(other_line)s."
        ),
        _("Make both agree, or give the two different keys: an id, a handle or an e-mail address."),
    ),
    Code.ENDS_BEFORE_START: (
        _("It ends on %(end)s, before it starts on %(start)s."),
        _("Exchange the two dates, or correct one."),
    ),
    Code.REFERENCE_LOOP: (
        _("These are inside one another: %(names)s."),
        _("Remove the parent of one of them."),
    ),
    Code.NOTHING_FOUND: (
        _("The recipe “%(recipe)s” found nothing in these files."),
        _("Check that the files are those the recipe is for, and its “for_each” paths."),
    ),
    Code.NO_RELEASE: (
        _("No release was found: no heading is a version, a day or “Unreleased”."),
        _("Give each release a heading, like “## [1.4.0] - 2026-03-31”."),
    ),
    Code.RELEASE_TWICE: (
        _(
            "The release “%(name)s” also stands in %(other_file)s, line %(other_line)s: only that one is taken."
        ),
        _("Keep one of them, or give the two different names."),
    ),
    Code.DAY_LEFT_OUT: (
        _("“%(value)s” is not a day: the release “%(name)s” is taken without one."),
        _("Write it like 2024-12-31 or 31/12/2024, or give the day on the page of the release."),
    ),
    Code.DAYS_MISSING: (
        _("%(count)s of %(total)s releases have no day: nothing can be told before or after them."),
        _("Write the day behind the version, or give it on the page of the release."),
    ),
    Code.NOTES_LEFT_OUT: (
        _("%(count)s notes are marked as not to be published: they are left out."),
        _("Take the mark away from those that should be told."),
    ),
    Code.TRANSCRIPT_UNKNOWN: (
        _("Transcripts are read from text, WebVTT and SRT files; this is “%(suffix)s”."),
        _("In the tool that recorded the conversation, export it as .vtt, .srt or .txt."),
    ),
    Code.NOT_WEBVTT: (
        _("The file does not begin with the word WEBVTT, as every .vtt file does."),
        _("Export it again, or give it the ending .srt or .txt if that is what it is."),
    ),
    Code.TIME_MISSING: (
        _("“%(text)s” stands before the first time of the transcript."),
        _("Take the line away, or give the file the ending .txt to read it as text."),
    ),
    Code.TIME_UNREADABLE: (
        _("The time “%(text)s” cannot be read."),
        _("Write it like 00:01:02.000 --> 00:01:05.000 on the line named here."),
    ),
    Code.NOTHING_SAID: (
        _("The file holds times, or nothing at all, but no words."),
        _("Export the transcript again, with what was said."),
    ),
    Code.RECIPE_UNKNOWN: (
        _("There is no recipe “%(name)s”; there are: %(known)s."),
        _("Use one of those, or give the path of a recipe file."),
    ),
    Code.RECIPE_INVALID: (
        _("The recipe is not written as recipes are: %(detail)s."),
        _("Compare the place named here with the page about recipes, or with the schema."),
    ),
    Code.RECIPE_FIELD_UNKNOWN: (
        _("“%(name)s” is not a field of “%(kind)s”; these are: %(known)s."),
        _("Use one of those."),
    ),
    Code.RECIPE_FIELD_MISSING: (
        _("“%(name)s” is missing; “%(kind)s” needs it."),
        _("Add it to the recipe."),
    ),
    Code.RECIPE_INPUT_UNKNOWN: (
        _("“%(name)s” is not one of the inputs: %(known)s."),
        _("Use one of those, or declare it under “inputs”."),
    ),
    Code.RECIPE_PATH_INVALID: (
        _("The path “%(path)s” is not understood: %(detail)s."),
        _("Write a JMESPath; put names with spaces or accents between double quotes."),
    ),
    Code.RECIPE_PATTERN_INVALID: (
        _("The function cannot be used like this: %(detail)s."),
        _("Give exactly one function per line, and a valid regular expression."),
    ),
    Code.RECIPE_KEY_UNKNOWN: (
        _("Nothing can be recognised by “%(name)s”; possible keys are: %(known)s."),
        _("Use one of those under “match_on”."),
    ),
    Code.PATTERN_TOO_SLOW: (
        _("The pattern “%(pattern)s” of the recipe takes too long: reading was given up."),
        _("Write it without one repetition inside another, such as (a+)+."),
    ),
    Code.INPUT_MISSING: (
        _("No file was given for the input “%(input)s” of the recipe, which reads: %(files)s."),
        _("Give the folder that holds the files, or the files themselves."),
    ),
    Code.FILE_NOT_READ: (
        _("Nothing reads a file of this name: what it holds would be lost."),
        _("Give it one of the names that are read, or leave it out: %(files)s."),
    ),
    Code.FILES_PASSED_OVER: (
        _("Nothing in the folder reads files of this name: what they hold is not imported."),
        _("To import them, give them one of the names that are read: %(files)s."),
    ),
}


class _Particulars(dict[str, object]):
    """A sentence with a name that nobody filled in is still better than none."""

    def __missing__(self, key: str) -> str:
        return "?"


def message(problem: Problem) -> str:
    """What is wrong, and why."""
    return gettext(LABELS[problem.code][0]) % _Particulars(problem.particulars)


def told(problem: Problem) -> str:
    """The whole fault in a line: its place, what is wrong, what to do."""
    place = problem.file + (f":{problem.line}" if problem.line else "")
    return f"{place}: {message(problem)} {remedy(problem)}"


def remedy(problem: Problem) -> str:
    """What to do about it."""
    return gettext(LABELS[problem.code][1]) % _Particulars(problem.particulars)
