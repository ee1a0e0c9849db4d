"""Practices: why, for whom, how, at what cost; in versions, each in one language or both."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vertebra.org.labels import Function
from vertebra.practices.labels import practices as labels


class Practice(models.Model):
    """One way of working: where it stands in its life, who carries it; what it says stands in its versions."""

    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(
        max_length=10, choices=labels.PracticeState, default=labels.PracticeState.IDEA, db_index=True
    )
    carrier = models.ForeignKey(
        "org.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("carried by"),
    )
    field = models.ForeignKey(
        "org.Field",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("field of action"),
    )
    # The act by which it may go beyond the teams that tried it; its version is what holds.
    validation = models.ForeignKey(
        "practices.PracticeValidation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    next_review_on = models.DateField(_("looked back at on"), null=True, blank=True)
    # The code of what it was begun from, of what ships with Vertebra.
    shipped = models.CharField(max_length=60, blank=True)
    is_validation_owed = models.BooleanField(default=False)
    reason = models.TextField(_("why it was retired"), max_length=4000, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="retired") | ~Q(reason=""), name="a_practice_is_retired_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(is_validation_owed=True),
                name="a_practice_in_force_owes_its_validation",
            ),
            models.CheckConstraint(
                condition=~Q(state="validated") | Q(validation__isnull=False),
                name="a_practice_is_validated_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("validated", "in_force")) | Q(next_review_on__isnull=False),
                name="a_practice_that_holds_has_a_review_date",
            ),
        )
        indexes = (models.Index(fields=("archived_at", "state", "id"), name="practices_by_state"),)

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """What it is called in the language of whoever reads, where it has such a name (`queries.texts.names_of`)."""
        return self._name_in(self.called_in) or self.name

    @property
    def called_in(self) -> str:
        """The language of that name."""
        language = (get_language() or "")[:2]
        return language if self._name_in(language) else self.language

    def _name_in(self, language: str) -> str:
        return getattr(self, f"name_{language}", None) or ""


class PracticeVersion(models.Model):
    """What a practice says from one day on: once published it no longer changes; one draft at a time."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    what_changed = models.TextField(_("what changed, and from what"), max_length=4000, blank=True)
    # It says the same in better words: what was validated before stays so.
    is_same = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("practice", "number"), name="a_version_of_a_practice_once"),
            models.UniqueConstraint(
                fields=("practice",), condition=Q(published_at__isnull=True), name="one_draft_of_a_practice"
            ),
        )

    def __str__(self) -> str:
        return f"version {self.number} of practice {self.practice_id}"


class PracticeText(models.Model):
    """What a version says in one language."""

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=5)
    name = models.CharField(_("name"), max_length=200)
    why = models.TextField(_("why"), max_length=4000, blank=True)
    for_whom = models.TextField(_("for whom"), max_length=2000, blank=True)
    when = models.CharField(_("how often, or what sets it off"), max_length=300, blank=True)
    inputs = models.TextField(_("what one starts from"), max_length=2000, blank=True)
    outputs = models.TextField(_("what comes out"), max_length=2000, blank=True)
    steps = models.TextField(_("steps"), max_length=20_000, blank=True)
    tools = models.TextField(_("tools"), max_length=2000, blank=True)
    lives_at = models.CharField(_("where it lives"), max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "language"), name="one_text_per_version_and_language"),
        )

    def __str__(self) -> str:
        return self.name


class PracticeCost(models.Model):
    """Minutes a month that a version of a practice asks of each person of a function."""

    version = models.ForeignKey(PracticeVersion, on_delete=models.CASCADE, related_name="costs")
    function = models.CharField(_("function"), max_length=20, choices=Function)
    minutes = models.PositiveIntegerField(_("minutes a month, each"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "function"), name="one_cost_per_function"),)

    def __str__(self) -> str:
        return f"{self.function}: {self.minutes}"


class Template(models.Model):
    """Something ready to use that a practice brings: a text to copy in one step, or where it stands elsewhere."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="templates")
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    body = models.TextField(_("text"), max_length=50_000, blank=True)
    web_address = models.CharField(_("address"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(body="") | ~Q(web_address=""), name="a_template_is_a_text_or_an_address"
            ),
        )

    def __str__(self) -> str:
        return self.title
