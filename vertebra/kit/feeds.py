"""What is new as feed readers (Atom, RSS) and calendars (iCalendar) take it; the same values give the same bytes."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as Xml

_ATOM = "http://www.w3.org/2005/Atom"
# How many things a feed reader is given; a calendar holds all that has a day.
MOST_ENTRIES = 50
# What XML 1.0 cannot hold, even written as a number.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_STATUS = {
    (False, False): "CONFIRMED",
    (False, True): "TENTATIVE",
    (True, False): "CANCELLED",
    (True, True): "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is new; with a day it stands in calendars too.

    `key` never changes, `html` is safe already, `summary` is one sentence without marks; `version` grows whenever the
    day or the state changes. What begins at an hour (`at`) lasts `minutes` and keeps them from being given to anything
    else; without one it is of whole days.
    """

    key: str
    title: str
    address: str
    html: str
    published_at: dt.datetime
    updated_at: dt.datetime
    author: str = ""
    on: dt.date | None = None
    until: dt.date | None = None
    is_cancelled: bool = False
    is_tentative: bool = False
    version: int = 0
    summary: str = ""
    at: dt.datetime | None = None
    minutes: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """What is new for somebody, the latest first; `address` is the page, `own_address` the feed itself."""

    key: str
    title: str
    address: str
    own_address: str
    language: str
    changed_at: dt.datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """The feed as Atom (RFC 4287)."""
    Xml.register_namespace("", _ATOM)
    top = Xml.Element(f"{{{_ATOM}}}feed", {"xml:lang": feed.language})

    def add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
        made = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        made.text = _fit(text) or None
        return made

    add(top, "id", feed.key)
    add(top, "title", feed.title)
    add(top, "updated", _moment(latest(feed)))
    add(top, "link", rel="self", type="application/atom+xml", href=feed.own_address)
    add(top, "link", rel="alternate", type="text/html", href=feed.address)
    add(add(top, "author"), "name", "Vertebra")
    for one in feed.entries[:MOST_ENTRIES]:
        entry = add(top, "entry")
        add(entry, "id", one.key)
        add(entry, "title", one.title)
        add(entry, "published", _moment(one.published_at))
        add(entry, "updated", _moment(one.updated_at))
        add(entry, "link", rel="alternate", type="text/html", href=one.address)
        if one.author:
            add(add(entry, "author"), "name", one.author)
        add(entry, "content", one.html, type="html")
    return _written(top)


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    Xml.register_namespace("atom", _ATOM)
    top = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(top, "channel")

    def add(parent: Xml.Element, name: str, text: str, **attributes: str) -> None:
        Xml.SubElement(parent, name, attributes).text = _fit(text)

    add(channel, "title", feed.title)
    add(channel, "link", feed.address)
    add(channel, "description", feed.title)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", _posted(latest(feed)))
    Xml.SubElement(channel, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=feed.own_address)
    for one in feed.entries[:MOST_ENTRIES]:
        item = Xml.SubElement(channel, "item")
        add(item, "title", one.title)
        add(item, "link", one.address)
        add(item, "guid", one.key, isPermaLink="false")
        add(item, "pubDate", _posted(one.published_at))
        add(item, "description", one.html)
    return _written(top)


def calendar(feed: Feed) -> bytes:
    """What of the feed has a day, as a calendar (RFC 5545) that programs read again from time to time."""
    from icalendar import Calendar

    found = Calendar()
    found.add("prodid", "-//Vertebra//Vertebra//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", feed.title)
    found.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", dt.timedelta(hours=12))
    for one in feed.entries:
        if one.on is not None:
            found.add_component(_event(one, one.on))
    return bytes(found.to_ical())


def _event(one: Entry, on: dt.date) -> Any:
    from icalendar import Event

    made = Event()
    made.add("uid", one.key)
    made.add("dtstamp", one.updated_at.astimezone(dt.UTC))
    made.add("last-modified", one.updated_at.astimezone(dt.UTC))
    made.add("sequence", one.version)
    if one.at is not None:
        made.add("dtstart", one.at.astimezone(dt.UTC))
        made.add("dtend", one.at.astimezone(dt.UTC) + dt.timedelta(minutes=one.minutes))
    else:
        made.add("dtstart", on)
        made.add("dtend", (one.until or on) + dt.timedelta(days=1))
    made.add("summary", _fit(one.title))
    if one.summary:
        made.add("description", _fit(one.summary))
    made.add("status", _STATUS[one.is_cancelled, one.is_tentative])
    if one.place:
        made.add("location", _fit(one.place))
    made.add("transp", "TRANSPARENT" if one.at is None or one.is_cancelled else "OPAQUE")
    made.add("url", one.address)
    return made


def latest(feed: Feed) -> dt.datetime:
    """When anything in the feed last changed."""
    return max([one.updated_at for one in feed.entries], default=feed.changed_at)


def _written(top: Xml.Element) -> bytes:
    return bytes(Xml.tostring(top, encoding="utf-8", xml_declaration=True))


def _fit(text: str) -> str:
    return _UNFIT.sub("", text)


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _posted(at: dt.datetime) -> str:
    return format_datetime(at.astimezone(dt.UTC), usegmt=True)
