"""Planning a conversation and writing to whoever is heard: shared by the actions that invite, plan and answer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal, Tracker
from vertebra.accounts.models import Message, User
from vertebra.accounts.outbox import mail_is_on, queue_message
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.discovery.labels import InterviewState, InviteState
from vertebra.discovery.models import Campaign, Guide, Interview, ToHear
from vertebra.discovery.queries.places import NOWHERE, main_places
from vertebra.kit import clock
from vertebra.kit.calendars import Method, event
from vertebra.kit.seals import BrokenSeal, seal, unseal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for


class PlannedBefore(Refusal):
    """A person has one date at a time in a campaign."""


class InThePast(Refusal):
    """Nobody is invited to a moment that has passed."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is agreed of a conversation: when, how long, where, with whom."""

    starts_at: dt.datetime | None
    minutes: int = 45
    place: str = ""
    interviewer: User | None = None


def planned(
    tracker: Tracker,
    *,
    person: Person,
    campaign: Campaign | None,
    guide: Guide | None,
    meeting: Meeting,
    now: dt.datetime,
) -> tuple[Interview, ToHear | None]:
    """Write a planned interview, and the row of whom the campaign wants to hear as having a date."""
    place = main_places([person.pk], clock.today(now)).get(person.pk, NOWHERE)
    if campaign is not None and planned_ones(campaign).filter(person=person).exists():
        raise PlannedBefore(
            _("A conversation with %(name)s is planned already: move it instead.") % {"name": person.name}
        )
    made = Interview(
        campaign=campaign,
        person=person,
        function=place.function,
        unit_id=place.unit_id,
        guide=guide or (campaign.guide if campaign else None),
        interviewer=meeting.interviewer,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        place=meeting.place,
        language=language_for(person, campaign.language if campaign else ""),
        created_at=now,
        changed_at=now,
    )
    tracker.create(made)
    row = None
    if campaign is not None:
        row = _row_of(tracker, campaign, person, place.function, place.unit_id)
        tracker.change(row, state=InviteState.AGREED, is_waiting=False, interviewer=meeting.interviewer)
    return made, row


def refuse_past(starts_at: dt.datetime | None, now: dt.datetime) -> None:
    """Raise InThePast unless the moment is still to come."""
    if starts_at is not None and starts_at <= now:
        raise InThePast(_("This moment has passed: choose one that is still to come."))


def planned_ones(campaign: Campaign) -> Any:
    """The interviews of a campaign that are still to come."""
    return Interview.objects.filter(campaign=campaign, state=InterviewState.PLANNED, archived_at=None)


def _row_of(
    tracker: Tracker, campaign: Campaign, person: Person, function: str, unit_id: int | None
) -> ToHear:
    row = ToHear.objects.filter(campaign=campaign, person=person).first()
    if row is None:
        row = ToHear(campaign=campaign, person=person, function=function, unit_id=unit_id)
        tracker.create(row)
    row.campaign, row.person = campaign, person
    return row


def said_moment(moment: dt.datetime) -> str:
    """A moment as people write it in the company's time zone, in the language of now: Tuesday 24 November 2026, 14:00."""
    local = timezone.localtime(moment, timezone.get_default_timezone())
    # Translators: how a day and an hour are written, by the letters of Django's date formats.
    return formats.date_format(local, _("l j F Y, H:i"))


def can_be_written_to(person: Person) -> bool:
    """Whether a mail reaches this person."""
    return bool(person.email) and mail_is_on()


def address_of(tracker: Tracker, row: ToHear) -> str:
    """The address by which the person answers: that of the latest letter if it still opens, else a new one."""
    letter = Message.objects.filter(key__startswith=f"to-hear:{row.pk}:").order_by("-pk").first()
    if letter is not None and row.digest:
        try:
            found = unseal(letter.address)
        except BrokenSeal:
            found = ""
        if found and digest_of(found.rstrip("/").rsplit("/", 1)[-1]) == row.digest:
            return found
    return new_address(tracker, row)


def new_address(tracker: Tracker, row: ToHear) -> str:
    """A new address by which the person answers; the one before it opens no more."""
    secret = new_secret()
    tracker.change(row, digest=digest_of(secret))
    return reverse("discovery:hearing-answer", args=(secret,))


