"""Survey files of other tools: one or two rows of headings, choices spread over columns, columns that name people."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import slugify

from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.queries.answers import LONGEST_TEXT, SCALES
from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, refuse
from vertebra.kit.files.tables import read_rows
from vertebra.kit.text import fold

LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_rows=50_000, max_columns=400)
MOST_CELLS = 2_000_000
MOST_CHOICES = 30
LEAVE_OUT, GROUP = "", "group"

# Headings of columns that say who answered, from where or when: never kept.
_PERSONAL = re.compile(
    r"^(respondent ?id|collector ?id|response ?id|ip( address)?|adresse ip|e-?mail( address)?|adresse e-?mail"
    r"|courriel|first name|last name|full name|your name|name|surname|prenom|nom|nom de famille|nom complet"
    r"|votre nom|phone( number)?|telephone|custom data( \d+)?|start date|end date|date created|date modified"
    r"|submitted at|timestamp|horodateur|date de debut|date de fin|identifiant( du repondant)?|user ?name|login"
    r"|employee id|matricule|token|respondent|repondant)$"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+")
_ADDRESS = re.compile(r"^\d{1,3}(\.\d{1,3}){3}$")
# What two-row exports write under a question that has no parts.
_SECOND_ROW = frozenset(
    {"response", "open-ended response", "reponse", "reponse ouverte", "open ended response"}
)
_TICKS = frozenset({"1", "0", "x", "yes", "no", "true", "false", "oui", "non", "vrai", "faux", "checked", ""})
_UNTICKED = frozenset({"0", "no", "false", "non", "faux"})


@dataclass(slots=True)
class Column:
    """One question as it was understood: the columns it is spread over, its kind and its choices."""

    indexes: list[int]
    text: str
    kind: str
    labels: list[str] = field(default_factory=list)
    filled: int = 0
    examples: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Column":
        """The question as it was kept."""
        return cls(**kept)

    def kept(self) -> dict[str, Any]:
        """The question as it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """A survey file without its columns that name people."""

    headings: list[str]
    rows: list[list[str]]
    columns: list[Column]
    dropped: list[str]
    digest: str


def digest_of(data: bytes) -> str:
    """What a file is recognised by."""
    return hashlib.sha256(data).hexdigest()


def read_survey(data: bytes, name: str, limits: Limits = LIMITS) -> SurveyFile:
    """What a survey file holds; raises `Refused` when nothing of it can be read."""
    rows = [[_text(cell) for cell in row.cells] for row in read_rows(data, name, limits=limits)]
    if not rows:
        raise refuse(name, Code.FILE_EMPTY)
    width = max(len(row) for row in rows)
    if width > limits.max_columns:
        raise refuse(name, Code.TOO_MANY_COLUMNS, columns=width, limit=limits.max_columns)
    if len(rows) > limits.max_rows or width * len(rows) > MOST_CELLS:
        raise refuse(name, Code.TOO_MANY_ROWS, limit=min(limits.max_rows, MOST_CELLS // width))
    rows = [row + [""] * (width - len(row)) for row in rows]
    top, sub, body = _headings(rows)
    if not body:
        raise refuse(name, Code.NOTHING_FOUND)
    if not any(top):
        raise refuse(name, Code.HEADER_MISSING, line=1)
    names = [f"{a}: {b}" if a and b else a or b for a, b in zip(top, sub, strict=True)]
    kept = [at for at in range(width) if names[at] and not _is_personal(names[at], body, at)]
    dropped = [names[at] for at in range(width) if names[at] and at not in set(kept)]
    body = [[_EMAIL.sub("[e-mail]", row[at]) for at in kept] for row in body]
    body = [row for row in body if any(row)]
    pairs = [(top[at], sub[at]) for at in kept]
    return SurveyFile([names[at] for at in kept], body, understood(pairs, body), dropped, digest_of(data))


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).replace("\x00", "").split())[:LONGEST_TEXT]


def _headings(rows: list[list[str]]) -> tuple[list[str], list[str], list[list[str]]]:
    """The first row, the second one where it belongs to the headings, and the answers."""
    top = rows[0]
    second = rows[1] if len(rows) > 1 else []
    has_gaps = any(not above and below for above, below in zip(top, second, strict=False))
    if not second or not (has_gaps or any(fold(cell) in _SECOND_ROW for cell in second)):
        return top, [""] * len(top), rows[1:]
    filled, held = [], ""
    for above, below in zip(top, second, strict=True):
        # A heading that spans columns is written over the first of them.
        held = above or (held if below else "")
        filled.append(held)
    sub = ["" if fold(cell) in _SECOND_ROW else cell for cell in second]
    return filled, sub, rows[2:]


