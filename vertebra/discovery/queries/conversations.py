"""Conversations as Product Ops reads them: the list, what was marked, the notes in parts with their marks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from vertebra.discovery.models import Evidence, Interview, PainPoint, Verbatim
from vertebra.kit.text import fold

PART = 16_000
MOST_MARKS = 60


def conversations() -> "QuerySet[Interview, Any]":
    """Every conversation that is not put away, without its notes, by the moment it took or takes place."""
    rows = Interview.objects.filter(archived_at=None).defer("notes")
    rows = rows.select_related("person", "campaign", "interviewer")
    marked = Verbatim.objects.filter(interview=OuterRef("pk"), withdrawn_at=None).order_by()
    counted = marked.values("interview").annotate(many=Count("pk")).values("many")
    return rows.annotate(moment=Coalesce("starts_at", "created_at"), marks=Coalesce(Subquery(counted), 0))


def named(rows: "QuerySet[Interview, Any]", text: str) -> "QuerySet[Interview, Any]":
    """Those with somebody of that name, in a campaign of that title, or at that place."""
    wanted = fold(text)
    return rows.filter(
        Q(person__name_folded__contains=wanted)
        | Q(campaign__title__icontains=text)
        | Q(place__icontains=text)
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that were marked, and what they show."""

    verbatim: Verbatim
    pain_points: list[PainPoint]


def marks_of(interview: Interview, rows: "QuerySet[Verbatim, Any] | None" = None) -> list[Mark]:
    """What was marked in a conversation (or those of these rows), in the order it was said."""
    chosen = Verbatim.objects.filter(interview=interview, withdrawn_at=None) if rows is None else rows
    found = list(chosen.order_by("transcript", "position", "pk")[:MOST_MARKS])
    tied: dict[int, list[PainPoint]] = defaultdict(list)
    links = Evidence.objects.filter(verbatim__in=found, ended_at=None).select_related("pain_point")
    for link in links.order_by("pk"):
        if link.verbatim_id is not None:
            tied[link.verbatim_id].append(link.pain_point)
    return [Mark(verbatim, tied[verbatim.pk]) for verbatim in found]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a line, marked or not."""

    text: str
    mark: int | None = None


@dataclass(slots=True)
class Block:
    """One line of notes: its kind (heading, item, quote or text), where it begins, its pieces."""

    kind: str
    at: int
    pieces: list[Piece] = field(default_factory=list)


def parts_of(text: str, size: int = PART) -> list[tuple[int, int]]:
    """Where each part of long notes begins and ends: between two lines where it can."""
    parts, start = [], 0
    while len(text) - start > size:
        end = text.rfind("\n", start + size // 2, start + size)
        end = end + 1 if end >= 0 else start + size
        parts.append((start, end))
        start = end
    return [*parts, (start, len(text))]


Span = tuple[int, int, int]


def spans_of(text: str, verbatims: Iterable[Verbatim]) -> list[Span]:
    """Where in the notes each verbatim stands, by its id; those whose words were edited away are left out."""
    spans = []
    for row in verbatims:
        start = place_of(text, row.text, row.position)
        if row.transcript_id is None and start is not None:
            spans.append((start, start + len(row.text), row.pk))
    return sorted(spans)


def place_of(text: str, words: str, position: int | None) -> int | None:
    """Where these words stand, near a position if there is one: what was typed before them may have grown."""
    if not words:
        return None
    if position is not None and text.startswith(words, position):
        return position
    around = max(0, (position or 0) - 2000)
    found = text.find(words, around)
    found = found if found >= 0 else text.find(words)
    return found if found >= 0 else None


def blocks_of(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Block]:
    """The lines of one part of the notes, with what is marked in each."""
    blocks, at = [], start
    for line in text[start:end].split("\n"):
        if line.strip():
            kind, skipped = _kind_of(line)
            block = Block(kind, at)
            block.pieces = list(pieces_of(text, at + skipped, at + len(line), spans))
            blocks.append(block)
        at += len(line) + 1
    return blocks


def _kind_of(line: str) -> tuple[str, int]:
    """What a line of Markdown is, and how many characters say so."""
    bare = line.lstrip()
    indent = len(line) - len(bare)
    for sign, kind in (("#", "heading"), (">", "quote"), ("- ", "item"), ("* ", "item")):
        if bare.startswith(sign):
            rest = bare.lstrip("#").lstrip() if sign == "#" else bare[len(sign) :].lstrip()
            return kind, indent + len(bare) - len(rest)
    return "text", 0


def pieces_of(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[Piece]:
    """The words between two places, cut where a mark begins or ends."""
    at = start
    for first, last, pk in spans:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        if first > at:
            yield Piece(text[at:first])
        yield Piece(text[first:last], pk)
        at = last
    if at < end:
        yield Piece(text[at:end])


def since(rows: Any, day: dt.date | str, *, until: bool = False) -> Any:
    """The conversations from a day on, or up to it."""
    return rows.filter(moment__date__lte=day) if until else rows.filter(moment__date__gte=day)
