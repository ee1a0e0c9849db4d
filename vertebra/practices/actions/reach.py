"""What a practice is for whom: announced with a window for objections, begun on its day, taken back, set free."""

import datetime as dt

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Unit
from vertebra.practices.actions.ceiling_check import refuse_over_ceiling
from vertebra.practices.actions.reach_letters import tell_announced
from vertebra.practices.actions.standing import locked, open_one, take_back, written
from vertebra.practices.labels.practices import PracticeState, Reach
from vertebra.practices.models import Practice, PracticeReach
from vertebra.practices.queries.reach import to_hold, window_after
from vertebra.practices.queries.standards import missing_for_standard
from vertebra.practices.queries.texts import versions_of


class NotValidated(Refusal):
    """What goes beyond the teams that try it is validated first."""


class NotAStandardYet(Refusal):
    """A standard has a carrier outside Product Ops, a pilot, co-authors, a cost and a review date."""


class TooSoon(Refusal):
    """Between the announcement and the day, objections are heard."""


@transaction.atomic
def set_reach(
    *,
    actor: User | None,
    practice: Practice,
    unit: Unit | None,
    reach: str,
    starts_on: dt.date | None = None,
    reason: str = "",
    over_reason: str = "",
    now: dt.datetime,
) -> AuditEntry:
    """Say what a practice is for a unit and all under it (none: the whole company), from a day on.

    What asks something of people is announced to them first, with a window for objections; what frees them holds at once.
    A standard over a ceiling of time needs `over_reason`, which the actor signs.
    """
    row = open_one(practice)
    day = clock.today(now)
    is_free = reach == Reach.FREE
    _refuse_early(row, reach, day)
    first = day if is_free else window_after(day)
    begins = starts_on or first
    if begins < first:
        raise TooSoon(
            _("Those concerned have ten working days to object: it begins on %(day)s at the earliest.")
            % {"day": date_format(first, "DATE_FORMAT")}
        )
    tracker = audit.Tracker()
    if not _make_room(tracker, row, unit, reach, begins, day):
        raise NothingChanges(_("It is like this already."))
    if reach == Reach.STANDARD:
        _weigh(tracker, row, unit, over_reason, actor, now)
    made = PracticeReach(
        practice=row, unit=unit, reach=reach, validation=row.validation, reason=reason.strip(), starts_on=begins,
        announced_at=None if is_free else now, made_by=actor, created_at=now,
    )  # fmt: skip
    tracker.create(made)
    if not is_free:
        tell_announced(row, made, now)
    return written(
        "set_free" if is_free else "announce", row, tracker, now, actor=actor, unit=unit.pk if unit else None, reach=reach
    )  # fmt: skip


def _weigh(
    tracker: audit.Tracker,
    row: Practice,
    unit: Unit | None,
    reason: str,
    actor: User | None,
    now: dt.datetime,
) -> None:
    """Refuse what asks for more time than may be asked, unless somebody signs why."""
    version = versions_of(row).read
    person = person_of(actor) if actor else None
    refuse_over_ceiling(version, unit, reason, person=person, tracker=tracker, now=now)


def _refuse_early(row: Practice, reach: str, day: dt.date) -> None:
    """Refuse what the life of the practice does not allow yet."""
    if reach == Reach.FREE:
        return
    if row.state != PracticeState.VALIDATED:
        raise NotValidated(
            _("It goes beyond the teams that try it once it is validated: ask a director or its carrier.")
        )
    if reach == Reach.STANDARD and (missing := missing_for_standard(row, day)):
        raise NotAStandardYet(
            _("A standard still lacks: %(what)s.") % {"what": ", ".join(str(one.label) for one in missing)}
        )


def _make_room(
    tracker: audit.Tracker, row: Practice, unit: Unit | None, reach: str, begins: dt.date, day: dt.date
) -> bool:
    """End what the same place held; whether anything is new."""
    held = to_hold(row, day).filter(unit=unit)
    if held.filter(reach=reach, ends_on=None).exists():
        return False
    for waiting in held.filter(starts_on__gt=day):
        take_back(tracker, waiting)
    for one in held.filter(starts_on__lte=day):
        tracker.change(one, ends_on=begins)
    return True


@transaction.atomic
def withdraw_reach(*, actor: User | None, reach: PracticeReach, now: dt.datetime) -> AuditEntry:
    """Take an announcement back before its day."""
    row = locked(reach.practice)
    held = PracticeReach.objects.select_for_update().get(pk=reach.pk)
    if held.starts_on <= clock.today(now) or held.ends_on is not None:
        raise NothingChanges(_("It holds already, or was taken back: set it free instead."))
    tracker = audit.Tracker()
    take_back(tracker, held)
    return written("withdraw", row, tracker, now, actor=actor, unit=held.unit_id)
