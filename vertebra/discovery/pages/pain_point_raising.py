"""Raising a pain point from whatever shows it, in one gesture; merging two that say the same; splitting one."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import card_of
from vertebra.discovery.actions.pain_merges import merge_pain_points, split_pain_point
from vertebra.discovery.actions.pain_points import EvidenceDraft, Group, raise_pain_point, tie_evidence
from vertebra.discovery.forms.pain_points import OtherForm, RaiseForm, SplitForm, written
from vertebra.discovery.labels import PAIN_TONES
from vertebra.discovery.models import Diagnosis, HelpRequest, PainPoint, Verbatim
from vertebra.discovery.pages.pain_point import EVIDENCE, with_cards
from vertebra.discovery.queries.pain_points import alike, current
from vertebra.discovery.queries.pain_words import Shown, ids_of
from vertebra.discovery.queries.sides import live, with_voices
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Incident, Survey
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import language_now, person_of, title_of
from vertebra.org.models import EmptySpace, Gap

MOST_SUGGESTED = 20


@dataclass(frozen=True, slots=True)
class Shows:
    """What shows that something hurts: in words, as evidence, and whom it touches when the thing itself says so."""

    words: str
    url: str
    draft: EvidenceDraft
    title: str = ""
    groups: tuple[Group, ...] = ()


def shown_by(request: PageRequest, kind: str, object_id: int, why: str = "") -> Shows:
    """What the address names as evidence, if the reader may open it."""
    day = clock.today()
    if kind == Kind.VERBATIM:
        said = get_object_or_404(Verbatim.objects.filter(withdrawn_at__isnull=True), pk=object_id)
        return Shows(said.text, "", EvidenceDraft(verbatim=said, why=why))
    card = card_of(request.user, kind, object_id)
    if kind not in _READERS or card is None:
        raise Http404
    values, title, groups = _READERS[kind](object_id, day)
    draft = EvidenceDraft(kind=kind, object_id=object_id, why=why, **values)
    return Shows(card.title, card.url, draft, title or card.title, groups)


Read = tuple[dict[str, Any], str, tuple[Group, ...]]


def _from_space(pk: int, day: dt.date) -> Read:
    space = get_object_or_404(
        EmptySpace.objects.prefetch_related("neighbours"), pk=pk, archived_at__isnull=True
    )
    units = sorted({row.unit_id for row in space.neighbours.all() if row.unit_id})
    return {"seen_on": day}, title_of(space)[:200], tuple(Group("", unit) for unit in units)


def _from_gap(pk: int, day: dt.date) -> Read:
    gap = get_object_or_404(Gap.objects.select_related("unit"), pk=pk)
    return {"seen_on": day, "unit": gap.unit}, "", ()


def _from_request(pk: int, day: dt.date) -> Read:
    asked = get_object_or_404(HelpRequest.objects.select_related("unit", "asked_by"), pk=pk)
    person = person_of(asked.asked_by) if asked.asked_by else None
    seen = {"seen_on": clock.today(asked.asked_at), "unit": asked.unit, "person": person}
    return seen, asked.sentence[:200], ()


def _from_survey(pk: int, day: dt.date) -> Read:
    survey = get_object_or_404(Survey, pk=pk, state=SurveyState.CLOSED)
    return {"seen_on": clock.today(survey.closed_at) if survey.closed_at else day}, "", ()


def _from_diagnosis(pk: int, day: dt.date) -> Read:
    diagnosis = get_object_or_404(Diagnosis, pk=pk, archived_at__isnull=True)
    return {"seen_on": diagnosis.done_on or diagnosis.started_on}, "", ()


def _from_incident(pk: int, day: dt.date) -> Read:
    incident = get_object_or_404(Incident.objects.select_related("of_unit"), pk=pk, archived_at__isnull=True)
    return {"seen_on": clock.today(incident.started_at), "unit": incident.of_unit}, "", ()


_READERS: dict[str, Callable[[int, dt.date], Read]] = {
    Kind.EMPTY_SPACE: _from_space,
    Kind.GAP: _from_gap,
    Kind.HELP_REQUEST: _from_request,
    Kind.SURVEY: _from_survey,
    Kind.DIAGNOSIS: _from_diagnosis,
    Kind.INCIDENT: _from_incident,
}


@requires(Right.PRODUCT_OPS)
def pain_point_create(request: PageRequest) -> HttpResponse:
    """Raise a pain point from what shows it, or tie that to one that says the same."""
    kind = str(request.GET.get("kind", ""))
    [*number] = ids_of([str(request.GET.get("id", ""))])
    if not kind or not number:
        return render(request, "discovery/pain_point_create.html", {"shows": None})
    posted = request.POST if request.method == "POST" else None
    shows = shown_by(request, kind, number[0], str(request.POST.get("why", ""))[:500])
    proposed = str(request.GET.get("title", ""))[:200] or shows.title
    field = next(iter(ids_of([str(request.GET.get("field", ""))])), None)
    form = RaiseForm(posted, initial={"title": proposed, "field": field})
    near = _alike(str(request.POST.get("title", "")) or proposed)
    if posted is not None:
        if chosen := ids_of([str(posted.get("same_as", ""))]):
            return _tie(request, get_object_or_404(current(), pk=chosen[0]), shows)
        if form.is_valid():
            try:
                return _raise(request, form, shows)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "shows": shows, "alike": near, "kind": kind, "tones": PAIN_TONES}
    return render(request, "discovery/pain_point_create.html", context, status=422 if form.errors else 200)


def _raise(request: PageRequest, form: RaiseForm, shows: Shows) -> HttpResponse:
    cleaned = form.cleaned_data
    row = raise_pain_point(
        actor=request.user,
        title=cleaned["title"],
        language=shows.draft.verbatim.language if shows.draft.verbatim else language_now(),
        evidence=[shows.draft],
        severity=cleaned["severity"],
        field=cleaned["field"],
        groups=shows.groups,
        now=clock.now(),
    )
    return _said(
        request, row, _("Raised. Whom it hurts was read from what shows it: look whether that is right.")
    )


def _tie(request: PageRequest, row: PainPoint, shows: Shows) -> HttpResponse:
    try:
        tie_evidence(actor=request.user, pain_point=row, draft=shows.draft, now=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
        return redirect("discovery:pain-point-show", row.pk)
    return _said(request, row, _("Tied to this pain point."))


def _said(request: PageRequest, row: PainPoint, text: str) -> HttpResponse:
    """Go to the pain point with a way to take back what was just done."""
    entry = AuditEntry.objects.filter(kind=Kind.PAIN_POINT, object_id=row.pk).latest("pk")
    messages.success(request, text, extra_tags=f"undo:{entry.pk}")
    return redirect("discovery:pain-point-show", row.pk)


def _alike(title: str, but: PainPoint | None = None, limit: int = 5) -> list[PainPoint]:
    rows = current().only("title", "state", "people_count", "language")
    return alike(title, rows.exclude(pk=but.pk) if but else rows, limit)


@require_GET
@requires(Right.PRODUCT_OPS)
def alike_part(request: PageRequest) -> HttpResponse:
    """Pain points said in like words, while somebody writes."""
    context = {"alike": _alike(str(request.GET.get("title", ""))[:200]), "tones": PAIN_TONES}
    return render(request, "discovery/pain_point_create.html#alike", context)


@require_GET
@requires(Right.PRODUCT_OPS)
def suggestions(request: PageRequest) -> HttpResponse:
    """Pain points whose title holds what somebody types; the largest before anything is typed."""
    typed = fold(str(next(iter(request.GET.values()), ""))[:100])
    rows = current().only("title").order_by("-people_count", "-pk")
    found = [row for row in rows if typed in fold(row.title)] if typed else list(rows[:MOST_SUGGESTED])
    found.sort(key=lambda row: not fold(row.title).startswith(typed))
    return render(request, "org/options.html", {"options": [written(row) for row in found[:MOST_SUGGESTED]]})


@requires(Right.PRODUCT_OPS)
def merge_page(request: PageRequest, pain_point_id: int) -> HttpResponse:
    """Merge another pain point into this one, chosen among those said in like words or by its title."""
    row = get_object_or_404(current(), pk=pain_point_id)
    chosen = ids_of([str(request.POST.get("duplicate", ""))])
    form = OtherForm(request.POST if request.method == "POST" and not chosen else None)
    if request.method == "POST":
        duplicate = current().filter(pk__in=chosen).first()
        if not chosen and form.is_valid():
            duplicate = form.cleaned_data["other"]
        if duplicate is not None:
            try:
                merge_pain_points(actor=request.user, kept=row, duplicate=duplicate, now=clock.now())
            except Refusal as refusal:
                messages.error(request, str(refusal))
                return redirect("discovery:pain-point-merge", row.pk)
            return _said(request, row, _("Merged: evidence, quick wins and followers came along."))
    choices = [
        Shown(request.user, one)
        for one in current().filter(pk__in=[near.pk for near in _alike(row.title, row, 12)])
    ]
    context = {"row": row, "choices": choices, "form": form}
    return render(request, "discovery/pain_point_merge.html", context, status=422 if form.errors else 200)


@requires(Right.PRODUCT_OPS)
def split_page(request: PageRequest, pain_point_id: int) -> HttpResponse:
    """Make a pain point of its own from some of the evidence."""
    row = get_object_or_404(current(), pk=pain_point_id)
    form = SplitForm(request.POST if request.method == "POST" else None)
    picked = ids_of(request.POST.getlist("evidence"))
    if request.method == "POST" and form.is_valid():
        try:
            split_pain_point(
                actor=request.user,
                pain_point=row,
                title=form.cleaned_data["title"],
                evidence=list(live([row.pk]).filter(pk__in=picked)),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return _said(request, row, _("Split: both keep their evidence."))
    listing = replace(EVIDENCE, page_size=100).read(
        request, live([row.pk]).select_related("verbatim__interview")
    )
    evidence = with_cards(request, with_voices(listing.rows, clock.today()))
    context = {"row": row, "form": form, "listing": listing, "evidence": evidence, "picked": set(picked)}
    return render(request, "discovery/pain_point_split.html", context, status=422 if form.errors else 200)
