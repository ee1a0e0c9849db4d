"""What measures say on the home page: what became of the questions that the person put to the data team."""

import datetime as dt

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.kit.home import Block, Line, Part
from vertebra.measures.models import DataRequest
from vertebra.org.empty_spaces import person_of

SHOWN = 3
TONES = {"asked": "attention", "answered": "good", "self_served": "good", "declined": "neutral"}


def part(user: User, now: dt.datetime) -> Part:
    """The questions that the person asked; what waits for them is told further down the loop, in one question."""
    return Part(blocks=lambda: _asked(user))


def _asked(user: User) -> list[Block]:
    """What became of the questions that the person put to the data team; nothing where they put none."""
    person = person_of(user)
    if person is None:
        return []
    rows = DataRequest.objects.filter(asked_by=person).order_by("-asked_at", "-pk")
    lines = [
        Line(
            row.question,
            reverse("measures:request-show", args=(row.pk,)),
            Truncator(row.answer).chars(160),
            str(row.get_state_display()),
            TONES[row.state],
        )
        for row in rows[:SHOWN]
    ]
    return (
        [Block(_("Your questions to the data team"), lines, reverse("measures:request-list"))]
        if lines
        else []
    )
