"""Following a recipe: files in, records, faults and unknown references out; the same files, the same answer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vertebra.connectors.recipe import identity
from vertebra.connectors.recipe.fields import Reader, Wrong, clean_text
from vertebra.connectors.recipe.inputs import find_files, read_documents
from vertebra.connectors.recipe.paths import Getter, Item, compile_path
from vertebra.connectors.recipe.patterns import TooSlow, counted
from vertebra.connectors.recipe.resolve import Unknown, resolve
from vertebra.connectors.recipe.shape import Recipe, Section, Step, several
from vertebra.connectors.records import FIELDS, FieldRule, Origin, Record, Ref, Value
from vertebra.kit.files.documents import Document
from vertebra.kit.files.limits import DEFAULT, Limits
from vertebra.kit.files.problems import Code, Problem
from vertebra.kit.memory import many_objects

__all__ = ["Explained", "Extract", "Unknown", "run"]

# Past this many, more of the same helps nobody.
MAX_PROBLEMS = 10_000
# One place of a file never stands for more records than this.
MAX_FAN_OUT = 20_000
_ID_RULE = FieldRule("text")


@dataclass(frozen=True, slots=True)
class Explained:
    """Where one field of one record came from."""

    kind: str
    external_id: str
    field: str
    file: str
    line: int | None
    place: str
    raw: str
    functions: tuple[str, ...]
    value: str


@dataclass(slots=True)
class Extract:
    """What a recipe made of the files."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    explanation: list[Explained] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def is_blocked(self) -> bool:
        """Something stands in the way of applying any of it."""
        return any(problem.is_blocking for problem in self.problems)


@dataclass(slots=True)
class Draft:
    """A record on its way: its references are not yet known to lead anywhere."""

    record: Record
    aliases: tuple[str, ...]
    unmatched: dict[str, str]
    repeats: str


class _Section:
    """A section of the recipe made ready."""

    def __init__(self, section: Section) -> None:
        self.kind = section.kind
        self.repeats = section.repeats
        rules = FIELDS[section.kind]
        self.readers = [Reader(name, given, rules[name]) for name, given in section.fields.items()]
        self.skip_without = frozenset(section.skip_without)
        self.fit({})
        self.unmatched: dict[str, str] = {
            reader.name: reader.unmatched for reader in self.readers if reader.unmatched != "report"
        }
        self.required = [name for name, rule in rules.items() if rule.is_required]
        self.skip_if = [Reader("skip_if", part, _ID_RULE) for part in several(section.skip_if)]
        self.id = [Reader("id", part, _ID_RULE) for part in several(section.id)]
        self.aliases = [Reader("also_known_as", part, _ID_RULE) for part in several(section.also_known_as)]
        self.steps = [_step(step) for step in several(section.for_each)]

    def fit(self, headings: Mapping[str, str]) -> None:
        """A table without a column says nothing about its field: that is not the same as an empty cell."""
        told = [reader for reader in self.readers if not headings or reader.is_told_by(headings)]
        self.scalars = [reader for reader in told if reader.rule.type not in ("ref", "refs")]
        self.refs = [reader for reader in told if reader.rule.type == "ref"]
        self.lists = [reader for reader in told if reader.rule.type == "refs"]
        # No row of the table can hold what every record of the section must have.
        self.is_silent = not self.skip_without.issubset(reader.name for reader in told)

    def items(self, document: Document) -> Iterator[Item]:
        """Everything in the document that a record is made for."""
        items: Iterator[Item] = iter([Item(document.value, None, "", None, document)])
        for step in self.steps:
            items = itertools.chain.from_iterable(map(step, items))
        return items


def _step(step: str | Step) -> Callable[[Item], Iterator[Item]]:
    text = step if isinstance(step, str) else step.path
    getter = compile_path(text)
    if isinstance(step, str) or step.recurse is None:
        return lambda item: _inside(item, getter, text)
    deeper, deeper_text = compile_path(step.recurse), step.recurse

    def walk(item: Item) -> Iterator[Item]:
        waiting = list(_inside(item, getter, text))[::-1]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += list(_inside(found, deeper, deeper_text))[::-1]

    return walk


def _inside(item: Item, getter: Getter, text: str) -> Iterator[Item]:
    """The values of a mapping with their keys, the elements of a list, or the one value there is."""
    value = getter(item)
    if isinstance(value, dict):
        for key, inner in value.items():
            if inner is not None:
                place = key if text == "@" or "{" in text else f"{text}.{key}"
                yield Item(inner, key, place, item, item.document)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            if inner is not None:
                yield Item(inner, None, f"{'' if text == '@' else text}[{number}]", item, item.document)
    elif value is not None and value != "":
        yield Item(value, None, text, item, item.document)


