"""What the pages of audits share: finding one, its document in its own language, doing what a button asks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.discovery.exports.headings import headings
from vertebra.discovery.exports.words import Document, Win, in_words
from vertebra.discovery.models import Audit
from vertebra.discovery.queries.audit_document import Content, document
from vertebra.discovery.queries.audits import Edition, open_to
from vertebra.kit import clock

WIDTH, HEIGHT, MARGIN = 640, 300, 40
# Where “fewer than five” stands in the picture.
FEW = 2.5


def of_audit(view: Callable[..., HttpResponseBase]) -> View:
    """A page by which Product Ops works on one audit."""

    @wraps(view)
    def opened(request: PageRequest, audit_id: int, **kwargs: Any) -> HttpResponseBase:
        return view(request, get_object_or_404(open_to(request.user), pk=audit_id), **kwargs)

    return requires(Right.PRODUCT_OPS)(opened)


def did(
    request: PageRequest, act: Callable[[], object], text: str, url: str, *, can_undo: bool = True
) -> HttpResponse:
    """Do what a button asks and go to a page, saying what was done or why it was not."""
    try:
        entry = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        is_entry = can_undo and isinstance(entry, AuditEntry)
        messages.success(request, text, extra_tags=f"undo:{entry.pk}" if is_entry else "")  # type: ignore[attr-defined]
    return HttpResponseRedirect(url)


def frozen_document(edition: Edition) -> dict[str, Any]:
    """What the template of a document reads, for a frozen version."""
    day = timezone.localtime(edition.published_at or edition.frozen_at).date()
    with translation.override(edition.content["language"]):
        return _context(in_words(edition.content, day))


def draft_document(audit: Audit) -> dict[str, Any]:
    """The same for an audit as it stands."""
    content: Content = document(audit, clock.today())
    with translation.override(audit.language):
        return _context(in_words(content, None))


def _context(words: Document) -> dict[str, Any]:
    return {"doc": words, "headings": headings(), "picture": picture(words.wins)}


@dataclass(frozen=True, slots=True)
class Spot:
    """One quick win in the picture: where its disc and its number stand, already written as SVG wants them."""

    number: int
    x: str
    y: str
    label_y: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark of the scale of days."""

    days: int
    x: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The evidence for quick wins against the days they take."""

    spots: list[Spot]
    ticks: list[Tick]


def picture(wins: list[Win]) -> Picture:
    """Quick wins by the days they take and the people who speak of what they relieve; none covers another."""
    most_days = max([5, *(win.days for win in wins)])
    most_people = max([5, *(win.people for win in wins)])

    def across(days: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * days / most_days

    taken: dict[tuple[int, int], int] = {}
    spots = []
    for number, win in enumerate(wins, start=1):
        place = (win.days, win.people)
        beside = taken[place] = taken.get(place, -1) + 1
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN - 10) * max(win.people, FEW) / most_people
        x = across(win.days) + 26 * beside
        spots.append(Spot(number, f"{x:.0f}", f"{y:.0f}", f"{y + 4:.0f}", win.title))
    step = 1 if most_days <= 10 else 5
    return Picture(spots, [Tick(days, f"{across(days):.0f}") for days in range(0, most_days + 1, step)])
