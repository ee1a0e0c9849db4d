"""Moments as files write them: ISO, the day or the month first, French and English months, seconds since 1970."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

from vertebra.connectors.faults import Fault, Trouble
from vertebra.kit.files.values import parse_date
from vertebra.kit.text import fold

_NUMERIC = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})\b", re.ASCII)
_PARTS = re.compile(
    r"(?P<day>.+?)(?:[ t,]+(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?"
    r" ?(?P<half>[ap])?\.?(?:m\.?)? ?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_NAMED = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[-/. ]+([a-z]+)\.?[-/., ]+(\d{4}|\d{2})", re.ASCII)
_SECONDS = re.compile(r"\d{9,16}(?:\.\d+)?", re.ASCII)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def utc(text: str | None) -> dt.datetime | None:
    """A moment written in ISO, in UTC; None if it is none."""
    if not text:
        return None
    try:
        at = dt.datetime.fromisoformat(text)
        if at.tzinfo is dt.UTC:
            return at
        return at.astimezone(dt.UTC) if at.tzinfo else at.replace(tzinfo=dt.UTC)
    except (ValueError, OverflowError):
        return None


def zone_of(name: str) -> dt.tzinfo:
    """The zone that times without one were written in."""
    if not name:
        return dt.UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise Trouble(Fault.CHOICE_UNKNOWN, value=name[:100], choices="Europe/Paris, UTC…") from error


def has_month_first(texts: Iterable[object]) -> bool:
    """Whether 3/4/2026 is in March: as soon as one of the others cannot be read otherwise."""
    says_half, plainly = False, Moments()
    for text in texts:
        if text is None or not str(text).strip():
            continue
        if (found := _NUMERIC.match(str(text))) is None:
            if plainly.read(text) is not None:
                return False
            continue  # no moment at all says nothing of the others
        if int(found[1]) > 12:
            return False
        if int(found[2]) > 12:
            return True
        says_half = says_half or str(text).rstrip(". ").casefold().endswith(("am", "pm"))
    return says_half


class Moments:
    """How one file writes its moments."""

    def __init__(self, zone: dt.tzinfo = dt.UTC, *, is_month_first: bool = False) -> None:
        self.zone = zone
        self.is_month_first = is_month_first

    def read(self, cell: object) -> dt.datetime | None:
        """The moment that a cell holds, in UTC; None if it holds none."""
        try:
            at = self._read(cell)
            if at is None:
                return None
            return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            return None

    def _read(self, cell: object) -> dt.datetime | None:
        if isinstance(cell, dt.datetime):
            return cell
        if isinstance(cell, dt.date):
            return dt.datetime.combine(cell, dt.time.min)
        text = str(cell).strip() if cell is not None else ""
        if not text or len(text) > 60:
            return None
        try:
            # Eight digits are a day, more are seconds.
            return dt.datetime.fromisoformat(text) if not _SECONDS.fullmatch(text) else _since_1970(text)
        except ValueError:
            return self._spelled(fold(text))

    def _spelled(self, text: str) -> dt.datetime | None:
        found = _PARTS.fullmatch(text)
        if found is None or (day := _day(found["day"], self.is_month_first)) is None:
            return None
        if found["hour"] is None:
            return dt.datetime.combine(day, dt.time.min)
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"] == "p" else 0)
        part = int(((found["part"] or "") + "000000")[:6])
        at = dt.datetime.combine(day, dt.time(hour, int(found["minute"]), int(found["second"] or 0), part))
        return at if found["zone"] is None else at.replace(tzinfo=_offset(found["zone"]))


def _since_1970(text: str) -> dt.datetime:
    """Seconds, thousandths or millionths since 1970: whichever lies nearest to our time."""
    seconds = float(text)
    while seconds > 1e11:
        seconds /= 1_000
    return _EPOCH + dt.timedelta(seconds=seconds)


def _offset(text: str) -> dt.tzinfo:
    if text[0] not in "+-":
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return dt.timezone(dt.timedelta(minutes=minutes if text[0] == "+" else -minutes))


@lru_cache(maxsize=16_384)
def _day(text: str, is_month_first: bool) -> dt.date | None:
    text = text.strip(" ,")
    if found := _NAMED.fullmatch(text):
        year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
        return parse_date(f"{found[1]} {found[2]} {year}")
    if is_month_first and (found := _NUMERIC.fullmatch(text)):
        cut = re.split(r"[-/.]", text.strip())
        return parse_date(f"{cut[1]}/{cut[0]}/{cut[2]}")
    return parse_date(text)
