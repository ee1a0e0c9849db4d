"""Words of levers: what the data say of one; always an association, never a cause."""

from django.utils.translation import gettext_lazy as _

VERDICTS = {
    "with": _("goes along in the data"),
    "against": _("goes the other way in the data"),
    "unclear": _("not to be seen in the data"),
    "too_little": _("too little data"),
}
VERDICT_TONES = {"with": "good", "against": "accent", "unclear": "neutral", "too_little": "neutral"}
