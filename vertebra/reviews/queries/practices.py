"""Practices that are looked back at: which, from when, led by whom, and who answers."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence

from django.db.models import Q

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import CoAuthor, Practice, PracticeReach, Trial
from vertebra.practices.queries.reach import reach_of
from vertebra.practices.queries.rights import validator_of
from vertebra.practices.queries.texts import review_after
from vertebra.reviews.models import Cadence

LEADS = (MandateRole.LEAD, MandateRole.ENGINEERING_LEAD, MandateRole.PRODUCT_MANAGER)
MOST_ASKED = 60
LIVED = (Reach.STANDARD, Reach.RECOMMENDED)


def to_look_back_at(known: Iterable[Cadence], day: dt.date) -> list[Practice]:
    """Practices in force, or asked of some unit, that no rhythm looks back at, nor did since they were last validated."""
    running = {row.object_id for row in known if row.ended_at is None}
    ended = {row.object_id: row.ended_at for row in known if row.ended_at is not None}
    asked = PracticeReach.objects.as_of(day).filter(reach__in=LIVED).values("practice")
    holds = Q(state=PracticeState.IN_FORCE) | Q(pk__in=asked)
    rows = Practice.objects.filter(holds, archived_at=None).exclude(state=PracticeState.RETIRED)
    found = []
    for row in rows.select_related("carrier", "validation").order_by("pk"):
        over_at = ended.get(row.pk)
        is_new = over_at is None or (row.validation is not None and row.validation.at > over_at)
        if row.pk not in running and is_new:
            found.append(row)
    return found


def ended_practices(ids: Sequence[int]) -> set[int]:
    """Which of these practices were retired or put away."""
    over = Q(state=PracticeState.RETIRED) | Q(archived_at__isnull=False)
    return set(Practice.objects.filter(over, pk__in=ids).values_list("pk", flat=True))


def first_review_of(practice: Practice, day: dt.date) -> dt.date:
    """The day that was given for its review, else six months from now."""
    return practice.next_review_on or review_after(day)


def practice_of(cadence: Cadence) -> Practice | None:
    """The practice that a rhythm looks back at, if it is one."""
    if cadence.kind != Kind.PRACTICE:
        return None
    return Practice.objects.select_related("carrier").filter(pk=cadence.object_id or 0).first()


def lead_of(cadence: Cadence) -> Person | None:
    """Who leads the next review: of a practice whoever carries it by then, else who was named."""
    practice = practice_of(cadence)
    return (practice.carrier if practice else None) or cadence.lead


def may_validate(user: User, cadence: Cadence, day: dt.date) -> bool:
    """Whether somebody may validate, under their own name, the practice that a rhythm looks back at."""
    practice = practice_of(cadence)
    return practice is not None and validator_of(user, practice, day) is not None


def whom_it_asks(practice_id: int, day: dt.date) -> tuple[int, ...]:
    """Who says whether a practice is kept: those who carry and build it, and leads of the teams that live it, sixty at most.

    Of more leads some are drawn, others the next time.
    """
    builders = set(CoAuthor.objects.filter(practice=practice_id).values_list("person", flat=True))
    carrier = Practice.objects.filter(pk=practice_id).values_list("carrier", flat=True).first()
    builders |= {carrier} if carrier else set()
    units = _units(practice_id, day)
    held = Mandate.objects.as_of(day).filter(unit__in=units, role__in=LEADS, person__isnull=False)
    leads = sorted(set(held.values_list("person", flat=True)) - builders)
    room = max(0, MOST_ASKED - len(builders))
    if len(leads) > room:
        # Not a secret: the same day draws the same people.
        leads = random.Random(f"{practice_id}-{day}").sample(leads, room)  # noqa: S311
    return tuple(sorted({*builders, *leads}))


def _units(practice_id: int, day: dt.date) -> set[int]:
    """The units that a practice is for, and those that try it."""
    reaches = reach_of([practice_id], day)
    structure = Structure.as_of(day, with_members=False)
    lived = {
        unit for unit in structure.nodes if (row := reaches.at(practice_id, unit)) and row.reach in LIVED
    }
    trying = Trial.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day), practice=practice_id, starts_on__lte=day
    )
    return lived | set(trying.values_list("unit", flat=True))
