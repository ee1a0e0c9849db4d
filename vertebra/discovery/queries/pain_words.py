"""Pain points in the words of one reader: size, trend, whom they hurt, whether they came back."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.models import User
from vertebra.analysis.privacy import in_steps
from vertebra.discovery.labels import PAIN_TONES, Trend
from vertebra.discovery.models import HurtGroup, PainPoint
from vertebra.discovery.queries.hurting import groups_of, said
from vertebra.discovery.queries.pain_points import Size, came_back, size_for, trend_of
from vertebra.kit.templatetags.ui import figure
from vertebra.org.queries.structure import Structure

MOST_GROUPS = 6


def size_words(people: int | None, *, is_exact: bool) -> str:
    """How many people, as one may say it."""
    if people is None:
        return _("fewer than five")
    if is_exact or people == 0:
        return figure(people)
    return _("at least %(count)s") % {"count": figure(people)}


class Shown:
    """A pain point as one reader may know it, in words."""

    def __init__(self, user: User, row: PainPoint) -> None:
        self.row = row
        self.size: Size = size_for(user, row)
        self.trend: Trend = trend_of(row.recent_count, row.before_count)
        self.tone = PAIN_TONES[row.state]
        self.is_back = came_back(row)

    @property
    def people(self) -> str:
        """How many people were heard."""
        return size_words(self.size.people, is_exact=self.size.is_exact)

    @property
    def quarter(self) -> str:
        """The quarter in which it was last heard of."""
        day = self.row.latest_seen_on
        return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}

    @property
    def seen(self) -> dt.date | str:
        """The day on which it was last heard of; for those who may know no day, the quarter."""
        return self.row.latest_seen_on if self.size.is_exact else self.quarter

    @property
    def branch(self) -> str:
        """How many people were heard of it and of all that is part of it."""
        count = self.row.branch_count
        return size_words(count if self.size.is_exact else in_steps(count), is_exact=self.size.is_exact)

    @property
    def heard(self) -> str:
        """Who was heard, in one phrase: people, teams, functions."""
        size = self.size
        if size.people is None:
            return _("fewer than five people")
        if self.row.people_count == 0:
            return _("nobody yet")
        if size.is_exact:
            people = ngettext("%(count)s person", "%(count)s people", size.people)
        else:
            people = ngettext("at least %(count)s person", "at least %(count)s people", size.people)
        parts = [people % {"count": figure(size.people)}]
        if size.teams:
            parts.append(ngettext("%(count)d team", "%(count)d teams", size.teams) % {"count": size.teams})
        if size.functions:
            said_so = ngettext("%(count)d function", "%(count)d functions", size.functions)
            parts.append(said_so % {"count": size.functions})
        return " · ".join(parts)


def hurts(groups: Iterable[HurtGroup], structure: Structure) -> str:
    """Whom it hurts, in one line."""
    named = [said(group, structure) for group in groups_of(groups)]
    if len(named) > MOST_GROUPS:
        more = ngettext("%(count)d more", "%(count)d more", len(named) - MOST_GROUPS)
        named = [*named[:MOST_GROUPS], more % {"count": len(named) - MOST_GROUPS}]
    return ", ".join(named)


def ids_of(values: Iterable[str]) -> list[int]:
    """The numbers among what a form sent."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 18]