class _Run:
    def __init__(self, recipe: Recipe, limits: Limits, explain: bool) -> None:
        self.recipe, self.limits, self.explains = recipe, limits, explain
        self.extract = Extract()
        self.drafts: list[Draft] = []
        self.headings: dict[str, str] = {}

    def note(self, item: Item, reader: Reader | None, wrong: Wrong, column: str | None = None) -> None:
        if len(self.extract.problems) >= MAX_PROBLEMS:
            return
        particulars = {"field": reader.name if reader else column or "", **wrong.particulars}
        if self.headings:
            # Only what stands in the file is a column: our own name for it means nothing to its author.
            column = reader.heading(item, self.headings) if reader else None
        elif reader and (path := reader.raw(item)[1]):
            column = f"{item.path}.{path}" if item.path else path
        file = item.document.file
        self.extract.problems.append(Problem(file, item.line, column, wrong.code, particulars))

    def follow(self, sources: list[Path]) -> None:
        problems = self.extract.problems
        files = find_files(self.recipe, sources, self.limits, problems)
        by_input: dict[str, list[tuple[int, _Section]]] = {name: [] for name in self.recipe.inputs}
        for number, section in enumerate(self.recipe.records):
            made = _Section(section)
            for name in several(section.source):
                by_input[name].append((number, made))
        # Each file is read once; drafts are then put into the order of the recipe's sections.
        numbered: list[tuple[int, Draft]] = []
        for name, given in self.recipe.inputs.items():
            for found in files[name]:
                self.extract.files.append(found.name)
                for document, headings in read_documents(found, given, self.limits, problems):
                    if headings is not self.headings:
                        self.headings = headings
                        for _, ready in by_input[name]:
                            ready.fit(headings)
                    for number, ready in by_input[name]:
                        numbered += [(number, draft) for draft in self.drafts_of(ready, document)]
        numbered.sort(key=lambda pair: pair[0])
        self.drafts = [draft for _, draft in numbered]
        if not self.drafts and not problems:
            where = ", ".join(self.extract.files[:5])
            problems.append(Problem(where, None, None, Code.NOTHING_FOUND, {"recipe": self.recipe.name}))

    def drafts_of(self, section: _Section, document: Document) -> Iterator[Draft]:
        if section.is_silent:
            return
        for item in section.items(document):
            if not any(reader.pieces(item) for reader in section.skip_if):
                yield from self.draft(section, item)

    def draft(self, section: _Section, item: Item) -> Iterator[Draft]:
        values: dict[str, Value] = {}
        broken: set[str] = set()
        for reader in section.scalars:
            try:
                values[reader.name] = reader.scalar(item)
            except Wrong as wrong:
                broken.add(reader.name)
                values[reader.name] = None
                self.note(item, reader, wrong)
        for reader in section.lists:
            values[reader.name] = tuple(reader.refs(item))
        choices: list[list[Ref | None]] = [list(reader.refs(item)) or [None] for reader in section.refs]
        if math.prod(map(len, choices)) > MAX_FAN_OUT:
            self.note(item, section.refs[0], Wrong(Code.TOO_MANY_VALUES, limit=MAX_FAN_OUT))
            return
        for chosen in itertools.product(*choices) if choices else [()]:
            filled = dict(values)
            for reader, ref in zip(section.refs, chosen, strict=True):
                filled[reader.name] = ref
            if any(filled.get(name) in (None, ()) and name not in broken for name in section.skip_without):
                continue
            made = self.record(section, item, filled, broken)
            if made is not None:
                yield made

    def record(
        self, section: _Section, item: Item, values: dict[str, Value], broken: set[str]
    ) -> Draft | None:
        person = values.get("person")
        if section.kind == "mandate" and isinstance(person, Ref) and person.is_acting:
            values.setdefault("is_acting", True)
        missing = [name for name in section.required if values.get(name) is None]
        for name in missing:
            if name not in broken:
                reader = next((reader for reader in section.readers if reader.name == name), None)
                self.note(item, reader, Wrong(Code.VALUE_MISSING), name)
        start, end = values.get("starts_on"), values.get("ends_on")
        if start is not None and end is not None and end < start:  # type: ignore[operator]
            reader = next((reader for reader in section.readers if reader.name == "ends_on"), None)
            self.note(item, reader, Wrong(Code.ENDS_BEFORE_START, start=str(start), end=str(end)), "ends_on")
        try:
            external_id = identity.given_id(section.id, item) or identity.default_id(section.kind, values)
            aliases = tuple(
                text
                for reader in section.aliases
                for piece in reader.pieces(item)
                if (text := clean_text(piece.value, _ID_RULE))
            )
        except Wrong as wrong:
            self.note(item, None, wrong, "id")
            return None
        if missing:
            return None
        origin = Origin(item.document.file, item.line, item.path)
        record = Record(section.kind, external_id, values, origin)
        if self.explains:
            self.explain(section, item, record)
        return Draft(record, aliases, section.unmatched, section.repeats)

    def explain(self, section: _Section, item: Item, record: Record) -> None:
        for reader in (*section.scalars, *section.refs, *section.lists):
            taken = reader.explain(item)
            value = record.values.get(reader.name)
            texts = value if isinstance(value, tuple) else (value,)
            written = ", ".join(
                " | ".join(f"{name}={text}" for name, text in part.keys)
                if isinstance(part, Ref)
                else str(part)
                for part in texts
                if part is not None
            )
            place = f"{item.path}.{taken.place}" if item.path else taken.place
            self.extract.explanation.append(
                Explained(
                    record.kind, record.external_id, reader.name, record.origin.file, record.origin.line,
                    place, str(taken.raw)[:200], taken.functions, written[:200],
                )
            )  # fmt: skip


def run(recipe: Recipe, sources: list[Path], *, limits: Limits = DEFAULT, explain: bool = False) -> Extract:
    """Follow the recipe through the files; nothing is written anywhere."""
    work = _Run(recipe, limits, explain)
    extract = work.extract
    with many_objects():
        try:
            with counted():
                work.follow(sources)
        except TooSlow as slow:
            particulars = {"pattern": slow.pattern[:200]}
            extract.problems.append(Problem(recipe.name, None, None, Code.PATTERN_TOO_SLOW, particulars))
            return extract
        extract.records, extract.unknowns = resolve(work.drafts, extract.problems)
    return extract
