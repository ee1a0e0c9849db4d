"""The audit: what was heard, ranked, read by those heard, frozen and published."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels
from vertebra.evidence.models.surveys import unordered_key


class Audit(models.Model):
    """A document made from what was heard; once frozen, `content` is all that is shown and never changes."""

    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5)
    number = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(
        max_length=10, choices=labels.AuditState, default=labels.AuditState.DRAFT, db_index=True
    )
    introduction = models.TextField(_("introduction"), max_length=8000, blank=True)
    method = models.TextField(_("method"), max_length=8000, blank=True)
    not_heard = models.TextField(_("what was not heard"), max_length=4000, blank=True)
    campaigns = models.ManyToManyField("discovery.Campaign", blank=True, related_name="+")
    heard_from = models.DateField(_("heard from"), null=True, blank=True)
    heard_until = models.DateField(_("to"), null=True, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    content = models.JSONField(default=dict, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reading_until = models.DateField(null=True)
    frozen_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    correcting_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(frozen_at__isnull=False),
                name="an_audit_is_frozen_before_it_is_published",
            ),
            models.CheckConstraint(
                condition=Q(correcting_at__isnull=True) | Q(published_at__isnull=False),
                name="an_audit_is_published_before_it_is_corrected",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether its authors may change it: a draft, one being read, or one being corrected."""
        return self.frozen_at is None or self.correcting_at is not None


class AuditVersion(models.Model):
    """A version of a published audit that a later one replaced: kept as it was, but for words taken back."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="earlier")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict, blank=True)
    frozen_at = models.DateTimeField()
    published_at = models.DateTimeField()
    replaced_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=labels.NewVersion)
    note = models.TextField(_("what was corrected"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("audit", "version"), name="a_version_of_an_audit_once"),
        )

    def __str__(self) -> str:
        return f"version {self.version} of audit {self.audit_id}"


class AuditItem(models.Model):
    """A pain point of an audit, at its rank, with what the authors say of it."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    pain_point = models.ForeignKey("discovery.PainPoint", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    comment = models.TextField(_("what we say of it"), max_length=4000, blank=True)
    figures = models.JSONField(default=dict, blank=True)
    verbatims = models.ManyToManyField("discovery.Verbatim", blank=True, related_name="+")

    class Meta:
        ordering = ("rank", "id")
        constraints = (
            models.UniqueConstraint(fields=("audit", "pain_point"), name="a_pain_point_once_per_audit"),
        )

    def __str__(self) -> str:
        return f"item {self.rank} of audit {self.audit_id}"


class AuditReading(models.Model):
    """One of those heard is asked to read the draft; whether they answered is known, what and when is not."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(null=True)
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("audit", "person"), name="a_person_reads_an_audit_once"),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_reading_link_opens_one_reading"
            ),
        )

    def __str__(self) -> str:
        return f"reading {self.pk}"


class AuditOpinion(models.Model):
    """What one of those heard says of the draft: no person, no time, no order.

    `key` follows from the secret of their link, which nothing here keeps: who holds it may answer differently.
    """

    id = models.BigIntegerField(primary_key=True, default=unordered_key, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="opinions")
    key = models.CharField(max_length=64, unique=True)
    verdict = models.CharField(max_length=10, choices=labels.Verdict)
    comment = models.TextField(_("what is missing"), max_length=2000, blank=True)
    turned_into = models.ForeignKey(AuditItem, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"opinion {self.pk}"


class AuditRoom(models.Model):
    """The moment an audit is presented: where the team is, the order before and after, who was there."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="rooms")
    digest = models.CharField(max_length=64, unique=True)
    opened_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    timer_until = models.DateTimeField(null=True)
    order_before = models.JSONField(default=list, blank=True)
    order_after = models.JSONField(default=list, blank=True)
    present = models.TextField(_("who was there"), max_length=2000, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("audit",), condition=Q(closed_at__isnull=True), name="one_open_room_per_audit"
            ),
        )

    def __str__(self) -> str:
        return f"room {self.pk} of audit {self.audit_id}"


class FollowUp(models.Model):
    """One mail that told somebody heard what became of it, and the link in it; at most one a week."""

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("person", "-sent_at"), name="follow_ups_of_a_person"),)

    def __str__(self) -> str:
        return f"follow-up of person {self.person_id}"
