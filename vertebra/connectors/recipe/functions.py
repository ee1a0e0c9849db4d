"""What a recipe may do with a value: a closed list, each a plain function of text."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from msgspec import UNSET

from vertebra.connectors.recipe.patterns import BadPattern, Pattern
from vertebra.connectors.recipe.shape import Call, Function
from vertebra.kit.files import values
from vertebra.kit.files.prose import plain_text
from vertebra.kit.text import fold

_ACTING = re.compile(
    r"[(\[]\s?(?:acting|interim|a\.i\.|ad interim|p\.\s?i\.|par int[ée]rim|int[ée]rim|(?:en )?int[ée]rimaire)"
    r"\s?[)\]]",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"[,;/\n|]|\s&\s|\s(?:and|et)\s")


class BadFunction(ValueError):
    """A function was asked for in a way that makes no sense."""


@dataclass(frozen=True, slots=True)
class Step:
    """A function made ready: on each value, from each to several, on all of them, or marking an acting holder."""

    name: str
    reach: Literal["each", "many", "all", "acting"]
    call: Callable[[Any], Any]


@dataclass(slots=True)
class Piece:
    """One value on its way through the functions, with the text it was."""

    value: Any
    text: str
    is_acting: bool = False


def as_text(value: Any) -> str:
    """The value as somebody would write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _on_text(function: Callable[[str], Any]) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        return value if isinstance(value, dict | list) else function(as_text(value))

    return call


def _pattern(text: str) -> Pattern:
    try:
        return Pattern(text)
    except BadPattern as error:
        raise BadFunction(str(error)) from error


def _split(pattern: re.Pattern[str]) -> Callable[[Any], list[Any]]:
    def call(value: Any) -> list[Any]:
        if isinstance(value, dict | list):
            return [value]
        return [part.strip() for part in pattern.split(as_text(value)) if part and part.strip()]

    return call


def _regex(pattern: Pattern) -> Callable[[str], Any]:
    def call(text: str) -> Any:
        found = pattern.search(text)
        if not found:
            return None
        return (
            next((group for group in found.groups() if group is not None), None)
            if pattern.groups
            else found[0]
        )

    return call


def _replace(pattern: Pattern, by: str) -> Callable[[str], Any]:
    try:
        pattern.check_replacement(by)
    except BadPattern as error:
        raise BadFunction(str(error)) from error
    return lambda text: pattern.subn(by, text)[0]


