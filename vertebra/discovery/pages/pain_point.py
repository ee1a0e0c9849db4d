"""The page of a pain point: what it costs, whom it hurts, how many say so, on which sides; and the words themselves."""

import dataclasses
import datetime as dt
from itertools import islice
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.queries import HistoryItem
from vertebra.accounts.together import cards_of, discussion
from vertebra.discovery.forms.pain_points import GroupForm, ParentForm
from vertebra.discovery.labels import COST_WORDS, PAIN_SETTLED, PainState, Severity
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.hurting import groups_of, said
from vertebra.discovery.queries.pain_points import known_groups, open_to
from vertebra.discovery.queries.pain_words import Shown
from vertebra.discovery.queries.re_asks import askings, latest_read, question_of
from vertebra.discovery.queries.sides import (
    TOLD,
    Said,
    Side,
    live,
    quarters_of,
    said_by,
    sides_of,
    spoken_of,
    with_voices,
)
from vertebra.kit import clock, markdown
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.labels import Function
from vertebra.org.models import Field
from vertebra.org.queries.structure import Structure

# Each piece of evidence would be a line of its own: the page shows them better.
UNTOLD = ("link", "unlink")
WHYS = {
    "evidence": _("something new shows that it still hurts"),
    "re_ask": _("those it hurts say that it still costs as much"),
}


@require_GET
@requires(Right.READ)
def pain_point_page(request: PageRequest, pain_point_id: int) -> HttpResponse:
    """One pain point, as far as the reader may know it."""
    row = _found(request, pain_point_id)
    if row.merged_into_id:
        return redirect("discovery:pain-point-show", row.merged_into_id)
    now = clock.now()
    day = clock.today(now)
    is_ops = may(request.user, Right.PRODUCT_OPS)
    structure = Structure.as_of(day, with_members=False)
    groups = known_groups(request.user, row)
    asked = askings(row.re_asks.select_related("survey")) if row.state != PainState.RAISED or is_ops else []
    talk = discussion(request.user, Kind.PAIN_POINT, row.pk, now)
    children = list(open_to(request.user).filter(parent=row).order_by("-people_count", "pk")[:50])
    children = children if is_ops else sorted(children, key=lambda child: child.title)
    return render(
        request,
        "discovery/pain_point.html",
        {
            "row": row,
            "shown": Shown(request.user, row),
            "description": markdown.render(row.description) if row.description else "",
            "discussion": dataclasses.replace(talk, history=_history(talk.history)),
            "groups": [{"row": one, "words": said(groups_of([one])[0], structure)} for one in groups],
            "question": question_of(row),
            "asked": asked,
            "points": _points(asked),
            "latest": latest_read(asked),
            "cost_words": COST_WORDS,
            "can_word": is_ops and not any(one.re_ask.survey_id for one in asked),
            "children": [Shown(request.user, child) for child in children],
            "is_settled": row.state in PAIN_SETTLED,
            "is_ops": is_ops,
            "now": now,
            **(_editing(row, structure) if is_ops else {}),
        },
    )


def _found(request: PageRequest, pain_point_id: int) -> PainPoint:
    """The pain point, if the reader may open it; one merged away is found to lead to the other."""
    rows = PainPoint.objects.select_related("field", "parent")
    row = get_object_or_404(rows, pk=pain_point_id)
    target = row.merged_into_id or row.pk
    if row.archived_at and not row.merged_into_id:
        raise Http404
    if not may(request.user, Right.PRODUCT_OPS) and not open_to(request.user).filter(pk=target).exists():
        raise Http404
    return row


def _editing(row: PainPoint, structure: Structure) -> dict[str, Any]:
    return {
        "fields": list(Field.objects.filter(archived_at__isnull=True)),
        "severities": Severity.choices,
        "group_form": GroupForm(structure=structure, auto_id="group-%s"),
        "parent_form": ParentForm(initial={"parent": row.parent}, auto_id="parent-%s"),
    }


