"""What consultations say on the home page: a word that is asked, an outcome that is owed, what is designed around champions."""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need, Part, Row
from vertebra.org.empty_spaces import held_by, person_of
from vertebra.org.labels import MandateRole
from vertebra.releases.labels.consultations import CERTAINTY_TONES, Certainty
from vertebra.releases.queries.audiences import Reading
from vertebra.releases.queries.consultations import is_gone, waiting
from vertebra.releases.queries.in_design import FAR, in_design, places_of, within

MOST_ALIKE = 3
SHOWN = 5


def part(user: User, now: dt.datetime) -> Part:
    """What waits for a champion and for whoever asked, and what is being designed where a champion is."""
    return Part(
        waits=lambda: waiting(user, person_of(user), now),
        told=_needs,
        around=lambda: _designed(user, clock.today(now)),
    )


def _needs(rows: list[Row]) -> list[Need]:
    """What a champion is asked, and what somebody asked whose day is over, the nearest day first."""
    in_turn = sorted(rows, key=lambda row: (row[4] or dt.date.max, row[1]))
    asked = [_asked(row) for row in in_turn if row[0] == "asked"][:MOST_ALIKE]
    return [*asked, *[_owed(row) for row in in_turn if row[0] == "owed"][:MOST_ALIKE]]


def _asked(row: Row) -> Need:
    """Asked of champions who are not in charge of it: two things a week at most with all the rest."""
    _code, number, title, _detail, due_on, _place = row
    return Need(
        _("What does “%(title)s” change for your trade?") % {"title": _short(title)},
        reverse("releases:consultation-show", args=(number,)) + "#mine",
        pgettext("verb", "Answer"),
        _("Two minutes, by %(day)s.") % {"day": date_format(due_on or dt.date.max, "DATE_FORMAT")},
        (str(Kind.CONSULTATION), number),
    )


def _owed(row: Row) -> Need:
    """Those who answered are told what became of it."""
    _code, number, title, _detail, _due_on, many = row
    answered = ngettext(
        "%(count)d champion answered and waits to hear.",
        "%(count)d champions answered and wait to hear.",
        many,
    )
    return Need(
        _("Say what became of “%(title)s”") % {"title": _short(title)},
        reverse("releases:consultation-closing", args=(number,)),
        _("Say it"),
        answered % {"count": many},
    )


def _designed(user: User, day: dt.date) -> list[Block]:
    person = person_of(user)
    held = held_by(person, day) if person is not None and not is_gone(person, day) else []
    mandates = [row for row in held if row.role == MandateRole.CHAMPION]
    here = Reading(day)
    places = places_of(mandates, here)
    if not places:
        return []
    lines = [
        Line(
            row.title,
            reverse(_PAGES[row.kind], args=(row.object_id,)),
            date_format(row.on, "DATE_FORMAT") if row.on < FAR else "",
            str(Certainty(row.certainty).label),
            CERTAINTY_TONES[row.certainty],
        )
        for row in within(in_design(day), places, here).order_by("on", "pk")[:SHOWN]
    ]
    return (
        [Block(_("Being designed where you are champion"), lines, reverse("releases:desk"))] if lines else []
    )


_PAGES: dict[str, str] = {Kind.RELEASE: "releases:release-show", Kind.INITIATIVE: "roadmap:initiative-show"}


def _short(title: str) -> str:
    return Truncator(title).chars(90)
