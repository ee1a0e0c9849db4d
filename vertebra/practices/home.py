"""What ways of working say on the home page: what is announced, what waits for whoever carries it."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.kit.home import Part


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the person."""
    return Part(waits=list, told=lambda _rows: [], blocks=list)
