"""What changes in how we work, as a feed and a calendar (list FEEDS)."""

import datetime as dt
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from vertebra.accounts.feeds import FeedKind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.feeds import Entry
from vertebra.practices.queries.changes import Change, lately, to_come

PAGE = "practice_changes"


def title_of(change: Change) -> str:
    """What changes, in one line."""
    told = {
        "name": change.practice.called,
        "reach": change.reach,
        "unit": change.unit or _("the whole company"),
    }
    if change.what == "reach":
        return _("%(name)s: %(reach)s for %(unit)s") % told
    if change.what == "reopened":
        return _("%(name)s is opened again") % told
    return (_("%(name)s is retired") if change.what == "retired" else _("%(name)s: a new version")) % told


def _entries(_reader: User, _object_id: int, now: dt.datetime) -> list[Entry]:
    day = clock.today(now)
    entries = [_entry(change) for change in [*to_come(day), *lately(day)]]
    return sorted(entries, key=lambda one: (one.updated_at, one.key), reverse=True)


def _entry(change: Change) -> Entry:
    address = settings.PUBLIC_URL + reverse("practices:practice-show", args=(change.practice.pk,))
    return Entry(
        key=uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/practices/{change.key}").urn,
        title=title_of(change),
        address=address,
        html=format_html("<p>{}</p>", change.words or title_of(change)),
        published_at=change.at,
        updated_at=change.at,
        on=change.on,
        summary=change.words,
    )


def _name(reader: User, object_id: int) -> str | None:
    return _("What changes in how we work") if object_id == 0 and may(reader, Right.READ) else None


CHANGES = FeedKind(
    page=PAGE,
    name=_name,
    entries=_entries,
    address=lambda _object_id: reverse("practices:change-list"),
)
