"""What adoption says on the home page: the card of a team, tools that a team finds wrong, the director's page."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need, Part, Row, Rows, waits
from vertebra.org.empty_spaces import held_by, person_of
from vertebra.org.labels import MandateRole
from vertebra.practices.labels.practices import STATE_TONES
from vertebra.practices.models import ObservationDoubt
from vertebra.practices.pages.adoption_due import due_words
from vertebra.practices.queries.adoption import Sight
from vertebra.practices.queries.adoption_cards import waiting_cards
from vertebra.practices.queries.adoption_desk import desk_of

MOST_ALIKE = 3
SHOWN = 5


def part(user: User, now: dt.datetime) -> Part:
    """The card that waits, what the tools got wrong, and what a director's unit lives by."""
    return Part(
        waits=lambda: _waiting(user, now),
        told=_needs,
        around=lambda: _around(user, clock.today(now)),
    )


def _waiting(user: User, now: dt.datetime) -> list[Rows]:
    person = person_of(user)
    mine = Q(practice__carrier=person) if person else Q(pk__in=())
    if may(user, Right.PRODUCT_OPS):
        mine |= Q(practice__carrier=None)
    doubts = ObservationDoubt.objects.filter(mine, answered_at=None, practice__archived_at=None)
    found = [waits(doubts, "doubt", title="practice__name")]
    return [*found, waiting_cards(person, now)] if person else found


def _needs(rows: list[Row]) -> list[Need]:
    in_turn = sorted(rows, key=lambda row: (row[0], row[1]))
    asked = [_asked(row) for row in in_turn if row[0] == "adoption"][:MOST_ALIKE]
    return [*asked, *[_doubted(row) for row in in_turn if row[0] == "doubt"][:MOST_ALIKE]]


def _asked(row: Row) -> Need:
    """Asked of whoever leads a team, two things a week at most with all the rest."""
    _code, number, team, _detail, _day, _place = row
    return Need(
        _("Where does %(team)s stand with its ways of working?") % {"team": Truncator(team).chars(90)},
        reverse("practices:card-answer", args=(number,)),
        pgettext("verb", "Answer"),
        _("Two minutes, once a quarter, all practices together."),
        (str(Kind.ADOPTION_CARD), number),
    )


def _doubted(row: Row) -> Need:
    _code, number, title, _detail, _day, _place = row
    return Need(
        _("A team says that the tools show “%(title)s” wrongly") % {"title": Truncator(title).chars(90)},
        reverse("practices:doubt-answer", args=(number,)),
        _("Look into it"),
    )


def _around(user: User, day: dt.date) -> list[Block]:
    """What a director's unit carries and what is due there, one page away."""
    person = person_of(user)
    if person is None or not any(row.role == MandateRole.DIRECTOR for row in held_by(person, day)):
        return []
    sight = Sight.of(user, day, day)
    node = next((found for unit in sight.directed if (found := sight.facts.structure.get(unit))), None)
    if node is None or not sight.facts.practices:
        return []
    desk = desk_of(sight, node, day)
    url = reverse("practices:direction") + f"?unit={node.id}"
    lines = [Line(due_words(one), url) for one in desk.due]
    lines += [
        Line(
            one.practice.name,
            reverse("practices:practice-show", args=(one.practice.pk,)),
            _("%(adopted)s of %(teams)s teams do it")
            % {"adopted": one.summary.adopted, "teams": one.summary.teams},
            str(one.reach_label or one.practice.get_state_display()),
            STATE_TONES[one.practice.state],
        )
        for one in desk.carried
    ]
    title = _("Ways of working in %(name)s") % {"name": node.name}
    empty = _("No practice reaches %(name)s yet.") % {"name": node.name}
    return [Block(title, lines[:SHOWN], url, empty, _("Open the director’s page"))]
