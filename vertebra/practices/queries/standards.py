"""What a practice still lacks to be a standard."""

import datetime as dt

from vertebra.practices.labels.practices import Lacking
from vertebra.practices.models import Practice
from vertebra.practices.queries.rights import is_product_ops
from vertebra.practices.queries.texts import Versions, versions_of


def missing_for_standard(practice: Practice, day: dt.date, *, known: Versions | None = None) -> list[Lacking]:
    """What the law of standards still asks of a practice, in the order in which one would do it."""
    known = known or versions_of(practice)
    version = known.current or known.latest
    has_carrier = practice.carrier is not None and not is_product_ops(practice.carrier)
    asked = (
        (Lacking.CARRIER, has_carrier),
        (Lacking.PILOT, any(one.starts_on <= day for one in practice.trials.all())),
        (Lacking.CO_AUTHORS, bool(practice.co_authors.all())),
        (Lacking.COST, version.costs.exists()),
        (Lacking.REVIEW, practice.next_review_on is not None),
    )
    return [what for what, is_there in asked if not is_there]
