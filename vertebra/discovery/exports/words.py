"""An audit's content in words: the same sentences for the page, the paper, the slides and the plain text."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vertebra.discovery.labels import QuickWinState, Severity, Trend
from vertebra.discovery.queries.audit_words import day_said, function_said, listed
from vertebra.kit.templatetags.ui import figure

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that somebody said, and what may be told of who."""

    text: str
    who: str
    language: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Side:
    """A function that speaks of a pain point."""

    name: str
    people: str
    quotes: list[Quote]


@dataclass(frozen=True, slots=True)
class Item:
    """A pain point of the audit."""

    rank: int
    pain_point: int
    title: str
    size: str
    severity: str
    trend: str
    description: str
    comment: str
    language: str
    sides: list[Side]

    @property
    def quoted(self) -> list[Side]:
        """The sides that are quoted, facing each other."""
        return [side for side in self.sides if side.quotes]

    @property
    def also(self) -> str:
        """The sides that speak of it too, without a quote here."""
        names = [f"{s.name} ({s.people})" if s.people else s.name for s in self.sides if not s.quotes]
        return _("Also said by: %(sides)s.") % {"sides": listed(names)} if names else ""

    @property
    def facts(self) -> str:
        """What is known of it in one line."""
        return " · ".join(part for part in (self.size, self.severity, self.trend) if part)