def _shorten(text: str, limit: int) -> str:
    """At most so many characters, cut between words where there is a gap near the end."""
    text = text.strip()
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    gap = kept.rfind(" ")
    return (kept[:gap] if gap > limit // 2 else kept).rstrip() + "…"


def _table(table: dict[str, Any], keep: bool) -> Callable[[str], Any]:
    folded = {fold(key): value for key, value in table.items()}

    def call(text: str) -> Any:
        return folded.get(fold(text), text if keep else None)

    return call


def _formats(formats: Iterable[str]) -> Callable[[Any], Any]:
    wanted = list(formats)
    for form in wanted:
        with contextlib.suppress(ValueError):
            try:
                datetime.strptime("", form)  # noqa: DTZ007
            except re.error as error:
                # The same part of a day asked for twice.
                raise BadFunction(form) from error

    def call(value: Any) -> Any:
        if isinstance(value, date):
            return value
        for form in wanted:
            try:
                return datetime.strptime(as_text(value).strip(), form).date()  # noqa: DTZ007
            except ValueError:
                continue
        # Left as it is, so that the field's own check can say what is wrong with it.
        return value

    return call


def _or_same(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        parsed = parse(value)
        return value if parsed is None else parsed

    return call


def _unique(pieces: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for piece in pieces:
        if piece not in kept:
            kept.append(piece)
    return kept


def _join(by: str) -> Callable[[list[Any]], list[Any]]:
    return lambda found: [by.join(as_text(value) for value in found)] if found else []


_WORDS: dict[str, Step] = {
    "strip": Step("strip", "each", _on_text(str.strip)),
    "split": Step("split", "many", _split(_SPLIT)),
    "html_text": Step("html_text", "each", _on_text(values.html_text)),
    "markdown_text": Step("markdown_text", "each", _on_text(plain_text)),
    "slug": Step("slug", "each", _on_text(values.slug)),
    "fold": Step("fold", "each", _on_text(fold)),
    "lower": Step("lower", "each", _on_text(str.lower)),
    "upper": Step("upper", "each", _on_text(str.upper)),
    "title_case": Step(
        "title_case", "each", _on_text(lambda text: re.sub(r"[-_]+", " ", text).strip().title())
    ),
    "first": Step("first", "all", lambda found: found[:1]),
    "last": Step("last", "all", lambda found: found[-1:]),
    "unique": Step("unique", "all", _unique),
    "join": Step("join", "all", _join(", ")),
    "date": Step("date", "each", _or_same(values.parse_date)),
    "number": Step("number", "each", _or_same(values.parse_number)),
    "percent": Step("percent", "each", _or_same(values.parse_percent)),
    "boolean": Step("boolean", "each", _or_same(values.is_true)),
    "acting": Step("acting", "acting", lambda text: _ACTING.subn(" ", text)),
}


def compile_function(function: Function) -> Step:
    """The function made ready; raises `BadFunction` when it asks for something impossible."""
    if isinstance(function, str):
        return _WORDS[function]
    given = [name for name in function.__struct_fields__ if getattr(function, name) is not UNSET]
    if len(given) != 1:
        raise BadFunction(", ".join(given) or "{}")
    return _compile_call(given[0], function)


def _compile_call(name: str, call: Call) -> Step:
    argument: Any = getattr(call, name)
    match name:
        case "split":
            parts = [argument] if isinstance(argument, str) else argument
            return Step(name, "many", _split(re.compile("|".join(re.escape(part) for part in parts))))
        case "regex":
            return Step(name, "each", _on_text(_regex(_pattern(argument))))
        case "replace":
            return Step(name, "each", _on_text(_replace(_pattern(argument.pattern), argument.by)))
        case "map" | "map_only":
            # Whatever the capitals and accents; what is not in the table stays, or goes.
            return Step(name, "each", _on_text(_table(argument, keep=name == "map")))
        case "default":
            return Step(name, "all", lambda found: found or [argument])
        case "date":
            return Step(name, "each", _formats([argument] if isinstance(argument, str) else argument))
        case "join":
            return Step(name, "all", _join(argument))
        case "acting":
            pattern = _pattern(argument)
            return Step(name, "acting", lambda text: pattern.subn(" ", text))
        case "drop":
            words = {fold(word) for word in ([argument] if isinstance(argument, str) else argument)}
            return Step(name, "each", _on_text(lambda text: None if fold(text) in words else text))
        case "shorten":
            return Step(name, "each", _on_text(lambda text: _shorten(text, argument)))
        case "prefix":
            return Step(name, "each", _on_text(lambda text: argument + text))
        case _:
            return Step(name, "each", _on_text(lambda text: text.strip(argument)))


def _is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace())) or value in ([], {})


def apply(steps: tuple[Step, ...], raw: Any) -> list[Piece]:
    """The value, or each of a list, through all the functions; what becomes empty is left out."""
    pieces = [
        Piece(value, "" if isinstance(value, dict | list) else as_text(value))
        for value in (raw if isinstance(raw, list) else [raw])
        if not _is_nothing(value)
    ]
    for step in steps:
        pieces = _STEPS[step.reach](step, pieces)
    return pieces


def _each(step: Step, pieces: list[Piece]) -> list[Piece]:
    kept = []
    for piece in pieces:
        piece.value = step.call(piece.value)
        if not _is_nothing(piece.value):
            kept.append(piece)
    return kept


def _many(step: Step, pieces: list[Piece]) -> list[Piece]:
    return [
        Piece(part, as_text(part), piece.is_acting) for piece in pieces for part in step.call(piece.value)
    ]


def _all(step: Step, pieces: list[Piece]) -> list[Piece]:
    by_value = {id(piece.value): piece for piece in pieces}
    made: list[Piece] = []
    for value in step.call([piece.value for piece in pieces]):
        if not _is_nothing(value):
            made.append(by_value.get(id(value)) or Piece(value, as_text(value)))
    return made


def _acting(step: Step, pieces: list[Piece]) -> list[Piece]:
    kept = []
    for piece in pieces:
        if not isinstance(piece.value, dict | list):
            text, count = step.call(as_text(piece.value))
            if count:
                piece.value, piece.is_acting = " ".join(text.split()), True
        if not _is_nothing(piece.value):
            kept.append(piece)
    return kept


_STEPS: dict[str, Callable[[Step, list[Piece]], list[Piece]]] = {
    "each": _each,
    "many": _many,
    "all": _all,
    "acting": _acting,
}
