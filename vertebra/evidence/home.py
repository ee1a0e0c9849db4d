"""Surveys that wait for an answer, on the home page of whoever was asked."""

import datetime as dt

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.evidence.labels import QuestionKind, SurveyState
from vertebra.evidence.models import Invitation
from vertebra.evidence.sending import weight_of
from vertebra.evidence.sets import spoken
from vertebra.kit import clock
from vertebra.kit.home import Need, Part
from vertebra.org.empty_spaces import person_of

MOST = 5


def part(user: User, now: dt.datetime) -> Part:
    """What the person was asked and has not answered, each with what it takes."""
    return Part(needs=lambda: _waiting(user, now))


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
    asked = {
        f"asked_{kind}": Count("survey__questions", filter=Q(survey__questions__kind=kind))
        for kind in QuestionKind.values
    }
    rows = waiting.annotate(**asked).order_by("survey__closes_on", "pk")[:MOST]
    return [_need(row, _kinds(row), user.language) for row in rows]


def _kinds(row: Invitation) -> list[str]:
    """The kind of each question that the survey asks."""
    return [kind for kind in QuestionKind.values for _one in range(getattr(row, f"asked_{kind}"))]


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
