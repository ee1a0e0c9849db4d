"""Playbooks and launches: steps by domain, one instance per market, readiness, parity of features."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function, MandateRole
from vertebra.roadmap.labels import projects as labels


class Playbook(models.Model):
    """How this company does something it does again and again, such as opening a market."""

    title = models.CharField(_("playbook"), max_length=200)
    description = models.TextField(_("what it is for"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class PlaybookVersion(models.Model):
    """One version of a playbook: once published its steps no longer change."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    what_changed = models.TextField(_("what changed, and from which lessons"), max_length=4000, blank=True)
    published_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("playbook", "number"), name="a_version_of_a_playbook_once"),
        )

    def __str__(self) -> str:
        return f"version {self.number} of playbook {self.playbook_id}"


class PlaybookStep(models.Model):
    """One step of a version: its domain and stage, who does it by mandate, how many days before or after launch."""

    version = models.ForeignKey(PlaybookVersion, on_delete=models.CASCADE, related_name="steps")
    domain = models.CharField(_("domain"), max_length=80)
    stage = models.CharField(_("stage"), max_length=80)
    title = models.CharField(_("step"), max_length=200)
    details = models.TextField(_("how"), max_length=4000, blank=True)
    role = models.CharField(_("done by"), max_length=20, choices=MandateRole, blank=True)
    function = models.CharField(_("function"), max_length=20, choices=Function, blank=True)
    starts_day = models.SmallIntegerField(_("starts, days from launch"), default=0)
    ends_day = models.SmallIntegerField(_("ends, days from launch"), default=0)
    is_gate = models.BooleanField(_("go or no-go"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_day__gte=F("starts_day")), name="a_step_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Launch(models.Model):
    """One use of a playbook for one market, carried by an initiative."""

    initiative = models.OneToOneField("roadmap.Initiative", on_delete=models.CASCADE, related_name="launch")
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="launches")
    market = models.ForeignKey("org.Market", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(_("decided on"))
    target_on = models.DateField(_("launch planned on"))
    launched_on = models.DateField(_("launched on"), null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(launched_on__isnull=True) | Q(launched_on__gte=F("decided_on")),
                name="a_launch_follows_its_decision",
            ),
        )

    def __str__(self) -> str:
        return f"launch {self.pk}"


class LaunchStep(models.Model):
    """A step of a playbook in one launch: when it was to be, when it was."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="steps")
    step = models.ForeignKey(PlaybookStep, null=True, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(_("domain"), max_length=80)
    stage = models.CharField(_("stage"), max_length=80)
    title = models.CharField(_("step"), max_length=200)
    owner = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("done by"),
    )
    state = models.CharField(max_length=7, choices=labels.StepState, default=labels.StepState.TO_DO)
    starts_on = models.DateField(_("from"))
    due_on = models.DateField(_("until"))
    started_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    is_gate = models.BooleanField(default=False)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    lesson = models.TextField(_("lesson for the next launch"), max_length=2000, blank=True)
    lesson_taken_in = models.ForeignKey(
        PlaybookVersion, null=True, on_delete=models.SET_NULL, related_name="lessons"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False), name="a_step_done_says_when"
            ),
        )

    def __str__(self) -> str:
        return self.title


class GoNoGo(models.Model):
    """What the owner of a domain says before a launch; said again, the earlier word stays."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="words")
    domain = models.CharField(_("domain"), max_length=80)
    readiness = models.CharField(_("readiness"), max_length=10, choices=labels.Readiness)
    note = models.TextField(_("what is missing"), max_length=2000, blank=True)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-said_at", "-id")

    def __str__(self) -> str:
        return f"readiness {self.pk} of launch {self.launch_id}"


class ReadinessAsk(models.Model):
    """The owner of a domain is asked once per launch whether it is ready, and the link that was sent."""

    launch = models.ForeignKey(Launch, on_delete=models.CASCADE, related_name="asks")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("launch", "person"), name="readiness_is_asked_once_of_a_person"),
        )

    def __str__(self) -> str:
        return f"ask {self.pk} of launch {self.launch_id}"


class Feature(models.Model):
    """A feature of the product, for the matrix of what each market has."""

    name = models.CharField(_("feature"), max_length=200, unique=True)
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("area")
    )
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class FeatureInMarket(models.Model):
    """How much of a feature a market has."""

    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="markets")
    market = models.ForeignKey("org.Market", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=labels.Parity, default=labels.Parity.ABSENT)
    planned_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("feature", "market"), name="a_feature_once_per_market"),
        )

    def __str__(self) -> str:
        return f"feature {self.feature_id} in market {self.market_id}"
