"""What routines say on the home page: what is handed over to somebody, what they decided to do (list HOME)."""

import datetime as dt

from django.db.models import Case, F, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.home import Need, Part, Row, Rows, waits
from vertebra.org.empty_spaces import person_of
from vertebra.practices.models import MeetingDecision
from vertebra.practices.queries.self_supporting import under_way

MOST_ALIKE = 3


def part(user: User, now: dt.datetime) -> Part:
    """What somebody is to take over, and what of their decisions is past its day."""
    return Part(waits=lambda: _waits(user, clock.today(now)), told=_needs)


def _waits(user: User, day: dt.date) -> list[Rows]:
    person = person_of(user)
    if person is None:
        return []
    given = under_way().filter(to_person=person)
    named = Case(When(practice__isnull=False, then=F("practice__name")), default=F("routine__title"))
    mine = MeetingDecision.objects.filter(person=person, done_at=None, due_on__lte=day)
    return [
        waits(given.annotate(_called=named), "take_over", day="by_on", title="_called"),
        waits(mine, "decided", day="due_on", number="meeting__routine", title="line", detail=Value("")),
    ]


def _needs(rows: list[Row]) -> list[Need]:
    in_turn = sorted(rows, key=lambda row: (row[4] or dt.date.max, row[1]))
    given = [row for row in in_turn if row[0] == "take_over"][:MOST_ALIKE]
    mine = [row for row in in_turn if row[0] == "decided"][:MOST_ALIKE]
    return [*map(_to_take, given), *map(_to_do, mine)]


def _to_take(row: Row) -> Need:
    return Need(
        _("“%(title)s” is handed over to you") % {"title": Truncator(row[2]).chars(90)},
        reverse("practices:self-supporting"),
        _("Take it over"),
        _due(row[4]),
    )


def _to_do(row: Row) -> Need:
    return Need(
        _("Decided for you: %(line)s") % {"line": Truncator(row[2]).chars(90)},
        f"{reverse('practices:meeting-decisions')}?who=me&state=open",
        _("Say that it is done"),
        _due(row[4]),
    )


def _due(on: dt.date | None) -> str:
    return _("Due on %(day)s.") % {"day": date_format(on, "DATE_FORMAT")} if on else ""
