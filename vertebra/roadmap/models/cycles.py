"""The quarterly table: collect, freeze, rank, decide, publish, answer."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.roadmap.labels import topics as labels


class Cycle(models.Model):
    """One round of the table: its dates, its rule, who sits at it; `count` is what the reveal showed, kept as it was."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(max_length=5)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    freezes_on = models.DateField(_("topics collected until"))
    ranks_until = models.DateField(_("rankings until"))
    state = models.CharField(
        max_length=11, choices=labels.CycleState, default=labels.CycleState.COLLECTING, db_index=True
    )
    rule = models.CharField(_("counted by"), max_length=12, choices=labels.Rule, default=labels.Rule.BORDA)
    picks = models.PositiveSmallIntegerField(_("topics each one picks"), default=5)
    lens = models.CharField(_("scores beside"), max_length=4, choices=labels.Lens, blank=True)
    criteria = models.JSONField(default=list, blank=True)
    quorum = models.PositiveSmallIntegerField(_("rankings needed"), default=3)
    capacity_days = models.PositiveSmallIntegerField(_("days Product Ops can give"), null=True, blank=True)
    count = models.JSONField(default=dict, blank=True)
    opened_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    reopened_reason = models.TextField(max_length=2000, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-starts_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="a_cycle_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ranks_until__gte=F("freezes_on")), name="a_cycle_ranks_after_it_freezes"
            ),
            models.CheckConstraint(condition=Q(picks__gte=1), name="a_cycle_picks_something"),
        )

    def __str__(self) -> str:
        return self.title


class TableTopic(models.Model):
    """A topic lies on the table of a cycle, as it was when the table froze."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="table")
    topic = models.ForeignKey("roadmap.Topic", on_delete=models.PROTECT, related_name="tables")
    position = models.PositiveSmallIntegerField(default=0)
    shown = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField()
    is_mid_cycle = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("cycle", "topic"), name="a_topic_once_per_table"),)

    def __str__(self) -> str:
        return f"topic {self.topic_id} on table {self.cycle_id}"


class Seat(models.Model):
    """A director who ranks, for one function; a delegate may rank instead; who leaves in mid-cycle keeps what was cast."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=20, choices=Function)
    delegate = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cycle", "person"), name="a_director_has_one_seat"),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_ranking_link_opens_one_seat"
            ),
        )

    def __str__(self) -> str:
        return f"seat {self.pk} of cycle {self.cycle_id}"


class Ranking(models.Model):
    """What one seat ranked, best first, hidden until revealed; imported ballots of elsewhere carry a label instead.

    It is saved while it is made and counts once `done_at` is set; `aside` is what another device made meanwhile.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="rankings")
    seat = models.OneToOneField(Seat, null=True, on_delete=models.CASCADE, related_name="ranking")
    label = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=20, blank=True)
    weight = models.PositiveIntegerField(default=1)
    order = models.JSONField(default=list, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)
    aside = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True)
    cast_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    cast_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"ranking {self.pk} of cycle {self.cycle_id}"


class CycleRoom(models.Model):
    """The moment when directors rank together: its address, its timer, who was there; one open room per cycle."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="rooms")
    digest = models.CharField(max_length=64, unique=True)
    opened_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    timer_until = models.DateTimeField(null=True)
    present = models.TextField(_("who was there"), max_length=2000, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("cycle",), condition=Q(closed_at__isnull=True), name="one_open_room_per_cycle"
            ),
        )

    def __str__(self) -> str:
        return f"room {self.pk} of cycle {self.cycle_id}"
