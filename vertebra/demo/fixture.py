"""The demo company for tests and screenshots, on one fixed day."""

import datetime as dt

from vertebra.demo.load import Summary, load

DAY = dt.date(2026, 11, 2)


def small_company(until: dt.date = DAY) -> Summary:
    """The company of sixty, in the test's own transaction."""
    return load(profile="small", until=until)


def scale_up_company(until: dt.date = DAY) -> Summary:
    """The company of eighteen hundred, in the test's own transaction."""
    return load(profile="scale-up", until=until)
