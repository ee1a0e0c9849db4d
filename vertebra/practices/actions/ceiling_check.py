"""What asks more than the ceiling becomes no standard unless somebody signs why, in the entry of another action."""

import datetime as dt

from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.kit import clock
from vertebra.org.labels import Function
from vertebra.org.models import Person, Unit
from vertebra.practices.models import CeilingReason, PracticeVersion
from vertebra.practices.queries.time_asked import displaced_by


class OverCeiling(Refusal):
    """What asks more of a function than may be asked becomes a standard for a signed reason only."""


def refuse_over_ceiling(
    version: PracticeVersion, unit: Unit | None, reason: str, *, person: Person | None, tracker: audit.Tracker,
    now: dt.datetime,
) -> CeilingReason | None:  # fmt: skip
    """Refuse a standard that asks more than a ceiling allows, or keep the reason that somebody signs for it."""
    over = [one for one in displaced_by(version, unit.pk if unit else None, clock.today(now)) if one.too_much]
    if not over:
        return None
    if not reason.strip() or person is None:
        names = dict(Function.choices)
        said = ", ".join(
            _("%(function)s: %(after)s minutes a month each, at most %(ceiling)s")
            % {"function": names[one.function], "after": round(one.after), "ceiling": one.ceiling}
            for one in over
        )
        raise OverCeiling(
            _(
                "It would ask for more time than may be asked (%(what)s). Lighten it or another one, or say why."
            )
            % {"what": said}
        )
    row = CeilingReason(version=version, unit=unit, person=person, words=reason.strip()[:4000], at=now)
    tracker.create(row)
    return row
