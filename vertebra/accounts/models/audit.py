"""What was changed, by whom, with what it was before: the audit, which is also each object's history."""

from django.db import models

from vertebra.accounts import labels
from vertebra.accounts.models.users import User


class AuditEntry(models.Model):
    """One audited change: who, when, which verb, of which object; an import is one entry with its rows."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=30)
    kind = models.CharField(max_length=30, choices=labels.Kind)
    object_id = models.BigIntegerField(null=True)
    object_name = models.CharField(max_length=300, blank=True)
    particulars = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "kind",
                    "object_id",
                    "-id",
                ),
                name="audit_feed_of_an_object",
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.object_name}"

    @property
    def unnamed(self) -> str:
        """The object without its name, for those who may not know it."""
        return f"{self.get_kind_display()} {self.object_id or ''}".strip()


class AuditRow(models.Model):
    """One row touched by an entry, with its fields before and after (only those that changed)."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.CASCADE, related_name="rows")
    model = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=10, choices=labels.Operation)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "model",
                    "row_id",
                    "entry",
                ),
                name="audit_rows_of_an_object",
            ),
        )
