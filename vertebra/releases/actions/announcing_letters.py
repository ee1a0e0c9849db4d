"""The letters of announcements: written once for each trade, held back, followed by what puts them right."""

import datetime as dt
from collections.abc import Iterable, Sequence

from vertebra.accounts import audit
from vertebra.accounts.labels import PERSONAL_CHANNELS, Channel, DeliveryState
from vertebra.accounts.models import Letter, Message
from vertebra.accounts.outbox import Addressee, correct_letter, send_letter, stop_letter, write_letter
from vertebra.kit.jobs import enqueue_once
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.models import Announcement, Release
from vertebra.releases.queries.announcement_states import chain_of, has_told, key_of, letters_of
from vertebra.releases.queries.announcing import (
    Texts,
    corrected,
    day_of,
    letter_of,
    moved_in_its_language,
    reader_page,
    withdrawn,
)

JOB = "vertebra.releases.jobs.announcing.announce_releases"
ROOM = "chat:"
BEING_TOLD = (AnnouncementState.PLANNED, AnnouncementState.SENDING)
# What somebody has, or may have.
_TOLD = (
    DeliveryState.SENT,
    DeliveryState.POSSIBLY_TWICE,
    DeliveryState.CLAIMED,
    DeliveryState.GATHERED,
)


def channels_of(announcement: Announcement) -> list[Channel]:
    """By which channels people are told; what each person chose holds among them."""
    return [one for one in PERSONAL_CHANNELS if one in announcement.channels]


def rooms_of(announcement: Announcement) -> list[int]:
    """The rooms of chat tools that are told too."""
    return [int(one.removeprefix(ROOM)) for one in announcement.channels if one.startswith(ROOM)]


def write_letters(announcement: Announcement, texts: Texts, now: dt.datetime) -> dict[str, Letter]:
    """Write what each trade is told, once; written again, it is what it was."""
    return {
        trade: write_letter(
            key=key_of(announcement, trade), words=letter_of(texts, trade), now=now,
            address=reader_page(texts.release),
        )
        for trade in texts.trades
    }  # fmt: skip


def written_letters(announcement: Announcement) -> dict[str, Letter]:
    """The letters of an announcement that was begun, by trade."""
    return {letter.key.rsplit(":", 1)[1]: letter for letter in letters_of([announcement])}


def hold_letters(announcements: Iterable[Announcement], now: dt.datetime) -> int:
    """Hold back whatever of these nobody has yet; gives how many deliveries that spares."""
    return sum(stop_letter(letter, now) for letter in letters_of(announcements))


def put_right(row: Announcement, texts: Texts, now: dt.datetime) -> int:
    """Tell what changed to exactly those who got the first text; whoever waits for it gets the new one alone."""
    first = row.correction_of
    if first is None:
        return 0
    people, was_on = 0, _latest(first).told_day
    is_moved = was_on != day_of(texts.release)
    # What the day says by itself is said in each language, not in the one it was noted in.
    changed = "" if is_moved and row.words == moved_in_its_language(texts.release, was_on) else row.words
    for trade in Trade.values:
        chain = list(chain_of(first, trade))
        if not chain:
            continue
        words = corrected(texts, trade, changed=changed, was_on=was_on, is_moved=is_moved)
        letter, _count = correct_letter(chain[-1], key=key_of(row, trade), words=words, now=now)
        _tell_those_left_out(letter, chain, first, now)
        people += letter.messages.exclude(particulars__has_key="is_first").count()
    return people


def _tell_those_left_out(
    letter: Letter, chain: Sequence[Letter], first: Announcement, now: dt.datetime
) -> None:
    """Tell whoever has an earlier text, and not the one that put it right: it was stopped, or did not arrive."""
    for earlier in chain[:-1]:
        send_letter(letter, _told_by(earlier), now, channels_of(first))


def _latest(first: Announcement) -> Announcement:
    """What all the people of an announcement were told last."""
    later = first.corrections.filter(kind=AnnouncementKind.CORRECTION, started_at__isnull=False)
    return later.exclude(state=AnnouncementState.STOPPED).order_by("-pk").first() or first


def take_back(row: Announcement, release: Release, now: dt.datetime) -> int:
    """Tell those who were told that a release is withdrawn; whoever has nothing yet hears nothing."""
    first, people = row.correction_of, 0
    if first is None:
        return 0
    words = withdrawn(release, row.words)
    for trade in Trade.values:
        chain = list(chain_of(first, trade))
        if not chain:
            continue
        letter, _count = correct_letter(chain[-1], key=key_of(row, trade), words=words, now=now)
        _tell_those_left_out(letter, chain, first, now)
        people += letter.messages.count()
    return people


def _told_by(letter: Letter) -> Iterable[Addressee]:
    rows = Message.objects.filter(letter=letter, deliveries__state__in=_TOLD).distinct()
    for row in rows.values("language", "to_user_id", "to_email", "to_chat_id", "address").iterator():
        yield Addressee(
            language=row["language"], user_id=row["to_user_id"], email=row["to_email"],
            chat_id=row["to_chat_id"], address=row["address"],
        )  # fmt: skip


def withdraw_announcements(tracker: audit.Tracker, release: Release, reason: str, now: dt.datetime) -> int:
    """Stop what is being sent of a release that is withdrawn, and have those who were told hear why; gives how many texts."""
    rows = list(release.announcements.select_for_update().order_by("pk"))
    _stop(tracker, rows, now)
    hold_letters(rows, now)
    told = [row for row in rows if has_told(row)]
    for first in told:
        tracker.create(
            Announcement(
                release=release, kind=AnnouncementKind.WITHDRAWAL, correction_of=first, words=reason[:4000],
                channels=first.channels, due_at=now, created_at=now,
            )
        )  # fmt: skip
    if told:
        enqueue_once(JOB)
    return len(told)


def stop_announcements(tracker: audit.Tracker, release: Release, now: dt.datetime) -> int:
    """Stop what is planned or being sent of a release that is put away; gives how many of these were begun.

    Those who were told that it is withdrawn still hear it.
    """
    rows = release.announcements.select_for_update().exclude(kind=AnnouncementKind.WITHDRAWAL)
    stopped = _stop(tracker, rows.order_by("pk"), now)
    hold_letters(stopped, now)
    return sum(row.started_at is not None for row in stopped)


def _stop(tracker: audit.Tracker, rows: Iterable[Announcement], now: dt.datetime) -> list[Announcement]:
    """Stop those of these that are planned or being sent, and give them."""
    stopped = [row for row in rows if row.state in BEING_TOLD]
    for row in stopped:
        tracker.change(row, state=AnnouncementState.STOPPED, ended_at=now)
    return stopped
