"""Asking people: each by one mail and on their home page, two things a week at most, reminded once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import formats, translation

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Message
from vertebra.accounts.outbox import queue_messages
from vertebra.accounts.tokens import digest_of, new_secret
from vertebra.evidence.asks import note_asks, room_for, room_to_ask
from vertebra.evidence.labels import QuestionKind, SurveyState
from vertebra.evidence.models import Invitation, Question, Survey
from vertebra.evidence.sets import spoken
from vertebra.kit import clock
from vertebra.kit.seals import seal
from vertebra.org.models import Person
from vertebra.org.queries.people import language_for

AT_ONCE = 50
# What answering takes, in seconds.
_SECONDS = {QuestionKind.TEXT: 30, QuestionKind.SEVERAL: 20}


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a survey asks: questions, and minutes."""

    questions: int
    minutes: int


def weight_of(kinds: Sequence[str]) -> Weight:
    """What answering questions of these kinds takes."""
    seconds = sum(_SECONDS.get(QuestionKind(kind), 12) for kind in kinds)
    return Weight(len(kinds), max(1, -(-seconds // 60)))


def open_surveys(now: dt.datetime) -> list[Survey]:
    """The surveys that take answers today, the oldest first."""
    rows = Survey.objects.filter(state=SurveyState.OPEN, closes_on__gte=clock.today(now))
    return list(rows.order_by("opened_at", "pk"))


def something_to_send(now: dt.datetime) -> bool:
    """Whether somebody waits to be asked, or to be reminded."""
    due = Q(sent_on=None) | Q(survey__reminded_at__isnull=False, reminded_on=None, is_answered=False)
    open_now = Q(survey__state=SurveyState.OPEN, survey__closes_on__gte=clock.today(now))
    return Invitation.objects.filter(due & open_now).exists()


def send_due(now: dt.datetime) -> dict[str, int]:
    """Ask those who have room for one more thing this week, then remind those who wait to be reminded."""
    sent = reminded = 0
    for survey in open_surveys(now):
        kinds = list(Question.objects.filter(survey=survey).values_list("kind", flat=True))
        sent += _send_first(survey, weight_of(kinds), now)
        if survey.reminded_at:
            reminded += _send_reminders(survey, weight_of(kinds), now)
    return {"sent": sent, "reminded": reminded}


def _waiting(survey: Survey, now: dt.datetime) -> list[tuple[int, int]]:
    present = Person.objects.present_on(clock.today(now)).filter(archived_at__isnull=True)
    rows = Invitation.objects.filter(survey=survey, sent_on=None, is_answered=False, person__in=present)
    return list(rows.order_by("pk").values_list("pk", "person_id"))


def _send_first(survey: Survey, weight: Weight, now: dt.datetime) -> int:
    waiting = _waiting(survey, now)
    # Nobody waits for a lock on behalf of people who were asked enough this week.
    free = room_for([person for _pk, person in waiting], now)
    waiting = [(pk, person) for pk, person in waiting if person in free]
    sent = 0
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        with transaction.atomic():
            room = room_to_ask([person for _pk, person in some], now)
            rows = Invitation.objects.select_for_update(of=("self",)).select_related("person__user")
            ids = [pk for pk, person in some if person in room]
            found = list(rows.filter(pk__in=ids, sent_on=None))
            letters = []
            for row in found:
                token = new_secret()
                row.digest, row.sent_on = digest_of(token), clock.today(now)
                address = seal(reverse("evidence:answer-by-link", args=[token]))
                letters.append(_letter(row, survey, weight, address, "survey_invitation"))
            queue_messages(letters, now)
            Invitation.objects.bulk_update(found, ["digest", "sent_on"])
            note_asks([row.person_id for row in found], Kind.SURVEY, survey.pk, now)
            sent += len(found)
    return sent


def _send_reminders(survey: Survey, weight: Weight, now: dt.datetime) -> int:
    """The same link again, once, to those who were asked before today and have not answered."""
    rows = Invitation.objects.filter(
        survey=survey, reminded_on=None, is_answered=False, sent_on__lt=clock.today(now)
    )
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    sent = 0
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            locked = Invitation.objects.select_for_update(of=("self",)).select_related("person__user")
            some = ids[start : start + AT_ONCE]
            found = list(locked.filter(pk__in=some, reminded_on=None, is_answered=False))
            keys = [_key(row, "survey_invitation") for row in found]
            addresses = dict(Message.objects.filter(key__in=keys).values_list("key", "address"))
            letters = []
            for row in found:
                row.reminded_on = clock.today(now)
                if address := addresses.get(_key(row, "survey_invitation")):
                    letters.append(_letter(row, survey, weight, address, "survey_reminder"))
            queue_messages(letters, now)
            sent += len(letters)
            Invitation.objects.bulk_update(found, ["reminded_on"])
    return sent


def _key(row: Invitation, template: str) -> str:
    return f"{template}:{row.pk}"


def _letter(row: Invitation, survey: Survey, weight: Weight, address: str, template: str) -> Message:
    language = language_for(row.person, survey.language)
    with translation.override(language):
        closes = formats.date_format(survey.closes_on, "DATE_FORMAT") if survey.closes_on else ""
    return Message(
        key=_key(row, template),
        template=template,
        particulars={
            "title": spoken(survey.title, language),
            "questions": weight.questions,
            "minutes": weight.minutes,
            "closes": closes,
        },
        language=language,
        to_user=row.person.user,
        to_email=row.person.email,
        address=address,
    )
