"""What consultations show on the page of a release and of an initiative."""

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Panel


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a release or an initiative that tells what champions were asked of it."""
    name = _PARTS.get(kind)
    return (
        Panel("consultations", _("What champions say of it"), reverse(name, args=(object_id,)))
        if name
        else None
    )


_PARTS: dict[str, str] = {
    Kind.RELEASE: "releases:release-consultations",
    Kind.INITIATIVE: "releases:initiative-consultations",
}
