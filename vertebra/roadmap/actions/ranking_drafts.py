"""A ranking while it is made: saved at each gesture, on one device or two; nobody reads it before all are shown."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.org.models import Person
from vertebra.roadmap.labels.topics import LENS_PARTS, CycleState
from vertebra.roadmap.models import Cycle, Ranking, Seat

HIGHEST_SCORE = 1_000_000


class RankingOver(Refusal):
    """Rankings are made until they are shown."""


class TooMany(Refusal):
    """Each one picks a few topics, not all."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a gesture: the ranking as it is kept, and whether another device had changed it meanwhile."""

    ranking: Ranking
    is_conflict: bool
    is_complete: bool


def save_draft(
    *,
    seat: Seat,
    by: Person | None,
    order: Sequence[int],
    scores: Mapping[str, Mapping[str, float]],
    revision: int,
    now: dt.datetime,
) -> Saved:
    """Keep what one device made; what another one kept since that device last read it is not overwritten.

    Then this one is laid aside until somebody chooses: neither is lost. Called inside a transaction.
    """
    held = Seat.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=seat.pk)
    if held.cycle.state != CycleState.RANKING or held.ended_at:
        raise RankingOver(_("Rankings are no longer taken: they were shown, or your seat was ended."))
    known = set(held.cycle.table.values_list("topic_id", flat=True))
    wanted = [pk for pk in dict.fromkeys(order) if pk in known]
    if len(wanted) > held.cycle.picks:
        raise TooMany(_("Pick %(count)d at most: take one out first.") % {"count": held.cycle.picks})
    kept_scores = clean_scores(held.cycle, scores, known)
    row = Ranking.objects.select_for_update().filter(seat=held).first()
    is_complete = len(wanted) == min(held.cycle.picks, len(known)) > 0
    if row is None:
        row = Ranking.objects.create(
            cycle=held.cycle, seat=held, order=wanted, scores=kept_scores, cast_by=by, cast_at=now
        )
        return Saved(row, is_conflict=False, is_complete=is_complete)
    is_same = row.order == wanted and row.scores == kept_scores
    if revision != row.revision and not is_same:
        row.aside = {"order": wanted, "scores": kept_scores, "at": now.isoformat()}
        row.save(update_fields=["aside"])
        return Saved(row, is_conflict=True, is_complete=False)
    if not is_same or row.aside:
        row.order, row.scores, row.cast_by, row.cast_at = wanted, kept_scores, by, now
        row.revision, row.aside = row.revision + 1, {}
        row.done_at = row.done_at if wanted else None
        row.save()
    return Saved(row, is_conflict=False, is_complete=is_complete)


def choose_draft(*, seat: Seat, is_aside: bool, by: Person | None, now: dt.datetime) -> Ranking | None:
    """Keep one of two orders made on two devices: the one laid aside, or the one that was kept."""
    row = Ranking.objects.select_for_update().filter(seat=seat, cycle__state=CycleState.RANKING).first()
    if row is None or not row.aside:
        return row
    if is_aside:
        row.order, row.scores = row.aside.get("order", []), row.aside.get("scores", {})
        row.done_at = row.done_at if row.order else None
    row.aside, row.cast_by, row.cast_at, row.revision = {}, by, now, row.revision + 1
    row.save()
    return row


def clean_scores(
    cycle: Cycle, scores: Mapping[str, Mapping[str, float]], known: set[int]
) -> dict[str, dict[str, float]]:
    """The scores of topics on the table, for the parts that this cycle asks for, within reason."""
    parts = set(parts_of(cycle))
    found: dict[str, dict[str, float]] = {}
    for pk, values in scores.items():
        given = {
            part: value for part, value in values.items() if part in parts and 0 <= value <= HIGHEST_SCORE
        }
        if pk.isdecimal() and int(pk) in known and given:
            found[pk] = given
    return found


def parts_of(cycle: Cycle, function: str = "") -> dict[str, Any]:
    """What directors may score beside their ranking: the parts of the lens, or the criteria of their function."""
    if cycle.lens in LENS_PARTS:
        return dict(LENS_PARTS[cycle.lens])
    if cycle.lens != "own":
        return {}
    return {
        f"c{at}": one.get("name", "")
        for at, one in enumerate(cycle.criteria)
        if not function or one.get("function", "") in {"", function}
    }
