"""Who could help whom: teams that adopted a practice and offered, beside those that ask or try."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.help_requests import OPEN
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.adoption import AdoptionState
from vertebra.practices.queries.adoption import Sight

MOST_HELPERS = 3


def requests_about(practice_ids: Iterable[int]) -> "QuerySet[HelpRequest]":
    """What was asked for with these practices."""
    links = Link.objects.filter(
        from_kind=Kind.HELP_REQUEST,
        relation=Relation.RELATES,
        to_kind=Kind.PRACTICE,
        to_id__in=list(practice_ids),
        ended_at=None,
    )
    return HelpRequest.objects.filter(pk__in=links.values("from_id"), archived_at=None)


def open_requests(practice_ids: Iterable[int]) -> dict[int, list[HelpRequest]]:
    """What is still asked for with each of these practices, the oldest first."""
    ids = list(practice_ids)
    if not ids:
        return {}
    links = Link.objects.filter(
        from_kind=Kind.HELP_REQUEST,
        relation=Relation.RELATES,
        to_kind=Kind.PRACTICE,
        to_id__in=ids,
        ended_at=None,
    )
    about = dict(links.values_list("from_id", "to_id"))
    found: dict[int, list[HelpRequest]] = defaultdict(list)
    rows = HelpRequest.objects.filter(pk__in=about, archived_at=None, state__in=OPEN)
    for row in rows.select_related("asked_by").order_by("asked_at", "pk"):
        found[about[row.pk]].append(row)
    return found


@dataclass(frozen=True, slots=True)
class Match:
    """A team that asks for help with a practice, or tries it, and the teams nearest to it that offered theirs."""

    team: Node | None
    request: HelpRequest | None
    helpers: list[Node]


def who_could_help(sight: Sight, practice: int, requests: Iterable[HelpRequest]) -> list[Match]:
    """Those who ask first, then those who try; to each the nearest that offered, as far as the reader may know."""
    teams = sight.shown_teams()
    offers = [node for node in teams if _offers(sight, practice, node)]
    nodes = sight.facts.structure.nodes
    asked = [
        Match(node, row, _nearest(node, offers))
        for row in requests
        for node in [nodes.get(row.unit_id) if row.unit_id else None]
    ]
    known = {match.team.id for match in asked if match.team}
    trying = [
        Match(node, None, _nearest(node, offers))
        for node in teams
        if node.id not in known and _state(sight, practice, node) == AdoptionState.TRYING
    ]
    return [*asked, *trying]


def _state(sight: Sight, practice: int, node: Node) -> str:
    stand = sight.stand(practice, node)
    return stand.state if stand else ""


def _offers(sight: Sight, practice: int, node: Node) -> bool:
    stand = sight.stand(practice, node)
    return stand is not None and stand.state == AdoptionState.ADOPTED and stand.is_willing


def _nearest(node: Node | None, offers: list[Node]) -> list[Node]:
    """The teams that offered, those that share most of the tree first; all alike for somebody of no team."""
    if node is None:
        return offers[:MOST_HELPERS]
    others = [one for one in offers if one.id != node.id]
    return sorted(others, key=lambda one: -_shared(node.path, one.path))[:MOST_HELPERS]


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))
