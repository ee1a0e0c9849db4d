"""What is connected or imported, by whom, and when it last ran."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.sources import faults, labels


class Source(models.Model):
    """Where rows come from: a named set of files, or a connected system."""

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


class Connection(models.Model):
    """How a system is read by itself: what is taken of it, from where to go on, when next; its secrets are sealed."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="connection")
    address = models.CharField(_("address"), max_length=300)
    account = models.CharField(max_length=200, blank=True)
    chosen = models.JSONField(_("what is taken"), default=list, blank=True)
    every_hours = models.PositiveSmallIntegerField(_("read again every (hours)"), default=24)
    cursor = models.CharField(max_length=500, blank=True)
    takes_releases = models.BooleanField(_("releases"), default=True)
    takes_work = models.BooleanField(_("work items with their history"), default=False)
    # Of work items: from where to go on, which field plays which part, when it was last listed what there is.
    work_cursor = models.CharField(max_length=500, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    listed_at = models.DateTimeField(null=True)
    next_run_at = models.DateTimeField(null=True, db_index=True)
    busy_until = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    paused_at = models.DateTimeField(null=True)
    fault = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"connection of {self.source_id}"

    @property
    def words(self) -> str:
        """What is wrong and what to do about it, or nothing."""
        return faults.told(self.fault["code"], self.fault["particulars"]) if self.fault else ""


class SyncRun(models.Model):
    """One reading of a connected system: how much came, what it changed, what was wrong."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="syncs")
    state = models.CharField(max_length=8, choices=labels.SyncState, default=labels.SyncState.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_count = models.PositiveIntegerField(default=0)
    created_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    gone_count = models.PositiveIntegerField(default=0)
    # How many there are to come, where the system says it.
    total_count = models.PositiveIntegerField(null=True)
    # What was wrong with single work items: codes and particulars.
    flaws = models.JSONField(default=list)
    fault = models.JSONField(null=True)

    class Meta:
        ordering = ("-started_at", "-id")

    def __str__(self) -> str:
        return f"reading {self.pk} of source {self.source_id}"

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return labels.SYNC_TONES[labels.SyncState(self.state)]

    @property
    def is_under_way(self) -> bool:
        """Whether more of it is to come."""
        return self.state in (labels.SyncState.RUNNING, labels.SyncState.GOING)

    @property
    def words(self) -> str:
        """What is wrong and what to do about it, or nothing."""
        return faults.told(self.fault["code"], self.fault["particulars"]) if self.fault else ""


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
