"""What reviews and their findings are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.reviews.models import Cadence, Finding, Review


def _findings(user: User, ids: Sequence[int]) -> Found:
    rows = Finding.objects.filter(pk__in=ids).values_list("pk", "line", "review")
    return {
        pk: (line, f"{reverse('reviews:review-show', args=(review,))}#finding-{pk}")
        for pk, line, review in rows
    }


def _cadences(user: User, ids: Sequence[int]) -> Found:
    rows = Cadence.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: (title, reverse("reviews:review-list")) for pk, title in rows}


resolve = Names(
    {
        Kind.REVIEW: Titled(Review, "reviews:review-show"),
        Kind.FINDING: _findings,
        Kind.CADENCE: _cadences,
    }
)
