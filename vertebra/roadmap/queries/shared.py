"""Views of the roadmap that people without an account open by a link."""

from vertebra.accounts.models import SharedLink
from vertebra.accounts.tokens import digest_of
from vertebra.roadmap.models import SharedRoadmap

PAGE = "roadmap"
# What of the address of a view goes along with its link.
KEPT = (
    "view",
    "by",
    "from",
    "q",
    "state",
    "kind",
    "horizon",
    "pace",
    "due",
    "unit",
    "field",
    "objective",
    "market",
)


def shared_by(token: str) -> SharedRoadmap | None:
    """The view that a link opens, whether or not it still does."""
    rows = SharedRoadmap.objects.select_related("link")
    return rows.filter(link__page=PAGE, link__digest=digest_of(token)).first()


def links_made() -> list[SharedLink]:
    """Every link to the roadmap, the latest first."""
    rows = SharedLink.objects.filter(page=PAGE).select_related("made_by")
    return list(rows.order_by("-pk")[:200])
