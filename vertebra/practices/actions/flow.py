"""A practice has the flow of work looked at: where it holds or is tried, for a reason, once it is built with others."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.actions.flow import open_flow
from vertebra.evidence.models import FlowOpening
from vertebra.kit import clock
from vertebra.org.models import Unit
from vertebra.practices.actions.standing import open_one
from vertebra.practices.models import Practice
from vertebra.practices.queries.checks import is_built_together
from vertebra.practices.queries.flow import units_to_look_at


class NotForFlow(Refusal):
    """Flow is looked at for a practice that says why and has co-authors, and only where it is lived."""


@transaction.atomic
def look_at_flow(
    *, actor: User, practice: Practice, unit: Unit | None, why: str, now: dt.datetime
) -> FlowOpening:
    """Have flow looked at because of a practice, for a unit where it holds or is tried (none: the whole company)."""
    row = open_one(practice)
    if not is_built_together(row):
        raise NotForFlow(
            _("Flow is looked at for a practice that says why and is built with co-authors: add them first.")
        )
    if (unit.pk if unit else None) not in units_to_look_at(row, clock.today(now)):
        raise NotForFlow(_("Flow is looked at only where the practice holds, is announced or is tried."))
    return open_flow(actor=actor, unit=unit, kind=Kind.PRACTICE, object_id=row.pk, why=why, now=now)
