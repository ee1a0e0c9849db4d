"""What the tools show of a practice, team by team."""

import datetime as dt

from vertebra.practices.models import PracticeVersion


def observed_shares(version: PracticeVersion, day: dt.date) -> dict[int, float | None]:
    """The share of what each team does that agrees with a version; nothing where no check looks."""
    return {}
