"""Those heard read the draft: asking them, making an item of what they say is missing."""

import datetime as dt
import random

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import audit as trail
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.accounts.outbox import queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.actions.audit_answering import ReadingOver
from vertebra.discovery.actions.audit_parts import add_items, locked, opened, record
from vertebra.discovery.actions.pain_points import EvidenceDraft, raise_pain_point, tie_evidence
from vertebra.discovery.labels import AuditState, Verdict
from vertebra.discovery.models import Audit, AuditItem, AuditOpinion, AuditReading, Evidence, PainPoint
from vertebra.discovery.queries.audit_figures import Scope
from vertebra.discovery.queries.audit_readings import can_be_reached, is_readable, without_link
from vertebra.evidence.asks import note_asks, room_to_ask
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for

LONGEST_READING = 60


class NobodyHeard(Refusal):
    """Only those who were heard read the draft."""


class LinkNotNeeded(Refusal):
    """Who holds a link sees whether it was answered: nobody else gets the link of somebody whom a mail reaches."""


class NotMissing(Refusal):
    """Only what a reader said is missing becomes an item, once."""


@transaction.atomic
def invite_readers(*, actor: User, audit: Audit, until: dt.date, now: dt.datetime) -> AuditEntry:
    """Ask all those heard to read the draft by a day; whoever was asked twice this week gets the link later."""
    audit = opened(audit)
    today = clock.today(now)
    if audit.correcting_at:
        raise ReadingOver(_("A correction is not read by those heard: make the next audit instead."))
    if not today < until <= today + dt.timedelta(days=LONGEST_READING):
        raise ReadingOver(_("Choose a last day between tomorrow and sixty days from now."))
    heard = Scope.of(audit).interviews().filter(person__isnull=False).values("person")
    people = Person.objects.present_on(today).filter(pk__in=heard, archived_at__isnull=True)
    known = set(audit.readings.values_list("person_id", flat=True))
    new = [person for person in people if person.pk not in known]
    if not new and not known:
        raise NobodyHeard(_("Nobody of the directory was heard for this audit yet."))
    # Their numbers are seen beside what readers say: they follow no order of people.
    random.SystemRandom().shuffle(new)
    AuditReading.objects.bulk_create([AuditReading(audit=audit, person=person) for person in new])
    audit.state, audit.reading_until = AuditState.READING, until
    audit.save(update_fields=["state", "reading_until"])
    sent = _send(audit, now)
    return record(actor, "invite", audit, now, mailed=True, count=len(new), sent=sent)


@transaction.atomic
def send_readings(*, actor: User | None, audit: Audit, now: dt.datetime) -> AuditEntry | None:
    """Send the links that waited because those people had been asked twice that week."""
    audit = locked(audit)
    if audit.state != AuditState.READING or audit.reading_until is None:
        return None
    sent = _send(audit, now) if clock.today(now) <= audit.reading_until else 0
    return record(actor, "invite", audit, now, mailed=True, sent=sent) if sent else None


def _send(audit: Audit, now: dt.datetime) -> int:
    waiting = AuditReading.objects.filter(audit=audit, invited_at__isnull=True)
    rows = [row for row in waiting.select_related("person__user") if can_be_reached(row.person)]
    free = room_to_ask([row.person_id for row in rows], now)
    asked = [row for row in rows if row.person_id in free]
    for row in asked:
        person = row.person
        queue_message(
            key=f"audit_reading:{row.pk}",
            template="audit_reading",
            particulars={
                "name": person.name,
                "until": audit.reading_until.isoformat() if audit.reading_until else "",
            },
            language=language_for(person, audit.language),
            now=now,
            to_user=person.user,
            to_email="" if person.user else person.email,
            address=seal(_new_address(row)),
        )
        row.invited_at = now
        row.save(update_fields=["digest", "invited_at"])
    note_asks([row.person_id for row in asked], Kind.AUDIT, audit.pk, now)
    return len(asked)


