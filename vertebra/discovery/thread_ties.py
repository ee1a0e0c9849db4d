"""What the thread of a pain point tells beyond its links: where it was heard, and the audits that tell of it."""

import datetime as dt

from django.db.models import Count, Min
from django.utils.translation import ngettext

from vertebra.accounts.labels import BACKWARDS, Kind, Relation
from vertebra.discovery.labels import AuditState
from vertebra.discovery.models import AuditItem, Evidence
from vertebra.kit.cards import Tie

MOST_ALONE = 20
MOST_WORDS = 5


def ties(kind: str, object_id: int) -> list[Tie]:
    """The objects tied to this one by what is stored of it, whoever may open them."""
    if kind == Kind.VERBATIM:
        return _shown_by(object_id)
    return [*_said(object_id), *_heard(object_id), *_told(object_id)] if kind == Kind.PAIN_POINT else []


def _shown_by(verbatim: int) -> list[Tie]:
    """The pain points that these words show."""
    rows = Evidence.objects.filter(verbatim=verbatim, ended_at=None).values_list("pain_point", "made_at")
    label = str(BACKWARDS[Relation.EVIDENCES])
    return [Tie(str(Kind.PAIN_POINT), pk, False, label, "", since) for pk, since in rows]


def _said(pain_point: int) -> list[Tie]:
    """The latest words by which it was heard; only those who may read interviews are shown them."""
    rows = Evidence.objects.filter(pain_point=pain_point, ended_at=None, verbatim__isnull=False)
    found = rows.order_by("-made_at", "-pk").values_list("verbatim", "made_at")[:MOST_WORDS]
    return [_shows(Kind.VERBATIM, pk, "", since) for pk, since in found]


def _heard(pain_point: int) -> list[Tie]:
    """The campaigns in which it was heard, and the latest conversations of no campaign."""
    rows = Evidence.objects.filter(pain_point=pain_point, ended_at=None, verbatim__interview__isnull=False)
    campaign, interview = "verbatim__interview__campaign", "verbatim__interview"
    talks, since = Count(interview, distinct=True), Min("made_at")
    rounds = rows.exclude(**{campaign: None}).values_list(campaign).annotate(talks=talks, since=since)
    alone = (
        rows.filter(**{campaign: None}).values_list(interview).annotate(since=since).order_by(f"-{interview}")
    )
    return [
        *(_shows(Kind.CAMPAIGN, pk, _talks(count), first) for pk, count, first in rounds),
        *(_shows(Kind.INTERVIEW, pk, "", first) for pk, first in alone[:MOST_ALONE]),
    ]


def _shows(kind: Kind, pk: int, why: str, since: dt.datetime) -> Tie:
    return Tie(str(kind), pk, True, str(Relation.EVIDENCES.label), why, since)


def _talks(count: int) -> str:
    text = ngettext("heard in %(count)d conversation", "heard in %(count)d conversations", count)
    return text % {"count": count}


def _told(pain_point: int) -> list[Tie]:
    """The published audits in which it stands."""
    shown = {"audit__state": AuditState.PUBLISHED, "audit__archived_at": None}
    items = AuditItem.objects.filter(pain_point=pain_point, **shown)
    label = str(Relation.RAISED_FROM.label)
    found = items.values_list("audit", "audit__published_at")
    return [Tie(str(Kind.AUDIT), pk, False, label, "", since) for pk, since in found if since]
