"""What a record is called by its source: made of what it says, never of where it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from vertebra.connectors.recipe.fields import Reader, clean_text
from vertebra.connectors.recipe.functions import as_text
from vertebra.connectors.recipe.paths import Item
from vertebra.connectors.records import FieldRule, Ref, Value
from vertebra.kit.files.values import slug
from vertebra.kit.text import fold

MAX_ID = 200
_RULE = FieldRule("text")

# What tells two records of a kind apart when the recipe gives no id: all of these together.
PARTS: Mapping[str, tuple[str, ...]] = {
    "unit": ("kind", "name"),
    "area": ("kind", "name"),
    "membership": ("person", "unit", "function", "starts_on"),
    "mandate": ("role", "title", "person", "function", "unit", "area", "market", "starts_on"),
    "ownership": ("area", "market", "unit", "starts_on"),
    "revision": ("initiative", "at"),
}
# Or the first of these that there is.
FIRST_OF: Mapping[str, tuple[str, ...]] = {
    "person": ("handle", "email", "name"),
    "market": ("code", "name"),
    "initiative": ("title",),
    "release": ("name",),
}


def shorten(text: str) -> str:
    """The text, or its beginning with a fingerprint of the whole when it is too long for an id."""
    if len(text) <= MAX_ID:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]
    return f"{text[: MAX_ID - 21]}~{digest}"


def given_id(parts: list[Reader], item: Item) -> str | None:
    """The id that the recipe says how to read, parts joined by a slash."""
    texts = []
    for reader in parts:
        for piece in reader.pieces(item)[:1]:
            if text := clean_text(piece.value, _RULE):
                texts.append(text)
    return shorten("/".join(texts)) if texts else None


def _part(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Ref):
        return value.keys[0][1]
    if isinstance(value, tuple):
        return "+".join(_part(ref) for ref in value)
    return fold(as_text(value))


def default_id(kind: str, values: Mapping[str, Value]) -> str:
    """The id of a record whose recipe gives none."""
    for name in FIRST_OF.get(kind, ()):
        if value := values.get(name):
            return shorten(fold(as_text(value)))
    if kind in ("unit", "area"):
        return shorten(f"{_part(values.get('kind')) or kind}/{slug(as_text(values.get('name') or ''))}")
    return shorten("|".join(_part(values.get(name)) for name in PARTS.get(kind, ())).rstrip("|"))
