"""What is connected or imported, by whom, and when it last ran."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.sources import labels


class Source(models.Model):
    """Where rows come from: a named set of files today, a connected system later."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(max_length=20, choices=labels.SourceKind, default=labels.SourceKind.FILE)
    is_demo = models.BooleanField(default=False)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One import of files into one target: what was read, what it would do, what it did."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    target = models.CharField(max_length=40)
    recipe = models.CharField(max_length=200, blank=True)
    files = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=labels.ImportState, default=labels.ImportState.UPLOADED)
    summary = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    files_deleted_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(
        "accounts.AuditEntry", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.source} {self.made_at:%Y-%m-%d}"

    @property
    def shown_state(self) -> str:
        """The state as people see it: an applied import whose entry was undone is undone."""
        if self.state == labels.ImportState.APPLIED and self.entry and hasattr(self.entry, "undone_by"):
            return str(labels.ImportState.UNDONE)
        return str(self.state)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(labels.ImportState(self.shown_state).label)

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return labels.STATE_TONES[labels.ImportState(self.shown_state)]

    @property
    def size(self) -> int:
        """How many bytes the files hold together."""
        return sum(int(file.get("size", 0)) for file in self.files)


class Secret(models.Model):
    """One secret of a source (token, key), encrypted with the instance's key; never shown again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="secrets")
    name = models.CharField(max_length=60)
    ciphertext = models.BinaryField()

    def __str__(self) -> str:
        return self.name

    class Meta:
        constraints = (models.UniqueConstraint(fields=("source", "name"), name="a_secret_once_per_source"),)


class FromOutside(models.Model):
    """A row that a source may have brought, with the values it brought last (a hand edit wins until they change)."""

    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=300, blank=True)
    imported = models.JSONField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                fields=("source", "external_id"),
                condition=Q(source__isnull=False),
                name="%(app_label)s_%(class)s_once_per_source",
            ),
        )


class FromOutsideOverTime(FromOutside):
    """A fact over time that a source may have brought: one open row per source and id, and those before it."""

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                fields=("source", "external_id"),
                condition=Q(source__isnull=False, ends_on__isnull=True),
                name="%(app_label)s_%(class)s_open_once_per_source",
            ),
        )
