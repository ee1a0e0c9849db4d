"""Consultations: the list, one to write and send, one that is open, its end."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion
from vertebra.analysis.privacy import in_steps
from vertebra.kit import clock, markdown
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer
from vertebra.org.queries.care import Areas
from vertebra.releases.actions import consultations as actions
from vertebra.releases.forms.consultations import AnswerForm, ConsultationForm, OutcomeForm, WordsForm
from vertebra.releases.labels.consultations import ASK_TONES, IMPACT_TONES, AskState
from vertebra.releases.models import ConsultationAsk, Release
from vertebra.releases.pages.consultation_frame import ask, found, led, proposed, state_of
from vertebra.releases.pages.frame import FORM_PAGE, written_in
from vertebra.releases.queries.consultation_links import is_by_hand, why_no_link
from vertebra.releases.queries.consultations import (
    ShownAsk,
    Subject,
    asks,
    concerned,
    hears,
    is_going_on,
    may_ask,
    may_lead,
    shown_asks,
    stamp_of,
)
from vertebra.roadmap.models import Initiative

# What is asked today is answered within a week, unless one says otherwise.
USUAL_TIME = dt.timedelta(days=7)


@require_GET
@requires(Right.READ)
def consultation_page(request: PageRequest, consultation_id: int) -> HttpResponseBase:
    """Show what is asked, of whom, what they answered, and what became of it."""
    return page_with(request, consultation_id)


def page_with(request: PageRequest, consultation_id: int, form: AnswerForm | None = None) -> HttpResponse:
    """The page of a consultation; with the answer that somebody typed, if it could not be taken."""
    row = found(consultation_id)
    now = clock.now()
    person = person_of(request.user)
    rows = list(asks().filter(consultation=row))
    mine = next((one for one in rows if person and one.person_id == person.pk), None)
    answered = [one for one in rows if one.state == AskState.ANSWERED]
    is_heard = hears(request.user, person, row, rows)
    said = discussion(request.user, Kind.CONSULTATION, row.pk, now)
    if not is_heard:
        # Who answered, and when, is as private as what they said.
        said = replace(said, history=[one for one in said.history if one.entry.verb != "answer"])
    is_open = row.closed_at is None
    can_answer = is_open and is_going_on(row) and mine is not None and mine.expires_at > now
    can_lead = may_lead(request.user, row) and is_open
    lines = [_line(one, now) for one in (shown_asks(rows, request.user, person) if is_heard else ())]
    context = {
        "row": row,
        "said": state_of(row),
        "is_open": is_open,
        "details": markdown.render(row.details) if row.details else "",
        "asks": lines,
        "by_hand": any(line["can_be_handed"] for line in lines),
        # Whoever holds a link answers in somebody's place, and reads their minutes: it goes through few hands.
        "can_hand": may(request.user, Right.PRODUCT_OPS),
        "is_heard": is_heard,
        "answered": len(answered) if is_heard else in_steps(len(answered)),
        "high": sum(one.answer.impact == "high" for one in answered),
        "mine": mine,
        "form": (form or AnswerForm(initial=answer_of(mine))) if can_answer else None,
        "seen": stamp_of(getattr(mine, "answer", None)),
        "is_going_on": is_going_on(row),
        "can_lead": can_lead,
        "discussion": said,
    }
    return render(request, "releases/consultation.html", context, status=422 if form else 200)


def _line(one: ShownAsk, now: dt.datetime) -> dict[str, Any]:
    """One champion who is asked, with how far it is in words, and whether a link may be made to hand over."""
    row, held = one.row, getattr(one.row, "answer", None)
    waits = pgettext("consultation", "waits for its link") if is_by_hand(row) else row.get_state_display()
    return {
        "shown": one,
        "said": waits,
        "tone": ASK_TONES[row.state],
        "impact_tone": IMPACT_TONES[held.impact] if held else "neutral",
        "can_be_handed": not why_no_link(row, now),
    }


def answer_of(row: Any) -> dict[str, Any]:
    """What somebody answered before, for the form to begin with."""
    held = getattr(row, "answer", None)
    return {name: getattr(held, name) for name in ("impact", "readiness", "words", "minutes")} if held else {}


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def consultation_create(request: PageRequest) -> HttpResponseBase:
    """Write what is asked, see who is proposed and why, and ask those who are ticked."""
    now = clock.now()
    release, initiative = _about(request)
    if not may_ask(request.user, release, initiative):
        raise PermissionDenied
    areas = Areas.as_of(clock.today(now))
    form = ConsultationForm(
        request.POST or None, areas=areas, initial=_initial(release, initiative, clock.today(now))
    )
    context: dict[str, Any] = {"form": form, "release": release, "initiative": initiative}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        subject = Subject(
            "\n".join((given["title"], given["details"])), given["area"], given["market"], release, initiative,
            given["functions"], written_in(),
        )  # fmt: skip
        context |= proposed(request, subject, ConsultationAsk.objects.none(), now)
        if "ask" in request.POST:
            names = ("title", "details", "questions", "due_on", "area", "market")
            wanted = actions.Wanted(
                language=written_in(), release=release, initiative=initiative, **{name: given[name] for name in names}
            )  # fmt: skip
            entry, why_not = ask(
                request,
                context["rows"],
                lambda people: actions.ask_champions(
                    actor=request.user, wanted=wanted, people=people, now=now
                )[1],
            )
            if entry is not None:
                return redirect("releases:consultation-show", entry.object_id)
            form.add_error(None, why_not)
    return render(request, "releases/consultation_form.html", context, status=422 if form.errors else 200)


def _about(request: PageRequest) -> tuple[Release | None, Initiative | None]:
    """The release or the initiative that the address names."""
    release, initiative = (whole_number(request.GET.get(name, "")) or 0 for name in ("release", "initiative"))
    rows = Release.objects.filter(archived_at=None).select_related("lead", "area")
    undone = Initiative.objects.filter(archived_at=None).select_related("lead")
    return (
        get_object_or_404(rows, pk=release) if release else None,
        get_object_or_404(undone, pk=initiative) if initiative else None,
    )


def _initial(release: Release | None, initiative: Initiative | None, day: dt.date) -> dict[str, Any]:
    """What is known already of what it is about."""
    initial: dict[str, Any] = {"due_on": day + USUAL_TIME}
    if release is not None:
        initial |= {"title": release.title, "details": release.summary, "area": release.area_id}
        markets = list(release.markets.values_list("market_id", flat=True)[:2])
        initial |= {"market": markets[0]} if len(markets) == 1 else {}
    elif initiative is not None:
        initial |= {"title": initiative.title, "details": initiative.description}
        places = list(concerned(initiative))
        initial["area"] = next((area for area, _market in places if area), None)
        initial["market"] = next((market for _area, market in places if market), None)
    return initial


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def consultation_people(request: PageRequest, consultation_id: int) -> HttpResponseBase:
    """Ask other champions the same."""
    row = led(request, consultation_id)
    now = clock.now()
    text = "\n".join((row.title, row.details))
    subject = Subject(text, row.area, row.market, row.release, row.initiative, (), row.language)
    context: dict[str, Any] = {"row": row, **proposed(request, subject, row.asks.all(), now)}
    if request.method == "POST" and "add" not in request.POST:
        entry, why_not = ask(
            request,
            context["rows"],
            lambda people: actions.ask_more_champions(
                actor=request.user, consultation=row, people=people, now=now
            ),
        )
        if entry is not None:
            return redirect("releases:consultation-show", row.pk)
        context["why_not"] = why_not
    return render(
        request, "releases/consultation_people.html", context, status=422 if "why_not" in context else 200
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def consultation_edit(request: PageRequest, consultation_id: int) -> HttpResponseBase:
    """Say better what is asked, or give more time."""
    row = led(request, consultation_id)
    names = ("title", "details", "questions", "due_on")
    back = reverse("releases:consultation-show", args=(row.pk,))
    wanted = Ask(
        form=WordsForm(request.POST or None, initial={name: getattr(row, name) for name in names}),
        act=lambda given: actions.change_consultation(
            actor=request.user, consultation=row, changes=given, now=clock.now()
        ),
        heading=_("Change what is asked"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=back,
        back=lambda _entry: back,
        intro=_("With more time, those who had not answered are waited for again; nobody is reminded twice."),
        template=FORM_PAGE,
    )
    return answer(request, wanted, consultation=row, is_whole=True)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def consultation_closing(request: PageRequest, consultation_id: int) -> HttpResponseBase:
    """Say what became of it: those who answered are told."""
    row = led(request, consultation_id)
    back = reverse("releases:consultation-show", args=(row.pk,))
    wanted = Ask(
        form=OutcomeForm(request.POST or None),
        act=lambda given: actions.close_consultation(
            actor=request.user, consultation=row, outcome=given["outcome"], now=clock.now()
        ),
        heading=_("What became of it?"),
        submit=_("Close it and tell them"),
        done=_("%(name)s is closed. Those who answered read what became of it."),
        cancel_url=back,
        back=lambda _entry: back,
        template=FORM_PAGE,
    )
    return answer(request, wanted, consultation=row)