def _history(items: list[HistoryItem]) -> list[HistoryItem]:
    """The history without the tying of each piece of evidence, and with why it came back."""
    return [
        dataclasses.replace(item, detail=str(WHYS[why]))
        if (why := item.entry.particulars.get("why")) in WHYS
        else item
        for item in items
        if item.entry.verb not in UNTOLD and item.entry.particulars.get("verb") not in UNTOLD
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """One asking on the picture."""

    label: str
    mean: float | None
    low: float | None
    high: float | None


def _points(asked: list[Any]) -> list[Point]:
    return [
        Point(
            str(one.re_ask.get_moment_display()),
            one.reading and one.reading.mean,
            one.reading and one.reading.low,
            one.reading and one.reading.high,
        )
        for one in asked
        if one.state == "read"
    ]


@require_GET
@requires(Right.READ)
def voices_page(request: PageRequest, pain_point_id: int) -> HttpResponse:
    """What each function says of a pain point, two facing each other; for Product Ops also every piece of evidence."""
    row = _found(request, pain_point_id)
    if row.merged_into_id:
        return redirect("discovery:pain-point-voices", row.merged_into_id)
    day = clock.today()
    is_ops = may(request.user, Right.PRODUCT_OPS)
    shown = Shown(request.user, row)
    functions, by_quarter = spoken_of(row.pk) if shown.size.people is not None else ({}, {})
    sides = sides_of(functions, request.user)
    quarters = quarters_of(by_quarter, request.user, day)
    context: dict[str, Any] = {
        "row": row,
        "shown": shown,
        "sides": sides,
        "quarters": quarters,
        "highest": max((one.people or 0 for one in quarters), default=0),
        "is_ops": is_ops,
    }
    if is_ops:
        context |= _heard(request, row, sides, day)
    return render(request, "discovery/pain_point_voices.html", context)


def _heard(request: PageRequest, row: PainPoint, sides: list[Side], day: dt.date) -> dict[str, Any]:
    """The words of two functions facing each other, and every piece of evidence a page at a time."""
    known = [side for side in sides if side.function]
    chosen = _chosen(request, known)
    said = said_by(row.pk, [side.function for side in chosen])
    facing = [(side, said[side.function]) for side in chosen]
    listing = EVIDENCE.read(request, live([row.pk]).select_related("verbatim__interview"))
    # All voices at once: what may be told of one is worked out from everybody's place.
    told = iter(with_voices([*(one for _side, rows in facing for one in rows), *listing.rows], day))
    return {
        "facing": [
            {"side": side, "name": name, "said": list(islice(told, len(rows)))}
            for (side, rows), name in zip(facing, ("left", "right"), strict=False)
        ],
        "known_sides": known,
        "listing": listing,
        "evidence": with_cards(request, list(told)),
    }


def _chosen(request: PageRequest, known: list[Side]) -> list[Side]:
    """The two functions asked for, else the two that most people speak for."""
    by_code = {side.function: side for side in known}
    asked = [by_code[code] for name in ("left", "right") if (code := request.GET.get(name, "")) in by_code]
    return list(dict.fromkeys([*asked, *known]))[:2]


EVIDENCE = ListOf(
    page="pain-point-evidence",
    file_name="evidence",
    columns=[Column("seen", _("Heard"), lambda one: one.seen_on, sort="seen_on")],
    filters=[
        Filter(
            "function",
            _("Function"),
            lambda rows, value: rows.alias(told=TOLD).filter(told=value),
            lambda: Function.choices,
        )
    ],
    search=lambda rows, text: rows.filter(Q(verbatim__text__icontains=text) | Q(why__icontains=text)),
    sort="-seen",
    page_size=20,
    keeps=("left", "right"),
)


def with_cards(request: PageRequest, said_so: list[Said]) -> list[dict[str, Any]]:
    """Pieces of evidence with the object that each names, where the reader may open it."""
    wanted: dict[str, list[int]] = {}
    for one in said_so:
        if one.evidence.kind and one.evidence.object_id:
            wanted.setdefault(one.evidence.kind, []).append(one.evidence.object_id)
    cards = {kind: cards_of(request.user, kind, ids) for kind, ids in wanted.items()}
    return [
        {"said": one, "card": cards.get(one.evidence.kind, {}).get(one.evidence.object_id or 0)}
        for one in said_so
    ]
