"""One field of a record: found in the file, worked on, and checked against what the field may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from vertebra.connectors.recipe.functions import Piece, Step, apply, as_text, compile_function
from vertebra.connectors.recipe.paths import Getter, Item, compile_path, is_empty, is_plain
from vertebra.connectors.recipe.shape import Field, Key
from vertebra.connectors.records import FieldRule, Ref, Scalar
from vertebra.kit.files import values
from vertebra.kit.files.problems import Code
from vertebra.kit.text import fold

_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;.]+(?:\.[^\s@<>,;.]+)+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MAX_KEY = 500
# Compared without capitals and accents, on both sides.
FOLDED_KEYS = frozenset({"name", "alias", "title"})
LOWERED_KEYS = frozenset({"email", "handle", "code"})


class Wrong(Exception):
    """A value that its field cannot hold."""

    def __init__(self, code: Code, **particulars: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.particulars = particulars


def comparable(field: str, value: str) -> str:
    """The form in which two values of this field are compared."""
    if field in FOLDED_KEYS:
        return fold(value)
    return value.strip().lower() if field in LOWERED_KEYS else value


def clean_text(value: Any, rule: FieldRule) -> str | None:
    """The text without blanks around it, refused when it is too long or holds what no screen can show."""
    if isinstance(value, dict | list):
        raise Wrong(Code.NOT_A_TEXT)
    text = as_text(value).strip()
    if not text.isprintable():
        if found := _CONTROL.search(text):
            raise Wrong(Code.UNPRINTABLE, character=f"U+{ord(found[0]):04X}")
        if rule.max_length is not None and rule.max_length <= 254:
            text = " ".join(text.split())
    if rule.max_length is not None and len(text) > rule.max_length:
        raise Wrong(Code.VALUE_TOO_LONG, length=len(text), limit=rule.max_length, value=text[:60])
    return text or None


def _number(parse: Callable[[Any], Decimal | None]) -> Callable[[Any, FieldRule], Scalar | None]:
    def check(value: Any, rule: FieldRule) -> Decimal:
        number = parse(value)
        if number is None:
            raise Wrong(Code.NOT_A_NUMBER, value=as_text(value)[:60])
        return number

    return check


def _day(value: Any, rule: FieldRule) -> date:
    day = values.parse_date(value)
    if day is None:
        raise Wrong(Code.NOT_A_DATE, value=as_text(value)[:60])
    return day


def _boolean(value: Any, rule: FieldRule) -> bool:
    answer = values.is_true(value)
    if answer is None:
        raise Wrong(Code.NOT_A_BOOLEAN, value=as_text(value)[:60])
    return answer


def _slug(value: Any, rule: FieldRule) -> str | None:
    text = clean_text(value, rule)
    return values.slug(text) if text else None


def _email(value: Any, rule: FieldRule) -> str | None:
    text = clean_text(value, rule)
    if text and not _EMAIL.fullmatch(text):
        raise Wrong(Code.NOT_AN_EMAIL, value=text[:60])
    return text


def _choice(value: Any, rule: FieldRule) -> str | None:
    text = clean_text(value, FieldRule("text"))
    if text and text not in rule.choices:
        # « Product manager » is product_manager.
        if (code := values.header_name(text)) in rule.choices:
            return code
        raise Wrong(Code.CHOICE_UNKNOWN, value=text[:60], choices=", ".join(rule.choices))
    return text


def _pairs(value: Any, rule: FieldRule) -> str | None:
    """Names with what each holds, a line for each; a text is taken as it is."""
    if not isinstance(value, dict):
        return clean_text(value, rule)
    told = ((str(name), "" if held is None else as_text(held).strip()) for name, held in value.items())
    return "\n".join(f"{name}: {held}" for name, held in told if held) or None


def _moment(value: Any, rule: FieldRule) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(as_text(value).strip())
    except ValueError as error:
        raise Wrong(Code.NOT_A_DATE, value=as_text(value)[:60]) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


_CHECKS: dict[str, Callable[[Any, FieldRule], Scalar | None]] = {
    "text": clean_text,
    "slug": _slug,
    "email": _email,
    "date": _day,
    "decimal": _number(values.parse_number),
    "percent": _number(values.parse_percent),
    "boolean": _boolean,
    "choice": _choice,
    "pairs": _pairs,
    "moment": _moment,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a value was found and what was done with it, for those who ask."""

    place: str
    raw: Any
    functions: tuple[str, ...]


