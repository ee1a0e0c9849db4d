"""What became of what each person heard said: the pain points their words show, and who has news of them."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Max, Q

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.labels import InterviewState, PainState, QuickWinState
from vertebra.discovery.models import Audit, Evidence, FollowUp, Interview, PainPoint, QuickWin
from vertebra.discovery.queries.audit_figures import Scope
from vertebra.discovery.queries.audits import published
from vertebra.kit import clock
from vertebra.org.models import Person

LINK_LASTS = dt.timedelta(days=60)
EVERY = dt.timedelta(days=7)
# News older than this is no news: whoever was not told by then reads it on the page.
NEWS_FOR = dt.timedelta(days=90)
CHANGES = ("settle", "dismiss", "reopen")
MODEL = PainPoint._meta.label_lower


@dataclass(frozen=True, slots=True)
class Opened:
    """Whom a link is of, and whether it still opens."""

    person: Person
    is_open: bool


def opened_by(secret: str, now: dt.datetime) -> Opened | None:
    """The person whose link this is: from a mail, or from the day they were heard."""
    digest = digest_of(secret)
    mail = FollowUp.objects.select_related("person__user").filter(digest=digest).first()
    if mail is not None:
        return Opened(mail.person, now < mail.expires_at)
    rows = Interview.objects.select_related("person__user").filter(follow_up_digest=digest)
    interview = rows.filter(person__isnull=False, held_on__isnull=False).first()
    if interview is None or interview.person is None or interview.held_on is None:
        return None
    return Opened(interview.person, clock.today(now) <= interview.held_on + LINK_LASTS)


@dataclass(slots=True)
class Became:
    """A pain point that somebody's words show, and what became of it."""

    pain_point: PainPoint
    quick_wins: list[QuickWin] = field(default_factory=list)
    audits: list[tuple[Audit, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """What one person may know of what became of their words."""

    known: list[Became]
    looked_at: int
    audits: list[Audit]


def became(person: Person) -> Told:
    """The pain points that the person's words show, with their quick wins and the audits that speak of them."""
    tied = Evidence.objects.filter(person=person, ended_at__isnull=True, verbatim__isnull=False)
    rows = PainPoint.objects.filter(pk__in=tied.values("pain_point"), archived_at__isnull=True)
    points = list(rows.order_by("-latest_seen_on", "-pk"))
    known = [row for row in points if row.state != PainState.RAISED or row.settled_on]
    found = {row.pk: Became(row) for row in known}
    wins = QuickWin.objects.filter(pain_point__in=found).exclude(state=QuickWinState.PROPOSED, audit=None)
    for win in wins.select_related("owner").order_by("pk"):
        found[win.pain_point_id].quick_wins.append(win)
    every = list(published().prefetch_related("campaigns"))
    held = Interview.objects.filter(person=person, state=InterviewState.HELD, archived_at__isnull=True)
    days = list(held.values_list("campaign_id", "held_on"))
    audits = [audit for audit in every if any(_is_of(audit, *one) for one in days)]
    for audit in every:
        for item in audit.content.get("items", []):
            if item["pain_point"] in found:
                found[item["pain_point"]].audits.append((audit, item["rank"]))
    return Told(list(found.values()), len(points) - len(known), audits)


def _is_of(audit: Audit, campaign_id: int | None, held_on: dt.date | None) -> bool:
    """Whether a conversation is in the scope of an audit, whose campaigns were read before."""
    campaigns = {campaign.pk for campaign in audit.campaigns.all()}
    is_in_period = held_on is not None and (
        (audit.heard_from is None or audit.heard_from <= held_on)
        and (audit.heard_until is None or held_on <= audit.heard_until)
    )
    return is_in_period and (not campaigns or campaign_id in campaigns)


@dataclass(slots=True)
class News:
    """What one person is told in a mail: audits published and pain points that moved since the latest."""

    audits: set[int] = field(default_factory=set)
    pain_points: set[int] = field(default_factory=set)


def due_news(now: dt.datetime) -> dict[int, News]:
    """What is due: people heard who have news, and were told nothing for a week."""
    events = _events(now)
    if not events:
        return {}
    moved = {pk for kind, pk, _at in events if kind == Kind.PAIN_POINT}
    speakers: dict[int, set[int]] = defaultdict(set)
    tied = Evidence.objects.filter(pain_point__in=moved, ended_at__isnull=True, verbatim__isnull=False)
    for pain_point, person in tied.filter(person__isnull=False).values_list("pain_point", "person"):
        speakers[pain_point].add(person)
    readers = {pk: _heard_in(pk) for kind, pk, _at in events if kind == Kind.AUDIT}
    since = _told_until({p for group in (*speakers.values(), *readers.values()) for p in group}, now)
    found: dict[int, News] = defaultdict(News)
    for kind, pk, at in events:
        for person in (speakers if kind == Kind.PAIN_POINT else readers).get(pk, ()):
            if person in since and at > since[person]:
                news = found[person]
                (news.pain_points if kind == Kind.PAIN_POINT else news.audits).add(pk)
    return dict(found)


def _events(now: dt.datetime) -> list[tuple[str, int, dt.datetime]]:
    """What happened lately that somebody heard may want to know: the audits published, the pain points that moved."""
    is_news = Q(kind=Kind.PAIN_POINT, verb__in=CHANGES) | Q(kind=Kind.AUDIT, verb="publish")
    entries = AuditEntry.objects.filter(is_news, at__gte=now - NEWS_FOR, undone_by__isnull=True)
    audits = entries.filter(kind=Kind.AUDIT, object_id__isnull=False)
    # One entry may be of many pain points: its rows name them.
    rows = AuditRow.objects.filter(entry__in=entries.filter(kind=Kind.PAIN_POINT), model=MODEL)
    moved = rows.values_list("row_id", "entry__at", "after")
    return [(str(Kind.AUDIT), pk, at) for pk, at in audits.values_list("object_id", "at") if pk] + [
        (str(Kind.PAIN_POINT), pk, at) for pk, at, after in moved if "state" in (after or {})
    ]


def _heard_in(audit_id: int) -> set[int]:
    audit = published().filter(pk=audit_id).first()
    if audit is None:
        return set()
    rows = Scope.of(audit).interviews().filter(person__isnull=False)
    return set(rows.values_list("person_id", flat=True))


def _told_until(people: set[int], now: dt.datetime) -> dict[int, dt.datetime]:
    """For each of these who may be written to now, the moment until which they know."""
    told = dict(
        FollowUp.objects.filter(person__in=people)
        .values_list("person")
        .annotate(latest=Max("sent_at"))
        .order_by()
    )
    first: dict[int, dt.datetime] = {}
    held = Interview.objects.filter(person__in=people, state=InterviewState.HELD, archived_at__isnull=True)
    for person, held_on in held.order_by("-held_on").values_list("person_id", "held_on"):
        if person is not None and held_on is not None:
            first[person] = dt.datetime.combine(held_on, dt.time.min, tzinfo=now.tzinfo)
    return {
        person: told.get(person, first[person])
        for person in people
        if person in first and (person not in told or told[person] <= now - EVERY)
    }
