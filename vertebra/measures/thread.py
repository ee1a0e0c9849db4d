"""What metrics, dashboards, boards and questions are called, for comments, watches, search and the thread."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db.models import Q
from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit.cards import Card, cards_of
from vertebra.measures.models import Board, Dashboard, DataRequest, Lever, Metric, RatioRule

Found = dict[int, tuple[str, str]]


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """A card for each of these objects that exists and that the user may open."""
    names = _NAMES.get(kind)
    if names is None or not may(user, Right.READ):
        return {}
    return cards_of(kind, ids, partial(names, user))


def _metrics(user: User, ids: Sequence[int]) -> Found:
    rows = Metric.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("measures:metric-show", args=(pk,))) for pk, name in rows}


def _dashboards(user: User, ids: Sequence[int]) -> Found:
    rows = Dashboard.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("measures:dashboard-show", args=(pk,))) for pk, name in rows}


def _boards(user: User, ids: Sequence[int]) -> Found:
    """Boards are their owner's until shared."""
    rows = Board.objects.filter(Q(owner=user) | Q(is_shared=True), pk__in=ids).values_list("pk", "title")
    return {pk: (title, reverse("measures:board-show", args=(pk,))) for pk, title in rows}


def _requests(user: User, ids: Sequence[int]) -> Found:
    rows = DataRequest.objects.filter(pk__in=ids).values_list("pk", "question")
    return {pk: (question, reverse("measures:request-show", args=(pk,))) for pk, question in rows}


def _levers(user: User, ids: Sequence[int]) -> Found:
    rows = Lever.objects.filter(pk__in=ids).values_list("pk", "outcome_id", "driver__name", "outcome__name")
    return {
        pk: (f"{driver} → {moved}", reverse("measures:metric-show", args=(outcome,)))
        for pk, outcome, driver, moved in rows
    }


def _ratios(user: User, ids: Sequence[int]) -> Found:
    rows = RatioRule.objects.filter(pk__in=ids).values_list("pk", "name")
    return {pk: (name, reverse("measures:ratio-list")) for pk, name in rows}


_NAMES: dict[str, Callable[[User, Sequence[int]], Found]] = {
    Kind.METRIC: _metrics,
    Kind.DASHBOARD: _dashboards,
    Kind.BOARD: _boards,
    Kind.DATA_REQUEST: _requests,
    Kind.LEVER: _levers,
    Kind.RATIO: _ratios,
}
