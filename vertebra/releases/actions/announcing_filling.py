"""Filling the outbox with an announcement, batch by batch: each person once, in the words of their trade."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from django.db import transaction

from vertebra.accounts.models import ChatConnection, Letter
from vertebra.accounts.outbox import Addressee, hold_back, is_under_way, send_letter
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.releases.actions.announcing_letters import (
    channels_of,
    put_right,
    rooms_of,
    take_back,
    written_letters,
)
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.models import Announcement, Recipient, Release
from vertebra.releases.queries.announcement_plans import told_of
from vertebra.releases.queries.announcement_states import letters_of, under_way
from vertebra.releases.queries.announcing import Texts, day_of, pages_by_link
from vertebra.releases.queries.audiences import Reader, people_on, reachable, reached_by, readers
from vertebra.releases.queries.reading import is_open

BATCH = 2000


def fill(announcement: Announcement, now: dt.datetime) -> int:
    """Queue a begun announcement for everybody in its audience on the day who was not told of the release.

    Cut short, it is taken up where it stopped: whoever has a row is in the outbox, in the same transaction.
    """
    if announcement.audience is None:
        return 0
    day = clock.today(now)
    found = readers(reached_by([announcement.audience.rules], day), day)
    letters, made = written_letters(announcement), 0
    for some in _batches(found):
        with transaction.atomic():
            row = _held(announcement)
            if not _is_going_on(row):
                return made
            made += _queue(row, letters, some, day, now)
    with transaction.atomic():
        row = _held(announcement)
        if _is_going_on(row) and row.filled_at is None:
            _tell_rooms(row, letters, now)
            row.filled_at, row.people = now, row.recipients.count()
            row.save(update_fields=["filled_at", "people"])
    return made


def _batches(found: Iterable[Reader]) -> Iterator[list[Reader]]:
    everybody = iter(found)
    while some := list(itertools.islice(everybody, BATCH)):
        yield some


def _held(announcement: Announcement) -> Announcement:
    """The announcement as it is now; nobody else fills, withdraws or moves its release meanwhile."""
    release = Release.objects.select_for_update().get(pk=announcement.release_id)
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    row.release = release
    return row


def _is_going_on(row: Announcement) -> bool:
    """Whether it still goes to somebody: it was not stopped, nor its release withdrawn or archived by any way."""
    return row.state == AnnouncementState.SENDING and is_open(row.release)


def _queue(
    row: Announcement, letters: dict[str, Letter], some: list[Reader], day: dt.date, now: dt.datetime
) -> int:
    numbers = [one.person for one in some]
    told = set(told_of(row.release).filter(person__in=numbers).values_list("person_id", flat=True))
    # Whom nothing can leave to is not told: once it can, announcing it again reaches them.
    can_be = reachable(channels_of(row))
    there = set(people_on(day).filter(can_be, pk__in=numbers).values_list("pk", flat=True))
    recipients, to, pages = [], dict[str, list[Addressee]](), pages_by_link()
    for one in some:
        if one.person in told or one.person not in there:
            continue
        secret = new_secret()
        trade = one.function if one.function in letters else str(Trade.EVERYONE)
        recipients.append(
            Recipient(
                announcement=row, person_id=one.person, trade=trade, language=one.language,
                digest=digest_of(secret), queued_at=now,
            )
        )  # fmt: skip
        email, address = "" if one.user else one.email, seal(f"{pages}{secret}/")
        to.setdefault(trade, []).append(Addressee(one.language, one.user, email, address=address))
    Recipient.objects.bulk_create(recipients, batch_size=500)
    for trade, addressees in to.items():
        send_letter(letters[trade], addressees, now, channels_of(row))
    return len(recipients)


def _tell_rooms(row: Announcement, letters: dict[str, Letter], now: dt.datetime) -> None:
    """Tell the rooms what everybody is told, each in its language."""
    rooms = ChatConnection.objects.filter(pk__in=rooms_of(row), archived_at=None)
    to = [Addressee(room.language, chat_id=room.pk) for room in rooms]
    send_letter(letters[Trade.EVERYONE], to, now)


def follow_up(announcement: Announcement, now: dt.datetime) -> int:
    """Put right, or take back, what the first announcement told; gives how many people that concerns."""
    with transaction.atomic():
        row = _held(announcement)
        first = row.correction_of
        is_filling = (
            first is not None and first.state == AnnouncementState.SENDING and first.filled_at is None
        )
        if row.state != AnnouncementState.PLANNED or is_filling:
            return 0
        texts = Texts.of(row.release)
        is_correction = row.kind == AnnouncementKind.CORRECTION
        people = put_right(row, texts, now) if is_correction else take_back(row, row.release, now)
        row.state, row.started_at, row.filled_at, row.people = AnnouncementState.SENDING, now, now, people
        row.told_day, row.versions = day_of(row.release), texts.told()
        row.save(update_fields=["state", "started_at", "filled_at", "people", "told_day", "versions"])
    return people


def look_after(now: dt.datetime) -> int:
    """Hold back what goes to people who left, and say of what is delivered that it is; gives how many that are."""
    ended = 0
    for row in under_way():
        letters = list(letters_of([row]).values_list("pk", flat=True))
        _hold_back_leavers(row, letters, clock.today(now))
        if not is_under_way(letters):
            ended += Announcement.objects.filter(pk=row.pk, state=AnnouncementState.SENDING).update(
                state=AnnouncementState.SENT, ended_at=now
            )
    return ended


def _hold_back_leavers(row: Announcement, letters: list[int], day: dt.date) -> None:
    first = row.correction_of or row
    gone = Person.objects.filter(pk__in=first.recipients.values("person")).exclude(
        pk__in=people_on(day).values("pk")
    )
    left = list(gone.values_list("user_id", "email"))
    if left:
        hold_back(letters, [user for user, _mail in left if user], [mail for user, mail in left if not user])
