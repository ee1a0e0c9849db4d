"""What surveys and incidents are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.evidence.models import Incident
from vertebra.evidence.queries.results import open_to
from vertebra.kit.cards import Titled


def _surveys(user: User, ids: Sequence[int]) -> Found:
    """Those that the user may read of."""
    rows = open_to(user, ids).values_list("pk", "title")
    return {pk: (title, reverse("evidence:pulse-show", args=(pk,))) for pk, title in rows}


resolve = Names(
    {
        Kind.SURVEY: _surveys,
        Kind.INCIDENT: Titled(Incident, "evidence:incident-show", only=Q(archived_at=None)),
    }
)
