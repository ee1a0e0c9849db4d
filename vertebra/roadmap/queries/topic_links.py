"""Links by which topics are raised without an account."""

from django.db.models import QuerySet

from vertebra.accounts.models import SharedLink
from vertebra.accounts.tokens import digest_of

LINK_PAGE = "topic_raise"


def links() -> QuerySet[SharedLink]:
    """Every link that was made to raise topics, the latest first."""
    return SharedLink.objects.filter(page=LINK_PAGE).select_related("made_by").order_by("-pk")


def link_of(token: str) -> SharedLink | None:
    """The link that an address stands for, usable or not."""
    return SharedLink.objects.filter(digest=digest_of(token), page=LINK_PAGE).first()
