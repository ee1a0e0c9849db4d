"""What releases say on the home page: briefs to write, what waits for a word, what is new and what comes."""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need, Part, Row
from vertebra.org.empty_spaces import person_of
from vertebra.releases.labels.releases import RELEASE_TONES
from vertebra.releases.models import Release
from vertebra.releases.pages.reading_home import reading_blocks, reading_needs
from vertebra.releases.queries.front_desk import Due, due_for, in_turn, told_and_news

SHOWN = 5
# What the lead of a release is asked around telling it.
_TELLING = {
    "untold_move": (
        gettext_lazy("The day of “%(title)s” moved, and those who were told do not know"),
        gettext_lazy("Put it right"),
    ),
    "waiting": (
        gettext_lazy("“%(title)s” was to be told and waits: something that its tier requires is missing"),
        gettext_lazy("See what is missing"),
    ),
    "tell": (gettext_lazy("Nobody was told of “%(title)s” yet"), gettext_lazy("Announce it")),
}


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the person, and what came out and comes out next."""
    return Part(
        waits=lambda: due_for(user, now),
        told=lambda rows: _needs(user, rows, now),
        blocks=lambda: _blocks(user, clock.today(now)),
    )


def _needs(user: User, rows: list[Row], now: dt.datetime) -> list[Need]:
    day = clock.today(now)
    mine = [_need(one, day) for one in in_turn(user, rows, now)]
    return [*mine, *reading_needs(row for row in rows if row[0] == "read")]


def _need(one: Due, day: dt.date) -> Need:
    title = Truncator(one.title).chars(90)
    if one.code == "brief":
        url = reverse("releases:brief-edit", args=(one.number,))
        said, verb = _("Write what %(trade)s should know of “%(title)s”"), _("Write the brief")
        return Need(said % {"trade": one.detail, "title": title}, url, verb, _when(one.due_on, day))
    if one.code == "question":
        url = reverse("releases:question-answer", args=(one.number,))
        said, verb = _("Somebody asks about “%(title)s”: %(question)s"), pgettext("verb", "Answer")
        question = Truncator(one.detail).chars(120)
        return Need(said % {"title": title, "question": question}, url, verb)
    if one.code == "late":
        url = reverse("releases:release-show", args=(one.number,))
        return Need(
            _("“%(title)s” has passed its day: is it out?") % {"title": title},
            url,
            _("Say it"),
            _when(one.due_on, day),
        )
    if one.code in _TELLING:
        asked, does = _TELLING[one.code]
        url = reverse("releases:announcement-list", args=(one.number,))
        when = _when(one.due_on, day) if one.code == "tell" else ""
        return Need(str(asked) % {"title": title}, url, str(does), when)
    url = reverse("releases:release-checks", args=(one.number,))
    said = _("“%(title)s” is being checked: say whether you agree")
    return Need(said % {"title": title}, url, _("See what is missing"), _when(one.due_on, day))


def _when(due_on: dt.date | None, day: dt.date) -> str:
    if due_on is None:
        return ""
    said = _("Was due on %(day)s.") if due_on < day else _("Due on %(day)s.")
    return said % {"day": date_format(due_on, "DATE_FORMAT")}


def _blocks(user: User, day: dt.date) -> list[Block]:
    told, new = told_and_news(person_of(user), day, SHOWN)
    return [*reading_blocks(told), _news(user, new)]


def _news(user: User, rows: list[Release]) -> Block:
    """What came out lately and what comes next."""
    lines = [
        Line(
            row.title,
            reverse("releases:release-show", args=(row.pk,)),
            Truncator(row.summary).chars(160),
            _day_of(row.released_on or row.planned_on) or str(row.get_state_display()),
            RELEASE_TONES[row.state],
        )
        for row in rows
    ]
    empty = _("What comes out is told here before it does, in the words of your trade.")
    verb = _("Write down a release") if may(user, Right.EDIT_ORGANISATION) else ""
    url = reverse("releases:release-list") if lines else reverse("releases:release-create") if verb else ""
    return Block(_("What is new, and what comes"), lines, url, empty, "" if lines else verb)


def _day_of(day: dt.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
