"""Answering: through a link without an account, or signed in; opening the page changes nothing."""

from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import translation

from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.accounts.tokens import digest_of
from vertebra.evidence.actions.answering import AnsweredBefore, SurveyOver, is_over, take_answer
from vertebra.evidence.forms.answers import AnswerSheet
from vertebra.evidence.labels import QuestionKind
from vertebra.evidence.models import Invitation
from vertebra.evidence.queries.answers import Unfit
from vertebra.evidence.sending import weight_of
from vertebra.evidence.sets import spoken
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.queries.people import language_for

_LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@open_by_secret(reason="whoever was asked answers through a link of their own, without an account")
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The questions of a survey, for whoever holds the link that was sent; one answer counts."""
    invitation = _invitations().filter(digest=digest_of(token)).first()
    if invitation is None:
        # Nobody guesses 256 bits; who tries is slowed down, and told the same however often.
        if not is_allowed("survey_link", who_asks(cast(PageRequest, request))):
            return too_often(request)
        return _page(request, {"is_unknown": True}, _asked_language(request) or "", status=404)
    return _answer(request, invitation)


@requires(Right.TAKE_PART)
def answer_own(request: PageRequest, survey_id: int) -> HttpResponse:
    """The same questions for somebody signed in, who comes from their home page."""
    person = person_of(request.user)
    invitation = get_object_or_404(_invitations(), survey=survey_id, person=person, sent_on__isnull=False)
    return _answer(request, invitation)


def _invitations() -> QuerySet[Invitation]:
    rows = Invitation.objects.select_related("survey", "person__user")
    return rows.prefetch_related("survey__questions")


def _answer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    now = clock.now()
    language = _asked_language(request) or language_for(invitation.person, invitation.survey.language)
    with translation.override(language):
        context: dict[str, Any] = {
            "survey": invitation.survey,
            "title": spoken(invitation.survey.title, language),
        }
        if invitation.is_answered:
            return _page(request, {**context, "is_thanks": True}, language)
        if is_over(invitation.survey, now):
            return _page(request, {**context, "is_over": True}, language, status=410)
        data = request.POST if request.method == "POST" else None
        sheet = AnswerSheet(list(invitation.survey.questions.all()), data, language)
        if data is not None and sheet.is_valid():
            return _take(request, invitation, sheet, language)
        # What can be taken is taken once; only what cannot be may come again and again.
        if data is not None and not is_allowed("survey_answer", f"invitation {invitation.pk}"):
            return too_often(request)
        return _page(
            request,
            context | sheet_context(sheet, invitation.survey.introduction),
            language,
            status=422 if data is not None else 200,
        )


def _take(request: HttpRequest, invitation: Invitation, sheet: AnswerSheet, language: str) -> HttpResponse:
    # What was refused is said by the page that one is led to.
    with suppress(AnsweredBefore, SurveyOver, Unfit):
        take_answer(invitation=invitation, answers=sheet.answers, now=clock.now())
    return HttpResponseRedirect(request.get_full_path())


def sheet_context(sheet: AnswerSheet, introduction: str) -> dict[str, Any]:
    """What the form of a survey shows, to who answers and to who prepares it."""
    questions = sheet.questions
    is_re_ask = len(questions) <= 2 and questions[0].kind == QuestionKind.SCALE if questions else False
    return {
        "sheet": sheet,
        "fields": sheet.fields(),
        "weight": weight_of([question.kind for question in questions]),
        "introduction": spoken(introduction, sheet.language),
        "is_re_ask": is_re_ask,
        "has_text": any(question.kind == QuestionKind.TEXT for question in questions),
    }


def _asked_language(request: HttpRequest) -> str:
    wanted = request.GET.get("language", "")
    return wanted if wanted in _LANGUAGES else ""


def _page(request: HttpRequest, context: dict[str, Any], language: str, status: int = 200) -> HttpResponse:
    with translation.override(language or translation.get_language()):
        others = [(code, name) for code, name in settings.LANGUAGES if code != language]
        context = {**context, "language": language, "other_languages": others}
        response = render(request, "evidence/answer.html", context, status=status)
    response["Content-Language"] = language or translation.get_language()
    return response
