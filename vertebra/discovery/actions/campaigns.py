"""Campaigns: what one wants to understand, whom one wants to hear, and the end of it."""

import datetime as dt
from collections.abc import Iterable
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.hearing import planned_ones
from vertebra.discovery.labels import CampaignState
from vertebra.discovery.models import Campaign, Guide, Interview, ToHear
from vertebra.discovery.queries.places import NOWHERE, main_places
from vertebra.kit import clock
from vertebra.org.actions.over_time import EndsBeforeStart
from vertebra.org.models import Person


class NobodyNew(Refusal):
    """Everybody chosen is in the campaign already."""


class HasADate(Refusal):
    """Somebody with a date is taken out of a campaign once it is cancelled, so that they are told."""


class ConversationsToCome(Refusal):
    """A campaign ends when no conversation is to come any more."""


class CampaignChanges(TypedDict, total=False):
    """What may change of a campaign."""

    title: str
    purpose: str
    language: str
    guide: Guide | None
    starts_on: dt.date | None
    ends_on: dt.date | None


@transaction.atomic
def create_campaign(*, actor: User, values: CampaignChanges, now: dt.datetime) -> AuditEntry:
    """Begin a round of listening."""
    _refuse_reversed(values)
    tracker = audit.Tracker()
    campaign = Campaign(owner=actor, created_at=now, changed_at=now, **values)
    tracker.create(campaign)
    return _record(actor, "create", campaign, tracker, now)


@transaction.atomic
def change_campaign(
    *, actor: User, campaign: Campaign, changes: CampaignChanges, now: dt.datetime
) -> AuditEntry:
    """Change what a campaign is called, for, asks with, or how long it lasts."""
    _refuse_reversed({"starts_on": campaign.starts_on, "ends_on": campaign.ends_on, **changes})
    tracker = audit.Tracker()
    if not tracker.change(campaign, **changes):
        raise NothingChanges(_("Nothing differs from what is kept."))
    tracker.change(campaign, changed_at=now)
    return _record(actor, "change", campaign, tracker, now)


@transaction.atomic
def add_people(*, actor: User, campaign: Campaign, people: Iterable[Person], now: dt.datetime) -> AuditEntry:
    """Put people on the list of whom a campaign wants to hear, with their function and unit of today."""
    known = set(ToHear.objects.filter(campaign=campaign).values_list("person_id", flat=True))
    new = {one.pk: one for one in people if one.pk not in known}
    if not new:
        raise NobodyNew(_("They are on the list already."))
    places = main_places(new, clock.today(now))
    tracker = audit.Tracker()
    for pk in new:
        place = places.get(pk, NOWHERE)
        tracker.create(
            ToHear(campaign=campaign, person_id=pk, function=place.function, unit_id=place.unit_id)
        )
    return _record(actor, "add_people", campaign, tracker, now, added=len(new))


@transaction.atomic
def remove_people(*, actor: User, campaign: Campaign, rows: Iterable[ToHear], now: dt.datetime) -> AuditEntry:
    """Take people off the list; the link of whoever was invited opens no more."""
    rows = list(rows)
    ids = [row.person_id for row in rows]
    talks = Interview.objects.filter(campaign=campaign, person__in=ids, archived_at=None)
    if planned_ones(campaign).filter(person__in=ids).exists():
        raise HasADate(_("Somebody chosen has a date: cancel it first, so that they are told."))
    if talks.filter(held_on__isnull=False).exists():
        raise HasADate(_("Somebody chosen was heard: what they said stays with the campaign."))
    tracker = audit.Tracker()
    for row in rows:
        tracker.delete(row)
    return _record(actor, "remove_people", campaign, tracker, now, removed=len(rows))


@transaction.atomic
def close_campaign(*, actor: User, campaign: Campaign, now: dt.datetime) -> AuditEntry:
    """End a campaign: links open no more, what was heard stays."""
    if planned_ones(campaign).filter(starts_at__gt=now).exists():
        raise ConversationsToCome(_("Conversations are still to come: hold or cancel them first."))
    tracker = audit.Tracker()
    tracker.change(campaign, state=CampaignState.CLOSED, closed_at=now, changed_at=now)
    return _record(actor, "close", campaign, tracker, now)


@transaction.atomic
def reopen_campaign(*, actor: User, campaign: Campaign, now: dt.datetime) -> AuditEntry:
    """Take a campaign up again."""
    tracker = audit.Tracker()
    tracker.change(campaign, state=CampaignState.OPEN, closed_at=None, changed_at=now)
    return _record(actor, "reopen", campaign, tracker, now)


@transaction.atomic
def archive_campaign(*, actor: User, campaign: Campaign, now: dt.datetime) -> AuditEntry:
    """Take a campaign out of the lists; what was heard stays."""
    if planned_ones(campaign).filter(starts_at__gt=now).exists():
        raise ConversationsToCome(_("Conversations are still to come: hold or cancel them first."))
    tracker = audit.Tracker()
    tracker.change(campaign, archived_at=campaign.archived_at or now)
    return _record(actor, "archive", campaign, tracker, now)


@transaction.atomic
def restore_campaign(*, actor: User, campaign: Campaign, now: dt.datetime) -> AuditEntry:
    """Bring an archived campaign back into the lists."""
    tracker = audit.Tracker()
    tracker.change(campaign, archived_at=None)
    return _record(actor, "restore", campaign, tracker, now)


def _refuse_reversed(values: CampaignChanges) -> None:
    starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeStart(_("The end must come after the start."))


def _record(
    actor: User,
    verb: str,
    campaign: Campaign,
    tracker: audit.Tracker,
    now: dt.datetime,
    **particulars: object,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CAMPAIGN,
        object_id=campaign.pk,
        object_name=campaign.title,
        particulars=particulars,
        now=now,
        rows=tracker.changes,
    )
