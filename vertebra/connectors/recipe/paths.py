"""Places in a document: JMESPath, and the few words that reach around the present item."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from vertebra.kit.files.documents import Document

Getter = Callable[["Item"], Any]


class Item:
    """What a path is applied to: a value, its key or position, and what it was found in."""

    __slots__ = ("document", "key", "parent", "place", "value")

    def __init__(self, value: Any, key: str | None, place: str, parent: Item | None, document: Document):
        self.value = value
        self.key = key
        self.place = place
        self.parent = parent
        self.document = document

    @property
    def line(self) -> int | None:
        """The line of this item, or of the nearest thing around it that has one."""
        item: Item | None = self
        while item is not None:
            if (line := item.document.line_of(item.value)) is not None:
                return line
            item = item.parent
        return self.document.line

    @property
    def path(self) -> str:
        """The way to this item from the top of its document."""
        parts: list[str] = []
        item: Item | None = self
        while item is not None:
            if item.place:
                parts.append(item.place)
            item = item.parent
        return ".".join(reversed(parts)).replace(".[", "[")


class BadPath(ValueError):
    """A path that cannot be understood."""


_WORDS = ("$key", "$file", "$stem", "$folder", "$document", "$parent")


def compile_path(text: str) -> Getter:
    """A function that finds the value at this path, None when there is none."""
    text = text.strip()
    if text.startswith("$"):
        word, _, rest = text.partition(".")
        word = word.strip()
        if word not in _WORDS:
            raise BadPath(word)
        if word in ("$document", "$parent"):
            inner = compile_path(rest or "@")
            return _of_parent(inner) if word == "$parent" else _of_document(inner)
        if rest:
            raise BadPath(text)
        return {"$key": _key, "$file": _file, "$stem": _stem, "$folder": _folder}[word]
    return _jmespath(text)


def _key(item: Item) -> Any:
    return item.key


def _file(item: Item) -> Any:
    return item.document.file


def _stem(item: Item) -> Any:
    return PurePosixPath(item.document.file).stem


def _folder(item: Item) -> Any:
    return PurePosixPath(item.document.file).parent.name


def _of_parent(inner: Getter) -> Getter:
    def get(item: Item) -> Any:
        return None if item.parent is None else inner(item.parent)

    return get


def _of_document(inner: Getter) -> Getter:
    def get(item: Item) -> Any:
        while item.parent is not None:
            item = item.parent
        return inner(item)

    return get


def _jmespath(text: str) -> Getter:
    if text == "@":
        return lambda item: item.value
    try:
        parsed = jmespath.compile(text)
    except JMESPathError as error:
        raise BadPath(str(error).split("\n")[0]) from error
    except (ValueError, RecursionError, KeyError, AttributeError) as error:
        raise BadPath(text) from error
    names = _plain_names(parsed.parsed)
    if names is not None and len(names) == 1:
        name = names[0]

        def get_one(item: Item) -> Any:
            value = item.value
            return value.get(name) if type(value) is dict else None

        return get_one
    if names is not None:
        return _get_deep(names)
    search = parsed.search

    def get(item: Item) -> Any:
        try:
            return search(item.value)
        except (JMESPathError, TypeError, AttributeError, ValueError):
            # A function met a value of another type than it needs: there is nothing here.
            return None

    return get


def _get_deep(names: list[str]) -> Getter:
    def get(item: Item) -> Any:
        value = item.value
        for name in names:
            if type(value) is not dict:
                return None
            value = value.get(name)
        return value

    return get


def _plain_names(node: Any) -> list[str] | None:
    """The names of a path made of names only, which needs no interpreter."""
    if node["type"] == "field":
        return [node["value"]]
    if node["type"] == "subexpression":
        names: list[str] = []
        for child in node["children"]:
            inner = _plain_names(child)
            if inner is None:
                return None
            names += inner
        return names
    return None


def is_plain(text: str) -> bool:
    """The path is the name of one key and nothing more."""
    return text.isidentifier() and text.isascii()


def is_empty(value: object) -> bool:
    """Nothing was written there."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value or value.isspace()
    return isinstance(value, list | dict) and not value
