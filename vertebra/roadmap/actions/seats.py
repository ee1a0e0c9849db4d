"""Seats at the table: added, ended with a reason, left to a delegate; links to rank, one reminder."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.kit.seals import seal, unseal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.cycle_steps import in_state, locked, record
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle, Seat
from vertebra.roadmap.queries.seats import expected, has_ranked, seats_of

REMIND_BEFORE = dt.timedelta(days=2)


class SeatTaken(Refusal):
    """A director has one seat."""


class SeatOver(Refusal):
    """Who left the table ranks no more."""


class NoReason(Refusal):
    """Taking somebody off the table needs a reason."""


@transaction.atomic
def add_seat(*, actor: User, cycle: Cycle, person: Person, function: str, now: dt.datetime) -> AuditEntry:
    """Give a director a seat: at the start, or in the place of one who left."""
    held = locked(cycle)
    if held.revealed_at:
        raise SeatOver(_("The rankings are shown: nobody joins the table any more."))
    tracker = audit.Tracker()
    seat = held.seats.filter(person=person).first()
    if seat is None:
        tracker.create(Seat(cycle=held, person=person, function=function))
    elif seat.ended_at is None:
        raise SeatTaken(_("%(name)s has a seat at this table.") % {"name": person.name})
    else:
        tracker.change(seat, ended_at=None, end_reason="", function=function)
    return record(actor, "add_people", held, now, tracker, name=person.name)


@transaction.atomic
def end_seat(*, actor: User | None, seat: Seat, reason: str, now: dt.datetime) -> AuditEntry:
    """Take somebody off the table; a ranking that was cast still counts."""
    held = Seat.objects.select_for_update(of=("self",)).select_related("person", "cycle").get(pk=seat.pk)
    if held.ended_at:
        raise NothingChanges(_("This seat was ended before."))
    if not reason.strip():
        raise NoReason(_("Say why: it stays beside the ranking."))
    tracker = audit.Tracker()
    tracker.change(held, ended_at=now, end_reason=reason.strip()[:300])
    return record(
        actor, "remove_people", held.cycle, now, tracker, name=held.person.name, reason=reason.strip()
    )


@transaction.atomic
def delegate_seat(*, actor: User | None, seat: Seat, delegate: Person | None, now: dt.datetime) -> AuditEntry:
    """Let somebody else rank in one's seat, or take it back; the link that was sent opens no more."""
    held = Seat.objects.select_for_update(of=("self",)).select_related("person", "cycle").get(pk=seat.pk)
    if held.ended_at or held.cycle.revealed_at:
        raise SeatOver(_("This seat ranks no more."))
    if delegate is not None and delegate.pk == held.person_id:
        delegate = None
    if held.delegate_id == (delegate.pk if delegate else None):
        raise NothingChanges(_("Nothing changes: it is so already."))
    held.delegate, held.digest, held.invited_at = delegate, "", None
    held.save(update_fields=["delegate", "digest", "invited_at"])
    if held.cycle.state == CycleState.RANKING:
        _invite([held], held.cycle, now)
    return record(
        actor, "delegate", held.cycle, now, name=held.person.name, to_name=delegate.name if delegate else ""
    )


@transaction.atomic
def make_seat_link(*, actor: User, seat: Seat, now: dt.datetime) -> tuple[AuditEntry, str]:
    """Make a link to hand over to a director whom no mail reaches; the one before opens no more."""
    held = Seat.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=seat.pk)
    in_state(held.cycle, CycleState.RANKING)
    if held.ended_at:
        raise SeatOver(_("This seat ranks no more."))
    address = _new_address(held)
    held.invited_at = held.invited_at or now
    held.save(update_fields=["digest", "invited_at"])
    return record(actor, "invite", held.cycle, now, count=1), address