def _is_personal(name: str, body: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column says who answered, by its heading or by what it holds."""
    if _PERSONAL.match(fold(name.rstrip(" :?*"))):
        return True
    values = [row[at] for row in body if row[at]]
    marked = sum(bool(_EMAIL.fullmatch(value) or _ADDRESS.match(value)) for value in values)
    return bool(values) and marked * 2 >= len(values)


def understood(pairs: Sequence[tuple[str, str]], body: Sequence[Sequence[str]]) -> list[Column]:
    """The questions that the columns hold: choices spread over several columns are one question."""
    made: list[Column] = []
    at = 0
    while at < len(pairs):
        end = at + 1
        while end < len(pairs) and _is_tick(body, at) and _is_tick(body, end) and _belong(pairs, at, end):
            end += 1
        if end - at > 1 and any(row[index] for row in body for index in range(at, end)):
            made.append(_several(pairs, body, list(range(at, end))))
        else:
            end = at + 1
            made.append(_single(pairs[at], body, at))
        at = end
    return made


def _is_tick(body: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column only says chosen or not."""
    values = {row[at] for row in body if row[at]}
    return len(values) == 1 or (
        bool(values) and {fold(value) for value in values} <= _TICKS and len(values) == 2
    )


def _belong(pairs: Sequence[tuple[str, str]], first: int, other: int) -> bool:
    """Whether two columns are under one heading, or begin with the same word before a colon."""
    if pairs[first][1] or pairs[other][1]:
        return pairs[first][0] == pairs[other][0] and bool(pairs[other][1])
    one, colon, _rest = pairs[first][0].partition(":")
    two, other_colon, _rest = pairs[other][0].partition(":")
    return bool(colon and other_colon) and fold(one)[:6] == fold(two)[:6]


def _several(pairs: Sequence[tuple[str, str]], body: Sequence[Sequence[str]], indexes: list[int]) -> Column:
    first = pairs[indexes[0]]
    text = first[0] if first[1] else first[0].partition(":")[0]
    labels: list[str] = []
    for index in indexes:
        top, sub = pairs[index]
        said = next((row[index] for row in body if row[index]), "")
        is_word = said and not said.isdigit() and fold(said) not in _TICKS
        label = sub or (said if is_word else top.partition(":")[2].strip()) or top
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    filled = sum(any(_is_chosen(row[index]) for index in indexes) for row in body)
    return Column(indexes, text.strip(), QuestionKind.SEVERAL, labels, filled, labels[:3])


def _is_chosen(value: str) -> bool:
    return bool(value) and fold(value) not in _UNTICKED


def _single(pair: tuple[str, str], body: Sequence[Sequence[str]], at: int) -> Column:
    text = f"{pair[0]}: {pair[1]}" if pair[1] else pair[0]
    values = [row[at] for row in body if row[at]]
    counts = Counter(values)
    kind = _kind_of(text, counts)
    labels = _ordered(counts) if kind == QuestionKind.ONE else []
    examples = [value[:80] for value, _count in counts.most_common(3)]
    return Column([at], text, kind, labels, len(values), examples)


def _kind_of(text: str, counts: Counter[str]) -> str:
    """The kind of question that these values answer."""
    if not counts:
        return LEAVE_OUT
    numbers = [int(value) for value in counts if re.fullmatch(r"\d{1,3}", value)]
    if len(numbers) == len(counts) and max(numbers) <= 100:
        if "%" in text and max(numbers) > 10:
            return QuestionKind.SHARE
        if min(numbers) >= 1 and max(numbers) <= 5:
            return QuestionKind.AGREEMENT
        if max(numbers) <= 10:
            return QuestionKind.SCALE
    total = sum(counts.values())
    is_short = max(len(value) for value in counts) <= 200
    few = len(counts) <= MOST_CHOICES and total >= 2 * len(counts) and len(counts) <= max(8, total // 6)
    return QuestionKind.ONE if is_short and few else QuestionKind.TEXT


def _ordered(counts: Counter[str]) -> list[str]:
    """Choices in the order of their numbers, else the commonest first."""
    if all(value.isdigit() for value in counts):
        return sorted(counts, key=int)
    return [value for value, _count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]


def codes_of(labels: Sequence[str]) -> dict[str, str]:
    """A code for each choice, short and its own."""
    made: dict[str, str] = {}
    for number, label in enumerate(labels):
        base = slugify(label)[:40].strip("-") or f"choice-{number + 1}"
        made[label] = base if base not in made.values() else f"{base}-{number + 1}"
    return made


def values_of(column: Column, kind: str, rows: Sequence[Sequence[str]]) -> list[Any]:
    """What each row answers to a question of that kind; None where it answers nothing, or nothing that fits."""
    if kind == QuestionKind.SEVERAL and len(column.indexes) > 1:
        codes = list(codes_of(column.labels).values())
        ticked = [
            [code for code, index in zip(codes, column.indexes, strict=True) if _is_chosen(row[index])]
            for row in rows
        ]
        return [chosen or None for chosen in ticked]
    raw = [next((row[index] for index in column.indexes if row[index]), "") for row in rows]
    if kind in SCALES:
        lowest, highest = SCALES[kind]
        return [
            int(value) if re.fullmatch(r"\d{1,3}", value) and lowest <= int(value) <= highest else None
            for value in raw
        ]
    if kind in {QuestionKind.ONE, QuestionKind.SEVERAL}:
        codes_by_label = codes_of(choices_of(column, kind, rows))
        found = [codes_by_label.get(value) for value in raw]
        return [[code] if code and kind == QuestionKind.SEVERAL else code for code in found]
    return [value or None for value in raw]


def choices_of(column: Column, kind: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """The choices of a question: those understood, or its commonest answers."""
    if column.labels:
        return column.labels
    counts = Counter(row[index] for row in rows for index in column.indexes if row[index])
    return [value for value, _count in counts.most_common(MOST_CHOICES)] if kind else []
