"""Reading a recipe: everything that is wrong with it is told at once, with its line."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import msgspec

from vertebra.connectors.recipe import mending
from vertebra.connectors.recipe.functions import BadFunction, compile_function
from vertebra.connectors.recipe.paths import BadPath, compile_path
from vertebra.connectors.recipe.shape import Field, Function, Input, Key, Recipe, Section, several
from vertebra.connectors.records import FIELDS
from vertebra.kit.files.documents import Document, read_document
from vertebra.kit.files.limits import MEGABYTE
from vertebra.kit.files.problems import Code, Problem

SHIPPED = Path(__file__).parent.parent / "recipes"

# In one part of a recipe; more are told once these are corrected.
_MOST_FAULTS = 100

# What a reference may be recognised by, besides the fields of what it refers to.
COMMON_KEYS = ("external_id", "alias")


class BadRecipe(Exception):
    """A recipe that cannot be followed; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "; ".join(f"{p.file}:{p.line or ''} {p.code} {dict(p.particulars)}" for p in problems)
        )
        self.problems = problems


def shipped_recipes(about: str = "") -> list[str]:
    """The names of the recipes that come with the program: of organisations, or those about a roadmap."""
    return sorted(path.stem for path in (SHIPPED / about).glob("*.yaml"))


def load_recipe(name_or_path: str | Path) -> Recipe:
    """The recipe of that name, or in that file; raises `BadRecipe` with everything wrong in it."""
    name = str(name_or_path)
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        path = next(SHIPPED.rglob(f"{name}.yaml"), SHIPPED / name)
        if not path.is_file():
            known = ", ".join((*shipped_recipes(), *shipped_recipes("roadmap")))
            raise BadRecipe([Problem(name, None, None, Code.RECIPE_UNKNOWN, {"name": name, "known": known})])
        return parse_recipe(path.read_bytes(), path.name)
    path = Path(name_or_path)
    found = read_document(path, path.name)
    return _checked(found.documents, found.problems, path.name)


def parse_recipe(data: bytes, name: str) -> Recipe:
    """The recipe written in these bytes; the end of the name says in which format."""
    found = read_document(data, name)
    return _checked(found.documents, found.problems, name)


def is_meant_as_recipe(path: Path) -> bool:
    """Whether somebody wrote the file as a recipe, be it a faulty one."""
    if path.stat().st_size > MEGABYTE:
        return False
    documents = read_document(path, path.name).documents
    value = documents[0].value if len(documents) == 1 else None
    return isinstance(value, dict) and "recipe" in value and bool({"inputs", "records"} & value.keys())


def _checked(documents: list[Document], problems: list[Problem], name: str) -> Recipe:
    if problems:
        raise BadRecipe(problems)
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise BadRecipe([Problem(name, 1, None, Code.RECIPE_INVALID, {"detail": "object", "place": "$"})])
    check = _Check(documents[0])
    recipe = check.recipe()
    if recipe is None or check.problems:
        raise BadRecipe(check.problems)
    return recipe


