"""Pages of help: asking in one line, the list, each request, and the load they make."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.discovery.actions import help_requests as actions
from vertebra.discovery.actions.help_news import event_of, planned_for, said_plan
from vertebra.discovery.forms.help_requests import AskForm
from vertebra.discovery.labels import HELP_TONES, HelpForm, HelpState
from vertebra.discovery.models import HelpRequest
from vertebra.discovery.queries.help_requests import OPEN, is_overdue, load, requests, unit_of
from vertebra.kit import clock, markdown
from vertebra.kit.calendars import calendar_file
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import Names, language_now
from vertebra.org.pages.frame import Ask, answer, base
from vertebra.org.queries.structure import Structure

MOST_CHOICES = 60
FORM_PAGE = "discovery/help_request_form.html"
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def request_list(request: PageRequest) -> HttpResponseBase:
    """Everything that was asked of Product Ops, the latest first."""
    now = clock.now()
    day = clock.today(now)
    names = Names(day)
    views = saved_views(request.user, "help-requests", request.get_full_path())
    listing = _list_of(request, names, day).read(request, requests(), saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = HELP_TONES[row.state]
        row.unit_name = names.units.get(row.unit_id, "") if row.unit_id else ""
        row.is_late = is_late(row, day)
    context = {"listing": listing, "load": load(now), "help_base": base("discovery:help-request-show")}
    return render(request, "discovery/help_request_list.html", context)


def is_late(row: HelpRequest, day: dt.date) -> bool:
    """Whether it was to be handed back before that day, and was not."""
    is_over = row.form == HelpForm.TAKEN_OVER and row.state == HelpState.ACCEPTED
    return is_over and row.hand_back_on is not None and row.hand_back_on < day


def _list_of(request: PageRequest, names: Names, day: dt.date) -> ListOf:
    def searched(rows: Rows, text: str) -> Rows:
        return rows.filter(sentence__icontains=text)

    return ListOf(
        page="help-requests",
        file_name="help-requests",
        columns=_columns(names),
        filters=_filters(request, day),
        search=searched,
        sort="-asked",
    )


def _columns(names: Names) -> list[Column]:
    def unit_name(row: Any) -> str:
        return names.units.get(row.unit_id, "") if row.unit_id else ""

    def named(relation: str) -> Callable[[Any], str]:
        return lambda row: one.name if (one := getattr(row, relation)) else ""

    def hours(row: Any) -> object:
        return "" if row.hours is None else row.hours

    return [
        Column("sentence", gettext_lazy("What is needed"), lambda row: row.sentence),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
        Column("unit", gettext_lazy("For"), unit_name),
        Column("asked_by", gettext_lazy("Asked by"), named("asked_by")),
        Column(
            "asked",
            pgettext_lazy("help request", "Asked"),
            lambda row: clock.today(row.asked_at),
            sort="asked_at",
        ),
        Column("helper", gettext_lazy("Taken by"), named("helper")),
        Column("form", gettext_lazy("Form"), lambda row: row.get_form_display() if row.form else ""),
        Column("hand_back", gettext_lazy("Goes back on"), lambda row: row.hand_back_on or ""),
        Column("hours", gettext_lazy("Hours"), hours, sort="hours_or_0", is_numeric=True, is_optional=True),
        Column("carried_on_by", gettext_lazy("Carried on by"), named("carried_on_by"), is_optional=True),
    ]


def _filters(request: PageRequest, day: dt.date) -> list[Filter]:
    structure = Structure.as_of(day, with_members=False)
    parents = [node for node in structure.all() if node.children and node.depth < 4][:MOST_CHOICES]

    def stands(rows: Rows, value: str) -> Rows:
        if value == "waits":
            return rows.filter(state__in=OPEN)
        return rows.filter(is_overdue(day)) if value == "overdue" else rows.filter(state=value)

    def inside(rows: Rows, value: str) -> Rows:
        return rows.filter(unit__in=structure.under(int(value)))

    def taken(rows: Rows, value: str) -> Rows:
        return rows.filter(helper__user=request.user) if value == "me" else rows.filter(helper=None)

    def asked(rows: Rows, _value: str) -> Rows:
        return rows.filter(asked_by=request.user)

    states = [
        ("waits", gettext_lazy("asked or under way")),
        *HelpState.choices,
        ("overdue", gettext_lazy("past its day of return")),
    ]
    people = [("me", gettext_lazy("me")), ("nobody", pgettext_lazy("help request", "nobody"))]
    return [
        Filter("state", gettext_lazy("State"), stands, lambda: states),
        Filter("inside", gettext_lazy("For"), inside, lambda: [(str(n.id), n.name) for n in parents]),
        Filter("form", gettext_lazy("Form"), lambda rows, v: rows.filter(form=v), lambda: HelpForm.choices),
        Filter("helper", gettext_lazy("Taken by"), taken, lambda: people),
        Filter("asked_by", gettext_lazy("Asked by"), asked, lambda: people[:1]),
        Filter(
            "since",
            gettext_lazy("Asked since"),
            lambda rows, value: rows.filter(asked_at__date__gte=value),
            kind="date",
        ),
    ]


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def request_create(request: PageRequest) -> HttpResponseBase:
    """Ask Product Ops for help in one line; the team is guessed from who asks."""
    now = clock.now()
    day = clock.today(now)
    structure = Structure.as_of(day, with_members=False)
    wanted = request.GET.get("unit", "")
    unit = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else unit_of(request.user, day)
    unit = unit if unit in structure.nodes else None
    initial = {"sentence": request.GET.get("sentence", "")[:500], "unit": unit}
    form = AskForm(request.POST or None, structure=structure, initial=initial)
    ask = Ask(
        form=form,
        act=lambda given: actions.ask_for_help(
            actor=request.user,
            sentence=given["sentence"],
            language=language_now(),
            unit=given["unit"],
            now=now,
        ),
        heading=_("Ask Product Ops for help"),
        submit=_("Ask for help"),
        done=_("Asked. You will hear of each step."),
        cancel_url=reverse("discovery:help-request-list"),
        back=lambda entry: reverse("discovery:help-request-show", args=(entry.object_id,)),
        intro=_("One line is enough. Somebody of Product Ops takes it on, or says why not."),
        template=FORM_PAGE,
    )
    guessed = structure.get(unit)
    return answer(request, ask, draft="help-request", guessed=guessed.name if guessed else "")


@require_GET
@requires(Right.READ)
def request_page(request: PageRequest, request_id: int) -> HttpResponse:
    """One request: who asked, what is planned, what came of it, who carries on."""
    asked = get_object_or_404(requests(), pk=request_id)
    now = clock.now()
    day = clock.today(now)
    unit = Structure.as_of(day, with_members=False).get(asked.unit_id)
    is_ops = may(request.user, Right.PRODUCT_OPS)
    return render(
        request,
        "discovery/help_request.html",
        {
            "asked": asked,
            "unit": unit,
            "tone": HELP_TONES[asked.state],
            "is_open": asked.state in OPEN,
            "is_over": asked.form == HelpForm.TAKEN_OVER,
            "is_late": is_late(asked, day),
            "plan": said_plan(asked),
            "is_planned": planned_for(asked) is not None,
            "outcome": markdown.render(asked.outcome),
            "may_work": is_ops,
            "may_say": is_ops or asked.asked_by_id == request.user.pk,
            "discussion": discussion(request.user, Kind.HELP_REQUEST, asked.pk, now),
            "now": now,
        },
    )


@require_GET
@requires(Right.READ)
def request_calendar(request: PageRequest, request_id: int) -> HttpResponse:
    """The session or workshop that is planned, for one's own calendar."""
    asked = get_object_or_404(requests(), pk=request_id)
    when = planned_for(asked)
    if when is None:
        raise Http404
    organiser = asked.helper.user if asked.helper else None
    made = event_of(asked, when, "PUBLISH", organiser=organiser, guest=None, now=asked.changed_at)
    response = HttpResponse(calendar_file(made), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vertebra.ics"'
    return response


@require_GET
@requires(Right.READ)
def load_page(request: PageRequest) -> HttpResponse:
    """What help asks of Product Ops, month by month."""
    found = load(clock.now())
    most = float(found.most_hours) or 1.0
    bars = [
        {"month": month, "x": at * 40, "height": round(float(month.hours) / most * 100)}
        for at, month in enumerate(found.months)
    ]
    for bar in bars:
        bar["y"] = 110 - int(str(bar["height"]))
    return render(request, "discovery/help_load.html", {"load": found, "bars": bars})
