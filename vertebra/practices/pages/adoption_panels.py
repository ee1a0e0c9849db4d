"""What adoption shows on the page of a practice and of a team (list PANELS)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Panel


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a practice that tells which teams live by it."""
    if kind != Kind.PRACTICE:
        return None
    return Panel(
        "adoption", _("Which teams live by it"), reverse("practices:practice-adoption", args=(object_id,))
    )