class _Check:
    """Walks the recipe part by part, so that one fault does not hide the next."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self.mended: set[tuple[str | int, ...]] = set()

    def note(self, place: list[str | int], code: Code, **particulars: str | int) -> None:
        written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
        line = self.line(place)
        self.problems.append(Problem(self.document.file, line, written or None, code, particulars))

    def line(self, place: list[str | int]) -> int | None:
        node: Any = self.document.value
        line = self.document.line_of(node)
        for part in place:
            if isinstance(node, dict) and isinstance(part, str) and part in node:
                line = self.document.line_of(node, part) or line
                node = node[part]
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                node = node[part]
                line = self.document.line_of(node) or line
            else:
                break
        return line

    def convert(self, value: Any, type_: Any, place: list[str | int]) -> Any:
        """The value as the recipe's structures have it; each fault is told, and mended to find the next."""
        value = copy.deepcopy(value)
        for _ in range(_MOST_FAULTS):
            try:
                return msgspec.convert(value, type_)
            except msgspec.ValidationError as error:
                fault = mending.fault_of(error)
            at = (*place, *fault.place)
            if (*at, *fault.missing) not in self.mended:
                self.note([*at], Code.RECIPE_INVALID, detail=fault.detail)
            elif not fault.missing:
                return None
            if not mending.mend(value, fault):
                return None
            self.mended.add((*at, *fault.missing, *fault.unknown))
        return None

    def is_mended(self, *place: str | int) -> bool:
        """What stands there is ours, not the author's: nothing more is to be said of it."""
        return any(mended[: len(place)] == place for mended in self.mended)

    def recipe(self) -> Recipe | None:
        whole = self.document.value
        inputs, sections = whole.get("inputs"), whole.get("records")
        for name, given in inputs.items() if isinstance(inputs, dict) else ():
            self.convert(given, Input, ["inputs", name])
        for number, section in enumerate(sections if isinstance(sections, list) else ()):
            self.section(section, ["records", number], inputs if isinstance(inputs, dict) else {})
        if self.problems:
            # What stands beside the parts looked at above is still to be told.
            frame = {**whole}
            frame["inputs"] = {} if isinstance(inputs, dict) else inputs
            if isinstance(sections, list) and sections:
                frame["records"] = [{"kind": "unit", "from": "x", "fields": {}}]
            self.convert(frame, Recipe, [])
            return None
        made = self.convert(whole, Recipe, [])
        return made if isinstance(made, Recipe) else None

    def section(self, raw: Any, place: list[str | int], inputs: dict[str, Any]) -> None:
        fields = raw.get("fields") if isinstance(raw, dict) else None
        if not isinstance(fields, dict):
            self.convert(raw, Section, place)
            return
        made = {
            name: self.convert(given, str | list[str] | Field, [*place, "fields", name])
            for name, given in fields.items()
        }
        section = self.convert({**raw, "fields": {}}, Section, place)
        if section is None:
            return
        for name in several(section.source):
            if name not in inputs and not self.is_mended(*place, "from"):
                known = ", ".join(inputs)
                self.note([*place, "from"], Code.RECIPE_INPUT_UNKNOWN, name=name, known=known)
        rules = {} if self.is_mended(*place, "kind") else FIELDS[section.kind]
        if rules:
            self.names(section, list(fields), place)
        for name, field in made.items():
            if field is not None and (name in rules or not rules):
                refers_to = rules[name].refers_to if rules else None
                self.field(field, [*place, "fields", name], refers_to)
        for step_number, step in enumerate(several(section.for_each)):
            for path in [step] if isinstance(step, str) else [step.path, step.recurse or "@"]:
                self.path(path, [*place, "for_each", step_number])
        for part in ("id", "also_known_as", "skip_if"):
            for field in several(getattr(section, part)):
                self.field(field, [*place, part], ())

    def names(self, section: Section, given: list[str], place: list[str | int]) -> None:
        known = FIELDS[section.kind]
        for name in given:
            if name not in known:
                self.note(
                    [*place, "fields", name], Code.RECIPE_FIELD_UNKNOWN,
                    name=name, kind=section.kind, known=", ".join(known),
                )  # fmt: skip
        for name in section.skip_without:
            if name not in given:
                self.note(
                    [*place, "skip_without"], Code.RECIPE_FIELD_UNKNOWN,
                    name=name, kind=section.kind, known=", ".join(given),
                )  # fmt: skip
        for name, rule in known.items():
            if rule.is_required and name not in given:
                self.note([*place, "fields"], Code.RECIPE_FIELD_MISSING, name=name, kind=section.kind)

    def field(
        self, field: str | list[str] | Field, place: list[str | int], refers_to: tuple[str, ...] | None
    ) -> None:
        """Check one field; `refers_to` is None when nobody knows which field it is."""
        if not isinstance(field, Field):
            for path in several(field):
                self.path(path, place)
            if refers_to:
                self.note([*place], Code.RECIPE_FIELD_MISSING, name="match_on", kind=refers_to[0])
            return
        for path in several(field.path):
            self.path(path, [*place, "path"])
        has_keys = any(not isinstance(key, str) for key in field.match_on)
        is_told = bool(field.path or has_keys or any(_defaults(field.do))) or field.value is not None
        if not is_told and not self.is_mended(*place):
            self.note(place, Code.RECIPE_FIELD_MISSING, name="path", kind="field")
        self.functions(field.do, [*place, "do"])
        if refers_to and not field.match_on and not self.is_mended(*place, "match_on"):
            self.note(place, Code.RECIPE_FIELD_MISSING, name="match_on", kind=refers_to[0])
        for number, key in enumerate(field.match_on):
            at = [*place, "match_on", number]
            name = key if isinstance(key, str) else key.field
            known = self.keys(refers_to or ())
            if refers_to is not None and name not in known and not self.is_mended(*at):
                self.note(at, Code.RECIPE_KEY_UNKNOWN, name=name, known=", ".join(known))
            if isinstance(key, Key):
                for path in [*several(key.path), *key.parts]:
                    self.path(path, at)
                self.functions(key.do, at)

    def keys(self, refers_to: tuple[str, ...]) -> list[str]:
        texts = {"text", "slug", "email"}
        return [*COMMON_KEYS] + [
            name
            for kind in refers_to
            if kind in FIELDS
            for name, rule in FIELDS[kind].items()
            if rule.type in texts
        ]

    def path(self, text: str, place: list[str | int]) -> None:
        try:
            compile_path(text)
        except BadPath as error:
            self.note(place, Code.RECIPE_PATH_INVALID, path=text[:200], detail=str(error)[:200])

    def functions(self, functions: list[Function], place: list[str | int]) -> None:
        for number, function in enumerate(functions):
            if self.is_mended(*place, number):
                continue
            try:
                compile_function(function)
            except BadFunction as error:
                self.note([*place, number], Code.RECIPE_PATTERN_INVALID, detail=str(error)[:200])


def _defaults(functions: list[Function]) -> list[bool]:
    return [not isinstance(function, str) and function.default is not msgspec.UNSET for function in functions]
