"""Why practices are there, in the first sentence of what they say: for those who are asked about many at once."""

import re
from collections.abc import Collection

from vertebra.practices.models import PracticeText

_END = re.compile(r"(?<=[.!?…])\s")


def whys_of(practice_ids: Collection[int], language: str) -> dict[int, str]:
    """The first sentence of the why of each practice, in a language or in any other that it has."""
    rows = PracticeText.objects.filter(
        version__practice__in=practice_ids, version__published_at__isnull=False
    )
    found: dict[int, tuple[tuple[int, bool], str]] = {}
    told = rows.values_list("version__practice", "version__number", "language", "why")
    for practice, number, spoken, why in told:
        rank = (number, spoken == language)
        if practice not in found or rank > found[practice][0]:
            found[practice] = (rank, _END.split(why.strip(), 1)[0])
    return {practice: why for practice, (_rank, why) in found.items()}
