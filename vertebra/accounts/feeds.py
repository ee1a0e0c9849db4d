"""Feeds and calendars by address: each module says what stands in its own (list FEEDS); one link opens all three forms."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.module_loading import import_string

from vertebra.accounts.models import SharedLink, User
from vertebra.accounts.tokens import digest_of
from vertebra.kit import feeds
from vertebra.kit.feeds import Entry

FORMS: dict[str, tuple[Callable[[feeds.Feed], bytes], str]] = {
    "atom": (feeds.atom, "application/atom+xml; charset=utf-8"),
    "rss": (feeds.rss, "application/rss+xml; charset=utf-8"),
    "calendar": (feeds.calendar, "text/calendar; charset=utf-8"),
}
# The page that other sites show inside theirs.
EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class FeedKind:
    """One kind of feed that a module offers.

    `page` is written on its links; `name` says what it is called to somebody who may open it now, or nothing;
    `entries` what is new in it for them, in their language, the latest first; `address` the page it comes from.
    """

    page: str
    name: Callable[[User, int], str | None]
    entries: Callable[[User, int, dt.datetime], Sequence[Entry]]
    address: Callable[[int], str]


@cache
def _kinds(paths: tuple[str, ...]) -> dict[str, FeedKind]:
    found: list[FeedKind] = [import_string(path) for path in paths]
    return {kind.page: kind for kind in found}


def kinds() -> dict[str, FeedKind]:
    """Every kind of feed, by the page of its links."""
    return _kinds(tuple(settings.FEEDS))


def link_of(secret: str) -> SharedLink | None:
    """The link of a feed with this secret, whether it still opens or not."""
    found = SharedLink.objects.select_related("made_by").filter(digest=digest_of(secret)).first()
    return found if found is not None and found.page in kinds() else None


def links_of(user: User) -> list[SharedLink]:
    """The feeds that somebody takes, the latest first."""
    pages = list(kinds())
    if not pages:
        return []
    return list(
        SharedLink.objects.filter(made_by=user, page__in=pages, revoked_at=None).order_by("-pk")[:100]
    )


def addresses_of(secret: str) -> dict[str, str]:
    """Where each form of a feed is read."""
    forms = (*FORMS, EMBEDDED)
    return {form: settings.PUBLIC_URL + reverse(f"accounts:feed-{form}", args=[secret]) for form in forms}


def feed_of(link: SharedLink, secret: str, form: str, now: dt.datetime) -> feeds.Feed | None:
    """A feed as whoever takes it may read it now, in their language; nothing once it ended for them."""
    kind, reader, object_id = kinds()[link.page], link.made_by, link.object_id or 0
    if not link.is_usable(now) or not reader.is_active:
        return None
    with translation.override(reader.language):
        name = kind.name(reader, object_id)
        if name is None:
            return None
        return feeds.Feed(
            key=f"urn:sha256:{link.digest}",
            title=name,
            address=settings.PUBLIC_URL + kind.address(object_id),
            own_address=addresses_of(secret)[form],
            language=reader.language,
            changed_at=link.made_at,
            entries=kind.entries(reader, object_id, now),
        )
