"""Headings of changelogs: which of them begin a release, of what name, on what day."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from vertebra.connectors.release_notes import State
from vertebra.kit.files.values import parse_date
from vertebra.kit.text import fold

_LINK = re.compile(r"\[([^\]]{1,300})\]\s?(?:\(([^()\s]{0,1000})[^()]{0,300}\)|\[([^\]]{0,200})\])")
_MARKUP = re.compile(r"</?\w[^<>]{0,300}>|[`*]|:[a-z0-9_+-]{1,40}:|\b__?|__?\b")
_NUMBERS = r"\d+(?:\.(?:\d+|[xX]\b)){0,5}(?:[-+._~]?(?:alpha|beta|rc|pre|dev|post|preview|snapshot|final|a|b|m|p|build)[-.]?\d*)*"
_VERSION = re.compile(rf"v?(?P<number>{_NUMBERS}(?:[-+][0-9A-Za-z][0-9A-Za-z.-]{{0,40}})?)", re.IGNORECASE)
_PREFIX = re.compile(r"(?:version|release|livraison|v\.?)\s*:?\s*(?=v?\d)", re.IGNORECASE)
# A product's name, then its version: only where no other heading is a release.
_NAMED = re.compile(r"(?:[^\W\d][\w.-]{0,40} ){1,4}(?=v?\d+\.\d)")
_PLANNED = frozenset(
    {
        "unreleased", "next", "upcoming", "head", "master", "main", "in progress", "next release", "next version",
        "non publie", "non publiee", "a venir", "en cours", "prochaine version", "non livre", "a paraitre",
    }
)  # fmt: skip
_WITHDRAWN = re.compile(r"[\[(]?\b(?:yanked|withdrawn|retiree?|annulee?)\b[\])]?", re.IGNORECASE)
_MONTH = (
    r"(?:jan|feb|fev|fév|mar|apr|avr|may|mai|jun|juin|jul|juil|aug|aou|aoû|sep|oct|nov|dec|déc)[^\W\d]*\.?"
)
_DAY = re.compile(
    rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}(?!\d)"
    rf"|\d{{1,2}}(?:er|st|nd|rd|th)?[ -]{_MONTH},?[ -]\d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}",
    re.IGNORECASE,
)
_ALMOST_A_DAY = re.compile(r"\d+[-/]\d+[-/]\d+")
_AROUND = " \t-\u2013\u2014:()[]/,;~|\"'“”«»\u00a0."
_OF_DAYS = re.compile(
    r"\b(?:released|release date|date|on|published|publiee?|le|du)\b\s*:?\s*$", re.IGNORECASE
)
_UNSURE = re.compile(
    r"\b(?:unreleased|tbd|tba|xxxx-xx-xx|yyyy-mm-dd|\?{2,}|a venir|à venir|non publi[ée]e?)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of the release that it begins."""

    name: str
    title: str
    on: dt.date | None
    state: State
    link: str
    # What stands where the day should be and is none.
    unreadable_day: str


def read_heading(text: str, *, is_named: bool, is_month_first: bool) -> Heading | None:
    """The release that a heading begins, or nothing; `is_named`: after the name of a product."""
    link = next((one[2] for one in _LINK.finditer(text) if one[2]), "")
    is_bracketed = text.lstrip().startswith("[")
    plain = _MARKUP.sub("", _LINK.sub(lambda one: f"[{one[1]}]", text)).strip()
    if fold(plain.strip("[](){} .:")) in _PLANNED:
        return Heading(plain.strip("[](){} .:"), "", None, "planned", link, "")
    if (day := parse_date(plain.strip(_AROUND))) and _DAY.fullmatch(plain.strip(_AROUND)):
        return Heading(day.isoformat(), "", day, "released", link, "")
    rest = plain.lstrip("[ (")
    prefix = _PREFIX.match(rest) or (_NAMED.match(rest) if is_named else None)
    rest = rest[prefix.end() :] if prefix else rest
    version = _VERSION.match(rest)
    if version is None:
        return None
    return _after(version, rest[version.end() :], link, is_sure=is_bracketed or prefix is not None,
                  is_month_first=is_month_first)  # fmt: skip


def _after(
    version: re.Match[str], rest: str, link: str, *, is_sure: bool, is_month_first: bool
) -> Heading | None:
    """The release, if what stands after its version is a day, a title set apart, or nothing."""
    name = version["number"].rstrip(".-+")
    is_withdrawn = _WITHDRAWN.search(rest) is not None
    rest = _WITHDRAWN.sub("", rest)
    is_planned = _UNSURE.search(rest) is not None
    rest = _UNSURE.sub("", rest)
    written = _DAY.search(rest)
    on = _day(written[0], is_month_first) if written else None
    unreadable = ""
    if on is not None and written is not None:
        before, after = rest[: written.start()], rest[written.end() :]
        rest = f"{_OF_DAYS.sub('', before)} {after}"
    elif almost := _ALMOST_A_DAY.search(rest):
        unreadable, rest = almost[0][:40], rest[: almost.start()] + rest[almost.end() :]
    title = rest.strip(_AROUND)
    is_apart = not title or rest[:1] in ")]:," or rest.lstrip()[:1] in "-\u2013\u2014:(\"'“«|"
    if not is_apart or not (is_sure or on or is_planned or "." in name):
        return None
    if rest[:1].isalnum():
        return None
    state: State = "withdrawn" if is_withdrawn else "planned" if is_planned and on is None else "released"
    return Heading(name, title, on, state, link, unreadable)


def _day(written: str, is_month_first: bool) -> dt.date | None:
    parts = written.split("/")
    if is_month_first and len(parts) == 3 and len(parts[0]) <= 2:
        written = f"{parts[1]}/{parts[0]}/{parts[2]}"
    if re.search(r"[-/.]\d{3}$", written):
        return None
    return parse_date(written)
