"""Questions to the data team: asking in a line after a look at what exists, the list, each question."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.pictures import Line, TimeChart
from vertebra.measures.actions import requests as actions
from vertebra.measures.forms.requests import AnswerForm, AskForm, ReasonForm
from vertebra.measures.labels.charts import REQUEST_TONES, RequestState
from vertebra.measures.models import Dashboard, DataRequest, Metric
from vertebra.measures.pages.frame import asked_in_form, did
from vertebra.measures.queries.figures import plain
from vertebra.measures.queries.pictures import months_before
from vertebra.measures.queries.requests import MONTHS, alike, answers_to, months, requests, together
from vertebra.org.empty_spaces import language_now, person_of
from vertebra.org.pages.frame import base

Rows = QuerySet[Any]


def _wait(row: DataRequest) -> object:
    if row.answered_at is None or row.state == RequestState.SELF_SERVED:
        return ""
    return round((row.answered_at - row.asked_at).total_seconds() / 86_400, 1)


LIST = ListOf(
    page="data-requests",
    file_name="data-requests",
    sort="-asked",
    columns=(
        Column("question", gettext_lazy("Question"), lambda row: row.question),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("asked_by", gettext_lazy("Asked by"), lambda row: row.asked_by.name if row.asked_by else ""),
        Column("asked", pgettext_lazy("a question", "Asked"), lambda row: row.asked_at, sort="asked_at"),
        Column("wait", gettext_lazy("Days of waiting"), _wait, is_numeric=True),
    ),
    filters=(
        Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: RequestState.choices),
    ),
    search=lambda rows, text: rows.filter(question__icontains=text),
)  # fmt: skip


@require_GET
@requires(Right.READ)
def request_list(request: PageRequest) -> HttpResponseBase:
    """Every question: how long they wait, and how many need no analyst."""
    views = saved_views(request.user, "data-requests", request.get_full_path())
    listing = LIST.read(request, requests(), saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = REQUEST_TONES[row.state]
        row.wait = _wait(row)
    today = clock.today()
    since = months_before(today, MONTHS - 1)
    found = months(since, today)
    context = {
        "listing": listing,
        "year": together(found, since),
        "waiting": DataRequest.objects.filter(state=RequestState.ASKED).count(),
        "charts": _charts(found),
        "request_base": base("measures:request-show"),
    }
    return render(request, "measures/request_list.html", context)


def _charts(found: list[Any]) -> list[TimeChart]:
    """The wait and the share answered without an analyst, month by month, where enough people asked."""
    waits = [(one.starts_on, one.wait_days) for one in found if one.wait_days is not None]
    shares = [(one.starts_on, one.share) for one in found if one.share is not None]
    made = (
        (_("Days until an analyst answered, median"), waits, plain),
        (_("Answered without an analyst, in percent"), shares, lambda value: _("%(value)s %%") % {"value": plain(value)}),
    )  # fmt: skip
    return [
        TimeChart(title, [Line("", points)], step=32, said=said)
        for title, points, said in made
        if len(points) > 1
    ]


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def request_create(request: PageRequest) -> HttpResponseBase:
    """Ask in a line: what exists already is shown first."""
    question = " ".join(str(request.GET.get("question", "")).split())[:300]
    form = AskForm(request.POST or None, initial={"question": question})
    chosen = _chosen(request)

    def act() -> DataRequest:
        person = person_of(request.user)
        return actions.ask_data_team(
            actor=request.user, language=language_now(), person=person, answered_by=chosen, now=clock.now(),
            **form.cleaned_data,
        )  # fmt: skip

    return asked_in_form(
        request, form, act,
        {
            "template": "measures/request_create.html",
            "question": question,
            "found": answers_to(request.user, question) if question else [],
            "alike": list(alike(question)[:5]) if question else [],
            "metric_base": base("measures:metric-show"),
            "dashboard_base": base("measures:dashboard-show"),
            "request_base": base("measures:request-show"),
            "cancel_url": reverse("measures:request-list"),
            "done": lambda row: reverse("measures:request-show", args=(row.pk,)),
        },
    )  # fmt: skip


def _chosen(request: PageRequest) -> Metric | Dashboard | None:
    """What somebody says answers their question already."""
    kind, _colon, number = request.POST.get("answers", "").partition(":")
    pk = int(number) if number.isdecimal() and len(number) < 18 else 0
    if kind == Kind.METRIC:
        return Metric.objects.filter(pk=pk).first()
    return Dashboard.objects.filter(pk=pk).first() if kind == Kind.DASHBOARD else None


@require_GET
@requires(Right.READ)
def request_page(request: PageRequest, request_id: int) -> HttpResponse:
    """A question, what answers it, how long it waited."""
    row = get_object_or_404(requests(), pk=request_id)
    now = clock.now()
    person = person_of(request.user)
    is_open = row.state == RequestState.ASKED
    context = {
        "row": row,
        "tone": REQUEST_TONES[row.state],
        "wait": _said_wait(row, now),
        "may_answer": is_open and may(request.user, Right.EDIT_ORGANISATION),
        "may_settle": is_open and person is not None and row.asked_by_id == person.pk,
        "answer_form": AnswerForm(),
        "reason_form": ReasonForm(),
        "alike": list(alike(row.question, row.pk)[:5]) if is_open else [],
        "discussion": discussion(request.user, Kind.DATA_REQUEST, row.pk, now),
    }
    return render(request, "measures/request.html", context)


def _said_wait(row: DataRequest, now: dt.datetime) -> str:
    days = ((row.answered_at or now) - row.asked_at).total_seconds() / 86_400
    return formats.number_format(round(days, 1), decimal_pos=1)


def _back(row: DataRequest) -> str:
    return reverse("measures:request-show", args=(row.pk,))


@require_POST
@requires(Right.EDIT_ORGANISATION)
def request_answer(request: PageRequest, request_id: int) -> HttpResponse:
    """Answer a question."""
    row = get_object_or_404(DataRequest, pk=request_id)
    form = AnswerForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    return did(
        request,
        lambda: actions.answer_request(actor=request.user, request=row, now=clock.now(), **given),
        _("Answered: whoever asked is told."),
        _back(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def request_settlement(request: PageRequest, request_id: int) -> HttpResponse:
    """Say that one found the answer without an analyst."""
    person = person_of(request.user)
    row = get_object_or_404(DataRequest, pk=request_id, asked_by=person, asked_by__isnull=False)
    return did(
        request,
        lambda: actions.find_answer(actor=request.user, request=row, found=_chosen(request), now=clock.now()),
        _("Noted: answered without an analyst."),
        _back(row),
    )


@require_POST
@requires(Right.EDIT_ORGANISATION)
def request_decline(request: PageRequest, request_id: int) -> HttpResponse:
    """Say that a question will not be answered, and why."""
    row = get_object_or_404(DataRequest, pk=request_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return did(
        request,
        lambda: actions.decline_request(actor=request.user, request=row, reason=reason, now=clock.now()),
        _("Declined, with the reason."),
        _back(row),
    )
