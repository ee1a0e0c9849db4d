"""What learning says on the home page: lessons to take, the camp of who arrived, lessons that wait to be published."""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.kit.home import Block, Line, Need, Part, Row, Rows
from vertebra.learning.queries.mine import OnPath, paths_of, to_publish, to_take
from vertebra.org.empty_spaces import person_of

MOST_ALIKE = 3


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the person, and the paths that they are on."""
    return Part(waits=lambda: _waits(user), told=_needs, blocks=lambda: _paths(user))


def _waits(user: User) -> list[Rows]:
    person = person_of(user)
    return [to_publish(person), to_take(person)] if person is not None else []


def _needs(rows: list[Row]) -> list[Need]:
    publishing = sorted((row for row in rows if row[0] == "publish"), key=lambda row: row[5])
    taking = sorted(
        (row for row in rows if row[0] != "publish"), key=lambda row: (row[4] or dt.date.max, row[1])
    )
    return [*map(_to_publish, publishing[:MOST_ALIKE]), *map(_to_take, taking[:MOST_ALIKE])]


def _to_publish(row: Row) -> Need:
    """A lesson that began by itself or was changed, for whoever keeps it true."""
    _code, number, title, _detail, day, _place = row
    said = _("The lesson “%(title)s” waits to be published") % {"title": _short(title)}
    url = reverse("learning:lesson-show", args=(number,))
    return Need(said, url, _("Read it and publish"), _due(day))


def _to_take(row: Row) -> Need:
    """A lesson that somebody was given: asked of them, so two things a week at most with all the rest."""
    _code, number, title, took_before, due_on, minutes = row
    return Need(
        _("Learn “%(title)s”") % {"title": _short(title)},
        reverse("learning:lesson-show", args=(number,)),
        ngettext("Take %(count)d minute", "Take %(count)d minutes", minutes) % {"count": minutes},
        _("What it tells of has changed since you took it.") if took_before else _due(due_on),
        (str(Kind.LESSON), number),
    )


def _paths(user: User) -> list[Block]:
    person = person_of(user)
    found = [one for one in paths_of(person) if not one.is_over] if person else []
    if not found:
        return []
    lines = [_line(one) for one in found[:MOST_ALIKE]]
    return [Block(_("The paths you are on"), lines, reverse("learning:mine"))]


def _line(one: OnPath) -> Line:
    said = _("%(done)d of %(steps)d steps") % {"done": one.done, "steps": one.steps}
    url, detail = reverse("learning:path-show", args=(one.path.pk,)), ""
    if one.next is not None and one.next_on is not None:
        detail = _("Next: %(step)s, by %(day)s") % {
            "step": _short(one.next.title),
            "day": date_format(one.next_on, "DATE_FORMAT"),
        }
        url = f"{url}#step-{one.next.pk}"
    return Line(one.path.title, url, detail, said, "accent")


def _short(title: str) -> str:
    return Truncator(title).chars(90)


def _due(on: dt.date | None) -> str:
    return _("Due on %(day)s.") % {"day": date_format(on, "DATE_FORMAT")} if on else ""
