"""What feeds and calendars ask of releases: in which words, and how often each was revised."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Model

from vertebra.accounts.labels import Operation
from vertebra.accounts.models import AuditRow, User
from vertebra.org.models import Membership
from vertebra.releases.labels.audiences import CUSTOMER_FACING
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.models import Audience, Brief, Release


def trade_of(audience: Audience | None, reader: User, day: dt.date) -> str:
    """In which words to write: those of the one trade of an audience, else those of the reader if they are of it."""
    named = _functions(audience) if audience else set[str]()
    if len(named) == 1:
        own = next(iter(named))
    else:
        held = Membership.objects.as_of(day).filter(person__user=reader).order_by("-share", "pk")
        own = held.values_list("function", flat=True).first() or ""
    is_theirs = own in Trade.values and (not named or own in named)
    return own if is_theirs else Trade.EVERYONE


def _functions(audience: Audience) -> set[str]:
    """The functions that an audience is made of; nothing where one of its conditions names none."""
    found = set[str]()
    for condition in audience.rules.get("any", ()):
        functions = set(condition.get("functions", ()))
        if condition.get("customer_facing"):
            functions = functions & CUSTOMER_FACING if functions else set(CUSTOMER_FACING)
        if not functions:
            return set()
        found |= functions
    return found


def ready_briefs(rows: Sequence[Release], trade: str) -> dict[int, list[Brief]]:
    """The briefs of these releases that are ready, for a trade and for everyone."""
    found: dict[int, list[Brief]] = defaultdict(list)
    wanted = Brief.objects.filter(release__in=[row.pk for row in rows], state=BriefState.READY)
    for brief in wanted.filter(trade__in={trade, Trade.EVERYONE}).order_by("pk"):
        found[brief.release_id].append(brief)
    return found


@dataclass(frozen=True, slots=True)
class Revision:
    """How often something was changed, and when last."""

    number: int
    at: dt.datetime


UNCHANGED = Revision(0, dt.datetime.min.replace(tzinfo=dt.UTC))


def revisions_of(model: type[Model], ids: Sequence[int]) -> dict[int, Revision]:
    """How often each of these was changed; a change that is taken back is one more, never one less."""
    rows = AuditRow.objects.filter(model=model._meta.label_lower, row_id__in=ids, operation=Operation.CHANGED)
    counts = rows.order_by().values_list("row_id").annotate(count=Count("pk"), at=Max("entry__at"))
    return {number: Revision(count, at) for number, count, at in counts}
