"""Notes taken live, by one or two people, online or not: whatever was typed is kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.models import Interview, NotesCopy
from vertebra.discovery.queries.two_texts import Keep, chosen
from vertebra.kit.merging import merge

LONGEST = 500_000
# One entry of the audit for a while of typing, not one for each pause.
ONE_ENTRY_FOR = dt.timedelta(minutes=15)


class TooLong(Refusal):
    """Notes have an end."""


class NotAsShown(Refusal):
    """The notes changed since the two texts were laid side by side."""


class Outcome(StrEnum):
    """What became of notes that were sent."""

    SAVED = "saved"
    SAME = "same"
    MERGED = "merged"
    KEPT = "kept"
    # Somebody else saved meanwhile: send also the text that both began from.
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Saved:
    """The notes as they are now, and what became of those that were sent."""

    outcome: Outcome
    version: int
    text: str
    copy: NotesCopy | None = None


@transaction.atomic
def save_notes(
    *,
    actor: User,
    interview: Interview,
    text: str,
    version: int,
    key: str = "",
    base: str | None = None,
    gives_up: bool = True,
    now: dt.datetime,
) -> Saved:
    """Save notes that began from a version; what others saved meanwhile is merged, else both are kept.

    `key` names what is sent ("window:number"): the same twice changes nothing. `base` is the text of that version; without
    it, and unless `gives_up`, it is asked for before a copy is kept.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(text) > LONGEST:
        raise TooLong(
            _("Notes have at most %(limit)s characters. Copy the end of yours into another conversation.")
            % {"limit": LONGEST}
        )
    interview = (
        Interview.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=interview.pk)
    )
    is_again = bool(key) and key == interview.notes_key
    if text == interview.notes or is_again:
        return Saved(Outcome.SAME, interview.notes_version, interview.notes)
    if version == interview.notes_version:
        return _write(actor, interview, text, key, Outcome.SAVED, now)
    if base is None and not gives_up:
        return Saved(Outcome.ASKED, interview.notes_version, interview.notes)
    merged = merge(base.replace("\r\n", "\n"), text, interview.notes) if base is not None else None
    if merged is None or len(merged) > LONGEST:
        return _keep(actor, interview, text, version, key, now)
    _settle_own(interview, key, now)
    if merged == interview.notes:
        return Saved(Outcome.MERGED, interview.notes_version, merged)
    return _write(actor, interview, merged, key, Outcome.MERGED, now)


def _write(
    actor: User, interview: Interview, text: str, key: str, outcome: Outcome, now: dt.datetime
) -> Saved:
    interview.notes, interview.notes_key = text, key
    interview.notes_version += 1
    interview.notes_at = interview.changed_at = now
    interview.notes_by = actor
    interview.save(
        update_fields=["notes", "notes_key", "notes_version", "notes_at", "notes_by", "changed_at"]
    )
    _record_now_and_then(actor, interview, now)
    return Saved(outcome, interview.notes_version, text)


def _keep(actor: User, interview: Interview, text: str, version: int, key: str, now: dt.datetime) -> Saved:
    """Keep what cannot be merged beside the notes; the same window's text only grows, so its copy is one."""
    window = key.rpartition(":")[0] or f"{actor.pk}-{now.timestamp():.6f}"
    copy, _is_new = NotesCopy.objects.update_or_create(
        interview=interview,
        key=window[:64],
        defaults={"author": actor, "text": text, "based_on": version, "at": now, "merged_at": None},
    )
    _record_now_and_then(actor, interview, now)
    return Saved(Outcome.KEPT, interview.notes_version, interview.notes, copy)


def _settle_own(interview: Interview, key: str, now: dt.datetime) -> None:
    """A window whose text came in after all waits no more."""
    window = key.rpartition(":")[0]
    if window:
        NotesCopy.objects.filter(interview=interview, key=window[:64], merged_at=None).update(merged_at=now)


@transaction.atomic
def settle_copy(
    *, actor: User, copy: NotesCopy, version: int, kept: Sequence[Keep], now: dt.datetime
) -> AuditEntry:
    """Bring a copy into the notes, difference by difference; where nothing is chosen both sides stay."""
    interview = (
        Interview.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=copy.interview_id)
    )
    copy = NotesCopy.objects.select_for_update(of=("self",)).get(pk=copy.pk)
    if copy.merged_at:
        raise NothingChanges(_("These two texts were brought together already."))
    if version != interview.notes_version:
        raise NotAsShown(_("The notes changed since: look at both sides again."))
    text = chosen(interview.notes, copy.text, kept)
    if len(text) > LONGEST:
        raise TooLong(_("Both together are longer than %(limit)s characters.") % {"limit": LONGEST})
    if text != interview.notes:
        interview.notes, interview.notes_key = text, ""
        interview.notes_version += 1
        interview.notes_at, interview.notes_by, interview.changed_at = now, actor, now
        interview.save(
            update_fields=["notes", "notes_key", "notes_version", "notes_at", "notes_by", "changed_at"]
        )
    copy.merged_at = now
    copy.save(update_fields=["merged_at"])
    return _record(actor, "merge", interview, now)


def _record_now_and_then(actor: User, interview: Interview, now: dt.datetime) -> None:
    latest = AuditEntry.objects.filter(kind=Kind.INTERVIEW, object_id=interview.pk).order_by("-pk").first()
    is_noted = (
        latest is not None
        and latest.actor_id == actor.pk
        and latest.verb == "change"
        and latest.particulars.get("what") == "notes"
        and dt.timedelta() <= now - latest.at < ONE_ENTRY_FOR
    )
    if not is_noted:
        _record(actor, "change", interview, now)


def _record(actor: User, verb: str, interview: Interview, now: dt.datetime) -> AuditEntry:
    # Neither the notes nor who was heard: those who run the instance read the audit.
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.INTERVIEW,
        object_id=interview.pk,
        object_name=interview.campaign.title if interview.campaign else "",
        particulars={"what": "notes"},
        now=now,
    )
