"""What connected trackers give, taken into the trail of their source: all of a portion is visible at once, or nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from vertebra.accounts.models import User
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.trail import Flaw
from vertebra.evidence.actions.trail import SourceGone, publish_reading
from vertebra.evidence.importing.words import told_flaw
from vertebra.evidence.trail import places
from vertebra.evidence.trail.staged import MovedOn
from vertebra.kit.seals import BrokenSeal
from vertebra.sources.models import Source
from vertebra.sources.target import Portion, ReadAgain, TakesWork


def take(actor: User | None, source: Source, portion: Portion, now: dt.datetime) -> Mapping[str, int]:
    """Take work items as they are read; what is stored already changes nothing."""
    with _in_our_words(), places.aside() as folder:
        from vertebra.evidence.trail.staging import stage

        staged = stage(portion, source, folder, lambda count: None, lambda: (portion.sprints, now))
        publish_reading(actor=actor, source=source, staged=staged, now=now)
        return staged.counts["items"]


def miss(
    actor: User | None, source: Source, there: Iterable[str], projects: Sequence[str], now: dt.datetime
) -> int:
    """Note which work items of these projects are there no longer; gives how many are newly gone."""
    with _in_our_words(), places.aside() as folder:
        from vertebra.evidence.trail.staging import stage_missing

        staged = stage_missing(source, there, projects, folder, now)
        if staged is None:
            return 0
        publish_reading(actor=actor, source=source, staged=staged, now=now)
        return staged.counts["items"]["gone"]


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Say what stands in the way as what is wrong with a source."""
    try:
        yield
    except MovedOn as error:
        raise ReadAgain from error
    except SourceGone as error:
        raise Trouble(Fault.CONNECTION_GONE) from error
    except BrokenSeal as error:
        raise Trouble(Fault.KEY_LOST) from error
    except OSError as error:
        raise Trouble(Fault.NO_ROOM) from error
    except ModuleNotFoundError as error:
        raise Trouble(Fault.LIBRARY_MISSING, name=str(error.name)) from error


def told_flaws(flaws: Sequence[Mapping[str, Any]]) -> list[str]:
    """What was wrong with single work items of a reading, in words."""
    told = (told_flaw(Flaw(**{**one, "line": 0})) for one in flaws)
    return [f"{one['what']} {one['remedy']}" for one in told]


TAKES_WORK = TakesWork(take, miss)
