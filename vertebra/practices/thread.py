"""What the objects of ways of working are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.practices.models import Adaptation, Check, Practice, Routine


def _adaptations(user: User, ids: Sequence[int]) -> Found:
    rows = Adaptation.objects.all_time().filter(pk__in=ids)
    told = rows.values_list("pk", "practice__name", "unit_id")
    return {pk: (name, reverse("practices:team-show", args=(unit,))) for pk, name, unit in told}


resolve = Names(
    {
        Kind.PRACTICE: Titled(Practice, "practices:practice-show", title="name"),
        Kind.ADAPTATION: _adaptations,
        Kind.CHECK: Titled(Check, "practices:check-show", title="name"),
        Kind.ROUTINE: Titled(Routine, "practices:routine-show"),
    }
)
