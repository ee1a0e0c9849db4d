"""The load of the function: what is asked of it in help and in topics, what it takes on, against what it can do."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.analysis.demand import Period, Signal, signal
from vertebra.discovery.labels import HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.kit import clock
from vertebra.roadmap.labels.topics import Hire, TopicState, Verdict
from vertebra.roadmap.models import Cycle, Decision, Topic
from vertebra.roadmap.queries.decisions import held_at_table
from vertebra.roadmap.queries.topics import WAITING

QUARTERS = 5
FEWEST_LEAD_TIMES = 3


@dataclass(slots=True)
class Quarter:
    """One quarter: what was asked, taken on, refused; how long half of it waited; days there were and days taken."""

    starts_on: dt.date
    asked: int = 0
    accepted: int = 0
    refused: int = 0
    leads: list[int] = field(default_factory=list)
    capacity_days: int | None = None
    days_chosen: int = 0

    @property
    def label(self) -> str:
        """The quarter in words."""
        day = self.starts_on
        return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}

    @property
    def lead_days(self) -> int | None:
        """The days half of it waited at most; None where there is too little to say."""
        return round(median(self.leads)) if len(self.leads) >= FEWEST_LEAD_TIMES else None


@dataclass(slots=True)
class ByField:
    """One field of action: what was asked of it, taken on, refused, and what waits."""

    name: str
    asked: int = 0
    accepted: int = 0
    refused: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """The load over five quarters, and what it says of the size of the function."""

    quarters: list[Quarter]
    fields: list[ByField]
    waiting: int
    signal: Signal

    @property
    def hire(self) -> Hire:
        """What it says, in a sentence."""
        return Hire(self.signal.code)

    @property
    def reasons(self) -> list[str]:
        """What the sentence rests on, one line each."""
        if self.signal.code == "too_few":
            return []
        told = []
        if self.signal.growing:
            told.append(
                ngettext(
                    "In %(count)d of the last three quarters, much more was asked than taken on.",
                    "In %(count)d of the last three quarters, much more was asked than taken on.",
                    self.signal.growing,
                )
                % {"count": self.signal.growing}
            )
        if self.signal.refused_share:
            share = {"share": round(100 * self.signal.refused_share)}
            told.append(_("%(share)d %% of what was answered was refused or put off.") % share)
        if self.signal.is_slower:
            told.append(_("An answer takes longer than a year ago."))
        return told

    @property
    def most(self) -> int:
        """The most that was asked in a quarter, for the picture."""
        return max((max(one.asked, one.accepted + one.refused) for one in self.quarters), default=0)


def load(now: dt.datetime) -> Load:
    """The last five quarters, this one included, in four queries."""
    starts = _starts(clock.today(now))
    by_start = {start: Quarter(start) for start in starts}
    fields: dict[str, ByField] = defaultdict(lambda: ByField(""))
    # A day earlier than the first quarter, wherever the company is: each row is then placed by its own day.
    since = dt.datetime.combine(starts[0] - dt.timedelta(days=1), dt.time(), dt.UTC)
    waiting = _read_help(by_start, since, fields) + _read_topics(by_start, since, fields)
    _read_capacity(by_start, starts[0])
    for name, one in fields.items():
        one.name = name or _("no field of action")
    quarters = [by_start[start] for start in starts]
    periods = [Period(one.asked, one.accepted, one.refused, one.lead_days) for one in quarters]
    named = sorted(fields.values(), key=lambda one: (-one.asked, one.name))
    return Load(quarters, named, waiting, signal(periods, waiting))


def _starts(day: dt.date) -> list[dt.date]:
    at = day.year * 4 + (day.month - 1) // 3
    return [dt.date(q // 4, q % 4 * 3 + 1, 1) for q in range(at - QUARTERS + 1, at + 1)]


def _quarter(day: dt.date) -> dt.date:
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _read_help(by_start: dict[dt.date, Quarter], since: dt.datetime, fields: dict[str, ByField]) -> int:
    waiting = 0
    asked_for = HelpRequest.objects.filter(
        Q(asked_at__gte=since) | Q(state=HelpState.ASKED), archived_at=None
    )
    rows = asked_for.values_list("asked_at", "closed_at", "state", "helper")
    help_field = fields[_("help asked for")]
    for asked_at, closed_at, state, helper in rows:
        asked = clock.today(asked_at)
        waiting += state == HelpState.ASKED
        if (quarter := by_start.get(_quarter(asked))) is not None:
            quarter.asked += 1
            help_field.asked += 1
            help_field.waiting += state == HelpState.ASKED
            is_taken = state in {HelpState.ACCEPTED, HelpState.DONE} or helper is not None
            quarter.accepted += is_taken and state != HelpState.DECLINED
            help_field.accepted += is_taken and state != HelpState.DECLINED
            quarter.refused += state == HelpState.DECLINED
            help_field.refused += state == HelpState.DECLINED
            if closed_at is not None:
                quarter.leads.append((clock.today(closed_at) - asked).days)
    return waiting


def _read_topics(by_start: dict[dt.date, Quarter], since: dt.datetime, fields: dict[str, ByField]) -> int:
    decided = dict(
        Decision.objects.filter(published_at__isnull=False, topic__created_at__gte=since)
        .order_by("-published_at")
        .values_list("topic", "published_at")
    )
    waiting = 0
    raised = Topic.objects.filter(archived_at=None, merged_into=None)
    rows = raised.filter(Q(created_at__gte=since) | Q(state__in=WAITING))
    for pk, created_at, state, name in rows.values_list("pk", "created_at", "state", "field__name"):
        asked = clock.today(created_at)
        is_waiting = state in WAITING
        waiting += is_waiting
        if (quarter := by_start.get(_quarter(asked))) is None:
            continue
        own = fields[name or ""]
        is_refused = state in {TopicState.NOT_NOW, TopicState.DECLINED}
        quarter.asked += 1
        own.asked += 1
        own.waiting += is_waiting
        quarter.accepted += state == TopicState.CHOSEN
        own.accepted += state == TopicState.CHOSEN
        quarter.refused += is_refused
        own.refused += is_refused
        if (at := decided.get(pk)) is not None:
            quarter.leads.append((clock.today(at) - asked).days)
    return waiting


def _read_capacity(by_start: dict[dt.date, Quarter], since: dt.date) -> None:
    cycles = Cycle.objects.filter(archived_at=None, ends_on__gt=since)
    chosen: Counter[int] = Counter()
    rows = held_at_table().filter(verdict=Verdict.CHOSEN, published_at__isnull=False)
    for cycle, days in rows.filter(cycle__in=cycles).values_list("cycle", "topic__effort_days"):
        if cycle is not None:
            chosen[cycle] += days or 0
    for pk, starts_on, capacity in cycles.values_list("pk", "starts_on", "capacity_days"):
        if (quarter := by_start.get(_quarter(starts_on))) is not None:
            if capacity is not None:
                quarter.capacity_days = (quarter.capacity_days or 0) + capacity
            quarter.days_chosen += chosen[pk]
