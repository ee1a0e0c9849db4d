"""Words of sources: kinds, and states of an import."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SourceKind(TextChoices):
    FILE = "file", _("files")


class ImportState(TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    PLANNED = "planned", _("ready to apply")
    REFUSED = "refused", _("has errors")
    RUNNING = "running", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed, nothing was changed")
    UNDONE = "undone", _("undone")
