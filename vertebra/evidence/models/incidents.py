"""Incidents: what broke, when, who was told when, what follows until it is done."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.evidence import labels
from vertebra.sources.models import FromOutside


class Incident(FromOutside):
    """Something that broke for users: its times, its weight, what it touched, what was learnt."""

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what happened"), max_length=20000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    severity = models.CharField(_("severity"), max_length=8, choices=labels.IncidentSeverity)
    started_at = models.DateTimeField(_("began"), db_index=True)
    detected_at = models.DateTimeField(_("noticed"), null=True, blank=True)
    told_at = models.DateTimeField(_("field told"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("ended"), null=True, blank=True)
    systems = models.JSONField(_("systems"), default=list, blank=True)
    areas = models.ManyToManyField("org.Area", blank=True, related_name="+", verbose_name=_("areas"))
    markets = models.ManyToManyField("org.Market", blank=True, related_name="+", verbose_name=_("markets"))
    of_unit = models.ForeignKey(
        "org.Unit",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("unit in charge"),
    )
    manager = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("incident manager"),
    )
    post_mortem_due_on = models.DateField(_("post-mortem due on"), null=True, blank=True)
    post_mortem_on = models.DateField(_("post-mortem held on"), null=True, blank=True)
    post_mortem = models.TextField(_("what was learnt"), max_length=20000, blank=True)
    post_mortem_url = models.URLField(_("where it is written"), max_length=1000, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        constraints = (  # type: ignore[assignment]
            *FromOutside.Meta.constraints,
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("started_at")),
                name="an_incident_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.title


class IncidentMoment(models.Model):
    """One line of an incident's timeline."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="moments")
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=labels.MomentKind)
    text = models.TextField(_("what happened"), max_length=8000, blank=True)
    told_whom = models.CharField(_("who was told"), max_length=200, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"moment {self.pk} of incident {self.incident_id}"


class FollowUpAction(models.Model):
    """Something to do after an incident, tracked to its end."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="follow_ups")
    title = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("owner"),
    )
    of_unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("unit")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    dropped_on = models.DateField(null=True)
    drop_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)
    external_id = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(dropped_on__isnull=True) | ~Q(drop_reason=""),
                name="dropping_a_follow_up_needs_a_reason",
            ),
            models.UniqueConstraint(
                fields=("incident", "external_id"),
                condition=~Q(external_id=""),
                name="a_follow_up_once_per_incident",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProcessRework(models.Model):
    """The day from which incidents are handled in another way, and the initiative that changed it, if there is one.

    The initiative stands further down the loop: its kind and its id are kept, as in the thread.
    """

    title = models.CharField(_("what changed"), max_length=200)
    language = models.CharField(max_length=5)
    starts_on = models.DateField(_("from"), unique=True)
    object_kind = models.CharField(max_length=30, blank=True)
    object_id = models.BigIntegerField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_on",)

    def __str__(self) -> str:
        return self.title
