"""What discovery says on the home page: what waits for Product Ops, where to ask for help."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.discovery.queries.function_home import block_of_function, needs_of_function
from vertebra.kit.home import Part


def part(user: User, now: dt.datetime) -> Part:
    """What waits for the function, and what became of the help asked for."""
    return Part(
        needs=lambda: needs_of_function(user, now),
        blocks=lambda: [block_of_function(user)],
    )
