"""What runs by itself: reviews open on their day, and wait to be decided once the answers are in."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.reviews.actions.cadences import ensure_champions, ensure_practices
from vertebra.reviews.actions.reviews import gather_answers, open_due_reviews


@job(words=_("Look back at what is due"))
def look_back() -> dict[str, int]:
    """Begin the rhythms of the champions’ role and of practices, open what is due, gather answers."""
    now = clock.now()
    ensure_champions(actor=None, now=now)
    ensure_practices(actor=None, now=now)
    opened = open_due_reviews(actor=None, now=now)
    return {"opened": len(opened), "gathered": gather_answers(actor=None, now=now)}
