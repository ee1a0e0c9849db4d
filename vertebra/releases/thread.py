"""What releases and what surrounds them are called, for comments, watches, search and the thread."""

from collections.abc import Sequence

from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.together import Found, Names
from vertebra.kit.cards import Titled
from vertebra.releases.models import Announcement, Audience, Brief, Consultation, FreezeWindow, Release, Tier

_WITH_VERSION = Case(
    When(version="", then=F("title")), default=Concat("title", Value(" ("), "version", Value(")"))
)


def _briefs(user: User, ids: Sequence[int]) -> Found:
    rows = Brief.objects.filter(pk__in=ids).select_related("release")
    return {
        row.pk: (
            f"{row.release.title} · {row.get_trade_display()}",
            reverse("releases:brief-preview", args=(row.pk,)),
        )
        for row in rows
    }


def _tiers(user: User, ids: Sequence[int]) -> Found:
    return {row.pk: (str(row), reverse("releases:tier-list")) for row in Tier.objects.filter(pk__in=ids)}


def _freezes(user: User, ids: Sequence[int]) -> Found:
    rows = FreezeWindow.objects.filter(pk__in=ids)
    url = reverse("releases:calendar")
    return {row.pk: (row.title, f"{url}?month={row.from_on:%Y-%m}") for row in rows}


def _announcements(user: User, ids: Sequence[int]) -> Found:
    rows = Announcement.objects.filter(pk__in=ids).values_list("pk", "release__title", "release_id")
    return {
        pk: (title, reverse("releases:announcement-list", args=(release,))) for pk, title, release in rows
    }


resolve = Names(
    {
        Kind.RELEASE: Titled(Release, "releases:release-show", _WITH_VERSION),
        Kind.BRIEF: _briefs,
        Kind.AUDIENCE: Titled(Audience, "releases:audience-show", "name"),
        Kind.ANNOUNCEMENT: _announcements,
        Kind.TIER: _tiers,
        Kind.FREEZE_WINDOW: _freezes,
        Kind.CONSULTATION: Titled(Consultation, "releases:consultation-show"),
    }
)
