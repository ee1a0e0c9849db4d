"""How far targets moved later."""

import datetime as dt

import pytest

from vertebra.analysis.slips import Slip, order_of, slip_of

DAYS = {"v1.28": dt.date(2023, 8, 15), "v1.29": dt.date(2023, 12, 13)}


@pytest.mark.parametrize(
    ("before", "after", "slip"),
    [
        ({"alpha": "v1.28"}, {"alpha": "v1.29"}, Slip(1, 120)),
        ({"alpha": "v1.9"}, {"alpha": "v1.10"}, Slip(1, 0)),
        ({"alpha": "v1.28", "beta": "v1.29"}, {"alpha": "v1.29", "beta": "v1.33"}, Slip(4, 120)),
        ({"alpha": "v1.32"}, {"alpha": "v2.0"}, Slip(1, 0)),
        ({"alpha": "v1.29"}, {"alpha": "v1.28"}, None),
        ({"alpha": "v1.28"}, {"alpha": "v1.28"}, None),
        ({"alpha": "v1.28"}, {"beta": "v1.33"}, None),
        ({"alpha": "TBD"}, {"alpha": "v1.28"}, None),
        ({"alpha": "v1.28"}, {"alpha": "later"}, None),
    ],
)
def test_only_what_moves_later_is_a_slip(
    before: dict[str, str], after: dict[str, str], slip: Slip | None
) -> None:
    assert slip_of(before, after, DAYS) == slip


def test_targets_are_compared_by_their_numbers() -> None:
    assert order_of("v1.9") < order_of("1.10") < order_of("2026-Q1")
