"""Reminding those of whom nothing was heard of a release: once, when they have room for one more thing that week."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import formats, translation
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind, MessageKind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.accounts.outbox import queue_messages
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.queries.people import language_for
from vertebra.releases.actions.standing import locked
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.models import Recipient, Release
from vertebra.releases.queries.announcement_plans import told_of
from vertebra.releases.queries.announcing import Texts, day_of, page_by_link, reader_page
from vertebra.releases.queries.awareness import told_people
from vertebra.releases.queries.awareness_due import AT_ONCE, has_room, silent_of, to_remind
from vertebra.releases.queries.reading import is_open, sealed_link


class TooEarly(Refusal):
    """Nobody is reminded of what they were told today."""


class NothingToRemindOf(Refusal):
    """What is withdrawn or archived is not read any more."""


@transaction.atomic
def remind_release(*, actor: User, release: Release, now: dt.datetime) -> AuditEntry:
    """Ask that those of whom nothing was heard be reminded; each is, once, as their week allows."""
    row = locked(release)
    if not is_open(row):
        raise NothingToRemindOf(_("It is withdrawn: nobody has to read it any more."))
    told = row.announcements.filter(kind=AnnouncementKind.FIRST).exclude(state=AnnouncementState.PLANNED)
    if not told_people(row).filter(queued_at__lt=clock.midnight(clock.today(now))).exists():
        raise TooEarly(_("Leave them a day: remind them tomorrow at the earliest."))
    if told.filter(reminded_at__isnull=False).exists():
        raise NothingChanges(_("They are reminded already: once is enough."))
    tracker = audit.Tracker()
    for announcement in told.select_for_update():
        tracker.change(announcement, reminded_at=now)
    return audit.record(
        actor=actor, verb="remind", kind=Kind.RELEASE, object_id=row.pk, object_name=row.title, now=now,
        rows=tracker.changes,
    )  # fmt: skip


@transaction.atomic
def send_reminders(*, actor: User | None, now: dt.datetime) -> AuditEntry | None:
    """Remind some hundreds of people of one release; the entry does not say how many, nor whom."""
    for release in to_remind(now):
        free = silent_of(release, now).filter(has_room(now))
        some = list(free.values_list("person_id", flat=True)[:AT_ONCE])
        rows = _reminded(release, sorted(room_to_ask(some, now)), now) if some else []
        if rows:
            note_asks([row.person_id for row in rows], Kind.RELEASE, release.pk, now)
            return audit.record(
                actor=actor,
                verb="remind",
                kind=Kind.RELEASE,
                object_id=release.pk,
                object_name=release.title,
                now=now,
            )
    return None


def _reminded(release: Release, people: list[int], now: dt.datetime) -> list[Recipient]:
    """Write to these people, each once, and note that they are reminded."""
    first = told_of(release).filter(person=OuterRef("person"), pk__lt=OuterRef("pk"))
    rows = told_of(release).filter(person__in=people, reminded_on=None).exclude(Exists(first))
    found = list(rows.select_related("person__user").order_by("pk"))
    queue_messages(list(_letters(release, found)), now)
    told_of(release).filter(person__in=[row.person_id for row in found]).update(reminded_on=clock.today(now))
    return found


def _letters(release: Release, rows: Iterable[Recipient]) -> Iterable[Message]:
    texts = Texts.of(release)
    for row in rows:
        user = row.person.user if row.person.user and row.person.user.is_active else None
        if user is None and not row.person.email:
            continue
        language = language_for(row.person, row.language)
        day = day_of(release)
        with translation.override(language):
            said = formats.date_format(day, "DATE_FORMAT") if day else ""
        yield Message(
            key=f"release-reminder:{release.pk}:{row.person_id}",
            kind=MessageKind.RELEASES,
            template="release_reminder",
            particulars={"title": texts.best(row.trade, language).subject, "day": said},
            language=language,
            to_user=user,
            to_email="" if user else row.person.email,
            address=reader_page(release) if user else seal(page_by_link(sealed_link(row))),
        )
