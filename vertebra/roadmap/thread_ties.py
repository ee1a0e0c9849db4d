"""What the thread of a topic, a decision or a table tells beyond its links: on which table, in which round, what it displaced."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from vertebra.accounts.labels import BACKWARDS, Kind, Relation
from vertebra.kit.cards import Tie
from vertebra.roadmap.models import Decision, Initiative, KeyResult, Result, TableTopic
from vertebra.roadmap.queries.decisions import held_at_table

MOST = 50


def ties(kind: str, object_id: int) -> list[Tie]:
    """The objects tied to this one by what is stored of it, whoever may open them."""
    found = _TOLD.get(kind)
    return found(object_id) if found else []


def _topic(pk: int) -> list[Tie]:
    """The tables on which it lay."""
    rows = TableTopic.objects.filter(topic=pk, cycle__archived_at=None)
    said = str(_("lies on the table"))
    return [
        Tie(str(Kind.CYCLE), cycle, False, said, "", at)
        for cycle, at in rows.values_list("cycle", "added_at")
    ]


def _decision(pk: int) -> list[Tie]:
    """The table at which it was taken, and the topics that had to give way."""
    row = Decision.objects.filter(pk=pk).select_related("cycle").first()
    if row is None:
        return []
    found = []
    if row.cycle_id:
        found.append(Tie(str(Kind.CYCLE), row.cycle_id, True, str(_("decided at")), "", row.created_at))
    for topic in row.displaces.values_list("pk", flat=True):
        found.append(Tie(str(Kind.TOPIC), topic, False, str(_("displaces")), "", row.created_at))
    return found


def _cycle(pk: int) -> list[Tie]:
    """The topics on the table, and what was decided there."""
    rows = TableTopic.objects.filter(cycle=pk).values_list("topic", "added_at")[:MOST]
    said = str(_("lies on the table"))
    decided = held_at_table().filter(cycle=pk).order_by("pk").values_list("pk", "created_at")[:MOST]
    return [
        *(Tie(str(Kind.TOPIC), topic, True, said, "", at) for topic, at in rows),
        *(Tie(str(Kind.DECISION), one, False, str(_("decided at")), "", at) for one, at in decided),
    ]


def _initiative(pk: int) -> list[Tie]:
    """The metrics it should move, its parts, and the initiative it is part of."""
    label, part = str(Relation.MEASURES.label), str(_("is part of"))
    rows = KeyResult.objects.filter(initiative=pk, metric__isnull=False).values_list(
        "metric", "name", "fixed_at", "initiative__created_at"
    )
    found = [
        Tie(str(Kind.METRIC), metric, False, label, name, at or since) for metric, name, at, since in rows
    ]
    children = Initiative.objects.filter(parent=pk, archived_at=None).values_list("pk", "created_at")[:MOST]
    found += [Tie(str(Kind.INITIATIVE), child, False, part, "", at) for child, at in children]
    parent = Initiative.objects.filter(pk=pk, parent__isnull=False).values_list("parent", "created_at")
    return found + [
        Tie(str(Kind.INITIATIVE), one, True, str(_("includes")), "", at) for one, at in parent if one
    ]


def _result(pk: int) -> list[Tie]:
    """The metric that was looked at."""
    rows = Result.objects.filter(pk=pk, key_result__metric__isnull=False)
    label = str(Relation.MEASURES.label)
    told = rows.values_list("key_result__metric", "key_result__name", "computed_at")
    return [Tie(str(Kind.METRIC), metric, True, label, name, at) for metric, name, at in told if metric]


def _metric(pk: int) -> list[Tie]:
    """The initiatives that should move it."""
    rows = KeyResult.objects.filter(metric=pk, initiative__archived_at=None)
    label = str(BACKWARDS[Relation.MEASURES])
    told = rows.values_list("initiative", "name", "fixed_at", "initiative__created_at")[:MOST]
    return [Tie(str(Kind.INITIATIVE), one, False, label, name, at or since) for one, name, at, since in told]


_TOLD: dict[str, Callable[[int], list[Tie]]] = {
    Kind.TOPIC: _topic,
    Kind.DECISION: _decision,
    Kind.CYCLE: _cycle,
    Kind.INITIATIVE: _initiative,
    Kind.RESULT: _result,
    Kind.METRIC: _metric,
}
