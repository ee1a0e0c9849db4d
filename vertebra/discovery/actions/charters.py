"""Writing the charter: a draft, its publication, the next version."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.actions.charter_index import reindex
from vertebra.discovery.models import Charter
from vertebra.discovery.queries.charters import parts_of
from vertebra.discovery.shipped.charters import PARTS, example
from vertebra.org.actions.over_time import plain_words


class AlreadyPublished(Refusal):
    """A published version stays as people read it: the next one is written beside it."""


class StillAnExample(Refusal):
    """The charter that ships teaches how to write one; it is nobody's own yet."""


class NothingWritten(Refusal):
    """A charter says at least what Product Ops does and how to ask."""


@transaction.atomic
def start_charter(*, actor: User, language: str, now: dt.datetime) -> AuditEntry:
    """Open the next version in a language: the words that hold now, or the example that ships."""
    if Charter.objects.filter(language=language, published_at=None).exists():
        raise NothingChanges(_("A draft is open in this language already."))
    latest = Charter.objects.filter(language=language, published_at__isnull=False).order_by("-number").first()
    words = {part: getattr(latest, part) for part in PARTS} if latest else example(language)
    number = (Charter.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    charter = Charter(
        number=number, language=language, written_by=actor, created_at=now, changed_at=now, **words
    )
    tracker = audit.Tracker()
    tracker.create(charter)
    return _record(actor, "create", charter, tracker, now)


@transaction.atomic
def write_charter(*, actor: User, charter: Charter, words: Mapping[str, str], now: dt.datetime) -> AuditEntry:
    """Write one or more parts of a draft."""
    charter = _draft(charter)
    tracker = audit.Tracker()
    kept = {part: words[part].replace("\r\n", "\n").strip() for part in PARTS if part in words}
    was = {part: plain_words(getattr(charter, part)) for part in kept}
    touched = tracker.change(charter, **kept)
    if not touched:
        raise NothingChanges(_("Nothing changes: it is so already."))
    tracker.change(charter, changed_at=now)
    changes = {part: [was[part], plain_words(kept[part])] for part in touched}
    return _record(actor, "change", charter, tracker, now, changes=changes)


@transaction.atomic
def publish_charter(*, actor: User, charter: Charter, now: dt.datetime) -> AuditEntry:
    """Show a version to everybody; from then on it stays as it is."""
    charter = _draft(charter)
    if not charter.what_we_do.strip() or not charter.how_to_ask.strip():
        raise NothingWritten(_("Say at least what you do and how to ask you."))
    told = {part.code for part in parts_of(charter) if part.is_example}
    if {"who_we_are", "how_to_ask"} & told:
        raise StillAnExample(
            _("“Who we are” and “How to ask us” are still the example: write your own, then publish.")
        )
    tracker = audit.Tracker()
    tracker.change(charter, published_at=now, changed_at=now)
    entry = _record(actor, "publish", charter, tracker, now)
    reindex(Kind.CHARTER, [charter.pk], now)
    return entry


@transaction.atomic
def discard_charter(*, actor: User, charter: Charter, now: dt.datetime) -> AuditEntry:
    """Put a draft away; what is published stays."""
    charter = _draft(charter)
    tracker = audit.Tracker()
    entry_of = charter.pk
    tracker.delete(charter)
    charter.pk = entry_of
    return _record(actor, "withdraw", charter, tracker, now)


def _draft(charter: Charter) -> Charter:
    found = Charter.objects.select_for_update().filter(pk=charter.pk).first()
    if found is None:
        raise NothingChanges(_("Somebody put this draft away meanwhile."))
    if found.published_at:
        raise AlreadyPublished(_("This version is published: start the next one to change it."))
    return found


def _record(
    actor: User, verb: str, charter: Charter, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.CHARTER,
        object_id=charter.pk,
        object_name=_("charter, version %(number)d") % {"number": charter.number},
        particulars={"language": charter.language, **told},
        now=now,
        rows=tracker.changes,
    )
