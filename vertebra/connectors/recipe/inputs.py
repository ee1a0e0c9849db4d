"""Finding the files that a recipe names, and reading them one document at a time."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vertebra.connectors.recipe.paths import is_empty
from vertebra.connectors.recipe.patterns import Pattern
from vertebra.connectors.recipe.shape import Input, Recipe, several
from vertebra.kit.files.documents import Document, read_document
from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, Problem, Refused
from vertebra.kit.files.suffixes import TABLE_SUFFIXES
from vertebra.kit.files.tables import read_table
from vertebra.kit.files.values import header_name
from vertebra.kit.text import fold

_NO_HEADINGS: dict[str, str] = {}
# Of the files that nothing reads, so many are named.
MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A file that an input names: where it lies, and how it is called in messages."""

    path: Path
    name: str
    # Somebody gave this very file, not the folder it lies in.
    is_given: bool = False


def find_files(
    recipe: Recipe, sources: list[Path], limits: Limits, problems: list[Problem]
) -> dict[str, list[Found]]:
    """The files of each input; an input without any is told, unless it is optional, and so is a file for none."""
    offered: list[Found] = []
    for source in sources:
        offered += _offered(source, limits, problems)
    found: dict[str, list[Found]] = {}
    excepted: set[Path] = set()
    for name, given in recipe.inputs.items():
        wanted, unwanted = _rules(given.files), _rules(given.except_files)
        named = [file for file in offered if any(rule.matches(fold(file.name)) for rule in wanted)]
        found[name] = [file for file in named if not any(rule.matches(fold(file.name)) for rule in unwanted)]
        excepted.update(file.path for file in named if not file.is_given)
    # A single file given to a recipe of a single input is meant for it, whatever its name.
    if len(recipe.inputs) == 1 and len(offered) == 1 and sources[0].is_file():
        found[next(iter(recipe.inputs))] = offered
    if offered or not problems:
        _tell_missing(recipe, found, sources, problems)
    if any(found.values()):
        read = excepted.union(file.path for files in found.values() for file in files)
        _tell_unread(recipe, [file for file in offered if file.path not in read], problems)
    return found


def is_complete(problems: list[Problem]) -> bool:
    """Whether every input that must have a file has one, whatever else was given."""
    return all(problem.code in (Code.FILE_NOT_READ, Code.FILES_PASSED_OVER) for problem in problems)


def _tell_missing(
    recipe: Recipe, found: dict[str, list[Found]], sources: list[Path], problems: list[Problem]
) -> None:
    """Each input that must have a file and has none; where all are optional and none has one, all at once."""
    where = ", ".join(source.name or str(source) for source in sources[:5])
    missing = [[name] for name, given in recipe.inputs.items() if not found[name] and not given.optional]
    if not any(found.values()) and not missing:
        missing = [list(recipe.inputs)]
    for names in missing:
        globs = _in_short(glob for name in names for glob in several(recipe.inputs[name].files))
        particulars = {"input": ", ".join(names), "files": globs}
        problems.append(Problem(where, None, None, Code.INPUT_MISSING, particulars))


def _tell_unread(recipe: Recipe, unread: list[Found], problems: list[Problem]) -> None:
    """A file that somebody gave and nothing reads is refused; those that lie in a folder are told, all at once."""
    globs = [glob for given in recipe.inputs.values() for glob in several(given.files)]
    known = {"files": _in_short(globs)}
    for file in unread:
        if file.is_given:
            problems.append(Problem(file.name, None, None, Code.FILE_NOT_READ, known))
    endings = {Path(glob).suffix.lower() for glob in globs}
    alike = [file.name for file in unread if not file.is_given and Path(file.name).suffix.lower() in endings]
    if alike:
        rest = len(alike) - MAX_NAMED
        names = ", ".join(alike[:MAX_NAMED]) + (f" … (+{rest})" if rest > 0 else "")
        problems.append(Problem(names, None, None, Code.FILES_PASSED_OVER, known))


def _in_short(globs: Iterable[str]) -> str:
    """The names that are read, those of the same endings together: “units, people (.csv, .xlsx)”."""
    endings: dict[str, list[str]] = {}
    for glob in globs:
        path = Path(glob)
        endings.setdefault(str(path.with_suffix("")), []).append(path.suffix)
    stems: dict[tuple[str, ...], list[str]] = {}
    for stem, suffixes in endings.items():
        stems.setdefault(tuple(suffixes), []).append(stem)
    return "; ".join(
        f"{', '.join(names)} ({', '.join(suffixes)})"
        if len(suffixes) > 1
        else ", ".join(name + suffixes[0] for name in names)
        for suffixes, names in stems.items()
    )


def _offered(source: Path, limits: Limits, problems: list[Problem]) -> list[Found]:
    if source.is_file():
        return [Found(source, source.name, is_given=True)]
    if not source.is_dir():
        problems.append(Problem(str(source), None, None, Code.FILE_MISSING, {}))
        return []
    files: list[Found] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if name not in (".git", "node_modules", ".venv"))
        for name in sorted(names):
            path = Path(folder, name)
            files.append(Found(path, path.relative_to(source).as_posix()))
        if len(files) > limits.max_files:
            detail = {"limit": limits.max_files}
            problems.append(Problem(str(source), None, None, Code.TOO_MANY_VALUES, detail))
            break
    return files


def _rules(globs: str | list[str]) -> list[Pattern]:
    return [_pattern(glob) for glob in several(globs)]


def _pattern(glob: str) -> Pattern:
    """The names a glob means: `*` within a folder, `**/` through any number of them."""
    parts = []
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", fold(glob)):
        known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        parts.append(known.get(part) or re.escape(part))
    return Pattern("".join(parts))


def read_documents(
    found: Found, given: Input, limits: Limits, problems: list[Problem]
) -> Iterator[tuple[Document, dict[str, str]]]:
    """Each document or row of a file, and, for tables, its headings by the names recipes use."""
    suffix = found.path.suffix.lower()
    if given.format == "csv" or given.format == "xlsx" or (given.format is None and suffix in TABLE_SUFFIXES):
        yield from _read_rows(found, given, limits, problems)
        return
    read = read_document(found.path, found.name, format=given.format, limits=limits)
    problems += read.problems
    for document in read.documents:
        yield document, _NO_HEADINGS


def _read_rows(
    found: Found, given: Input, limits: Limits, problems: list[Problem]
) -> Iterator[tuple[Document, dict[str, str]]]:
    try:
        table = read_table(found.path, found.name, sheet=given.sheet, limits=limits)
    except Refused as refusal:
        problems.append(refusal.problem)
        return
    names = [header_name(heading) for heading in table.header]
    headings = dict(zip(names, table.header, strict=True))
    for name in headings:
        if name and names.count(name) > 1:
            heading = headings[name]
            detail = {"heading": heading}
            line = table.header_line
            problems.append(Problem(found.name, line, heading, Code.HEADER_REPEATED, detail))
    headings.pop("", None)
    above: dict[str, Any] = {}
    for row in table.rows():
        value: dict[str, Any] = dict(zip(names, row.cells, strict=True))
        value.pop("", None)
        for name in given.fill_down:
            # Written once for a group of rows, meant for each of them.
            if is_empty(value.get(name)):
                value[name] = above.get(name)
            above[name] = value[name]
        yield Document(found.name, row.line, value), headings
    problems += table.problems
