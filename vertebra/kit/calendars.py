"""A moment as calendars take it: one event of an iCalendar file, as a request or its cancellation."""

import datetime as dt
from typing import Any, Literal
from zoneinfo import ZoneInfo

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def event(
    *,
    uid: str,
    sequence: int,
    method: Method,
    starts_at: dt.datetime | dt.date,
    minutes: int,
    title: str,
    organiser: tuple[str, str],
    guests: list[tuple[str, str]],
    now: dt.datetime,
    place: str = "",
    text: str = "",
) -> dict[str, Any]:
    """What `calendar_file` needs, as plain values that a queued message can keep; people are (name, e-mail).

    A date instead of a moment takes the whole day.
    """
    return {
        "uid": uid,
        "sequence": sequence,
        "method": method,
        "starts_at": starts_at.isoformat(),
        "minutes": minutes,
        "title": title,
        "organiser": list(organiser),
        "guests": [list(guest) for guest in guests],
        "at": now.isoformat(),
        "place": place,
        "text": text,
    }


def calendar_file(kept: dict[str, Any]) -> bytes:
    """The event as an iCalendar file; the same values give the same bytes."""
    from icalendar import Calendar, Event, vCalAddress, vText

    utc = ZoneInfo("UTC")
    is_over, made = kept["method"] == "CANCEL", Event()
    made.add("uid", kept["uid"])
    made.add("sequence", kept["sequence"])
    made.add("dtstamp", dt.datetime.fromisoformat(kept["at"]).astimezone(utc))
    if "T" in kept["starts_at"]:
        starts_at = dt.datetime.fromisoformat(kept["starts_at"]).astimezone(utc)
        made.add("dtstart", starts_at)
        made.add("dtend", starts_at + dt.timedelta(minutes=kept["minutes"]))
    else:
        made.add("dtstart", day := dt.date.fromisoformat(kept["starts_at"]))
        made.add("dtend", day + dt.timedelta(days=1))
    made.add("summary", kept["title"])
    made.add("status", "CANCELLED" if is_over else "CONFIRMED")
    for name, what in (("location", "place"), ("description", "text")):
        if kept[what]:
            made.add(name, kept[what])

    def address(one: list[str]) -> vCalAddress:
        name, email = one
        who = vCalAddress(f"mailto:{email}")
        who.params["CN"] = vText(name)
        return who

    made["organizer"] = address(kept["organiser"])
    for one in kept["guests"]:
        guest = address(one)
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("FALSE" if is_over else "TRUE")
        made.add("attendee", guest, encode=False)
    found = Calendar()
    found.add("prodid", "-//Vertebra//Vertebra//EN")
    found.add("version", "2.0")
    found.add("method", kept["method"])
    found.add_component(made)
    return bytes(found.to_ical())
