"""Words of briefs: trades, states, and what each trade expects to read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Trade(TextChoices):
    """For whom a brief is written: everyone, or one function of the organisation (the same codes)."""

    EVERYONE = "everyone", pgettext_lazy("trade", "Everyone")
    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    CUSTOMER_SUCCESS = "customer_success", _("Customer success")
    MARKETING = "marketing", _("Marketing")
    PRODUCT = "product", _("Product")
    ENGINEERING = "engineering", _("Engineering")
    OPERATIONS = "operations", _("Operations")
    FINANCE = "finance", _("Finance")
    LEGAL = "legal", _("Legal")
    LEADERSHIP = "leadership", _("Leadership")


class BriefState(TextChoices):
    PREFILLED = "prefilled", pgettext_lazy("brief", "pre-filled")
    DRAFT = "draft", pgettext_lazy("brief", "being written")
    TO_CHECK = "to_check", pgettext_lazy("brief", "to be checked")
    READY = "ready", pgettext_lazy("brief", "ready")


BRIEF_TONES = {"prefilled": "neutral", "draft": "accent", "to_check": "attention", "ready": "good"}
# The parts of a brief, by trade: headings of a text that is pre-filled and then written.
PARTS: dict[str, tuple[object, ...]] = {
    "everyone": (_("What changes"), _("From when, for whom")),
    "sales": (_("What to say in one sentence"), _("Objections, and what to answer")),
    "support": (_("Questions that will come"), _("Answers ready to send")),
    "customer_success": (_("When each customer sees it"), _("What to tell them, and what to watch")),
    "marketing": (_("What may be said outside, and from when"), _("Words to use, words to avoid")),
}
OTHER_PARTS = (_("What changes for you"), _("What you have to do"))
