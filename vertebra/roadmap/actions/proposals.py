"""Quick wins that an audit proposed: undertaken as initiatives; what happens to one then happens to the other."""

import datetime as dt

from django.db import transaction

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.discovery.actions import quick_wins as discovery
from vertebra.discovery.models import QuickWin
from vertebra.kit import clock
from vertebra.roadmap.actions.initiatives import QUICK_WIN_DAYS, create_initiative
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.proposals import initiative_of


@transaction.atomic
def undertake_quick_win(*, actor: User, quick_win: QuickWin, now: dt.datetime) -> Initiative:
    """The initiative that carries out a quick win of an audit: the one there is, or a new one."""
    if found := initiative_of(quick_win):
        return found
    is_small = quick_win.days <= QUICK_WIN_DAYS
    return create_initiative(
        actor=actor,
        kind=InitiativeKind.QUICK_WIN if is_small else InitiativeKind.OPERATING_MODEL,
        title=quick_win.title,
        language=quick_win.language,
        lead=quick_win.owner,
        field=quick_win.pain_point.field,
        effort_days=quick_win.days,
        due_on=clock.today(now) + discovery.WITHIN,
        carries_out=(Kind.QUICK_WIN, quick_win.pk),
        answers=(Kind.PAIN_POINT, quick_win.pain_point_id),
        now=now,
    )
