"""What the objects of the roadmap are called, for comments, watches, search and the thread."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit.cards import Card, cards_of
from vertebra.roadmap.models import Cycle, Initiative, Launch, Objective, Playbook, Result, Topic
from vertebra.roadmap.queries.decisions import open_to
from vertebra.roadmap.queries.reports import open_to as reports_open_to

Found = dict[int, tuple[str, str]]


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """A card for each of these objects that exists and that the user may open."""
    names = _NAMES.get(kind)
    if names is None or not may(user, Right.READ):
        return {}
    return cards_of(kind, ids, partial(names, user))


def _titled(model: type[Model], page: str) -> Callable[[User, Sequence[int]], Found]:
    """Objects with a title and a page that every reader may open."""

    def names(user: User, ids: Sequence[int]) -> Found:
        rows = model._default_manager.filter(pk__in=ids).values_list("pk", "title")
        return {pk: (title, reverse(page, args=(pk,))) for pk, title in rows}

    return names


def _launches(user: User, ids: Sequence[int]) -> Found:
    rows = Launch.objects.filter(pk__in=ids).values_list("pk", "initiative__title")
    return {pk: (title, reverse("roadmap:launch-show", args=(pk,))) for pk, title in rows}


def _decisions(user: User, ids: Sequence[int]) -> Found:
    rows = open_to(user).filter(pk__in=ids)
    return {
        row.pk: (
            f"{row.get_verdict_display()} · {row.topic.title}",
            reverse("roadmap:decision-show", args=(row.pk,)),
        )
        for row in rows
    }


def _results(user: User, ids: Sequence[int]) -> Found:
    rows = Result.objects.filter(pk__in=ids).select_related("key_result").defer("series", "checks")
    return {
        row.pk: (_said_of(row), reverse("roadmap:result-show", args=(row.key_result_id,))) for row in rows
    }


def _said_of(row: Result) -> str:
    said = f"{row.key_result.name} · {row.get_verdict_display()}"
    return _("%(result)s (replaced since)") % {"result": said} if row.superseded_at else said


def _reports(user: User, ids: Sequence[int]) -> Found:
    rows = reports_open_to(user).filter(pk__in=ids).values_list("pk", "title")
    return {pk: (title, reverse("roadmap:report-show", args=(pk,))) for pk, title in rows}


_NAMES: dict[str, Callable[[User, Sequence[int]], Found]] = {
    Kind.OBJECTIVE: _titled(Objective, "roadmap:objective-show"),
    Kind.TOPIC: _titled(Topic, "roadmap:topic-show"),
    Kind.CYCLE: _titled(Cycle, "roadmap:cycle-show"),
    Kind.DECISION: _decisions,
    Kind.INITIATIVE: _titled(Initiative, "roadmap:initiative-show"),
    Kind.RESULT: _results,
    Kind.LAUNCH: _launches,
    Kind.PLAYBOOK: _titled(Playbook, "roadmap:playbook-show"),
    Kind.REPORT: _reports,
}
