"""What can be said of a file the moment it arrives, before anybody says what it is."""

from __future__ import annotations

from pathlib import Path, PurePath

from vertebra.kit.files.documents import read_document
from vertebra.kit.files.encodings import detect, open_bytes
from vertebra.kit.files.limits import DEFAULT, MEGABYTE
from vertebra.kit.files.problems import Code, Problem, Refused
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.kit.files.tables import read_table

# No answer to any later question makes such a file readable.
HOPELESS = frozenset(
    {
        Code.FILE_EMPTY,
        Code.FILE_TOO_LARGE,
        Code.NUL_BYTES,
        Code.ENCODING_UNKNOWN,
        Code.TOO_DEEP,
        Code.TOO_MANY_VALUES,
        Code.TOO_MANY_ALIASES,
        Code.WORKBOOK_BROKEN,
        Code.WORKBOOK_BOMB,
        Code.WORKBOOK_ENCRYPTED,
    }
)
# Files that explode are small; of larger ones only the letters are looked at, so that nobody waits.
_READ_WHOLE = MEGABYTE


def hopeless(path: Path, name: str) -> list[Problem]:
    """Why the file can never be read, whatever it holds; nothing if it may be."""
    try:
        if PurePath(name).suffix.lower() in TABLE_SUFFIXES:
            read_table(path, name)
            return []
        with open_bytes(path, name, DEFAULT) as stream:
            detect(stream, name)
        found = read_document(path, name).problems if path.stat().st_size <= _READ_WHOLE else []
    except Refused as refusal:
        found = [refusal.problem]
    return [problem for problem in found if problem.code in HOPELESS]
