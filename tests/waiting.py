"""What waits for somebody of some parts of Home, each asked for this person alone."""

from collections.abc import Sequence

from vertebra.kit.home import Need, Part, Row
from vertebra.kit.home import needs_of as needs_told
from vertebra.web.waiting import together


def needs_of(parts: Sequence[Part]) -> list[Need]:
    """What waits, in the order of the parts."""
    rows: list[list[Row]] = [[] for _part in parts]
    whole = together(parts)
    for *row, part in whole if whole is not None else ():
        rows[part].append((row[0], row[1], row[2], row[3], row[4], row[5]))
    return needs_told(parts, rows)
