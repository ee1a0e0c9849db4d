"""Words of sources: kinds, and states of an import."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SourceKind(TextChoices):
    FILE = "file", _("files")
    DATABASE = "database", _("database")
    WEB = "web", _("web address")
    JIRA = "jira", _("Jira")
    GITHUB = "github", _("GitHub")
    GITLAB = "gitlab", _("GitLab")
    LINEAR = "linear", _("Linear")


class SyncState(TextChoices):
    RUNNING = "running", _("being read")
    GOING = "going", _("goes on")
    DONE = "done", _("read")
    FAILED = "failed", _("could not be read")


SYNC_TONES = {
    SyncState.RUNNING: "accent",
    SyncState.GOING: "accent",
    SyncState.DONE: "good",
    SyncState.FAILED: "harm",
}
# What systems call the things that may be taken or left.
CHOICES = {
    SourceKind.JIRA: _("Projects"),
    SourceKind.GITHUB: _("Repositories"),
    SourceKind.GITLAB: _("Projects"),
    SourceKind.LINEAR: _("Teams"),
}
GIVES = {
    SourceKind.JIRA: _("Fix versions of projects, with the issues that each brings."),
    SourceKind.GITHUB: _("Releases of repositories; drafts are what is planned."),
    SourceKind.LINEAR: _("Projects of teams, with the day they are meant for."),
}
RELEASES, WORK = "releases", "work"
TAKES = [(WORK, _("Work items with their history")), (RELEASES, _("Releases"))]
# What work items of each system are, where they can be read.
WORK_GIVES = {
    SourceKind.JIRA: _("Issues with their history, sprints and links."),
    SourceKind.GITHUB: _("Issues and pull requests with their timeline and reviews."),
    SourceKind.GITLAB: _("Issues and merge requests with their events, iterations and reviews."),
    SourceKind.LINEAR: _("Issues with their history, cycles and relations."),
}


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    PLANNING = "planning", _("being looked at")
    PLANNED = "planned", _("ready to apply")
    REFUSED = "refused", _("has errors")
    RUNNING = "running", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed, nothing was changed")
    UNDONE = "undone", _("undone")


# States in which a draft can still be changed by whoever prepares it.
DRAFTS = (ImportState.UPLOADED, ImportState.PLANNED, ImportState.REFUSED, ImportState.FAILED)
# States in which a job is at work.
AT_WORK = (ImportState.PLANNING, ImportState.RUNNING)

STATE_TONES = {
    ImportState.UPLOADED: "neutral",
    ImportState.PLANNING: "accent",
    ImportState.PLANNED: "accent",
    ImportState.REFUSED: "attention",
    ImportState.RUNNING: "accent",
    ImportState.APPLIED: "good",
    ImportState.FAILED: "harm",
    ImportState.UNDONE: "neutral",
}
EFFECTS = {
    "created": _("Created"),
    "changed": _("Changed"),
    "closed": _("Closed"),
    "unchanged": _("Unchanged"),
}
