"""Plain tables: which columns hold what, as a recipe made of the shipped one for tables."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec import structs

from vertebra.connectors.recipe import Recipe, load_recipe
from vertebra.connectors.recipe.shape import Field, Input, Section
from vertebra.connectors.records import FIELDS
from vertebra.kit.files.values import header_name
from vertebra.org.importing.words import FIELD_WORDS, KIND_WORDS
from vertebra.sources.target import TableField, TableKind

KIT = "csv-kit"
# A table of people usually says where they work, too.
_OF_MEMBERSHIP = ("unit", "function", "share")
_ORDER = ("person", "unit", "membership", "mandate", "area", "ownership", "market")
_IDENTITY = ("id", "email", "handle", "name")
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_HELP = {
    "id": _("What tells two rows apart for ever: a number, a login. Without it, names are compared."),
    "manager": _("Their name, e-mail, login or id."),
    "parent": _("The name or the id of what it belongs to."),
    "unit": _("The name or the id of the unit."),
}


@cache
def sections() -> Mapping[str, Section]:
    """How the shipped recipe reads the table of each kind of rows."""
    found: dict[str, Section] = {}
    for section in load_recipe(KIT).records:
        found.setdefault(section.kind, section)
    return found


@cache
def table_kinds() -> tuple[TableKind, ...]:
    """The kinds of rows that a plain table may hold, with their fields."""
    known = sections()
    made = []
    for kind in _ORDER:
        section = known[kind]
        fields = [TableField("id", _("id"), hints_of(section.id), help=_HELP["id"])]
        fields += [_field(kind, name, section.fields[name]) for name in section.fields]
        if kind == "person":
            membership = known["membership"]
            fields += [_field("membership", name, membership.fields[name], False) for name in _OF_MEMBERSHIP]
        made.append(TableKind(kind, KIND_WORDS[kind], tuple(fields)))  # type: ignore[arg-type]
    return tuple(made)


def _field(kind: str, name: str, given: Any, may_be_required: bool = True) -> TableField:
    rule = FIELDS[kind][name]
    has_default = isinstance(given, Field) and any(not isinstance(one, str) for one in given.do)
    is_required = (
        may_be_required and rule.is_required and not (has_default and rule.type in ("slug", "choice"))
    )
    label = FIELD_WORDS.get(name, name)
    return TableField(name, label, hints_of(given), is_required, _HELP.get(name, ""))  # type: ignore[arg-type]


def hints_of(given: Any) -> tuple[str, ...]:
    """The plain headings under which a recipe looks for a field."""
    paths: list[str] = []
    for one in given if isinstance(given, list) else [given]:
        path = one.path if isinstance(one, Field) else one
        paths += path if isinstance(path, list) else [path]
    return tuple(path for path in paths if _PLAIN.fullmatch(path))


def recipe_for(kind: str, columns: Mapping[str, str]) -> Recipe:
    """A recipe that reads one table by the columns that somebody chose."""
    known = sections()
    chosen = {name: column_path(heading) for name, heading in columns.items()}
    made = [_section(known[kind], chosen, FIELDS[kind])]
    if kind == "person" and "unit" in chosen:
        made.append(_membership(known["membership"], chosen))
    kit = load_recipe(KIT)
    return Recipe(
        recipe=1, name="table", title=str(kit.title), inputs={"table": Input(files="**")}, records=made
    )


def column_path(heading: str) -> str:
    """The path by which a recipe reads the column under a heading."""
    name = header_name(heading)
    return name if _PLAIN.fullmatch(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _section(section: Section, chosen: Mapping[str, str], rules: Mapping[str, Any]) -> Section:
    fields: dict[str, Any] = {}
    for name in rules:
        given = section.fields.get(name)
        if given is None:
            continue
        if name in chosen:
            fields[name] = (
                structs.replace(given, path=chosen[name]) if isinstance(given, Field) else chosen[name]
            )
        elif rules[name].is_required and isinstance(given, Field):
            # Nobody chose a column, but the recipe knows what holds without one.
            fields[name] = structs.replace(given, path=[])
    identity: list[Any] = [Field(path=chosen["id"])] if "id" in chosen else []
    return structs.replace(section, source="table", fields=fields, id=identity)


def _membership(section: Section, chosen: Mapping[str, str]) -> Section:
    """Where each person of the table works: recognised by the strongest thing that the table says of them."""
    keys = [name for name in _IDENTITY if name in chosen]
    paths: list[str] = [chosen[name] for name in keys]
    person = Field(path=paths, match_on=["external_id" if name == "id" else name for name in keys])
    fields: dict[str, Any] = {"person": person}
    for name in _OF_MEMBERSHIP:
        given = section.fields[name]
        if name in chosen:
            fields[name] = (
                structs.replace(given, path=chosen[name]) if isinstance(given, Field) else chosen[name]
            )
    # One of these a person and unit: who changes function there is the same membership, told otherwise.
    identity: list[Any] = [Field(path=paths), Field(path=chosen["unit"])]
    return structs.replace(section, source="table", fields=fields, id=identity, skip_without=["unit"])
