"""What practices are for which unit on a day: standard, recommended or free, said of it or of what it stands in."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import WINDOW_DAYS, Reach
from vertebra.practices.models import Practice, PracticeReach


def to_hold(practice: Practice, day: dt.date) -> QuerySet[PracticeReach]:
    """What holds on a day or is announced for later."""
    return practice.reaches.exclude(ends_on__lte=day).order_by("starts_on", "pk")


def announced(practice: Practice, day: dt.date) -> QuerySet[PracticeReach]:
    """What is announced and has not begun: objections are still heard."""
    return to_hold(practice, day).filter(starts_on__gt=day, announced_at__isnull=False)


def window_after(day: dt.date) -> dt.date:
    """The first day on which what is announced today may begin: the working day after the window for objections."""
    left = WINDOW_DAYS + 1
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5
    return day


def is_standard(practice: Practice, day: dt.date) -> bool:
    """Whether a practice is, or is announced as, the standard of some unit."""
    return to_hold(practice, day).filter(reach=Reach.STANDARD).exists()


def reach_of(practice_ids: Iterable[int], day: dt.date, structure: Structure | None = None) -> "Reaches":
    """What these practices are for which units on a day."""
    rows = PracticeReach.objects.as_of(day).filter(practice__in=list(practice_ids))
    return Reaches.among(rows, structure or Structure.as_of(day, with_members=False))


@dataclass(frozen=True, slots=True)
class Reaches:
    """What is said of units on a day, and what follows for those under them that say nothing else."""

    said: dict[tuple[int, int | None], PracticeReach]
    structure: Structure

    @classmethod
    def among(cls, rows: Iterable[PracticeReach], structure: Structure) -> "Reaches":
        """What these rows, all of one day, say."""
        return cls({(row.practice_id, row.unit_id): row for row in rows}, structure)

    def at(self, practice_id: int, unit_id: int) -> PracticeReach | None:
        """What a practice is for a unit: said of it, else of the nearest unit above, else of the whole company."""
        above = [node.id for node in self.structure.above(unit_id)]
        for place in (unit_id, *reversed(above), None):
            if found := self.said.get((practice_id, place)):
                return found
        return None

    def everywhere(self, practice_id: int) -> dict[int, PracticeReach | None]:
        """What a practice is for every unit of the day."""
        found: dict[int, PracticeReach | None] = {}
        whole = self.said.get((practice_id, None))
        for node in self.structure.all():
            above = found[node.path[-1]] if node.path else whole
            found[node.id] = self.said.get((practice_id, node.id)) or above
        return found

    def of(self, practice_id: int) -> list[PracticeReach]:
        """What is said of a practice, the whole company first."""
        rows = [row for (practice, _unit), row in self.said.items() if practice == practice_id]
        return sorted(rows, key=lambda row: (row.unit_id is not None, row.unit_id or 0))
