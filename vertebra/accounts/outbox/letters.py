"""Letters: one text told to many. Filled in bulk, corrected for exactly those who got it, held back from the rest."""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from vertebra.accounts.labels import PERSONAL_CHANNELS, Channel, DeliveryState, MessageKind
from vertebra.accounts.models import ChatConnection, Delivery, Letter, Message, User
from vertebra.accounts.outbox.queueing import call_workers, is_open, when
from vertebra.accounts.outbox.wishes import Wishes
from vertebra.kit import clock
from vertebra.kit.bulk import insert_rows

AT_ONCE = 2000
# Not begun: nobody has it, and it can still be held back.
NOT_BEGUN = (DeliveryState.QUEUED, DeliveryState.RESERVED, DeliveryState.HELD)
_MESSAGE = ["key", "kind", "to_user_id", "to_email", "to_chat_id", "language", "letter_id", "template",
            "particulars", "address", "created_at"]  # fmt: skip
_DELIVERY = ["message_id", "channel", "state", "is_bulk", "attempts", "due_at", "sent_at", "is_maybe_sent",
             "claimed_by", "error"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to: an account, or a mail address, or a room; in which language, with which address to open."""

    language: str
    user_id: int | None = None
    email: str = ""
    chat_id: int | None = None
    address: str = ""

    @property
    def key(self) -> str:
        """What makes two addressees one."""
        if self.user_id is not None:
            return f"u{self.user_id}"
        return f"c{self.chat_id}" if self.chat_id is not None else f"e{self.email.strip().lower()}"


def write_letter(
    *,
    key: str,
    words: dict[str, dict[str, str]],
    now: dt.datetime,
    kind: str = MessageKind.RELEASES,
    address: str = "",
    corrects: Letter | None = None,
) -> Letter:
    """A text to tell to many; the same key twice is one letter."""
    values = {"kind": kind, "words": words, "address": address, "corrects": corrects, "created_at": now}
    return Letter.objects.get_or_create(key=key, defaults=values)[0]


def send_letter(
    letter: Letter,
    to: Iterable[Addressee],
    now: dt.datetime,
    channels: Sequence[Channel] = PERSONAL_CHANNELS,
) -> int:
    """Queue a letter for all of these, each once however often it is asked; gives how many are new."""
    opened = [channel for channel in channels if channel in PERSONAL_CHANNELS and is_open(channel)]
    made = 0
    called: set[str] = set()
    everybody = iter(to)
    while some := list(itertools.islice(everybody, AT_ONCE)):
        with transaction.atomic():
            new, used = _fill(letter, some, now, opened)
        made, called = made + new, called | used
    with transaction.atomic():
        call_workers(called)
    return made


def _fill(
    letter: Letter, some: list[Addressee], now: dt.datetime, channels: list[Channel]
) -> tuple[int, set[str]]:
    by_key = {f"letter:{letter.pk}:{one.key}": one for one in some}
    known = set(Message.objects.filter(letter=letter, key__in=by_key).values_list("key", flat=True))
    fresh = {key: one for key, one in by_key.items() if key not in known}
    people = _people([one.user_id for one in fresh.values() if one.user_id is not None])
    fresh = {key: one for key, one in fresh.items() if one.user_id is None or one.user_id in people}
    if not fresh:
        return 0, set()
    moment = connection.ops.adapt_datetimefield_value(now)
    rows = [
        (key, letter.kind, one.user_id, one.email if one.user_id is None else "", one.chat_id, one.language,
         letter.pk, "", "{}", one.address, moment)
        for key, one in fresh.items()
    ]  # fmt: skip
    insert_rows(Message, _MESSAGE, rows)
    ids = dict(Message.objects.filter(letter=letter, key__in=fresh).values_list("key", "pk"))
    return len(fresh), _fill_deliveries(letter, fresh, ids, people, channels, min(now, clock.machine()))


def _people(ids: list[int]) -> dict[int, str]:
    """The time zones of those of these who still have an account."""
    return dict(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "time_zone"))


def _fill_deliveries(
    letter: Letter,
    fresh: dict[str, Addressee],
    ids: dict[str, int],
    people: dict[int, str],
    channels: list[Channel],
    now: dt.datetime,
) -> set[str]:
    wishes = Wishes.of(people, [letter.kind])
    rows: list[tuple[Any, ...]] = []
    called: set[str] = set()
    tools = dict(ChatConnection.objects.filter(archived_at=None).values_list("pk", "tool"))

    def add(message: int, channel: str, state: str, due_at: dt.datetime) -> None:
        sent_at = moment(now) if state == DeliveryState.SENT else None
        rows.append((message, channel, state, True, 0, moment(due_at), sent_at, False, "", ""))
        if state == DeliveryState.QUEUED:
            called.add(channel)

    moment = connection.ops.adapt_datetimefield_value
    for key, one in fresh.items():
        if one.chat_id is not None:
            if one.chat_id in tools:
                add(ids[key], tools[one.chat_id], DeliveryState.QUEUED, now)
        elif one.user_id is None:
            if Channel.MAIL in channels:
                add(ids[key], Channel.MAIL, DeliveryState.QUEUED, now)
        else:
            for channel in channels:
                if (pace := wishes.pace(one.user_id, letter.kind, channel)) is not None:
                    state, due_at = when(
                        wishes, one.user_id, people[one.user_id], letter.kind, channel, pace, now
                    )
                    add(ids[key], channel, state, due_at)
    insert_rows(Delivery, _DELIVERY, rows)
    return called


@transaction.atomic
def correct_letter(
    letter: Letter, *, key: str, words: dict[str, dict[str, str]], now: dt.datetime
) -> tuple[Letter, int]:
    """Correct a letter: whoever got it is told by the same channels; whoever waits for it gets the new text alone.

    Gives the correction, and how many people got the first text.
    """
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    correction = write_letter(
        key=key, words=words, now=now, kind=letter.kind, address=letter.address, corrects=letter
    )
    if correction.messages.exists():
        told = correction.messages.exclude(particulars__has_key="is_first")
        return correction, told.count()
    found = _told_of(letter)
    _tell_again(correction, found, now)
    over = [one.pk for told in found.values() for one in told if one.is_waiting]
    for start in range(0, len(over), AT_ONCE):
        stopped = Delivery.objects.filter(pk__in=over[start : start + AT_ONCE])
        stopped.update(state=DeliveryState.STOPPED, error="corrected", claimed_by="")
    call_workers({one.channel for told in found.values() for one in told})
    return correction, sum(any(one.has_it for one in told) for told in found.values())


@dataclass(frozen=True, slots=True)
class _Told:
    """One delivery of the letter that is corrected: whether it waits, whether it may have arrived, how it went on."""

    pk: int
    channel: str
    is_waiting: bool
    has_it: bool
    state: str
    due_at: dt.datetime


def _told_of(letter: Letter) -> dict[int, list[_Told]]:
    """Each message of a letter with its deliveries that wait or went out."""
    # Locked, so that no worker begins one of them while it is counted as not begun.
    rows = Delivery.objects.select_for_update(of=("self",)).filter(message__letter=letter)
    rows = rows.exclude(state__in=(DeliveryState.FAILED, DeliveryState.STOPPED, DeliveryState.BOUNCED))
    waiting_digests = set(
        Delivery.objects.filter(message__gathered__message__letter=letter, state__in=NOT_BEGUN)
        .values_list("message_id", flat=True)
    )  # fmt: skip
    found: dict[int, list[_Told]] = {}
    for pk, message, channel, state, due_at, is_maybe, digest in rows.values_list(
        "pk", "message_id", "channel", "state", "due_at", "is_maybe_sent", "digest_id"
    ):
        is_waiting = state in NOT_BEGUN or digest in waiting_digests
        goes_by = (
            DeliveryState.HELD
            if state in {DeliveryState.HELD, DeliveryState.GATHERED}
            else DeliveryState.QUEUED
        )
        one = _Told(
            pk, channel, is_waiting, is_maybe or not is_waiting, goes_by if is_waiting else "", due_at
        )
        found.setdefault(message, []).append(one)
    return found


def _tell_again(correction: Letter, found: dict[int, list[_Told]], now: dt.datetime) -> None:
    """Queue the correction for the same people by the same channels; to those who have nothing yet it is the first text."""
    moment, soon = connection.ops.adapt_datetimefield_value, min(now, clock.machine())
    ids = sorted(found)
    for start in range(0, len(ids), AT_ONCE):
        first = Message.objects.filter(pk__in=ids[start : start + AT_ONCE]).values_list(
            "pk", "key", "to_user", "to_email", "to_chat", "language", "address"
        )
        by_key, messages = {}, []
        for pk, old, user, email, chat, language, address in first:
            key = f"letter:{correction.pk}:{old.split(':', 2)[2]}"
            by_key[key] = found[pk]
            said = "{}" if any(one.has_it for one in found[pk]) else '{"is_first": true}'
            messages.append(
                (
                    key,
                    correction.kind,
                    user,
                    email,
                    chat,
                    language,
                    correction.pk,
                    "",
                    said,
                    address,
                    moment(now),
                )
            )
        insert_rows(Message, _MESSAGE, messages)
        new = Message.objects.filter(letter=correction, key__in=by_key).values_list("key", "pk")
        rows = []
        for key, message in new:
            for one in by_key[key]:
                is_here = one.channel == Channel.IN_APP
                state = DeliveryState.SENT if is_here else one.state or DeliveryState.QUEUED
                due_at = one.due_at if one.is_waiting else soon
                sent_at = moment(soon) if is_here else None
                rows.append((message, one.channel, state, True, 0, moment(due_at), sent_at, False, "", ""))
        insert_rows(Delivery, _DELIVERY, rows)


@transaction.atomic
def stop_letter(letter: Letter, now: dt.datetime) -> int:
    """Hold a letter back from whoever does not have it yet; gives how many deliveries that spares."""
    Letter.objects.filter(pk=letter.pk, stopped_at=None).update(stopped_at=now)
    return _stop(_waiting([letter.pk]), "withdrawn")


@transaction.atomic
def hold_back(letters: Iterable[int], users: Iterable[int], emails: Iterable[str]) -> int:
    """Hold letters back from some people who do not have them yet; gives how many deliveries that spares."""
    theirs = Q(message__to_user__in=list(users)) | Q(
        message__to_user=None, message__to_email__in=list(emails)
    )
    return _stop(_waiting(letters).filter(theirs), "left")


def is_under_way(letters: Iterable[int]) -> bool:
    """Whether something of these letters is still to be sent (what waits for a digest is not)."""
    begun = (DeliveryState.QUEUED, DeliveryState.RESERVED, DeliveryState.CLAIMED)
    return Delivery.objects.filter(message__letter__in=list(letters), state__in=begun).exists()


def _waiting(letters: Iterable[int]) -> "QuerySet[Delivery]":
    """What of these letters nobody has yet: not begun, or in a digest that is not begun."""
    in_waiting_digest = Q(state=DeliveryState.GATHERED, digest__deliveries__state__in=NOT_BEGUN)
    rows = Delivery.objects.filter(message__letter__in=list(letters))
    return rows.filter(Q(state__in=NOT_BEGUN) | in_waiting_digest)


def _stop(waiting: "QuerySet[Delivery]", why: str) -> int:
    # The state is looked at once more: what a worker begins meanwhile is not held back any more.
    spared = Delivery.objects.filter(
        pk__in=waiting.values("pk"), state__in=(*NOT_BEGUN, DeliveryState.GATHERED)
    )
    return spared.update(state=DeliveryState.STOPPED, claimed_by="", error=why)


def count_letter(letter: Letter) -> dict[tuple[str, str], int]:
    """How many deliveries of a letter are in each state, by channel."""
    rows = Delivery.objects.filter(message__letter=letter).values_list("channel", "state")
    return {(channel, state): count for channel, state, count in rows.annotate(count=Count("id")).order_by()}
