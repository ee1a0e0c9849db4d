"""Pages of stances: who is for and against, by team; one subject with its movement. For Product Ops alone."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import card_of, cards_of
from vertebra.discovery.actions.stances import SUBJECTS, note_stance, take_back_stance
from vertebra.discovery.forms.stances import StanceForm
from vertebra.discovery.labels import STANCE_TONES, StanceLevel
from vertebra.discovery.models import Stance
from vertebra.discovery.queries.stances import latest, movement
from vertebra.kit import clock
from vertebra.kit.cards import Card
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import parent_units
from vertebra.org.pages.frame import base
from vertebra.org.queries.structure import Structure

SINCE = dt.timedelta(days=91)
MOST_CHOICES = 80
MOST_TOLD = 200
Rows = QuerySet[Stance]


@require_GET
@requires(Right.PRODUCT_OPS)
def stance_list(request: PageRequest) -> HttpResponseBase:
    """How teams stand now towards what we work on; notes on people are on the page of their subject only."""
    day = clock.today()
    structure = Structure.as_of(day, with_members=False)
    listing = _list_of(structure).read(request, latest(Stance.objects.filter(unit__isnull=False)))
    if listing.export:
        return listing.export
    cards = _cards(request, listing.rows)
    # A team that is no more keeps its latest name.
    teams = cards_of(request.user, Kind.UNIT, sorted({row.unit_id for row in listing.rows}))
    for row in listing.rows:
        row.team = teams[row.unit_id].title if row.unit_id in teams else "—"
        row.card = cards.get((row.kind, row.object_id))
        row.tone = STANCE_TONES[row.level]
    context = {"listing": listing, "levels": StanceLevel, "unit_base": base("org:unit-show")}
    return render(request, "discovery/stance_list.html", context)


def _cards(request: PageRequest, rows: list[Stance]) -> dict[tuple[str, int], Card]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.kind].add(row.object_id)
    return {
        (kind, pk): card
        for kind, ids in wanted.items()
        for pk, card in cards_of(request.user, kind, sorted(ids)).items()
    }


def _list_of(structure: Structure) -> ListOf:
    units = parent_units(structure.day, MOST_CHOICES)

    def name(row: Stance) -> str:
        node = structure.get(row.unit_id)
        return node.name if node else ""

    def in_unit(rows: Rows, value: str) -> Rows:
        return rows.filter(unit__in=structure.under(int(value)))

    return ListOf(
        page="stances",
        file_name="stances-of-teams",
        columns=[
            Column("team", gettext_lazy("Team"), name),
            Column("level", gettext_lazy("Stance"), lambda row: row.get_level_display(), sort="level"),
            Column("kind", gettext_lazy("Towards"), lambda row: row.get_kind_display(), sort="kind"),
            Column("on", gettext_lazy("Noted on"), lambda row: row.noted_on, sort="noted_on"),
            Column("note", gettext_lazy("What we heard"), lambda row: row.note),
        ],
        filters=[
            Filter(
                "level", gettext_lazy("Stance"), lambda rows, value: rows.filter(level=value),
                lambda: [(str(one.value), one.label) for one in StanceLevel],
            ),
            Filter(
                "kind", gettext_lazy("Towards"), lambda rows, value: rows.filter(kind=value),
                lambda: [(kind.value, kind.label) for kind in SUBJECTS],
            ),
            Filter("unit", gettext_lazy("Inside"), in_unit, lambda: units),
        ],
        sort="-on",
    )  # fmt: skip


@requires(Right.PRODUCT_OPS)
def subject_page(request: PageRequest, kind: str, object_id: int) -> HttpResponseBase:
    """One subject: how each stands, how that moved by groups of five and more, and noting how somebody stands."""
    card = card_of(request.user, kind, object_id) if kind in Kind.values and Kind(kind) in SUBJECTS else None
    if card is None:
        raise Http404
    now = clock.now()
    day = clock.today(now)
    structure = Structure.as_of(day, with_members=False)
    form = StanceForm(request.POST if request.method == "POST" else None, structure=structure)
    if request.method == "POST" and form.is_valid():
        return _note(request, card, form, now)
    rows = list(Stance.objects.filter(kind=kind, object_id=object_id).select_related("person", "noted_by"))
    holders = _holders(rows, structure)
    levels = [one["now"].level for one in holders]
    context = {
        "card": card,
        "form": form,
        "holders": holders,
        "favour": sum(1 for level in levels if level > 0),
        "doubt": sum(1 for level in levels if level < 0),
        "movement": movement(rows, day, day - SINCE),
        "since": day - SINCE,
        "now": now,
    }
    return render(request, "discovery/stance_subject.html", context, status=422 if form.errors else 200)


def _note(request: PageRequest, card: Card, form: StanceForm, now: dt.datetime) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        entry = note_stance(
            actor=request.user,
            subject=card,
            level=cleaned["level"],
            unit=cleaned["unit"],
            person=cleaned["person"],
            note=cleaned["note"],
            now=now,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."), extra_tags=f"undo:{entry.pk}")
    return redirect("discovery:stance-subject", card.kind, card.id)


def _holders(rows: list[Stance], structure: Structure) -> list[dict[str, Any]]:
    """Each team and person with how they stand, the latest first of each, and what was noted before."""
    by_holder: dict[tuple[int | None, int | None], list[Stance]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.noted_on, row.pk), reverse=True):
        if row.unit_id or row.person_id:
            by_holder[row.unit_id, row.person_id].append(row)
    found = []
    for (unit, _person), noted in list(by_holder.items())[:MOST_TOLD]:
        node = structure.get(unit)
        name = noted[0].person.name if noted[0].person else node.name if node else "—"
        tone = STANCE_TONES[noted[0].level]
        found.append({"name": name, "now": noted[0], "before": noted[1:], "tone": tone, "unit_id": unit})
    return sorted(found, key=lambda one: (one["now"].level, one["name"]))


@require_POST
@requires(Right.PRODUCT_OPS)
def stance_removal(request: PageRequest, stance_id: int) -> HttpResponse:
    """Remove what was noted by mistake."""
    stance = get_object_or_404(Stance, pk=stance_id)
    back = reverse("discovery:stance-subject", args=[stance.kind, stance.object_id])
    take_back_stance(actor=request.user, stance=stance, now=clock.now())
    messages.success(request, _("Removed: nothing of it is kept."))
    return redirect(back)
