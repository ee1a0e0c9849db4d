"""What surveys and incidents are called, for comments, watches, search and the thread."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.models import Incident
from vertebra.evidence.queries.results import open_to
from vertebra.kit.cards import Card, cards_of


def resolve(user: User, kind: str, ids: Sequence[int]) -> dict[int, Card]:
    """A card for each of these surveys or incidents that the user may read of."""
    if kind == Kind.INCIDENT:
        return cards_of(kind, ids, _incidents)
    return cards_of(kind, ids, partial(_surveys, user)) if kind == Kind.SURVEY else {}


def _surveys(user: User, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = open_to(user, ids).values_list("pk", "title")
    return {pk: (title, reverse("evidence:pulse-show", args=(pk,))) for pk, title in rows}


def _incidents(ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = Incident.objects.filter(pk__in=ids, archived_at__isnull=True).values_list("pk", "title")
    return {pk: (title, reverse("evidence:incident-show", args=(pk,))) for pk, title in rows}
