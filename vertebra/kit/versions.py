"""Valid time: facts that change are rows from `starts_on` up to, not including, `ends_on`."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q


class OverTimeQuerySet(models.QuerySet[Any]):
    """Rows of facts over time, read as of a day."""

    def as_of(self, day: dt.date) -> Self:
        """The rows that hold on that day."""
        return self.filter(self.holds_on(day))

    @staticmethod
    def holds_on(day: dt.date, prefix: str = "") -> Q:
        """The condition that a row (reached by `prefix`, ending in `__`) holds on that day."""
        return Q(**{f"{prefix}starts_on__lte": day}) & (
            Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": day})
        )

    def all_time(self) -> Self:
        """Every row, past and to come: for history, imports and undo only."""
        return self.all()


OverTimeManager = models.Manager.from_queryset(OverTimeQuerySet)


class OverTime(models.Model):
    """A fact that holds from one day up to, not including, another (open when null)."""

    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = OverTimeManager()

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        )

    def holds(self, day: dt.date) -> bool:
        """Whether this fact holds on that day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
