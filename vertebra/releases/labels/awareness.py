"""Words of announcements and of what people say they understood."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class AnnouncementKind(TextChoices):
    FIRST = "first", pgettext_lazy("announcement", "announcement")
    CORRECTION = "correction", pgettext_lazy("announcement", "correction")
    WITHDRAWAL = "withdrawal", pgettext_lazy("announcement", "withdrawal")


class AnnouncementState(TextChoices):
    PLANNED = "planned", pgettext_lazy("announcement", "planned")
    SENDING = "sending", pgettext_lazy("announcement", "being sent")
    SENT = "sent", pgettext_lazy("announcement", "sent")
    STOPPED = "stopped", pgettext_lazy("announcement", "stopped")


class ReceiptState(TextChoices):
    """What somebody says of a release that they were told of."""

    ACKNOWLEDGED = "acknowledged", pgettext_lazy("receipt", "read")
    UNDERSTOOD = "understood", pgettext_lazy("receipt", "understood")
    QUESTION = "question", pgettext_lazy("receipt", "I have a question")


ANNOUNCEMENT_TONES = {"planned": "neutral", "sending": "accent", "sent": "good", "stopped": "attention"}
RECEIPT_TONES = {"acknowledged": "neutral", "understood": "good", "question": "attention"}
