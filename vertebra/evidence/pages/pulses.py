"""Every survey in one list, and what Product Ops does with one: open, remind, close, show less, archive."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.analysis.privacy import in_steps, shown
from vertebra.analysis.pulse import EVERYBODY
from vertebra.evidence.actions.surveys import (
    archive_survey,
    close_survey,
    open_survey,
    raise_threshold,
    remind_once,
    withdraw_survey,
)
from vertebra.evidence.forms.making import ThresholdForm
from vertebra.evidence.labels import SURVEY_TONES, SurveyKind, SurveyState
from vertebra.evidence.models import Response, Result, Survey
from vertebra.evidence.queries.results import ABOUT_ONE, open_to
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf, Rows

_OF_IT: Any = Response.objects.filter(survey=OuterRef("pk")).order_by().values("survey")
_COUNTED = Result.objects.filter(survey=OuterRef("pk"), question=None, group=EVERYBODY).values("answered")
# What closing counted is read, and only what is open is counted anew.
_ANSWERED = Case(
    When(state=SurveyState.CLOSED, then=Subquery(_COUNTED[:1])),
    default=Coalesce(Subquery(_OF_IT.annotate(number=Count("pk")).values("number")), 0),
)


def _answered(row: Any) -> object:
    """How many answered, where it may be said: in steps while it is open."""
    if row.state == SurveyState.DRAFT or row.answered is None:
        return None
    if row.state == SurveyState.OPEN:
        return in_steps(row.answered, row.threshold) or None
    return shown(row.answered, row.threshold)


def _by_kind(rows: Rows, value: str) -> Rows:
    return rows.filter(kind=value)


def _in_series(rows: Rows, value: str) -> Rows:
    return rows.filter(series=value)


def _series() -> list[tuple[str, str]]:
    # Whoever reads the list is told these names: of surveys that every reader may read of.
    rows = Survey.objects.exclude(series="").exclude(kind__in=ABOUT_ONE).filter(subject_kind="")
    rows = rows.filter(state=SurveyState.CLOSED, archived_at=None)
    found = dict(rows.order_by("pk").values_list("series", "title"))
    return sorted(found.items(), key=lambda pair: pair[1].casefold())[:60]


SURVEYS = ListOf(
    page="surveys",
    file_name="surveys",
    columns=(
        Column("title", gettext_lazy("Title"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("asked", gettext_lazy("Asked"), lambda row: row.invited_count, sort="invited_count", is_numeric=True),
        Column("answered", gettext_lazy("Answered"), _answered, is_numeric=True),
        Column("closes", gettext_lazy("Last day"), lambda row: row.closes_on),
        Column("since", gettext_lazy("Made"), lambda row: row.created_at, sort="created_at"),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: SurveyState.choices),
        Filter("kind", gettext_lazy("Kind"), _by_kind, lambda: SurveyKind.choices),
        Filter("series", gettext_lazy("Asked again"), _in_series, _series),
    ),
    search=lambda rows, text: rows.filter(title__icontains=text),
    sort="-since",
)  # fmt: skip


@requires(Right.READ)
def pulse_list(request: PageRequest) -> HttpResponseBase:
    """Every survey that one may read of; questions asked again of a pain point stand on its own page."""
    mine = open_to(request.user)
    rows = mine.annotate(answered=_ANSWERED)
    if not request.GET.get("kind"):
        rows = rows.exclude(kind=SurveyKind.RE_ASK)
    listing = SURVEYS.read(
        request, rows, saved_views=saved_views(request.user, "surveys", request.get_full_path())
    )
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.said = _answered(row)
        row.tone = SURVEY_TONES[row.state]
    visible = mine.exclude(kind=SurveyKind.RE_ASK)
    counts = visible.aggregate(
        open=Count("pk", filter=Q(state=SurveyState.OPEN)),
        closed=Count("pk", filter=Q(state=SurveyState.CLOSED)),
    )
    closed = visible.filter(state=SurveyState.CLOSED, kind=SurveyKind.PULSE)
    latest = closed.annotate(answered=_ANSWERED).order_by("-closed_at").first()
    context = {
        "listing": listing,
        "counts": counts,
        "latest": latest,
        "latest_answered": (_answered(latest) or None) if latest else None,
        "may_make": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "evidence/pulse_list.html", context)


def _do(
    request: PageRequest, survey_id: int, act: Callable[[Survey], AuditEntry], done: str
) -> HttpResponseRedirect:
    survey = get_object_or_404(Survey, pk=survey_id, archived_at=None)
    try:
        entry = act(survey)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        can_undo = entry.rows.exists() and not entry.particulars.get("mailed")
        messages.success(request, done, extra_tags=f"undo:{entry.pk}" if can_undo else "")
    return redirect("evidence:pulse-show", survey_id)


@requires(Right.PRODUCT_OPS)
@require_POST
def opening(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Ask the people of a draft."""
    return _do(
        request,
        survey_id,
        lambda survey: open_survey(actor=request.user, survey=survey, now=clock.now()),
        _("Open. People are asked within minutes; whoever was asked twice this week is asked next week."),
    )


@requires(Right.PRODUCT_OPS)
@require_POST
def closing(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """End the answering."""
    return _do(
        request,
        survey_id,
        lambda survey: close_survey(actor=request.user, survey=survey, now=clock.now()),
        _("Closed. Its results are open to every reader, or to those who may open what it is about."),
    )


@requires(Right.PRODUCT_OPS)
@require_POST
def withdrawal(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Call an open survey off; what was answered is never shown."""
    survey = get_object_or_404(Survey, pk=survey_id, archived_at=None)
    try:
        withdraw_survey(actor=request.user, survey=survey, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence:pulse-show", survey_id)
    messages.success(request, _("Withdrawn. What was answered is deleted, and nobody has read it."))
    return redirect("evidence:pulse-list")


@requires(Right.PRODUCT_OPS)
@require_POST
def reminder(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Remind those who have not answered, once."""
    return _do(
        request,
        survey_id,
        lambda survey: remind_once(actor=request.user, survey=survey, now=clock.now()),
        _("Those who have not answered are reminded, this once."),
    )


@requires(Right.PRODUCT_OPS)
@require_POST
def threshold(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Show larger groups only."""
    get_object_or_404(Survey, pk=survey_id, archived_at=None)
    form = ThresholdForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give a number of people between 6 and 100."))
        return redirect("evidence:pulse-show", survey_id)
    wanted = form.cleaned_data["threshold"]
    return _do(
        request,
        survey_id,
        lambda survey: raise_threshold(actor=request.user, survey=survey, threshold=wanted, now=clock.now()),
        _("Smaller groups are no longer shown."),
    )


@requires(Right.PRODUCT_OPS)
@require_POST
def archiving(request: PageRequest, survey_id: int) -> HttpResponseRedirect:
    """Take a draft or a closed survey out of the lists."""
    survey = get_object_or_404(Survey, pk=survey_id, archived_at=None)
    try:
        entry = archive_survey(actor=request.user, survey=survey, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence:pulse-show", survey_id)
    messages.success(request, _("Taken out of the lists."), extra_tags=f"undo:{entry.pk}")
    return redirect("evidence:pulse-list")
