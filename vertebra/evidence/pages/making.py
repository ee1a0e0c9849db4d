"""Making a survey in four steps: what it begins with, its questions, its people, what they will see."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import Message
from vertebra.accounts.outbox import words_of
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis import pulse
from vertebra.evidence.actions.repeating import repeat_survey
from vertebra.evidence.actions.surveys import OPEN_DAYS, QuestionDraft, change_survey, create_survey
from vertebra.evidence.forms.answers import AnswerSheet
from vertebra.evidence.forms.making import (
    PeopleForm,
    QuestionForms,
    StartForm,
    TitleForm,
    drafts_of,
    initial_of,
    people_initial,
)
from vertebra.evidence.labels import Cut, QuestionKind, SurveyKind, SurveyState
from vertebra.evidence.models import Survey
from vertebra.evidence.pages.answering import sheet_context
from vertebra.evidence.pages.names import GroupNames
from vertebra.evidence.queries.population import Audience, Population, population
from vertebra.evidence.sending import weight_of
from vertebra.evidence.sets import sets
from vertebra.kit import clock
from vertebra.org.queries.structure import Structure


def steps_of(survey: Survey | None, current: int) -> list[dict[str, object]]:
    """The steps of making a survey, with the one shown now marked."""
    names = (
        (_("What to begin with"), ""),
        (_("Questions"), "evidence:pulse-questions"),
        (_("People"), "evidence:pulse-people"),
        (_("Look and open"), "evidence:pulse-preview"),
    )
    return [
        {
            "label": label,
            "url": reverse(name, args=(survey.pk,)) if survey and name else "",
            "is_done": number < current,
            "is_current": number == current,
        }
        for number, (label, name) in enumerate(names)
    ]


def draft_of(survey_id: int) -> Survey:
    """The draft of that number; what was opened is no draft any more."""
    rows = Survey.objects.filter(state=SurveyState.DRAFT, archived_at=None)
    return get_object_or_404(rows.exclude(kind=SurveyKind.IMPORTED), pk=survey_id)


@requires(Right.PRODUCT_OPS)
def pulse_create(request: PageRequest) -> HttpResponse:
    """Begin a survey from a shipped set or from nothing."""
    form = StartForm(request.POST or None, initial={"set": request.GET.get("set", "")})
    if request.method == "POST" and form.is_valid():
        survey = _begin(request, form.cleaned_data)
        return redirect("evidence:pulse-questions", survey.pk)
    context = {"form": form, "steps": steps_of(None, 0), "sets": sets()}
    return render(request, "evidence/pulse_create.html", context, status=422 if form.errors else 200)


def _begin(request: PageRequest, chosen: dict[str, Any]) -> Survey:
    language, now = chosen["language"], clock.now()
    one = sets().get(chosen["set"])
    if one is None:
        blank = [QuestionDraft("q", QuestionKind.AGREEMENT, _("Your first question"))]
        return create_survey(
            actor=request.user, kind=SurveyKind.PULSE, title=chosen["title"], language=language,
            questions=blank, audience=Audience(), cut=Cut.UNIT, now=now,
        )  # fmt: skip
    questions = [
        QuestionDraft(
            asked.code,
            asked.kind,
            asked.text[language],
            [(code, words[language]) for code, words in asked.choices],
            asked.is_required,
        )
        for asked in one.questions
    ]
    return create_survey(
        actor=request.user, kind=SurveyKind.PULSE, title=chosen["title"].strip() or one.title[language],
        language=language, questions=questions, audience=Audience(functions=one.functions), cut=one.cut,
        introduction=one.introduction[language], series=one.code, now=now,
    )  # fmt: skip


@requires(Right.PRODUCT_OPS)
def questions_edit(request: PageRequest, survey_id: int) -> HttpResponse:
    """What a draft says and asks."""
    survey = draft_of(survey_id)
    before = list(survey.questions.all())
    form = TitleForm(request.POST or None, instance=survey)
    rows = QuestionForms(request.POST or None, initial=initial_of(before), prefix="question")
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        drafts = drafts_of([row.cleaned_data for row in rows if row.cleaned_data], before)
        if drafts:
            change_survey(
                actor=request.user, survey=survey, questions=drafts, now=clock.now(), **form.cleaned_data
            )
            return redirect("evidence:pulse-people", survey.pk)
        form.add_error(None, _("Ask one question at least."))
    context = {"survey": survey, "form": form, "rows": rows, "steps": steps_of(survey, 1)}
    return render(
        request, "evidence/pulse_questions.html", context, status=422 if request.method == "POST" else 200
    )


@requires(Right.PRODUCT_OPS)
def people_edit(request: PageRequest, survey_id: int) -> HttpResponse:
    """Whom a draft is put to, and how results are told apart."""
    survey = draft_of(survey_id)
    today = clock.today()
    initial = people_initial(survey, today + dt.timedelta(days=OPEN_DAYS))
    form = PeopleForm(request.POST or None, initial=initial, day=today)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        change_survey(
            actor=request.user, survey=survey, audience=form.audience().kept(), cut=cleaned["cut"],
            closes_on=cleaned["closes_on"], now=clock.now(),
        )  # fmt: skip
        return redirect("evidence:pulse-preview", survey.pk)
    context = {"survey": survey, "form": form, "steps": steps_of(survey, 2),
               "back_url": reverse("evidence:pulse-questions", args=(survey.pk,))}  # fmt: skip
    return render(request, "evidence/pulse_people.html", context, status=422 if form.errors else 200)


@requires(Right.PRODUCT_OPS)
def preview(request: PageRequest, survey_id: int) -> HttpResponse:
    """What people will read and see, and by which groups results will be shown, before anybody is asked."""
    survey = draft_of(survey_id)
    questions = list(survey.questions.all())
    today = clock.today()
    found = population(Audience.read(survey.audience), today)
    context = {
        "survey": survey,
        "steps": steps_of(survey, 3),
        "asked": len(found.people),
        "unreachable": found.unreachable,
        "groups": _groups(survey, found, today),
        "mail": words_of(_sample_mail(survey, [question.kind for question in questions]), survey.language),
        **sheet_context(AnswerSheet(questions, None, survey.language), survey.introduction),
    }
    return render(request, "evidence/pulse_preview.html", context)


def _groups(survey: Survey, found: Population, today: dt.date) -> list[dict[str, Any]]:
    """The groups by which results will be shown, with how many people are asked in each."""
    people = [(one.path, one.function) for one in found.people]
    try:
        made = pulse.cells(people, "unit" if survey.cut == Cut.UNIT else "function")
    except pulse.TooFew:
        return []
    structure = Structure.as_of(today, with_members=False)
    names = GroupNames({node.id: node.name for node in structure.all()})
    sizes = Counter(made.of)
    totals: Counter[str] = Counter()
    for number, chain in enumerate(made.chains):
        for group in chain:
            totals[group] += sizes[number]
    parents = pulse.parents_of(made.chains)
    shown = [group for group in parents if group != pulse.EVERYBODY]
    return [{"name": names.of(group), "count": totals[group]} for group in shown]


def _sample_mail(survey: Survey, kinds: list[str]) -> Message:
    weight = weight_of(kinds)
    closes = formats.date_format(survey.closes_on, "DATE_FORMAT") if survey.closes_on else ""
    return Message(
        template="survey_invitation",
        particulars={
            "title": survey.title,
            "questions": weight.questions,
            "minutes": weight.minutes,
            "closes": closes,
        },
        language=survey.language,
        address="/evidence/answers/…/",
    )


@requires(Right.PRODUCT_OPS)
@require_POST
def pulse_again(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Draft the next wave of a closed survey: the same questions, so that the two can be compared."""
    rows = Survey.objects.filter(state=SurveyState.CLOSED, archived_at=None, kind=SurveyKind.PULSE)
    before = get_object_or_404(rows, pk=survey_id)
    try:
        survey = repeat_survey(actor=request.user, survey=before, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence:pulse-show", before.pk)
    return redirect("evidence:pulse-people", survey.pk)
