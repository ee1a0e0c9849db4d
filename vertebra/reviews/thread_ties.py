"""What the thread of a review, a finding or anything looked back at tells beyond its links."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Tie
from vertebra.reviews.models import Finding, Review

MOST = 50


def ties(kind: str, object_id: int) -> list[Tie]:
    """The review that found something, what it found, what it looked back at, the reviews of an object."""
    if kind == Kind.FINDING:
        rows = Finding.objects.filter(pk=object_id).values_list("review", "created_at")
        return [
            Tie(str(Kind.REVIEW), review, True, str(pgettext("a review", "found")), "", at)
            for review, at in rows
        ]
    if kind == Kind.REVIEW:
        return _of_review(object_id)
    held = Review.objects.filter(cadence__kind=kind, cadence__object_id=object_id)
    told = held.order_by("-pk").values_list("pk", "created_at")[:MOST]
    return [Tie(str(Kind.REVIEW), pk, False, str(_("looks back at")), "", at) for pk, at in told]


def _of_review(pk: int) -> list[Tie]:
    found = Finding.objects.filter(review=pk).values_list("pk", "created_at")[:MOST]
    ties = [Tie(str(Kind.FINDING), one, False, str(_("found by")), "", at) for one, at in found]
    about = Review.objects.filter(pk=pk).exclude(cadence__kind="")
    for kind, number, at in about.values_list("cadence__kind", "cadence__object_id", "created_at"):
        if number:
            ties.append(Tie(kind, number, True, str(_("is looked back at by")), "", at))
    return ties
