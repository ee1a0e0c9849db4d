"""What a reader finds on their home page: what to read before which day, and what is new for them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.home import Block, Line, Need, Row
from vertebra.releases.labels.awareness import RECEIPT_TONES, ReceiptState
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.queries.announcing import reader_page


def reading_needs(rows: Iterable[Row]) -> list[Need]:
    """What somebody is asked to read: so two things a week at most with all the rest."""
    return [_need(row) for row in sorted(rows, key=lambda row: (row[4] or dt.date.max, row[1]))]


def _need(row: Row) -> Need:
    _code, number, title, state, day, _place = row
    title = Truncator(title).chars(90)
    said = _("Read what changes with “%(title)s”")
    day = day if state in UPCOMING else None
    if day:
        said = _("Read what changes with “%(title)s” before %(day)s")
    text = said % {"title": title, "day": date_format(day, "DATE_FORMAT") if day else ""}
    why = _("In the words of your trade; one button says that you understood.")
    return Need(
        text, reverse("releases:release-read", args=(number,)), _("Read it"), why, (str(Kind.RELEASE), number)
    )


def reading_blocks(rows: list[Any]) -> list[Block]:
    """The releases that somebody was told of, what they have not read first."""
    if not rows:
        return []
    return [Block(_("What is new for you"), [_line(row) for row in rows], reverse("releases:news"))]


def _line(row: Any) -> Line:
    said = row.said
    word = str(ReceiptState(said).label) if said else _("to read")
    tone = RECEIPT_TONES[said] if said else "accent"
    return Line(row.title, reader_page(row), Truncator(row.summary).chars(160), word, tone)
