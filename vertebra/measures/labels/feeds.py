"""Words of feeds: where the values of a metric come from, and how a run of one ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FeedKind(TextChoices):
    HAND = "hand", _("by hand")
    FILE = "file", pgettext_lazy("feed", "file (CSV, XLSX)")
    HTTP = "http", _("web address (JSON)")
    SQL = "sql", _("SQL query")
    PROVIDER = "provider", _("computed by Vertebra")


class FeedState(TextChoices):
    RUNNING = "running", pgettext_lazy("feed", "being read")
    DONE = "done", pgettext_lazy("feed", "read")
    FAILED = "failed", pgettext_lazy("feed", "could not be read")
