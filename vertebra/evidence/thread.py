"""What surveys and incidents are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.models import Incident
from vertebra.evidence.queries.results import open_to
from vertebra.kit.cards import Card


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """A card for each of these surveys or incidents that the user may read of."""
    if kind == Kind.INCIDENT:
        return _incidents(ids)
    if kind != Kind.SURVEY:
        return {}
    found: dict[int, Card] = {}
    for start in range(0, len(ids), 500):
        rows = open_to(user, ids[start : start + 500])
        for pk, title in rows.values_list("pk", "title"):
            found[pk] = Card(str(Kind.SURVEY), pk, title, reverse("evidence:pulse-show", args=(pk,)))
    return found


def _incidents(ids: Sequence[int]) -> dict[int, Card]:
    found: dict[int, Card] = {}
    for start in range(0, len(ids), 500):
        rows = Incident.objects.filter(pk__in=ids[start : start + 500], archived_at__isnull=True)
        for pk, title in rows.values_list("pk", "title"):
            found[pk] = Card(str(Kind.INCIDENT), pk, title, reverse("evidence:incident-show", args=(pk,)))
    return found
