"""Values as people write them: French and English dates, decimal commas, percentages, names."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from vertebra.kit.text import fold

_MONTHS = {
    **dict.fromkeys(("janvier", "janv", "january", "jan"), 1),
    **dict.fromkeys(("fevrier", "fevr", "fev", "february", "feb"), 2),
    **dict.fromkeys(("mars", "march", "mar"), 3),
    **dict.fromkeys(("avril", "avr", "april", "apr"), 4),
    **dict.fromkeys(("mai", "may"), 5),
    **dict.fromkeys(("juin", "june", "jun"), 6),
    **dict.fromkeys(("juillet", "juil", "july", "jul"), 7),
    **dict.fromkeys(("aout", "august", "aug"), 8),
    **dict.fromkeys(("septembre", "september", "sept", "sep"), 9),
    **dict.fromkeys(("octobre", "october", "oct"), 10),
    **dict.fromkeys(("novembre", "november", "nov"), 11),
    **dict.fromkeys(("decembre", "december", "dec"), 12),
}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4})", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_WEEKDAY = re.compile(
    r"^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day),? "
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:[.,]\d+)?", re.ASCII)
# Day zero of spreadsheets, which believe in 29 February 1900.
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_LAST_SERIAL = 2_958_465
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f\u2007'’]+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_BREAKS = re.compile(r"<(?:br|/p|/li|/div|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_TRUE = frozenset({"true", "yes", "y", "oui", "o", "vrai", "1", "x", "on", "active", "actif"})
_FALSE = frozenset({"false", "no", "n", "non", "faux", "0", "off", "inactive", "inactif"})


def slug(text: str) -> str:
    """The text as a code: folded, words joined by hyphens; scripts without capitals keep their letters."""
    folded = fold(text)
    if made := _NOT_SLUG.sub("-", folded).strip("-"):
        return made
    return re.sub(r"[^\w]+", "-", folded).strip("-_")


def header_name(text: str) -> str:
    """A column's heading as recipes name it: « Date d'arrivée » is `date_d_arrivee`."""
    return slug(text).replace("-", "_")


def html_text(text: str) -> str:
    """What a reader of the HTML sees."""
    if "<" in text:
        import nh3

        text = _BREAKS.sub("\n", text)
        text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
    lines = (" ".join(line.split()) for line in html.unescape(text).splitlines())
    return "\n".join(line for line in lines if line)


def is_true(text: object) -> bool | None:
    """Yes, no, or neither, in French and English."""
    if isinstance(text, bool):
        return text
    word = fold(str(text))
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _day(year: int, month: int, day: int) -> date | None:
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _serial(days: float) -> date | None:
    if not 1 <= days <= _LAST_SERIAL:
        return None
    return _SPREADSHEET_EPOCH + timedelta(days=int(days))


def parse_date(value: object) -> date | None:
    """A day written in ISO, the French or English way, or as a spreadsheet counts; None if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _serial(value)
    text = str(value).strip()
    if len(text) > 60:
        return None
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    return _written_date(fold(text))


def _written_date(text: str) -> date | None:
    text = _WEEKDAY.sub("", text.removeprefix("le "))
    if (found := _DAY_MONTH.fullmatch(text)) and found[2] in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[2]], int(found[1]))
    if (found := _MONTH_DAY.fullmatch(text)) and found[1] in _MONTHS:
        return _day(int(found[3]), _MONTHS[found[1]], int(found[2]))
    if _SERIAL.fullmatch(text):
        return _serial(float(text.replace(",", ".")))
    return None


def parse_number(value: object) -> Decimal | None:
    """A number written with a comma or a point, with or without spaces or a percent sign; None if it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    text = _SPACES.sub("", str(value)).removesuffix("%").replace("\u2212", "-")
    if len(text) > 40:
        return None
    if text.rfind(",") > text.rfind("."):
        # A comma last is the decimal one, unless it stands several times: then it parts thousands.
        text = text.replace(".", "")
        text = text.replace(",", "." if text.count(",") == 1 else "")
    elif text.count(".") > 1 and "," not in text:
        text = text.replace(".", "")
    else:
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern above lets only numbers through
        return None


def parse_percent(value: object) -> Decimal | None:
    """A share in percent: « 80 % », 80 and 0,8 are the same."""
    number = parse_number(value)
    if number is None:
        return None
    if abs(number) <= 1 and "%" not in str(value):
        number *= 100
    return number
