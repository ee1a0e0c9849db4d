"""What ways of working show on the page of an initiative: the practices that came of it (list PANELS)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Panel


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of an initiative that tells which ways of working came of it."""
    if kind != Kind.INITIATIVE:
        return None
    url = reverse("practices:of-initiative", args=(object_id,))
    return Panel("practices", _("Ways of working that came of it"), url)
