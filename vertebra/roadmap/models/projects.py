"""Transverse projects: workstreams by function, counted units of anything, gates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.roadmap.labels import projects as labels


class Workstream(models.Model):
    """What one function does in an initiative of several."""

    initiative = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="workstreams")
    title = models.CharField(_("workstream"), max_length=200)
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True)
    lead = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lead"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    ended_on = models.DateField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title


class Counter(models.Model):
    """Units of anything (cards, clients, pages) counted until all are done."""

    initiative = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="counters")
    workstream = models.ForeignKey(
        Workstream, null=True, blank=True, on_delete=models.SET_NULL, related_name="counters"
    )
    name = models.CharField(_("what is counted"), max_length=120)
    due_on = models.DateField(_("all done by"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Count(models.Model):
    """How many were done, of how many, on a day; a corrected count supersedes the one before it."""

    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, related_name="counts")
    on = models.DateField()
    done = models.PositiveIntegerField(_("done"))
    total = models.PositiveIntegerField(_("of"))
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("on",)
        constraints = (
            models.UniqueConstraint(
                fields=("counter", "on"), condition=Q(superseded_at__isnull=True), name="one_count_a_day"
            ),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="no_more_done_than_there_are"),
        )

    def __str__(self) -> str:
        return f"{self.done}/{self.total} on {self.on}"


class Gate(models.Model):
    """A point that an initiative passes by a decision."""

    initiative = models.ForeignKey("roadmap.Initiative", on_delete=models.CASCADE, related_name="gates")
    title = models.CharField(_("gate"), max_length=200)
    criteria = models.TextField(_("passed when"), max_length=2000, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(max_length=7, choices=labels.GateState, default=labels.GateState.WAITING)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.TextField(_("note"), max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_on__isnull=False), name="a_gate_passed_says_when"
            ),
        )

    def __str__(self) -> str:
        return self.title
