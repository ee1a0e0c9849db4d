"""Releases: what comes out, when, for whom, and what its tier requires before it does."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.releases.labels import releases as labels
from vertebra.sources.models import FromOutside


class Tier(models.Model):
    """How much a release matters, and so what it requires: data, not code."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    description = models.CharField(_("for what"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    trades = models.JSONField(_("briefs for"), default=list, blank=True)
    languages = models.JSONField(_("languages of the briefs"), default=list, blank=True)
    validations = models.JSONField(_("agreed to by"), default=list, blank=True)
    readiness = models.JSONField(_("functions that say whether they are ready"), default=list, blank=True)
    has_go = models.BooleanField(_("asks for a recorded go"), default=False)
    has_lesson = models.BooleanField(_("carries a lesson"), default=False)
    has_check = models.BooleanField(_("asks one question to check"), default=False)
    days_before = models.PositiveSmallIntegerField(_("told how many days before"), default=0)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("is_default",), condition=Q(is_default=True), name="one_tier_is_the_usual_one"
            ),
        )

    def __str__(self) -> str:
        return self.name or str(labels.TIERS.get(self.slug, self.slug))


class Release(FromOutside):
    """Something that comes out: planned, being checked, released, or withdrawn; its date may move."""

    title = models.CharField(_("what comes out"), max_length=200)
    version = models.CharField(_("version"), max_length=60, blank=True)
    summary = models.CharField(_("in one sentence"), max_length=500, blank=True)
    body = models.TextField(_("what changes, for whom"), max_length=100_000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(max_length=9, choices=labels.ReleaseState, default=labels.ReleaseState.PLANNED)
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="releases", verbose_name=_("tier"))
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("area")
    )
    lead = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("lead"),
    )
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    web_address = models.URLField(_("address"), max_length=500, blank=True)
    checking_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(_("why it is withdrawn"), max_length=2000, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        constraints = (  # type: ignore[assignment]
            *FromOutside.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False),
                name="a_release_out_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="a_withdrawal_has_a_reason",
            ),
        )
        indexes = (
            models.Index(fields=("archived_at", "state", "planned_on", "id"), name="releases_by_state"),
            models.Index(fields=("archived_at", "planned_on", "id"), name="releases_by_plan"),
            models.Index(fields=("archived_at", "released_on", "id"), name="releases_by_day"),
            models.Index(fields=("archived_at", "changed_at", "id"), name="releases_by_change"),
            models.Index(fields=("archived_at", "area", "planned_on"), name="releases_by_area"),
        )

    def __str__(self) -> str:
        return self.title


class ReleaseMarket(models.Model):
    """A release comes out in a market, perhaps on a day of its own; a release without markets is for all."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="markets")
    market = models.ForeignKey("org.Market", on_delete=models.CASCADE, related_name="+")
    planned_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "market"), name="a_release_once_per_market"),
        )

    def __str__(self) -> str:
        return f"release {self.release_id} in market {self.market_id}"


class MovedDate(models.Model):
    """The planned day of a release moved: from when, to when, why."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="moves")
    was_on = models.DateField(null=True)
    now_on = models.DateField(null=True)
    why = models.CharField(_("why it moves"), max_length=500, blank=True)
    moved_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ("-moved_at", "-id")

    def __str__(self) -> str:
        return f"{self.was_on} → {self.now_on}"


class FreezeWindow(models.Model):
    """Days, the last included, on which nothing comes out, everywhere or in one area or market."""

    title = models.CharField(_("what for"), max_length=120)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until and including"))
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("area")
    )
    market = models.ForeignKey(
        "org.Market",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("market"),
    )
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("from_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_freeze_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.title


class Validation(models.Model):
    """Somebody whose agreement the tier asks for agrees to a release, or says what keeps them from it."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="validations")
    part = models.CharField(_("as"), max_length=12, choices=labels.ValidationPart)
    is_agreed = models.BooleanField(_("agreed"), default=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-said_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_agreed=True) | ~Q(note=""), name="a_disagreement_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"validation {self.pk} of release {self.release_id}"


class Readiness(models.Model):
    """What a function says before a release: ready, ready with risks, not ready; said again, the earlier word stays."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="readiness")
    function = models.CharField(_("function"), max_length=20, choices=Function)
    state = models.CharField(_("readiness"), max_length=10, choices=labels.ReadinessState)
    note = models.TextField(_("what is missing"), max_length=2000, blank=True)
    said_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ("-said_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="ready") | ~Q(note=""), name="what_is_not_ready_says_what_is_missing"
            ),
        )

    def __str__(self) -> str:
        return f"readiness {self.pk} of release {self.release_id}"


class GoDecision(models.Model):
    """Go or no go for a release: by whom, why, on which conditions, knowing what; never edited, only followed."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="go_decisions")
    verdict = models.CharField(_("decision"), max_length=10, choices=labels.GoVerdict)
    why = models.TextField(_("why"), max_length=4000, blank=True)
    known = models.JSONField(default=dict, blank=True)
    decided_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("-decided_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict="go") | ~Q(why=""), name="a_no_go_or_its_conditions_are_explained"
            ),
        )

    def __str__(self) -> str:
        return f"decision {self.pk} on release {self.release_id}"
