"""What learning shows on the page of a release: its lesson, and the lessons that it changes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Panel


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a release that tells what is learnt of it."""
    if kind != Kind.RELEASE:
        return None
    return Panel("lessons", _("What is learnt of it"), reverse("learning:release-lessons", args=(object_id,)))
