"""Plain tables of initiatives: which columns hold what, as a recipe made of the shipped one for tables."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec import structs

from vertebra.connectors.recipe import Recipe, load_recipe
from vertebra.connectors.recipe.shape import Field, Input, Section
from vertebra.connectors.records import FIELDS
from vertebra.org.importing.tables import column_path, hints_of
from vertebra.roadmap.importing.words import FIELD_WORDS, KIND_WORDS
from vertebra.sources.target import TableField, TableKind

KIT = "roadmap-table"
KIND = "initiative"
_HELP = {
    "id": _("What tells two rows apart for ever: a number, a key. Without it, titles are compared."),
    "owner_unit": _("The name or the id of the unit."),
    "lead": _("Their name, e-mail, login or id."),
    "state": _("For example: idea, planned, in progress, on hold, done."),
}


@cache
def _section() -> Section:
    return next(one for one in load_recipe(KIT).records if one.kind == KIND)


@cache
def table_kinds() -> tuple[TableKind, ...]:
    """The one kind of rows that a plain table of a roadmap holds, with its fields."""
    section = _section()
    fields = [TableField("id", _("id"), hints_of(section.id), help=_HELP["id"])]
    for name, given in section.fields.items():
        is_required = FIELDS[KIND][name].is_required
        label = FIELD_WORDS.get(name, name)
        fields.append(TableField(name, label, hints_of(given), is_required, _HELP.get(name, "")))
    return (TableKind(KIND, KIND_WORDS[KIND], tuple(fields)),)


def recipe_for(columns: Mapping[str, str]) -> Recipe:
    """A recipe that reads one table by the columns that somebody chose."""
    section = _section()
    chosen = {name: column_path(heading) for name, heading in columns.items()}
    fields: dict[str, Any] = {}
    for name, given in section.fields.items():
        if name in chosen:
            fields[name] = (
                structs.replace(given, path=chosen[name]) if isinstance(given, Field) else chosen[name]
            )
        elif isinstance(given, Field) and name in {"kind", "state"}:
            # Nobody chose a column, but the recipe knows what holds without one.
            fields[name] = structs.replace(given, path=[])
    identity: list[Any] = [Field(path=chosen["id"])] if "id" in chosen else []
    read = structs.replace(section, source="table", fields=fields, id=identity)
    return Recipe(
        recipe=1,
        name="table",
        title=load_recipe(KIT).title,
        inputs={"table": Input(files="**")},
        records=[read],
    )
