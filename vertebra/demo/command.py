"""`vertebra demo`, as the terminal asks for it."""

import datetime as dt
import gc
from collections.abc import Callable
from importlib.util import find_spec

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from vertebra.demo import load as loading
from vertebra.demo.jobs import make_work_items
from vertebra.kit import clock
from vertebra.kit.refusal import Refusal

NEEDED = ("duckdb", "pyarrow")


def run_command(*, profile: str, scale: int, until: str, say: Callable[[str], None]) -> loading.Summary:
    """Load the demo company, telling how far it is."""
    steps = {
        "plan": _("Imagining the company and its three years"),
        "write": _("Writing its history"),
        "index": _("Preparing search"),
        "listen": _("Listening to people, three years long"),
        "look": _("Looking for empty spaces"),
    }
    told: set[str] = set()

    def progress(step: str, done: int, total: int) -> None:
        if step not in told:
            told.add(step)
            say(f"{steps[step]}…")

    before = gc.get_threshold()
    # So many objects are made that looking for cycles as often as elsewhere takes a tenth more.
    gc.set_threshold(20_000, 20, 50)
    try:
        with transaction.atomic():
            made = loading.load(profile=profile, scale=scale, until=_day(until), progress=progress)
            _leave_work_items(say)
        return made
    finally:
        gc.set_threshold(*before)


def _leave_work_items(say: Callable[[str], None]) -> None:
    """What the teams' tracker told takes longer than all the rest: it comes while one looks around already."""
    if all(find_spec(library) for library in NEEDED):
        make_work_items.enqueue()
    else:
        say(_("Without requirements/analytics.txt the company has no work items."))


def _day(text: str) -> dt.date:
    if not text:
        return clock.today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            _("“%(text)s” is not a day.") % {"text": text}, _("Write it as 2026-11-02."), exit_code=2
        ) from error


def words(made: loading.Summary) -> str:
    """What was made, in one sentence."""
    return _(
        "%(name)s is here: %(people)d people, %(teams)d feature teams, %(pms)d product managers, "
        "%(champions)d Product Champions, and the three years before %(day)s."
    ) % {
        "name": made.name,
        "people": made.people,
        "teams": made.teams,
        "pms": made.product_managers,
        "champions": made.champions,
        "day": formats.date_format(made.until, "DATE_FORMAT"),
    }
