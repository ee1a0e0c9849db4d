"""What a practice says: which version holds, in which language one reads it, what a version changed."""

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Subquery

from vertebra.practices.labels.practices import REVIEWED_EVERY, PracticeState
from vertebra.practices.models import Practice, PracticeText, PracticeVersion

# Where a practice that was read with its names holds them, a language each.
NAMES = tuple(f"name_{code}" for code, _said in settings.LANGUAGES)


def review_after(day: dt.date) -> dt.date:
    """The day on which a practice that begins to hold is looked back at."""
    year, month = divmod(day.year * 12 + day.month - 1 + REVIEWED_EVERY, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of a practice, the latest first: the one that holds, the one being written, all of them."""

    current: PracticeVersion | None
    draft: PracticeVersion | None
    every: list[PracticeVersion]

    @property
    def latest(self) -> PracticeVersion:
        """What was written last: the draft, else the version published last."""
        return self.every[0]

    @property
    def read(self) -> PracticeVersion:
        """What a reader reads: what holds, else what was written last."""
        return self.current or self.every[0]

    @property
    def published(self) -> list[PracticeVersion]:
        """Those that no longer change, the latest first."""
        return [one for one in self.every if one.published_at]


def versions_of(practice: Practice) -> Versions:
    """The versions of a practice; what one says and costs is asked of that one."""
    rows = list(practice.versions.order_by("-number"))
    draft = next((row for row in rows if row.published_at is None), None)
    return Versions(_holding(practice, rows), draft, rows)


def _holding(practice: Practice, rows: list[PracticeVersion]) -> PracticeVersion | None:
    """What holds: the version validated, or one since that says the same; of what is owed, the one published last."""
    published = [row for row in rows if row.published_at]
    if practice.state == PracticeState.IN_FORCE:
        return published[0] if published else None
    if practice.validation is None:
        return None
    held = next((row for row in published if row.pk == practice.validation.version_id), None)
    for row in reversed(published):
        if held and row.number == held.number + 1 and row.is_same:
            held = row
    return held


def names_of(practice: str = "pk") -> dict[str, Subquery]:
    """What a practice is called in each language, by its latest text in it: to be read with rows that lead to it."""
    texts = PracticeText.objects.filter(version__practice=OuterRef(practice)).order_by("-version__number")
    return {
        name: Subquery(texts.filter(language=code).values("name")[:1])
        for name, (code, _said) in zip(NAMES, settings.LANGUAGES, strict=True)
    }


def with_names(rows: Iterable[Practice]) -> list[Practice]:
    """Practices with what each is called in each language."""
    held = list(rows)
    texts = PracticeText.objects.filter(version__practice__in=[row.pk for row in held])
    names = defaultdict[int, dict[str, str]](dict)
    for pk, language, name in texts.order_by("version__number").values_list(
        "version__practice", "language", "name"
    ):
        names[pk][f"name_{language}"] = name
    for row in held:
        vars(row).update(names[row.pk])
    return held


def take_names(row: Practice, told: object) -> None:
    """Call a practice what rows that lead to it were read with."""
    vars(row).update({name: value for name, value in vars(told).items() if name in NAMES})


def text_for(version: PracticeVersion, language: str) -> PracticeText | None:
    """What a version says in a language, or in any other that it has."""
    texts = sorted(version.texts.all(), key=lambda one: (one.language != language, one.language))
    return texts[0] if texts else None
