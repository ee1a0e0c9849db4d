"""Registering what was lived before Vertebra came, in the entry of the action that does it, alone or of many at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User, Watch
from vertebra.kit import clock
from vertebra.org.models import Field, Person, Unit
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice, PracticeReach, PracticeText, PracticeVersion
from vertebra.practices.queries.texts import review_after


class NoCarrier(Refusal):
    """A practice that holds somewhere is carried by somebody."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What is lived already, in one line; no unit stands for the whole company."""

    name: str
    language: str
    units: Sequence[Unit | None]
    carrier: Person | None
    reach: str
    field: Field | None = None
    why: str = ""
    lives_at: str = ""


def register(tracker: audit.Tracker, line: Lived, actor: User | None, now: dt.datetime) -> Practice:
    """Write it down: in force at once where it is lived, its validation owed at its first review."""
    if line.carrier is None:
        raise NoCarrier(_("Say who carries it: somebody answers for what is already in force."))
    day = clock.today(now)
    row = Practice(
        name=line.name, language=line.language, carrier=line.carrier, field=line.field,
        state=PracticeState.IN_FORCE, is_validation_owed=True, next_review_on=review_after(day), made_by=actor,
        created_at=now, changed_at=now,
    )  # fmt: skip
    tracker.create(row)
    version = PracticeVersion(
        practice=row, number=1, published_at=now, made_by=actor, created_at=now, changed_at=now
    )
    tracker.create(version)
    text = PracticeText(version=version, language=line.language, name=line.name)
    text.why, text.lives_at = line.why.strip(), line.lives_at.strip()
    tracker.create(text)
    held = {"reach": line.reach, "is_registered": True, "starts_on": day, "made_by": actor, "created_at": now}
    tracker.create_all([PracticeReach(practice=row, unit=unit, **held) for unit in line.units])
    if actor:
        tracker.create(Watch(user=actor, kind=Kind.PRACTICE, object_id=row.pk, since_at=now))
    return row
