"""Who may change what of a release."""

import datetime as dt
from collections.abc import Iterable

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ValidationPart
from vertebra.releases.models import Brief, Release


def may_change(user: User, release: Release) -> bool:
    """Whether this person may change a release: its lead, contributors, Product Ops."""
    if may(user, Right.EDIT_ORGANISATION):
        return True
    return release.lead is not None and release.lead.user_id == user.pk and may(user, Right.TAKE_PART)


def is_of_team(user: User, release: Release) -> bool:
    """Whether this person brings a release out: Product Ops, its lead, who wrote it down, who writes one of its briefs."""
    if may(user, Right.PRODUCT_OPS) or release.made_by_id == user.pk:
        return True
    person = person_of(user)
    if person is None:
        return False
    return release.lead_id == person.pk or release.briefs.filter(owner=person).exists()


class Roles:
    """The mandates that somebody holds on a day, read once for a page."""

    def __init__(self, user: User, day: dt.date, held: Iterable[tuple[str, str]] | None = None) -> None:
        self.user = user
        self.person = person_of(user)
        if held is None:
            mine = Mandate.objects.as_of(day).filter(person=self.person)
            held = mine.values_list("role", "function") if self.person else ()
        self.held = list(held)

    @property
    def trades(self) -> set[str]:
        """The functions that this person is a champion of ('' for a champion of all)."""
        return {function for role, function in self.held if role == MandateRole.CHAMPION}

    def may_write(self, brief: Brief, release: Release) -> bool:
        """Whether this person may write a brief: its owner, a champion of the trade, whoever may change the release."""
        if may_change(self.user, release):
            return True
        if not may(self.user, Right.TAKE_PART) or self.person is None:
            return False
        if brief.owner_id == self.person.pk:
            return True
        trades = self.trades
        return bool(trades) and (brief.trade == Trade.EVERYONE or bool({"", brief.trade} & trades))

    def parts(self, lead: int | None) -> list[ValidationPart]:
        """As what this person may agree to a release that somebody leads."""
        roles = {role for role, _function in self.held}
        found = []
        if self.person is not None and lead == self.person.pk:
            found.append(ValidationPart.LEAD)
        if MandateRole.CHAMPION in roles:
            found.append(ValidationPart.CHAMPIONS)
        if may(self.user, Right.PRODUCT_OPS):
            found.append(ValidationPart.PRODUCT_OPS)
        if MandateRole.DIRECTOR in roles:
            found.append(ValidationPart.DIRECTOR)
        return found

    def functions(self) -> set[str]:
        """The functions that this person answers for: as their director, lead or champion."""
        wanted = {MandateRole.DIRECTOR, MandateRole.LEAD, MandateRole.CHAMPION}
        return {function for role, function in self.held if role in wanted and function}