@dataclass(frozen=True, slots=True)
class Win:
    """A quick win, and where it stands in the picture of evidence against effort."""

    id: int
    title: str
    pain_title: str
    days: int
    days_said: str
    people: int
    people_said: str
    owner: str
    state: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the comparison with the audit before."""

    change: str
    change_said: str
    title: str
    rank: int | None
    rank_before: int | None
    people: str
    people_before: str


@dataclass(frozen=True, slots=True)
class Document:
    """A whole audit in words."""

    title: str
    subtitle: str
    language: str
    lead: str
    introduction: str
    method: str
    coverage: str
    not_heard: str
    order: str
    reading: str
    functions: list[tuple[str, str]]
    units: list[tuple[str, str]]
    items: list[Item]
    wins: list[Win]
    compared: str
    moved: list[Moved] = field(default_factory=list)


def few_or(count: int | None) -> str:
    """A count of people as it may be said."""
    return _("fewer than five") if count is None else figure(count)


def _at_least(count: int | None) -> str:
    return few_or(None) if count is None else _("at least %(count)s") % {"count": figure(count)}


def people_said(count: int | None) -> str:
    """How many people, in steps of five."""
    if count is None:
        return _("fewer than five people")
    return _("at least %(count)s people") % {"count": figure(count)}


def in_words(content: Content, published_on: dt.date | None) -> Document:
    """The content in the words of the language that is active."""
    heard = content["heard"]
    return Document(
        title=content["title"],
        subtitle=_subtitle(content, published_on),
        language=content["language"],
        lead=lead(content),
        introduction=content["introduction"],
        method=content["method"],
        coverage=_coverage(heard),
        not_heard=content["not_heard"],
        order=_order(content["order"]),
        reading=_reading(content["reading"]),
        functions=_table([(function_said(part["key"]), part["people"]) for part in heard["functions"]]),
        units=_table([(part["name"], part["people"]) for part in heard["units"]]),
        items=[_item(item) for item in content["items"]],
        wins=[_win(row) for row in content["quick_wins"]],
        **_compared(content["comparison"]),
    )


def lead(content: Content) -> str:
    """The audit in one sentence."""
    items, heard = content["items"], content["heard"]["people"]
    people = ngettext("%(count)s person heard", "%(count)s people heard", heard) % {"count": figure(heard)}
    points = ngettext("%(count)d pain point", "%(count)d pain points", len(items)) % {"count": len(items)}
    if not items:
        return _("%(people)s, and no pain point yet.") % {"people": people}
    told = {"people": people, "points": points, "first": items[0]["title"]}
    return _("%(people)s, %(points)s; what weighs most: %(first)s.") % told


def _subtitle(content: Content, published_on: dt.date | None) -> str:
    parts = [_("Audit %(number)d") % {"number": content["number"]}]
    if content["version"] > 1:
        parts.append(_("version %(version)d") % {"version": content["version"]})
    if published_on:
        parts.append(formats.date_format(published_on, "DATE_FORMAT"))
    return " · ".join(parts)


def _table(parts: list[tuple[str, int | None]]) -> list[tuple[str, str]]:
    """What may be said of each part, and one line for all those kept back."""
    told = [(name, figure(people)) for name, people in parts if people is not None]
    kept = sorted(name for name, people in parts if people is None)
    return [*told, (listed(kept), _("kept back"))] if kept else told


def _coverage(heard: Content) -> str:
    if not heard["groups"]:
        return ""
    words = ngettext(
        "Somebody was heard in %(heard)d of %(count)d group of a function in a unit.",
        "Somebody was heard in %(heard)d of the %(count)d groups of a function in a unit.",
        heard["groups"],
    )
    return words % {"heard": heard["groups_heard"], "count": heard["groups"]}


def _order(order: Content) -> str:
    points = _(
        "The order follows points that anyone can add up: one for each person who speaks of it, two for each "
        "function beyond the first, up to half as many again for severity, a tenth more or less for the trend."
    )
    if order["room_on"]:
        told = {"day": day_said(order["room_on"])}
        room = _("The team went through it together on %(day)s, and the order is theirs.") % told
        if order["present"]:
            present = _("Who was there: %(names)s") % {"names": order["present"]}
            room = f"{room} {present}"
        return f"{points} {room}" if order["is_changed"] else room
    changed = _("The authors then changed the order.")
    return f"{points} {changed}" if order["is_changed"] else points


def _reading(reading: Content) -> str:
    if not reading["has_invited"]:
        return ""
    if reading["invited"] is None:
        return _("Fewer than five of those heard were asked to read the draft.")
    invited = {"count": figure(reading["invited"])}
    said = [_("%(count)s of those heard were asked to read the draft.") % invited]
    if reading["thats_it"] == 0 and reading["missing"] == 0:
        said.append(_("Nobody has answered yet."))
    elif reading["thats_it"] is not None and reading["missing"] is not None:
        told = {"yes": reading["thats_it"], "missing": reading["missing"]}
        said.append(_("“That’s it”: %(yes)d. “Something is missing”: %(missing)d.") % told)
    elif reading["thats_it"] is not None:
        said.append(_("“That’s it”: %(yes)d.") % {"yes": reading["thats_it"]})
    return " ".join(said)


def _item(item: Content) -> Item:
    trend = item["trend"]
    is_told = trend in (Trend.RISING, Trend.FALLING, Trend.STEADY)
    return Item(
        rank=item["rank"],
        pain_point=item["pain_point"],
        title=item["title"],
        size=_size(item),
        severity=str(Severity(item["severity"]).label),
        trend=str(Trend(trend).label) if is_told else "",
        description=item["description"],
        comment=item["comment"],
        language=item["language"],
        sides=[_side(side) for side in item["sides"]],
    )


def _size(item: Content) -> str:
    if item["people"] is None:
        return people_said(None)
    if not item["functions"]:
        return people_said(item["people"])
    functions = ngettext("%(count)d function", "%(count)d functions", item["functions"])
    return f"{people_said(item['people'])} · {functions % {'count': item['functions']}}"


def _side(side: Content) -> Side:
    name = function_said(side["function"]) if side["function"] else pgettext("functions", "Others")
    people = "" if side["people"] is None else people_said(side["people"])
    return Side(name, people, [_quote(quote) for quote in side["quotes"]])


def _quote(quote: Content) -> Quote:
    if quote["is_withdrawn"]:
        text = _("A quote was taken out: whoever said it withdrew their consent.")
        return Quote(text, "", "", is_withdrawn=True)
    parts = [function_said(quote["function"]) if quote["function"] else "", quote["unit"]]
    if quote["quarter"]:
        day = dt.date.fromisoformat(quote["quarter"])
        parts.append(_("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year})
    who = " · ".join(part for part in parts if part)
    return Quote(quote["text"], who, quote["language"], is_withdrawn=False)


def _win(row: Content) -> Win:
    days = row["days"]
    return Win(
        id=row["id"],
        title=row["title"],
        pain_title=row["pain_title"],
        days=days,
        days_said=ngettext("%(count)d day", "%(count)d days", days) % {"count": days},
        people=row["people"] or 0,
        people_said=_at_least(row["people"]),
        owner=row["owner"],
        state=str(QuickWinState(row["state"]).label),
    )


def changes_said() -> dict[str, str]:
    """What became of a pain point since the audit before."""
    return {
        "new": pgettext("since the audit before", "new"),
        "up": pgettext("since the audit before", "higher"),
        "down": pgettext("since the audit before", "lower"),
        "same": pgettext("since the audit before", "same place"),
        "gone": pgettext("since the audit before", "no longer among them"),
    }


def _compared(comparison: Content | None) -> dict[str, Any]:
    if not comparison:
        return {"compared": "", "moved": []}
    words = changes_said()
    told = {
        "title": comparison["title"],
        "before": figure(comparison["people"][0]),
        "now": figure(comparison["people"][1]),
    }
    moved = [
        Moved(
            row["change"], words[row["change"]], row["title"], row["rank"], row["rank_before"],
            people_said(row["people"]) if row["rank"] else "",
            people_said(row["people_before"]) if row["rank_before"] else "",
        )
        for row in comparison["changes"]
    ]  # fmt: skip
    compared = _("Compared with “%(title)s”: %(before)s people were heard then, %(now)s now.") % told
    return {"compared": compared, "moved": moved}