def _new_address(reading: AuditReading) -> str:
    secret = new_secret()
    reading.digest = digest_of(secret)
    return reverse("discovery:audit-read", args=(secret,))


@transaction.atomic
def make_reading_link(*, actor: User, reading: AuditReading, now: dt.datetime) -> tuple[AuditEntry, str]:
    """Make a link to hand over, for somebody whom no mail reaches; the one before opens no more."""
    reading = (
        AuditReading.objects.select_for_update(of=("self",))
        .select_related("audit", "person")
        .get(pk=reading.pk)
    )
    if can_be_reached(reading.person):
        raise LinkNotNeeded(_("Vertebra writes to this person: nobody else is given their link."))
    if reading.has_answered:
        raise ReadingOver(_("This person has answered already."))
    address = _new_address(reading)
    is_first = reading.invited_at is None
    reading.invited_at = reading.invited_at or now
    reading.save(update_fields=["digest", "invited_at"])
    if is_first:
        note_asks([reading.person_id], Kind.AUDIT, reading.audit_id, now)
    return record(actor, "invite", reading.audit, now, mailed=True, sent=1), address


@transaction.atomic
def make_reading_links(
    *, actor: User, audit: Audit, most: int | None = None, now: dt.datetime
) -> tuple[AuditEntry, list[tuple[str, str]]]:
    """Make the links of all those whom no mail reaches and who have none yet, to hand over: each is told once."""
    audit = locked(audit)
    if not is_readable(audit, clock.today(now)):
        raise ReadingOver(_("The draft is no longer read by those heard."))
    rows = without_link(audit, AuditReading.objects.select_for_update(of=("self",)))[:most]
    if not rows:
        raise NobodyHeard(_("Everybody whom no mail reaches has their link: each is shown once."))
    told = []
    for row in rows:
        told.append((row.person.name, _new_address(row)))
        row.invited_at = now
    AuditReading.objects.bulk_update(rows, ["digest", "invited_at"], batch_size=500)
    note_asks([row.person_id for row in rows], Kind.AUDIT, audit.pk, now)
    return record(actor, "invite", audit, now, mailed=True, sent=len(rows)), told


@transaction.atomic
def add_missing(
    *,
    actor: User,
    opinion: AuditOpinion,
    pain_point: PainPoint | None = None,
    title: str = "",
    now: dt.datetime,
) -> AuditItem:
    """Make an item of what a reader says is missing: of a known pain point, or of a new one that it shows."""
    audit = opened(opinion.audit)
    opinion = AuditOpinion.objects.select_for_update(of=("self",)).get(pk=opinion.pk)
    if opinion.verdict != Verdict.MISSING or opinion.turned_into_id:
        raise NotMissing(_("This was made an item already, or nothing is missing."))
    # Not in their words: evidence is read by more people, and tells its day and who tied it.
    draft = EvidenceDraft(kind=Kind.AUDIT, object_id=audit.pk, seen_on=clock.today(now))
    if pain_point is None:
        pain_point = raise_pain_point(
            actor=actor, title=title, language=audit.language, evidence=[draft], now=now
        )
    elif not _is_shown_by(pain_point, audit):
        tie_evidence(actor=actor, pain_point=pain_point, draft=draft, now=now)
    item = audit.items.filter(pain_point=pain_point).first()
    tracker = trail.Tracker()
    if item is None:
        [item] = add_items(tracker, audit, [pain_point.pk], now)
    opinion.turned_into = item
    opinion.save(update_fields=["turned_into"])
    record(actor, "change", audit, now, changes={}, added=pain_point.title)
    return item


def _is_shown_by(pain_point: PainPoint, audit: Audit) -> bool:
    rows = Evidence.objects.filter(pain_point=pain_point, ended_at__isnull=True)
    return rows.filter(kind=Kind.AUDIT, object_id=audit.pk).exists()
