"""The headings that every form of an audit bears."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def headings() -> dict[str, str]:
    """Headings of parts and columns, in the language that is active."""
    return {
        "points": _("What hurts most"),
        "point": _("Pain point"),
        "wins": _("Quick wins"),
        "picture": _(
            "Quick wins: the evidence for each against the days it takes; the table below says the same."
        ),
        "effort": _("days of work"),
        "evidence": _("people who speak of it"),
        "what": _("What we do"),
        "relieves": _("What it relieves"),
        "days": _("Effort"),
        "people": _("People"),
        "method": _("How we listened"),
        "function": _("Function"),
        "unit": _("Unit"),
        "kept_back": _("Groups of fewer than five are not told, nor what would reveal them."),
        "not_heard": _("What was not heard"),
        "compared": _("Since the audit before"),
        "change": _("What changed"),
        "before": pgettext("rank", "Before"),
        "now": pgettext("rank", "Now"),
        "open": pgettext("opening quotation mark", "“"),
        "close": pgettext("closing quotation mark", "”"),
    }
