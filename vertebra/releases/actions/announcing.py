"""Announcing a release: to audiences, now or on a day; stopping it; putting it right for those who were told."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import PERSONAL_CHANNELS, Kind
from vertebra.accounts.models import AuditEntry, ChatConnection, User
from vertebra.kit import clock
from vertebra.kit.jobs import enqueue_once
from vertebra.org.models import Person
from vertebra.releases.actions.announcing_letters import BEING_TOLD, JOB, ROOM, hold_letters, write_letters
from vertebra.releases.actions.standing import locked, written
from vertebra.releases.actions.states import NotReady
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.labels.releases import GoVerdict, ReleaseState
from vertebra.releases.models import Announcement, Audience, GoDecision, Release, ReleaseAudience
from vertebra.releases.queries.announcement_plans import Plan, by_audience, is_late, plan_of, unexcused
from vertebra.releases.queries.announcement_states import has_told, told_last
from vertebra.releases.queries.announcing import Texts, day_of, moved_in_its_language
from vertebra.releases.queries.reading import is_open
from vertebra.releases.queries.requirements import held_by

AT = dt.time(9, 0)


class NotThatState(Refusal):
    """What is withdrawn or archived is not announced."""


class NoAudience(Refusal):
    """An announcement goes to somebody."""


class NoChannel(Refusal):
    """An announcement goes by some channel."""


class ReachesNobody(Refusal):
    """An audience of nobody is told nothing."""


class IsEverybody(Refusal):
    """What goes to everybody is confirmed with their number."""


class TooLate(Refusal):
    """Nobody is told after the release is out, unless somebody says so."""


class DayIsOver(Refusal):
    """What is announced on a day is announced today or later."""


class NobodyTold(Refusal):
    """Where nobody was told there is nothing to put right."""


class NoWords(Refusal):
    """A correction says what changed."""


class Overtaken(Refusal):
    """Somebody else told people of it meanwhile."""


@transaction.atomic
def announce_release(
    *,
    actor: User,
    release: Release,
    audiences: Sequence[Audience],
    channels: Collection[str] = PERSONAL_CHANNELS,
    on: dt.date | None = None,
    why: str = "",
    is_late_known: bool = False,
    confirmed: int | None = None,
    person: Person | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Have a release told to audiences, now or in the morning of a day, each person once and in the words of their trade."""
    row, day, why = locked(release), clock.today(now), why.strip()
    if not is_open(row):
        raise NotThatState(_("It is withdrawn or archived: nobody is told of it any more."))
    wanted = _not_under_way(row, audiences)
    chosen = _channels(channels)
    due_at = _due_at(on, day, now)
    if not is_late_known:
        _refuse_late(row, clock.today(due_at))
    tracker = audit.Tracker()
    _say_for_whom(tracker, row, wanted)
    _refuse_unsuited(plan_of(Texts.of(row), wanted, day, chosen), confirmed)
    _note_what_is_missing(tracker, row, why, person, actor, now)
    personal, rooms = [one for one in chosen if not one.startswith(ROOM)], _new_rooms(row, chosen)
    for place, audience in enumerate(wanted):
        # A room is told once, however many audiences there are.
        by = personal if place else personal + rooms
        tracker.create(
            Announcement(
                release=row, audience=audience, channels=by, due_at=due_at, made_by=actor, created_at=now
            )
        )
    if due_at <= now:
        enqueue_once(JOB)
    told: dict[str, Any] = {"audiences": [one.name for one in wanted], "why": why, "mailed": due_at <= now}
    return written("announce", row, tracker, now, actor=actor, day="" if due_at <= now else str(on), **told)


def _refuse_late(row: Release, day: dt.date) -> None:
    """Refuse to tell people of what is out by then."""
    if is_late(row, day):
        raise TooLate(
            _(
                "It comes out on %(day)s: whoever is told after that learns it late. Choose an earlier day, or say that you know."
            )
            % {"day": date_format(day_of(row) or day, "DATE_FORMAT")}
        )


def _not_under_way(row: Release, audiences: Sequence[Audience]) -> list[Audience]:
    if not audiences:
        raise NoAudience(_("Choose at least one audience: who should know?"))
    held = by_audience(row)
    new = [one for one in audiences if not any(a.state in BEING_TOLD for a in held.get(one.pk, []))]
    if not new:
        raise NothingChanges(_("They are being told already, or will be on the day planned."))
    return new


def _channels(channels: Collection[str]) -> list[str]:
    rooms = {
        f"{ROOM}{pk}" for pk in ChatConnection.objects.filter(archived_at=None).values_list("pk", flat=True)
    }
    known = [str(one) for one in PERSONAL_CHANNELS] + sorted(rooms)
    chosen = [one for one in known if one in channels]
    if not any(one in chosen for one in PERSONAL_CHANNELS):
        raise NoChannel(_("Choose at least one way to reach people."))
    return chosen


def _new_rooms(row: Release, chosen: Sequence[str]) -> list[str]:
    """Those of the rooms chosen that were not told of this release."""
    told = row.announcements.exclude(state=AnnouncementState.STOPPED).values_list("channels", flat=True)
    there = {one for channels in told for one in channels}
    return [one for one in chosen if one.startswith(ROOM) and one not in there]


def _due_at(on: dt.date | None, day: dt.date, now: dt.datetime) -> dt.datetime:
    if on is None or on == day:
        return now
    if on < day:
        raise DayIsOver(_("That day is over: announce it now, or on a day to come."))
    return dt.datetime.combine(on, AT, get_default_timezone())


def _say_for_whom(tracker: audit.Tracker, row: Release, audiences: Sequence[Audience]) -> None:
    there = set(row.audiences.values_list("audience_id", flat=True))
    for audience in audiences:
        if audience.pk not in there:
            tracker.create(ReleaseAudience(release=row, audience=audience))


