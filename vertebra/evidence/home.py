"""Surveys that wait for an answer, and what is overdue after incidents, on the home page of whoever it is for."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Invitation, Question
from vertebra.evidence.queries.incidents import overdue_follow_ups, owed_post_mortems
from vertebra.evidence.sending import weight_of
from vertebra.evidence.sets import spoken
from vertebra.kit import clock
from vertebra.kit.home import Need, Part
from vertebra.org.empty_spaces import person_of

MOST = 5


def part(user: User, now: dt.datetime) -> Part:
    """What the person was asked and has not answered, each with what it takes."""
    return Part(needs=lambda: [*overdue_after_incidents(user, now), *_waiting(user, now)])


def overdue_after_incidents(user: User, now: dt.datetime) -> list[Need]:
    """Follow-ups and post-mortems that somebody answers for and that are overdue: they are in charge of them."""
    today = clock.today(now)
    needs = []
    for one in overdue_follow_ups(user, today):
        days = (today - (one.due_on or today)).days
        late = ngettext("overdue for %(count)d day", "overdue for %(count)d days", days) % {"count": days}
        url = reverse("evidence:incident-show", args=(one.incident_id,)) + "#follow-ups"
        why = _("After the incident “%(title)s”") % {"title": one.incident.title}
        sentence = _("%(title)s: %(late)s") % {"title": one.title, "late": late}
        needs.append(Need(sentence, url, pgettext("verb", "Say that it is done"), why))
    for row in owed_post_mortems(user, today):
        url = reverse("evidence:incident-show", args=(row.pk,)) + "#post-mortem"
        sentence = _("The post-mortem of “%(title)s” is overdue") % {"title": row.title}
        needs.append(Need(sentence, url, pgettext("verb", "Write what was learnt")))
    return needs


def _waiting(user: User, now: dt.datetime) -> list[Need]:
    person = person_of(user)
    if person is None:
        return []
    waiting = Invitation.objects.filter(
        person=person,
        is_answered=False,
        sent_on__isnull=False,
        survey__state=SurveyState.OPEN,
        survey__closes_on__gte=clock.today(now),
    ).select_related("survey")
    rows = list(waiting.order_by("survey__closes_on", "pk")[:MOST])
    kinds: dict[int, list[str]] = {}
    for survey, kind in Question.objects.filter(survey__in=[row.survey_id for row in rows]).values_list(
        "survey_id", "kind"
    ):
        kinds.setdefault(survey, []).append(kind)
    return [_need(row, kinds.get(row.survey_id, []), user.language) for row in rows]


def _need(row: Invitation, kinds: list[str], language: str) -> Need:
    weight = weight_of(kinds)
    questions = ngettext("%(count)d question", "%(count)d questions", weight.questions)
    minutes = ngettext("%(count)d minute", "%(count)d minutes", weight.minutes)
    sentence = _("%(title)s: %(questions)s, %(minutes)s") % {
        "title": spoken(row.survey.title, language),
        "questions": questions % {"count": weight.questions},
        "minutes": minutes % {"count": weight.minutes},
    }
    why = _("Counted without your name, with four others at least.")
    url = reverse("evidence:answer-own", args=(row.survey_id,))
    return Need(sentence, url, pgettext("verb", "Answer"), why, ask=(str(Kind.SURVEY), row.survey_id))
