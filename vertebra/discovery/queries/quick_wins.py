"""Quick wins as each reader may know them, and those that wait for somebody."""

import datetime as dt

from django.db.models import Q, QuerySet

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.discovery.labels import QuickWinState
from vertebra.discovery.models import QuickWin
from vertebra.discovery.queries.pain_points import open_to as pain_points_open_to
from vertebra.org.models import Person

SOON = dt.timedelta(days=7)


def open_to(user: User) -> QuerySet[QuickWin]:
    """All for Product Ops; for others what was started, or proposed by a published audit, of pain points they may open."""
    rows = QuickWin.objects.all()
    if may(user, Right.PRODUCT_OPS):
        return rows
    shown = ~Q(state=QuickWinState.PROPOSED) | Q(audit__published_at__isnull=False)
    return rows.filter(shown, pain_point__in=pain_points_open_to(user).values("pk"))


def due_for(user: User, person: Person | None, today: dt.date) -> QuerySet[QuickWin]:
    """What is under way and due within a week or late: one's own, and for Product Ops what is late."""
    mine = Q(owner=person) & Q(due_on__lte=today + SOON) if person else Q(pk__in=[])
    late = Q(due_on__lt=today) if may(user, Right.PRODUCT_OPS) else Q(pk__in=[])
    rows = QuickWin.objects.filter(mine | late, state=QuickWinState.STARTED)
    return rows.select_related("owner", "pain_point").order_by("due_on", "pk")
