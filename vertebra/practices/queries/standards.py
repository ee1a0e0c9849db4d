"""What a practice still lacks to be a standard."""

import datetime as dt

from vertebra.practices.labels.practices import Lacking
from vertebra.practices.models import Practice
from vertebra.practices.queries.rights import is_product_ops
from vertebra.practices.queries.texts import versions_of


def missing_for_standard(practice: Practice, day: dt.date) -> list[Lacking]:
    """What the law of standards still asks of a practice, in the order in which one would do it."""
    known = versions_of(practice)
    version = known.current or known.latest
    has_carrier = practice.carrier is not None and not is_product_ops(practice.carrier)
    asked = (
        (Lacking.CARRIER, has_carrier),
        (Lacking.PILOT, practice.trials.filter(starts_on__lte=day).exists()),
        (Lacking.CO_AUTHORS, practice.co_authors.exists()),
        (Lacking.COST, version.costs.exists()),
        (Lacking.REVIEW, practice.next_review_on is not None),
    )
    return [what for what, is_there in asked if not is_there]