def _refuse_unsuited(plan: Plan, confirmed: int | None) -> None:
    """Refuse to tell nobody, nobody new, or everybody unless their number is confirmed."""
    if not plan.inside:
        raise ReachesNobody(
            _("Nobody is in this audience today: mend its rules, or choose another audience.")
        )
    if not plan.new:
        if plan.mute == plan.inside:
            raise ReachesNobody(
                _(
                    "Nobody in this audience has an account or an e-mail address: write them in the directory first."
                )
            )
        if plan.mute + plan.unmailed:
            raise ReachesNobody(_("Nobody who is still to be told has an account, and they get no mail."))
        raise NothingChanges(_("Everybody in this audience was told already."))
    if plan.is_everybody and confirmed != plan.inside:
        text = ngettext(
            "This goes to everybody: %(count)d person. Confirm it with that number, or choose a smaller audience.",
            "This goes to everybody: %(count)d people. Confirm it with that number, or choose a smaller audience.",
            plan.inside,
        )
        raise IsEverybody(text % {"count": plan.inside})


def _note_what_is_missing(
    tracker: audit.Tracker, row: Release, why: str, person: Person | None, actor: User, now: dt.datetime
) -> None:
    """Refuse without what the tier requires, unless the reason is given: it is recorded as a go on conditions."""
    left = unexcused(row, held_by(row))
    if not left:
        return
    if not why:
        text = ngettext(
            "Before it is told, its tier requires one thing more: %(what)s. Do it, or say why it is told without it.",
            "Before it is told, its tier requires %(count)d things more: %(what)s… Do them, or say why it is told without them.",
            len(left),
        )
        what = ", ".join(one.sentence for one in left[:3])
        raise NotReady(text % {"count": len(left), "what": what})
    known = {"missing": [f"{one.code}:{one.of}" for one in left], "announced": True}
    tracker.create(
        GoDecision(
            release=row, verdict=GoVerdict.WITH_CONDITIONS, why=why[:4000], known=known, decided_by=person,
            made_by=actor, decided_at=now,
        )
    )  # fmt: skip


@transaction.atomic
def begin_announcement(
    *, actor: User | None, announcement: Announcement, now: dt.datetime
) -> AuditEntry | None:
    """Begin to tell what is due: its texts are those of this moment; without what the tier requires it waits."""
    release = locked(announcement.release)
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    is_due = row.state == AnnouncementState.PLANNED and row.due_at <= now
    if not is_due or row.kind != AnnouncementKind.FIRST or not is_open(release):
        return None
    if unexcused(release, held_by(release)):
        return None
    texts, tracker = Texts.of(release), audit.Tracker()
    tracker.change(
        row, state=AnnouncementState.SENDING, started_at=now, told_day=day_of(release), versions=texts.told()
    )
    write_letters(row, texts, now)
    return audit.record(
        actor=actor, verb="announce", kind=Kind.RELEASE, object_id=release.pk, object_name=release.title, now=now,
        particulars={"audience": row.audience.name if row.audience else "", "mailed": True}, rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def stop_announcement(*, actor: User, announcement: Announcement, now: dt.datetime) -> AuditEntry:
    """Stop telling: what is planned is not told, what is being sent goes to nobody else."""
    release = locked(announcement.release)
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if row.state not in BEING_TOLD:
        raise NothingChanges(_("It is told or stopped already."))
    tracker = audit.Tracker()
    tracker.change(row, state=AnnouncementState.STOPPED, ended_at=now)
    hold_letters([row], now)
    return written("cancel", release, tracker, now, actor=actor, mailed=row.started_at is not None)


@transaction.atomic
def correct_announcements(
    *, actor: User, release: Release, words: str, last: int | None = None, now: dt.datetime
) -> AuditEntry:
    """Put right what was told of a release, for exactly those who were told; `last` is what was told as one wrote."""
    row, words = locked(release), words.replace("\x00", "").strip()[:4000]
    if row.state == ReleaseState.WITHDRAWN:
        raise NotThatState(_("It is withdrawn: those who were told know it."))
    rows = list(row.announcements.select_for_update().order_by("pk"))
    told = [one for one in rows if has_told(one)]
    if not told:
        raise NobodyTold(_("Nobody was told yet: change the text, and announce it."))
    _refuse_overtaken(rows, last)
    was_on = next(iter(told_last(rows).values())).told_day
    if not words and was_on != day_of(row):
        words = moved_in_its_language(row, was_on)
    if not words:
        raise NoWords(_("Say in one sentence what changed: they read it first."))
    if any(one.kind == AnnouncementKind.CORRECTION and one.state in BEING_TOLD for one in rows):
        raise NothingChanges(
            _("A correction is on its way already: wait until everybody has it, or stop it first.")
        )
    tracker = audit.Tracker()
    for first in told:
        tracker.create(
            Announcement(
                release=row, kind=AnnouncementKind.CORRECTION, correction_of=first, words=words,
                channels=first.channels, due_at=now, made_by=actor, created_at=now,
            )
        )  # fmt: skip
    enqueue_once(JOB)
    return written("correct", row, tracker, now, actor=actor, words=words, mailed=True)


def _refuse_overtaken(rows: Sequence[Announcement], last: int | None) -> None:
    """Refuse a correction written before somebody else told the same people something."""
    newer = [one for one in rows if last is not None and one.pk > last]
    if not newer:
        return
    if words := newer[-1].words:
        said = _(
            "Somebody sent a correction meanwhile: “%(words)s”. Send yours all the same if it is still needed."
        )
        raise Overtaken(said % {"words": words})
    raise Overtaken(
        _("Somebody announced it to more people meanwhile: look again, then send your correction.")
    )
