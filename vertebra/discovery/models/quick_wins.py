"""Quick wins: something small, soon, against what hurts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels


class QuickWin(models.Model):
    """Something small that relieves a pain point soon, with the days it takes."""

    pain_point = models.ForeignKey("discovery.PainPoint", on_delete=models.CASCADE, related_name="quick_wins")
    audit = models.ForeignKey(
        "discovery.Audit", null=True, blank=True, on_delete=models.SET_NULL, related_name="quick_wins"
    )
    title = models.CharField(_("what we do"), max_length=200)
    language = models.CharField(max_length=5)
    days = models.PositiveSmallIntegerField(_("days of work"), default=3)
    owner = models.ForeignKey(
        "org.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=labels.QuickWinState, default=labels.QuickWinState.PROPOSED
    )
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    created_at = models.DateTimeField()
    started_on = models.DateField(null=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=labels.QuickWinState.DROPPED) | ~Q(reason=""),
                name="dropping_a_quick_win_needs_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=labels.QuickWinState.STARTED) | Q(due_on__isnull=False),
                name="a_quick_win_under_way_has_a_due_date",
            ),
        )

    def __str__(self) -> str:
        return self.title
