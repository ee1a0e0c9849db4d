"""Releases: noted in a second, changed in place, for which markets, for what, archived."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, search
from vertebra.accounts.actions.thread import End, steps_at, tie, untie
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.kit import clock
from vertebra.org.models import Area, Market, Person
from vertebra.releases.actions.announcing_letters import stop_announcements
from vertebra.releases.actions.consultation_letters import asks_of, leave_in_peace
from vertebra.releases.actions.prefilling import begun_with, carry_along, prefill_briefs, refill_briefs
from vertebra.releases.actions.standing import index_briefs, locked, written
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.labels.releases import UPCOMING, ReleaseState
from vertebra.releases.models import Audience, Release, ReleaseAudience, ReleaseMarket, Tier

# What people change by hand; its day and its state have verbs of their own.
EDITABLE = frozenset(
    {"title", "version", "summary", "body", "language", "tier", "area", "lead", "web_address", "released_on"}
)
# What a release may answer or carry out.
ANSWERED = (Kind.INITIATIVE, Kind.TOPIC, Kind.PAIN_POINT, Kind.QUICK_WIN)


class NoTitle(Refusal):
    """A release says in one sentence what comes out."""


class PlannedInThePast(Refusal):
    """What is planned is still to come: what is out says on which day it came out."""


class StillToCome(Refusal):
    """What is out came out today or before."""


class NotThatKind(Refusal):
    """A release answers topics and pain points, and carries out initiatives."""


@transaction.atomic
def create_release(
    *,
    actor: User | None,
    title: str,
    language: str,
    tier: Tier | None = None,
    version: str = "",
    summary: str = "",
    body: str = "",
    area: Area | None = None,
    lead: Person | None = None,
    planned_on: dt.date | None = None,
    markets: Sequence[Market] = (),
    audiences: Sequence[Audience] = (),
    answers: Sequence[End] = (),
    web_address: str = "",
    now: dt.datetime,
) -> Release:
    """Write down something that comes out; the briefs that its tier asks for are pre-filled."""
    day = clock.today(now)
    if planned_on and planned_on < day:
        raise PlannedInThePast(_("That day is over: plan it for today or later, or say that it is out."))
    row = Release(
        title=_said(title), language=language, tier=tier or _usual_tier(now), version=version.strip(),
        summary=summary.strip(), body=body.strip(), area=area, lead=lead, planned_on=planned_on,
        web_address=web_address, made_by=actor, created_at=now, changed_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(row)
    for market in markets:
        tracker.create(ReleaseMarket(release=row, market=market))
    for audience in audiences:
        tracker.create(ReleaseAudience(release=row, audience=audience))
    for end in answers:
        _tie(tracker, row, end, actor, now)
    prefill_briefs(tracker, row, by=actor, day=day, now=now)
    if actor:
        tracker.create(Watch(user=actor, kind=Kind.RELEASE, object_id=row.pk, since_at=now))
    written("create", row, tracker, now, actor=actor)
    return row


@transaction.atomic
def change_release(
    *, actor: User | None, release: Release, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Say better what comes out; briefs follow where nobody wrote anew, and those of a higher tier are made."""
    row = locked(release)
    values = {name: value for name, value in changes.items() if name in EDITABLE}
    if "title" in values:
        values["title"] = _said(values["title"])
    if "released_on" in values and row.state != ReleaseState.RELEASED:
        del values["released_on"]
    if (on := values.get("released_on")) and on > clock.today(now):
        raise StillToCome(_("That day is still to come: it is out already."))
    tracker, following = audit.Tracker(), begun_with(row)
    touched = tracker.change(row, **values)
    markets = changes.get("markets")
    if markets is not None and _set_markets(tracker, row, markets):
        touched.append("markets")
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    if row.state != ReleaseState.WITHDRAWN:
        carry_along(tracker, following, row, now=now)
    if row.state in UPCOMING:
        refill_briefs(tracker, row, now=now)
        if {"tier", "language"} & set(touched):
            prefill_briefs(tracker, row, by=actor, day=clock.today(now), now=now)
    return written("change", row, tracker, now, actor=actor, fields=touched)


