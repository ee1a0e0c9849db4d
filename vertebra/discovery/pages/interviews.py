"""Conversations: the list, starting one now, moving, cancelling, agreement, closing."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.accounts.together import saved_views
from vertebra.discovery.actions import interviews as actions
from vertebra.discovery.actions import plans
from vertebra.discovery.forms.interviews import CloseForm, StartForm
from vertebra.discovery.forms.invitations import DateForm
from vertebra.discovery.labels import INTERVIEW_WORDS, Consent, InterviewState
from vertebra.discovery.models import Campaign, Interview
from vertebra.discovery.queries.conversations import conversations, named, since
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import parent_units
from vertebra.org.labels import Function
from vertebra.org.pages.frame import do
from vertebra.org.queries.structure import Structure

TONES = {"planned": "accent", "under_way": "attention", "held": "good", "cancelled": "neutral"}
CONSENT_TONES = {"unasked": "neutral", "given": "good", "notes_only": "attention", "withdrawn": "neutral"}
MOST_CHOICES = 60


def of_interview(view: Callable[..., HttpResponseBase]) -> View:
    """A page of one conversation; Product Ops alone opens it."""

    @wraps(view)
    def opened(request: PageRequest, interview_id: int, **kwargs: Any) -> HttpResponseBase:
        found = Interview.objects.select_related("person", "campaign", "guide", "interviewer", "notes_by")
        response = view(request, get_object_or_404(found, pk=interview_id), **kwargs)
        # Notes stay out of every cache, the browser's own included.
        add_never_cache_headers(response)
        return response

    return requires(Right.PRODUCT_OPS)(opened)


def who_of(interview: Interview) -> str:
    """Who was heard, by name, or by what they do when they are not in the directory."""
    if interview.person:
        return interview.person.name
    function = str(Function(interview.function).label) if interview.function else ""
    return _("Somebody of %(function)s") % {"function": function} if function else _("Somebody")


@requires(Right.PRODUCT_OPS)
def interview_list(request: PageRequest) -> HttpResponseBase:
    """Every conversation, the latest first."""
    now = clock.now()
    day = clock.today(now)
    structure = Structure.as_of(day, with_members=False)
    views = saved_views(request.user, "interviews", request.get_full_path())
    listing = _list_of(structure, now).read(request, conversations(), saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.who = who_of(row)
        row.unit_node = structure.get(row.unit_id)
        state = row.state_at(now)
        row.words, row.tone = INTERVIEW_WORDS[state], TONES[state]
        row.consent_tone = CONSENT_TONES[row.consent]
    context = {
        "listing": listing,
        "counts": _counts(),
        "has_function": {row.pk for row in listing.rows if row.function},
    }
    response = render(request, "discovery/interview_list.html", context)
    add_never_cache_headers(response)
    return response


def _counts() -> dict[str, int]:
    held = Q(state=InterviewState.HELD)
    return Interview.objects.filter(archived_at=None).aggregate(
        held=Count("pk", filter=held),
        to_come=Count("pk", filter=Q(state=InterviewState.PLANNED)),
        unasked=Count("pk", filter=held & Q(consent=Consent.UNASKED)),
    )


def _list_of(structure: Structure, now: dt.datetime) -> ListOf:
    def unit_name(row: Interview) -> str:
        node = structure.get(row.unit_id)
        return node.name if node else ""

    columns = [
        Column("who", gettext_lazy("With whom"), who_of),
        Column("function", gettext_lazy("Function"), lambda row: row.get_function_display()),
        Column("unit", gettext_lazy("Unit"), unit_name),
        Column("state", gettext_lazy("State"), lambda row: INTERVIEW_WORDS[row.state_at(now)]),
        Column("when", gettext_lazy("When"), lambda row: row.moment, sort="moment"),
        Column("consent", gettext_lazy("Agreement"), lambda row: row.get_consent_display()),
        Column("marks", gettext_lazy("Verbatims"), lambda row: row.marks, sort="marks", is_numeric=True),
        Column("campaign", gettext_lazy("Campaign"), lambda row: row.campaign.title if row.campaign else ""),
        Column(
            "interviewer",
            gettext_lazy("Who listens"),
            lambda row: row.interviewer.name if row.interviewer else "",
            is_optional=True,
        ),
    ]
    return ListOf(
        page="interviews",
        file_name="interviews",
        columns=columns,
        filters=_filters(structure, clock.today(now)),
        search=named,
        sort="-when",
    )


def _filters(structure: Structure, day: dt.date) -> list[Filter]:
    campaigns = Campaign.objects.filter(archived_at=None).order_by("-pk")[:MOST_CHOICES]
    chosen = [(str(pk), title) for pk, title in campaigns.values_list("pk", "title")]
    units = parent_units(day, MOST_CHOICES)

    def inside(rows: Any, value: str) -> Any:
        return rows.filter(unit__in=structure.under(int(value)))

    return [
        Filter("state", gettext_lazy("State"), _by("state"), lambda: InterviewState.choices),
        Filter("function", gettext_lazy("Function"), _by("function"), lambda: Function.choices),
        Filter("unit", gettext_lazy("Unit"), inside, lambda: units),
        Filter("campaign", gettext_lazy("Campaign"), _by("campaign"), lambda: chosen),
        Filter("consent", gettext_lazy("Agreement"), _by("consent"), lambda: Consent.choices),
        Filter(
            "since", pgettext_lazy("a period", "From"), lambda rows, value: since(rows, value), kind="date"
        ),
        Filter(
            "until",
            pgettext_lazy("a period", "Until"),
            lambda rows, value: since(rows, value, until=True),
            kind="date",
        ),
    ]


def _by(name: str) -> Callable[[Any, str], Any]:
    return lambda rows, value: rows.filter(**{name: value})


@requires(Right.PRODUCT_OPS)
@require_http_methods(["GET", "POST"])
def interview_start(request: PageRequest) -> HttpResponseBase:
    """Begin a conversation in one step: a name, and the room opens."""
    now = clock.now()
    day = clock.today(now)
    initial = {name: request.GET.get(name) for name in ("person", "campaign", "function")}
    form = StartForm(request.POST if request.method == "POST" else None, day=day, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            interview = actions.start_interview(
                actor=request.user,
                person=given["person"],
                function=given["function"],
                unit=given["unit"],
                campaign=given["campaign"],
                guide=given["guide"],
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(reverse("discovery:interview-show", args=(interview.pk,)))
    context = {
        "form": form,
        "heading": _("Start a conversation now"),
        "intro": _("A name is enough: their function, their unit and the guide follow from the directory."),
        "part": _("Interviews"),
        "part_url": reverse("discovery:interview-list"),
        "submit_label": _("Open the room"),
        "cancel_url": reverse("discovery:interview-list"),
    }
    return render(request, "discovery/listen_form.html", context, status=422 if form.errors else 200)


@of_interview
@require_http_methods(["GET", "POST"])
def interview_move(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """Give a planned conversation another moment, length or place."""
    back = reverse("discovery:interview-show", args=(interview.pk,))
    initial = {"at": interview.starts_at, "minutes": interview.minutes, "place": interview.place}
    form = DateForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            plans.move_interview(
                actor=request.user,
                interview=interview,
                starts_at=given["at"],
                minutes=given["minutes"],
                place=given["place"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The date is set."))
            return HttpResponseRedirect(back)
    context = {
        "form": form,
        "heading": _("Another moment"),
        "intro": _("Whoever was told of the date is told of the new one by mail."),
        "part": who_of(interview),
        "part_url": back,
        "cancel_url": back,
    }
    return render(request, "discovery/listen_form.html", context, status=422 if form.errors else 200)


@require_POST
@of_interview
def interview_cancellation(request: PageRequest, interview: Interview) -> HttpResponse:
    """Give up a planned conversation."""
    return do(
        request,
        lambda: plans.cancel_interview(actor=request.user, interview=interview, now=clock.now()),
        _("The conversation is cancelled."),
        reverse("discovery:interview-list"),
    )


@require_POST
@of_interview
def interview_consent(request: PageRequest, interview: Interview) -> HttpResponse:
    """Note in one press what they agreed to."""
    consent = str(request.POST.get("consent", ""))
    said = {
        Consent.GIVEN: _("Noted: they agree to be quoted without their name."),
        Consent.NOTES_ONLY: _("Noted: notes only, nothing is quoted."),
    }
    return do(
        request,
        lambda: actions.record_consent(
            actor=request.user, interview=interview, consent=consent, now=clock.now()
        ),
        said.get(Consent(consent), "") if consent in Consent.values else "",
        reverse("discovery:interview-show", args=(interview.pk,)),
    )


@require_POST
@of_interview
def interview_closing(request: PageRequest, interview: Interview) -> HttpResponse:
    """End the conversation, and read it again."""
    form = CloseForm(request.POST)
    here = reverse("discovery:interview-show", args=(interview.pk,))
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return HttpResponseRedirect(f"{here}#close")
    given = form.cleaned_data
    close = actions.Close(given["most_painful"], given["next_step"], given["thanks"])
    try:
        actions.hold_interview(actor=request.user, interview=interview, close=close, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(here)
    messages.success(request, _("The conversation is closed. Read it again, and mark what counts."))
    return HttpResponseRedirect(reverse("discovery:interview-reading", args=(interview.pk,)))


@require_POST
@of_interview
def interview_withdrawal(request: PageRequest, interview: Interview) -> HttpResponse:
    """Take back the agreement for whoever was heard, who asked for it."""
    here = reverse("discovery:interview-show", args=(interview.pk,))
    try:
        actions.withdraw_consent(actor=request.user, interview=interview, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Their words are shown nowhere any more, and count no more."))
    return HttpResponseRedirect(here)