def write_offer(tracker: Tracker, row: ToHear, *, note: str, now: dt.datetime) -> None:
    """Ask somebody to be heard: they choose a moment, or say one in their words."""
    campaign = row.campaign
    _write(
        tracker,
        row,
        "hearing_invitation",
        {"has_moments": bool(row.offered), "minutes": row.minutes, "place": row.place, "note": note},
        language=language_for(row.person, campaign.language),
        now=now,
    )


def write_date(
    tracker: Tracker, interview: Interview, row: ToHear | None, *, method: Method, now: dt.datetime
) -> bool:
    """Write the date of a conversation, moved or cancelled, with its calendar file; whether a mail leaves."""
    person = interview.person
    if person is None or interview.starts_at is None or not can_be_written_to(person):
        return False
    with translation.override(interview.language):
        particulars = {
            "when": said_moment(interview.starts_at),
            "minutes": interview.minutes,
            "place": interview.place,
            "is_agreed": row is not None and row.answered_at is not None,
            "is_moved": method == "REQUEST" and interview.sequence > 0,
            "event": event_of(interview, method, now),
        }
    template = "hearing_cancelled" if method == "CANCEL" else "hearing_date"
    if row is not None:
        _write(tracker, row, template, particulars, language=interview.language, now=now)
    else:
        queue_message(
            key=f"interview:{interview.pk}:{interview.sequence}",
            template=template,
            particulars=particulars | _names(interview.campaign, interview.interviewer, person),
            language=interview.language,
            now=now,
            to_email=person.email,
        )
    tracker.change(interview, is_told=True)
    return True


def event_of(interview: Interview, method: Method, now: dt.datetime) -> dict[str, Any]:
    """The conversation as calendars take it; its name is the same however often it moves."""
    person, interviewer = interview.person, interview.interviewer
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    title = _("Conversation with %(name)s") % {"name": interviewer.name if interviewer else "Product Ops"}
    return event(
        uid=f"interview-{interview.pk}@{host}",
        sequence=interview.sequence,
        method=method,
        starts_at=interview.starts_at or now,
        minutes=interview.minutes,
        title=title,
        organiser=(interviewer.name, interviewer.email) if interviewer else ("Vertebra", f"vertebra@{host}"),
        guests=[(person.name, person.email)] if person and person.email else [],
        now=now,
        place=interview.place,
        text=interview.campaign.title if interview.campaign else "",
    )


def tell_interviewer(row: ToHear, *, what: str, interview: Interview | None, now: dt.datetime) -> None:
    """Tell whoever listens what the person answered: agreed, other, or declined."""
    user = row.interviewer
    if user is None or not user.is_active:
        return
    with translation.override(user.language):
        moment = interview.starts_at if interview else None
        particulars: dict[str, Any] = {
            "name": row.person.name,
            "campaign": row.campaign.title,
            "what": what,
            "when": said_moment(moment) if moment else "",
            "proposal": row.proposal,
        }
        if interview is not None and moment is not None:
            particulars["event"] = event_of(
                interview, "CANCEL" if interview.state == InterviewState.CANCELLED else "REQUEST", now
            )
    queue_message(
        key=f"to-hear-answer:{row.pk}:{what}:{int(now.timestamp() * 1000)}",
        template="hearing_answer",
        particulars=particulars,
        language=user.language,
        now=now,
        to_user=user,
        address=reverse("discovery:campaign-show", args=(row.campaign_id,)),
    )


def _names(campaign: Campaign | None, interviewer: User | None, person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "interviewer": interviewer.name if interviewer else "Product Ops",
        "campaign": campaign.title if campaign else "",
        "purpose": campaign.purpose if campaign else "",
    }


def _write(
    tracker: Tracker,
    row: ToHear,
    template: str,
    particulars: dict[str, Any],
    *,
    language: str,
    now: dt.datetime,
) -> None:
    address = address_of(tracker, row)
    tracker.change(row, letters=row.letters + 1)
    queue_message(
        key=f"to-hear:{row.pk}:{row.letters}",
        template=template,
        particulars=particulars | _names(row.campaign, row.interviewer, row.person),
        language=language,
        now=now,
        to_email=row.person.email,
        address=seal(address),
    )
