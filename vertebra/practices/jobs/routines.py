"""What runs by itself: whoever is to take something over is reminded once, shortly before its day."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.practices.actions.hand_overs import SOON, remind_of_hand_overs
from vertebra.practices.queries.self_supporting import under_way


@job(words=_("Remind those who are to take a practice or a routine over"))
def remind_who_takes_over() -> dict[str, int]:
    """Remind, once, whoever is to take something over within days."""
    return {"reminded": remind_of_hand_overs(actor=None, now=clock.now())}


def somebody_takes_over() -> bool:
    """Whether somebody is to be reminded."""
    return under_way().filter(by_on__lte=clock.today() + SOON, reminded_at=None).exists()
