"""What reviews say on the home page: what waits to be decided by whoever leads it."""

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Need, Part, Row, Rows, waits
from vertebra.org.empty_spaces import person_of
from vertebra.reviews.labels import ReviewState
from vertebra.reviews.models import Review

MOST_ALIKE = 3


def part(user: User, now: dt.datetime) -> Part:
    """The reviews that somebody leads and whose answers are in; those that nobody leads wait for Product Ops."""
    return Part(waits=lambda: [_asked(user, clock.today(now))], told=_needs)


def _asked(user: User, day: dt.date) -> Rows:
    person = person_of(user)
    mine = Q(lead=person) if person else Q(pk__in=())
    if may(user, Right.PRODUCT_OPS):
        mine |= Q(lead=None) | Q(lead__left_on__lte=day) | Q(lead__archived_at__isnull=False)
    return waits(Review.objects.filter(mine, state=ReviewState.TO_DECIDE), "review", day="frozen_on")


def _needs(rows: list[Row]) -> list[Need]:
    in_turn = sorted(rows, key=lambda row: (row[4] or dt.date.max, row[1]))
    return [
        Need(
            _("The answers on “%(title)s” are in: keep, lighten, change or retire it")
            % {"title": Truncator(title).chars(90)},
            reverse("reviews:review-show", args=(number,)),
            _("Read and decide"),
        )
        for _code, number, title, _detail, _day, _place in in_turn[:MOST_ALIKE]
    ]
