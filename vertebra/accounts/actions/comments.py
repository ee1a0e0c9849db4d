"""What people say of an object, and who follows it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit, outbox, together
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Comment, User, Watch
from vertebra.kit import clock
from vertebra.kit.cards import Card


class NotYours(Exception):
    """Only its author edits or withdraws a comment."""


class NothingSaid(Exception):
    """A comment needs words."""


class NotAboutPeople(Exception):
    """People are neither discussed nor followed here."""


@transaction.atomic
def add_comment(*, actor: User, card: Card, body: str, now: dt.datetime) -> tuple[Comment, AuditEntry]:
    """Say something of an object; those who follow it are told, once a day at most."""
    _refuse_people(card)
    comment = Comment(
        kind=card.kind,
        object_id=card.id,
        author=actor,
        author_name=str(actor),
        body=_said(body),
        language=actor.language,
        at=now,
    )
    tracker = audit.Tracker()
    tracker.create(comment)
    _tell_followers(actor, card, now)
    return comment, _record(actor, "comment", comment, card.title, now, tracker)


@transaction.atomic
def edit_comment(*, actor: User, comment: Comment, card: Card, body: str, now: dt.datetime) -> AuditEntry:
    """Say one's own comment in other words."""
    _refuse_others(actor, comment)
    tracker = audit.Tracker()
    tracker.change(comment, body=_said(body), edited_at=now)
    return _record(actor, "change", comment, card.title, now, tracker)


@transaction.atomic
def withdraw_comment(*, actor: User, comment: Comment, card: Card, now: dt.datetime) -> AuditEntry:
    """Take one's own comment out of the discussion."""
    _refuse_others(actor, comment)
    tracker = audit.Tracker()
    tracker.change(comment, archived_at=comment.archived_at or now)
    return _record(actor, "withdraw", comment, card.title, now, tracker)


@transaction.atomic
def watch_object(*, actor: User, card: Card, now: dt.datetime) -> AuditEntry:
    """Follow an object: its changes come to one's home page."""
    _refuse_people(card)
    Watch.objects.get_or_create(user=actor, kind=card.kind, object_id=card.id, defaults={"since_at": now})
    return audit.record(
        actor=actor, verb="watch", kind=card.kind, object_id=card.id, object_name=card.title, now=now
    )


@transaction.atomic
def unwatch_object(*, actor: User, card: Card, now: dt.datetime) -> AuditEntry:
    """Follow an object no longer."""
    Watch.objects.filter(user=actor, kind=card.kind, object_id=card.id).delete()
    return audit.record(
        actor=actor, verb="unwatch", kind=card.kind, object_id=card.id, object_name=card.title, now=now
    )


def _said(body: str) -> str:
    if not (said := body.replace("\x00", "").strip()):
        raise NothingSaid(_("Write something first."))
    return said


def _refuse_people(card: Card) -> None:
    if card.kind in {Kind.PERSON, Kind.USER}:
        raise NotAboutPeople(_("People are neither discussed nor followed here: speak of the work instead."))


def _refuse_others(actor: User, comment: Comment) -> None:
    if comment.author_id != actor.pk:
        raise NotYours(_("Only its author changes a comment."))


def _tell_followers(actor: User, card: Card, now: dt.datetime) -> None:
    watches = Watch.objects.filter(kind=card.kind, object_id=card.id, user__is_active=True)
    for watch in watches.exclude(user=actor).select_related("user"):
        if together.card_of(watch.user, card.kind, card.id) is None:
            continue
        outbox.queue_message(
            key=f"comment:{card.kind}:{card.id}:{watch.user_id}:{clock.today(now)}",
            to_user=watch.user,
            template="comment",
            particulars={"title": card.title, "author": str(actor)},
            language=watch.user.language,
            address=f"{card.url}#discussion",
            now=now,
        )


def _record(
    actor: User, verb: str, comment: Comment, title: str, now: dt.datetime, tracker: audit.Tracker
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.COMMENT,
        object_id=comment.pk,
        object_name=title,
        particulars={"kind": comment.kind, "object_id": comment.object_id},
        now=now,
        rows=tracker.changes,
    )
