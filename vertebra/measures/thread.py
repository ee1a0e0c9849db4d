"""What metrics, dashboards, boards and questions are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.measures.models import Board, Dashboard, DataRequest, Lever, Metric, RatioRule


def _boards(user: User) -> QuerySet[Board]:
    """Boards are their owner's until shared."""
    return Board.objects.filter(Q(owner=user) | Q(is_shared=True))


def _levers(user: User, ids: Sequence[int]) -> Found:
    rows = Lever.objects.filter(pk__in=ids).values_list("pk", "outcome_id", "driver__name", "outcome__name")
    return {
        pk: (f"{driver} → {moved}", reverse("measures:metric-show", args=(outcome,)))
        for pk, outcome, driver, moved in rows
    }


def _ratios(user: User, ids: Sequence[int]) -> Found:
    rows = RatioRule.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("measures:ratio-list")) for pk, name in rows}


resolve = Names(
    {
        Kind.METRIC: Titled(Metric, "measures:metric-show", "name"),
        Kind.DASHBOARD: Titled(Dashboard, "measures:dashboard-show", "name"),
        Kind.BOARD: Titled(Board, "measures:board-show", open_to=_boards),
        Kind.DATA_REQUEST: Titled(DataRequest, "measures:request-show", "question"),
        Kind.LEVER: _levers,
        Kind.RATIO: _ratios,
    }
)