@transaction.atomic
def send_rankings(*, actor: User | None, cycle: Cycle, now: dt.datetime) -> AuditEntry | None:
    """Ask those who were not asked yet to rank, as soon as nobody asked them twice that week."""
    held = locked(cycle)
    if held.state != CycleState.RANKING:
        return None
    waiting = [seat for seat in seats_of(held) if expected(seat) and seat.invited_at is None]
    sent = _invite(waiting, held, now)
    return record(actor, "invite", held, now, count=sent) if sent else None


def _invite(seats: Sequence[Seat], cycle: Cycle, now: dt.datetime) -> int:
    reached = [seat for seat in seats if can_be_reached(_ranker(seat))]
    free = room_to_ask([_ranker(seat).pk for seat in reached], now)
    asked = [seat for seat in reached if _ranker(seat).pk in free]
    for seat in asked:
        address = _new_address(seat)
        seat.invited_at = now
        seat.save(update_fields=["digest", "invited_at"])
        _write(seat, cycle, "ranking_invitation", _key(seat), address, now)
    note_asks([_ranker(seat).pk for seat in asked], Kind.CYCLE, cycle.pk, now)
    return len(asked)


@transaction.atomic
def remind_directors(*, actor: User | None, cycle: Cycle, now: dt.datetime) -> AuditEntry | None:
    """Remind those who have not ranked, once, two days before the end."""
    held = locked(cycle)
    today = clock.today(now)
    is_time = held.ranks_until - REMIND_BEFORE <= today <= held.ranks_until
    if held.state != CycleState.RANKING or held.reminded_at or not is_time:
        return None
    late = [s for s in seats_of(held) if expected(s) and s.invited_at and clock.today(s.invited_at) < today]
    for seat in late:
        if can_be_reached(_ranker(seat)):
            address = _same_address(seat)
            key = f"ranking-again:{seat.pk}:{held.ranks_until}"
            _write(seat, held, "ranking_reminder", key, address, now)
    held.reminded_at = now
    held.save(update_fields=["reminded_at"])
    return record(actor, "remind", held, now, count=len(late))


@transaction.atomic
def follow_leavers(*, actor: User | None, cycle: Cycle, now: dt.datetime) -> int:
    """End the seats of directors who left without having ranked, and give back those whose delegate left."""
    today = clock.today(now)
    waiting = [seat for seat in seats_of(locked(cycle)) if seat.ended_at is None and not has_ranked(seat)]
    touched = 0
    for seat in waiting:
        if not seat.person.is_present(today):
            with override(cycle.language):
                reason = _("has left the company")
            end_seat(actor=actor, seat=seat, reason=reason, now=now)
            touched += 1
        elif seat.delegate is not None and not seat.delegate.is_present(today):
            delegate_seat(actor=actor, seat=seat, delegate=None, now=now)
            touched += 1
    return touched


def _ranker(seat: Seat) -> Person:
    return seat.delegate or seat.person


def _new_address(seat: Seat) -> str:
    secret = new_secret()
    seat.digest = digest_of(secret)
    return reverse("roadmap:rank-by-link", args=(secret,))


def _same_address(seat: Seat) -> str:
    """The address that was sent before, so that both mails open; it is kept sealed in the message alone."""
    sent = Message.objects.filter(key=_key(seat)).first()
    if sent is not None:
        return unseal(sent.address)
    address = _new_address(seat)
    seat.save(update_fields=["digest"])
    return address


def _key(seat: Seat) -> str:
    return f"ranking:{seat.pk}:{seat.digest[:12]}"


def _write(seat: Seat, cycle: Cycle, template: str, key: str, address: str, now: dt.datetime) -> None:
    to = _ranker(seat)
    language = language_for(to, cycle.language)
    with override(language):
        until = date_format(cycle.ranks_until, "DATE_FORMAT")
    queue_message(
        key=key,
        template=template,
        particulars={
            "name": to.name,
            "title": cycle.title,
            "until": until,
            "picks": cycle.picks,
            "for": seat.person.name if seat.delegate_id else "",
        },
        language=language,
        now=now,
        to_user=to.user,
        to_email="" if to.user else to.email,
        address=seal(address),
    )