@transaction.atomic
def choose_audiences(
    *, actor: User, release: Release, audiences: Collection[Audience], now: dt.datetime
) -> AuditEntry:
    """Say for whom a release is."""
    row = locked(release)
    tracker, wanted = audit.Tracker(), {one.pk for one in audiences}
    for held in row.audiences.all():
        if held.audience_id not in wanted:
            tracker.delete(held)
    there = set(row.audiences.values_list("audience_id", flat=True))
    for audience in audiences:
        if audience.pk not in there:
            tracker.create(ReleaseAudience(release=row, audience=audience))
    if not tracker.changes:
        raise NothingChanges(_("It is for these already."))
    return written("change", row, tracker, now, actor=actor, fields=["audiences"])


@transaction.atomic
def tie_release(*, actor: User, release: Release, other: End, now: dt.datetime) -> AuditEntry:
    """Say what a release answers or carries out: those who raised it are told when it is out."""
    row = locked(release)
    tracker = audit.Tracker()
    _tie(tracker, row, other, actor, now)
    if not tracker.changes:
        raise NothingChanges(_("That is known already."))
    return written("link", row, tracker, now, actor=actor)


@transaction.atomic
def untie_release(*, actor: User, release: Release, other: End, now: dt.datetime) -> AuditEntry:
    """Say that a release does not answer it after all."""
    row = locked(release)
    tracker, me = audit.Tracker(), (str(Kind.RELEASE), row.pk)
    for step in steps_at(me).filter(to_kind=other[0], to_id=other[1]):
        untie(tracker, me, step.relation, other, now=now)
    if not tracker.changes:
        raise NothingChanges(_("That is so already."))
    return written("unlink", row, tracker, now, actor=actor)


@transaction.atomic
def archive_release(*, actor: User, release: Release, now: dt.datetime) -> AuditEntry:
    """Take a release out of the lists and tell nobody else of it; its links stay."""
    row = locked(release)
    if row.archived_at:
        raise NothingChanges(_("It is archived already."))
    tracker = audit.Tracker()
    mailed = stop_announcements(tracker, row, now)
    leave_in_peace(asks_of(row))
    tracker.change(row, archived_at=now)
    search.unindex(Kind.RELEASE, [row.pk])
    index_briefs(row.briefs.all(), now)
    return audit.record(
        actor=actor, verb="archive", kind=Kind.RELEASE, object_id=row.pk, object_name=row.title, now=now,
        particulars={"mailed": True} if mailed else {}, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def restore_release(*, actor: User, release: Release, now: dt.datetime) -> AuditEntry:
    """Bring an archived release back."""
    row = locked(release)
    if not row.archived_at:
        raise NothingChanges(_("It is not archived."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=None)
    index_briefs(row.briefs.all(), now)
    return written("restore", row, tracker, now, actor=actor)


def _usual_tier(now: dt.datetime) -> Tier:
    """The tier of what is written down without one."""
    ensure_tiers(actor=None, now=now)
    return Tier.objects.get(is_default=True)


def _set_markets(tracker: audit.Tracker, release: Release, markets: Collection[Market]) -> bool:
    """Bring the markets of a release to these; true if any came or went."""
    before, wanted = len(tracker.changes), {market.pk for market in markets}
    there = {row.market_id: row for row in release.markets.all()}
    for number, row in there.items():
        if number not in wanted:
            tracker.delete(row)
    for market in markets:
        if market.pk not in there:
            tracker.create(ReleaseMarket(release=release, market=market))
    return len(tracker.changes) > before


def _said(title: str) -> str:
    """The title in one line."""
    title = " ".join(title.split())
    if not title:
        raise NoTitle(_("Say in one sentence what comes out."))
    return title[:200]


def _tie(tracker: audit.Tracker, row: Release, other: End, actor: User | None, now: dt.datetime) -> None:
    if other[0] not in ANSWERED:
        raise NotThatKind(_("A release answers topics and pain points, and carries out initiatives."))
    relation = Relation.CARRIES_OUT if other[0] == Kind.INITIATIVE else Relation.ANSWERS
    tie(tracker, (Kind.RELEASE, row.pk), relation, other, by=actor, now=now)
