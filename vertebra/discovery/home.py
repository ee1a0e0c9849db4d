"""What discovery says on the home page: what waits for Product Ops, quick wins that are due, where to ask for help."""

import datetime as dt

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.discovery.models import QuickWin
from vertebra.discovery.queries.function_home import block_of_function, needs_of_function
from vertebra.discovery.queries.quick_wins import due_for
from vertebra.kit import clock
from vertebra.kit.home import Need, Part
from vertebra.org.empty_spaces import person_of

SHOWN = 3


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the function and for whoever has a quick win under way, and what became of the help asked for."""
    return Part(
        needs=lambda: [*needs_of_function(user, now), *_quick_wins(user, clock.today(now))],
        blocks=lambda: [block_of_function(user)],
    )


def _quick_wins(user: User, today: dt.date) -> list[Need]:
    return [_due(row, today) for row in due_for(user, person_of(user), today)[:SHOWN]]


def _due(row: QuickWin, today: dt.date) -> Need:
    day = date_format(row.due_on, "DATE_FORMAT") if row.due_on else ""
    is_late = row.due_on is not None and row.due_on < today
    why = (_("Promised for %(day)s.") if is_late else _("Due on %(day)s.")) % {"day": day}
    return Need(row.title, reverse("discovery:quick-win-show", args=(row.pk,)), _("Say where it stands"), why)
