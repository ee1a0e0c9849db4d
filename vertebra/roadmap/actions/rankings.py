"""Rankings that count: cast by a director or a delegate, or imported from real ballots."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.text import fold
from vertebra.org.models import Person
from vertebra.roadmap.actions.cycle_steps import in_state, record
from vertebra.roadmap.actions.ranking_drafts import RankingOver
from vertebra.roadmap.actions.topics import raise_topic
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle, Ranking, Seat, TableTopic
from vertebra.roadmap.queries.ballot_files import PaperBallot

# So many different ones are counted within two seconds; many of the same are one row that says how many.
MOST_BALLOTS = 5_000


class NothingRanked(Refusal):
    """A ranking names one topic at least."""


class UnknownTopics(Refusal):
    """Ballots name what lies on the table."""


class TooManyBallots(Refusal):
    """More ballots than one table can have."""


@transaction.atomic
def cast_ranking(*, actor: User | None, seat: Seat, by: Person | None, now: dt.datetime) -> AuditEntry | None:
    """Let a ranking count; it can still be changed until all are shown. What it says is in no entry."""
    row = Ranking.objects.select_for_update(of=("self",)).select_related("cycle").filter(seat=seat).first()
    if row is None or not row.order:
        raise NothingRanked(_("Pick at least one topic first."))
    if row.cycle.state != CycleState.RANKING:
        raise RankingOver(_("Rankings are no longer taken: they were shown, or your seat was ended."))
    if row.done_at:
        return None
    row.done_at, row.cast_by = now, by
    row.save(update_fields=["done_at", "cast_by"])
    return record(actor, "rank", row.cycle, now, name=by.name if by else seat.person.name)


@transaction.atomic
def import_ballots(
    *, actor: User, cycle: Cycle, ballots: Sequence[PaperBallot], language: str, now: dt.datetime
) -> AuditEntry:
    """Take in ballots of elsewhere; while the table is collected, what they name is laid on it."""
    held = in_state(cycle, CycleState.COLLECTING, CycleState.FROZEN, CycleState.RANKING)
    if not ballots:
        raise NothingRanked(_("The file holds no ballot."))
    if len(ballots) + held.rankings.count() > MOST_BALLOTS:
        said = _(
            "A table takes %(count)d rows of ballots at most: write those that are the same as one row, with how many."
        )
        raise TooManyBallots(said % {"count": MOST_BALLOTS})
    if _is_there(held, ballots):
        raise NothingChanges(_("These ballots were taken in already: they count once."))
    names = dict.fromkeys(name for one in ballots for tier in one.tiers for name in tier)
    known = {fold(row.topic.title): row.topic_id for row in held.table.select_related("topic")}
    missing = [name for name in names if fold(name) not in known]
    if missing and held.state != CycleState.COLLECTING:
        said = _("The ballots name what does not lie on the table: %(names)s")
        raise UnknownTopics(said % {"names": ", ".join(f"“{name}”" for name in missing[:5])})
    tracker = audit.Tracker()
    for at, name in enumerate(missing, start=len(known) + 1):
        topic = raise_topic(actor=actor, title=name, language=language, now=now)
        known[fold(name)] = topic.pk
        tracker.create(TableTopic(cycle=held, topic=topic, position=at, added_at=now))
    Ranking.objects.bulk_create(
        [
            Ranking(
                cycle=held, label=one.label[:120], function=one.function, weight=one.weight, cast_at=now,
                order=[_plain([known[fold(name)] for name in tier]) for tier in one.tiers], done_at=now,
            )
            for one in ballots
        ],
        batch_size=1000,
    )  # fmt: skip
    return record(actor, "import", held, now, count=len(ballots))


def _is_there(cycle: Cycle, ballots: Sequence[PaperBallot]) -> bool:
    """Whether one earlier file brought in these ballots, neither more nor fewer: those of one file share their moment."""
    known = {fold(row.topic.title): row.topic_id for row in cycle.table.select_related("topic")}
    given = Counter(
        (
            one.label[:120],
            one.function,
            one.weight,
            str([_plain([known.get(fold(n), 0) for n in t]) for t in one.tiers]),
        )
        for one in ballots
    )
    files: dict[dt.datetime, Counter[tuple[str, str, int, str]]] = defaultdict(Counter)
    rows = cycle.rankings.filter(seat=None).values_list("cast_at", "label", "function", "weight", "order")
    for at, label, function, weight, order in rows:
        files[at][(label, function, weight, str(order))] += 1
    return given in files.values()


def _plain(tier: list[int]) -> int | list[int]:
    return tier[0] if len(tier) == 1 else tier


@transaction.atomic
def forget_ballots(*, actor: User, cycle: Cycle, now: dt.datetime) -> AuditEntry:
    """Take imported ballots out again, before anything was shown."""
    held = in_state(cycle, CycleState.COLLECTING, CycleState.FROZEN, CycleState.RANKING)
    gone, _each = held.rankings.filter(seat=None).delete()
    if not gone:
        raise NothingRanked(_("No ballot was imported."))
    return record(actor, "withdraw", held, now, count=gone)
