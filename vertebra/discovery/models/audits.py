"""The audit: what was heard, ranked, read by those heard, frozen and published; and its quick wins."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels


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
    content = models.JSONField(default=dict)
    version = models.PositiveSmallIntegerField(default=1)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reading_until = models.DateField(null=True)
    frozen_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(frozen_at__isnull=False),
                name="an_audit_is_frozen_before_it_is_published",
            ),
        )

    def __str__(self) -> str:
        return self.title


class AuditItem(models.Model):
    """A pain point of an audit, at its rank, with what the authors say of it."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    pain_point = models.ForeignKey("discovery.PainPoint", on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField()
    comment = models.TextField(_("what we say of it"), max_length=4000, blank=True)
    verbatims = models.ManyToManyField("discovery.Verbatim", blank=True, related_name="+")

    class Meta:
        ordering = ("rank", "id")
        constraints = (
            models.UniqueConstraint(fields=("audit", "pain_point"), name="a_pain_point_once_per_audit"),
        )

    def __str__(self) -> str:
        return f"item {self.rank} of audit {self.audit_id}"


class AuditReading(models.Model):
    """One of those heard is asked to read the draft, and says whether it is what they said."""

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=labels.Verdict, blank=True)
    comment = models.TextField(_("what is missing"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("audit", "person"), name="a_person_reads_an_audit_once"),
            models.UniqueConstraint(
                fields=("digest",), condition=~Q(digest=""), name="a_reading_link_opens_one_reading"
            ),
        )

    def __str__(self) -> str:
        return f"reading {self.pk}"


class QuickWin(models.Model):
    """Something small that relieves a pain point soon, with the days it takes."""

    pain_point = models.ForeignKey("discovery.PainPoint", on_delete=models.CASCADE, related_name="quick_wins")
    audit = models.ForeignKey(
        Audit, null=True, blank=True, on_delete=models.SET_NULL, related_name="quick_wins"
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
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=labels.QuickWinState.DROPPED) | ~Q(reason=""),
                name="dropping_a_quick_win_needs_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title
