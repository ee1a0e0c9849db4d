"""What people wrote, word for word, read and grouped by Product Ops."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.actions.themes import add_to_theme, remove_theme
from vertebra.evidence.forms.making import ThemeForm
from vertebra.evidence.labels import QuestionKind, SurveyState
from vertebra.evidence.models import Question, Response, Result, Theme
from vertebra.evidence.pages.names import named
from vertebra.evidence.sets import spoken
from vertebra.kit import clock

MOST_SHOWN = 200


def _question(question_id: int) -> Question:
    rows = Question.objects.select_related("survey").filter(
        kind=QuestionKind.TEXT, survey__state=SurveyState.CLOSED, survey__archived_at=None
    )
    return get_object_or_404(rows, pk=question_id)


@requires(Right.PRODUCT_OPS)
def text_list(request: PageRequest, question_id: int) -> HttpResponse:
    """What was written to one question, shuffled, for everybody or for a group of which enough wrote."""
    question = _question(question_id)
    shown = list(
        Result.objects.filter(question=question, answered__gte=question.survey.threshold).order_by("pk")
    )
    wanted = request.GET.get("group", "") or EVERYBODY
    group = next((row for row in shown if row.group == wanted), None)
    themes = list(Theme.objects.filter(question=question).order_by("name").prefetch_related("responses"))
    theme_of: dict[int, list[str]] = {}
    for theme in themes:
        for response in theme.responses.all():
            theme_of.setdefault(response.pk, []).append(theme.name)
    texts = _texts(question, wanted) if group else []
    if request.GET.get("only") == "unsorted":
        texts = [(pk, text) for pk, text in texts if pk not in theme_of]
    context = {
        "question": question,
        "survey": question.survey,
        "text": spoken(question.text, request.LANGUAGE_CODE or question.survey.language),
        "groups": [
            {"key": row.group, "name": named(row.group, row.name, row.function), "is_on": row.group == wanted}
            for row in shown
        ],
        "group": group,
        "texts": [(_sign(question, pk), text, theme_of.get(pk, [])) for pk, text in texts[:MOST_SHOWN]],
        "more": max(0, len(texts) - MOST_SHOWN),
        "themes": [(theme, len(theme.responses.all())) for theme in themes],
        "form": ThemeForm(),
    }
    return render(request, "evidence/text_list.html", context)


def _texts(question: Question, group: str) -> list[tuple[int, str]]:
    """The texts of a group, in an order that says nothing and stays the same from one look to the next.

    Each has a sign that holds for this question alone: by the number of the answer, what the same person wrote to two
    questions would be put together, and with it the group that is too small to be shown.
    """
    # Most wrote nothing: the database leaves them out, for each answer that is read has to be decoded.
    rows = Response.objects.filter(survey=question.survey, answers__has_key=question.code)
    found = [
        (pk, answers[question.code])
        for pk, answers, groups in rows.values_list("pk", "answers", "cell__groups")
        if group == EVERYBODY or group in (groups or ())
    ]
    return sorted(found, key=lambda one: _sign(question, one[0]))


def _sign(question: Question, response_id: int) -> str:
    return salted_hmac(f"evidence.text.{question.pk}", str(response_id)).hexdigest()[:24]


@requires(Right.PRODUCT_OPS)
@require_POST
def theme_create(request: PageRequest, question_id: int) -> HttpResponseRedirect:
    """Put the chosen texts under a theme, new or known."""
    question = _question(question_id)
    form = ThemeForm(request.POST)
    chosen = set(request.POST.getlist("response"))
    rows = Response.objects.filter(survey=question.survey).values_list("pk", flat=True) if chosen else ()
    ids = [pk for pk in rows if _sign(question, pk) in chosen]
    if not form.is_valid() or not ids:
        messages.error(request, _("Tick what belongs together, and name what it speaks of."))
    else:
        add_to_theme(
            actor=request.user,
            question=question,
            name=form.cleaned_data["name"],
            response_ids=ids,
            now=clock.now(),
        )
        messages.success(request, _("Put under “%(name)s”.") % {"name": form.cleaned_data["name"]})
    return redirect("evidence:text-list", question.pk)


@requires(Right.PRODUCT_OPS)
@require_POST
def theme_remove(request: PageRequest, theme_id: int) -> HttpResponseRedirect:
    """Take a theme apart; the texts stay."""
    theme = get_object_or_404(Theme.objects.select_related("question__survey"), pk=theme_id)
    remove_theme(actor=request.user, theme=theme, now=clock.now())
    messages.success(request, _("The theme is gone; what was written stays."))
    return redirect("evidence:text-list", theme.question_id)