class Reader:
    """A field of a recipe made ready to be read from any item."""

    __slots__ = (
        "constant",
        "getters",
        "headings",
        "keys",
        "name",
        "path_texts",
        "plain_keys",
        "refers_to",
        "rule",
        "steps",
        "unmatched",
    )

    def __init__(self, name: str, given: str | list[str] | Field, rule: FieldRule) -> None:
        field = given if isinstance(given, Field) else Field(path=given)
        if not field.path and field.value is None and field.match_on:
            # The item itself is what is referred to; its keys say how.
            field = msgspec.structs.replace(field, path="@")
        self.name = name
        self.rule = rule
        self.path_texts = [field.path] if isinstance(field.path, str) else field.path
        self.getters: list[Getter] = [compile_path(path) for path in self.path_texts]
        # Most paths of most recipes are the heading of a column: no need to go through a function each.
        self.headings = self.path_texts if all(map(is_plain, self.path_texts)) else []
        self.constant = field.value
        self.steps: tuple[Step, ...] = tuple(compile_function(function) for function in field.do)
        self.unmatched = field.unmatched
        self.refers_to = rule.refers_to[0] if rule.refers_to else ""
        self.keys = [_KeyReader(key) for key in field.match_on]
        is_simple = all(key.is_itself and not key.steps for key in self.keys)
        self.plain_keys = [key.field for key in self.keys] if is_simple else []

    def is_told_by(self, headings: Mapping[str, str]) -> bool:
        """A table of these headings has something to say about this field, be it that it is empty."""
        if not self.headings or self.constant is not None:
            return True
        if any(step.name == "default" for step in self.steps):
            return True
        return any(heading in headings for heading in self.headings)

    def raw(self, item: Item) -> tuple[Any, str]:
        """The first thing written at one of the paths, and that path."""
        if self.headings and type(row := item.value) is dict:
            for heading in self.headings:
                value = row.get(heading)
                if value is not None and value != "" and not is_empty(value):
                    return value, heading
            return self.constant, self.headings[0]
        for getter, text in zip(self.getters, self.path_texts, strict=True):
            value = getter(item)
            if not is_empty(value):
                return value, text
        return self.constant, self.path_texts[0] if self.path_texts else ""

    def heading(self, item: Item, headings: Mapping[str, str]) -> str | None:
        """The heading of the table, as its author wrote it, under which the field stands; None without one."""
        names = (self.raw(item)[1], *self.headings)
        return next((headings[name] for name in names if name in headings), None)

    def pieces(self, item: Item) -> list[Piece]:
        """What the functions make of it: one value or several."""
        return apply(self.steps, self.raw(item)[0])

    def scalar(self, item: Item) -> Scalar | None:
        """The one value of the field; raises `Wrong` when it is not one, or not of its type."""
        raw, _ = self.raw(item)
        if not self.steps and not isinstance(raw, list):
            value = raw
        else:
            pieces = apply(self.steps, raw)
            if len(pieces) > 1:
                raise Wrong(Code.SEVERAL_VALUES, count=len(pieces), value=pieces[0].text[:60])
            value = pieces[0].value if pieces else None
        if is_empty(value):
            return None
        return _CHECKS[self.rule.type](value, self.rule)

    def refs(self, item: Item) -> list[Ref]:
        """The objects mentioned, in the order of the file."""
        raw = self.raw(item)[0]
        if raw is None:
            return []
        made = []
        for piece in apply(self.steps, raw):
            text = piece.text
            if self.plain_keys and type(piece.value) is str:
                # The text itself is the key, by several names.
                keys = tuple([(name, comparable(name, piece.value)[:MAX_KEY]) for name in self.plain_keys])
            else:
                found = [read for key in self.keys for read in key.read(piece, item)]
                keys = tuple([(name, value) for name, value, _ in found])
                # A mapping has no text of its own: the name in it says best who is meant.
                written = [words for name, _, words in found if name == "name"] or [one[2] for one in found]
                text = text or "".join(written[:1])
            if keys:
                made.append(Ref(self.refers_to, keys, " ".join(text.split())[:MAX_KEY], piece.is_acting))
        return made

    def explain(self, item: Item) -> Taken:
        """The place the value comes from and the functions it went through."""
        raw, path = self.raw(item)
        place = path or "(value)"
        return Taken(place, raw, tuple(step.name for step in self.steps))


class _KeyReader:
    __slots__ = ("field", "getters", "is_itself", "parts", "steps")

    def __init__(self, key: str | Key) -> None:
        self.field = key if isinstance(key, str) else key.field
        paths = ["@"] if isinstance(key, str) else [key.path] if isinstance(key.path, str) else key.path
        self.parts = [] if isinstance(key, str) else [compile_path(part) for part in key.parts]
        self.is_itself = paths == ["@"] and not self.parts
        self.getters = [compile_path(path) for path in paths]
        self.steps = () if isinstance(key, str) else tuple(compile_function(function) for function in key.do)

    def read(self, piece: Piece, item: Item) -> list[tuple[str, str, str]]:
        """The name of the key, its value as compared, and as written; nothing when there is none."""
        value = piece.value
        if not self.is_itself:
            inner = item if value is item.value else Item(value, None, "", item, item.document)
            if self.parts:
                found = [getter(inner) for getter in self.parts]
                value = "/".join(as_text(part).strip() for part in found if not is_empty(part))
            else:
                value = next((got for getter in self.getters if not is_empty(got := getter(inner))), None)
        if self.steps and value is not None:
            pieces = apply(self.steps, value)
            value = pieces[0].value if pieces else None
        if value is None or isinstance(value, dict | list):
            return []
        text = comparable(self.field, as_text(value))
        return [(self.field, text[:MAX_KEY], as_text(value))] if text else []
