"""Quarterly tables: the list, one of them with its steps, setting one up."""

import dataclasses
import datetime as dt
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.pages.frame import base
from vertebra.roadmap.actions.cycles import CycleValues, change_cycle, open_cycle
from vertebra.roadmap.forms.cycles import CycleForm, criteria_text
from vertebra.roadmap.labels.topics import CYCLE_TONES, CycleState, Verdict
from vertebra.roadmap.models import Cycle
from vertebra.roadmap.pages.table_frame import ask, cycle_or_404
from vertebra.roadmap.queries import decisions
from vertebra.roadmap.queries.seats import imported, missing_words, seats_for, seats_of, turnout
from vertebra.roadmap.queries.topics import topics, weight_for

STEPS = (
    CycleState.COLLECTING,
    CycleState.FROZEN,
    CycleState.RANKING,
    CycleState.ARBITRATING,
    CycleState.PUBLISHED,
)
WITHIN = 40


@require_GET
@requires(Right.READ)
def cycle_list(request: PageRequest) -> HttpResponseBase:
    """Every table, the latest first."""
    rows = Cycle.objects.filter(archived_at=None).annotate(topic_count=Count("table"))
    states = CycleState.choices
    listing = ListOf(
        page="cycles",
        file_name="quarterly-tables",
        columns=[
            Column("title", pgettext_lazy("of the quarter", "Table"), lambda row: row.title),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
            Column("from", pgettext_lazy("a period", "From"), lambda row: row.starts_on, sort="starts_on"),
            Column("freezes", gettext_lazy("Collected until"), lambda row: row.freezes_on, sort="freezes_on"),
            Column("ranks", gettext_lazy("Ranked until"), lambda row: row.ranks_until, sort="ranks_until"),
            Column("topics", gettext_lazy("Topics"), lambda row: row.topic_count, sort="topic_count", is_numeric=True),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), lambda found, v: found.filter(state=v), lambda: states)
        ],
        search=lambda found, text: found.filter(title__icontains=text),
        sort="-from",
    ).read(request, rows, saved_views=saved_views(request.user, "cycles", request.get_full_path()))  # fmt: skip
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = CYCLE_TONES[row.state]
    current = next((row for row in listing.rows if row.state != CycleState.PUBLISHED), None)
    context = {
        "listing": listing,
        "current": current,
        "cycle_base": base("roadmap:cycle-show"),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "roadmap/cycle_list.html", context)


@require_GET
@requires(Right.READ)
def cycle_page(request: PageRequest, cycle_id: int) -> HttpResponse:
    """One table: where it stands, what lies on it, who ranks, what was decided."""
    cycle = cycle_or_404(cycle_id)
    now = clock.now()
    is_ops = may(request.user, Right.PRODUCT_OPS)
    talk = discussion(request.user, Kind.CYCLE, cycle.pk, now)
    # Who has ranked is told by function alone, above.
    history = [item for item in talk.history if item.entry.verb != "rank"]
    context = {
        "cycle": cycle,
        "tone": CYCLE_TONES[cycle.state],
        "steps": _steps(cycle),
        "is_ops": is_ops,
        "topic_base": base("roadmap:topic-show"),
        "today": clock.today(now),
        "discussion": dataclasses.replace(talk, history=history),
        "now": now,
        **(_after(cycle) if cycle.state == CycleState.PUBLISHED else _before(request, cycle, is_ops=is_ops)),
    }
    return render(request, "roadmap/cycle.html", context)


def _before(request: PageRequest, cycle: Cycle, *, is_ops: bool) -> dict[str, Any]:
    """What lies on the table, who ranks, how many have."""
    lying = list(cycle.table.select_related("topic__field", "topic__objective").order_by("position", "pk"))
    for row in lying:
        row.weight = weight_for(request.user, row.topic)  # type: ignore[attr-defined]
    seats = seats_of(cycle)
    people = turnout(seats)
    ranked = sum(one.done for one in people)
    brought = imported(cycle) if is_ops and not cycle.revealed_at else 0
    seat, own = seats_for(request.user, seats)
    waiting = topics().filter(state="raised").exclude(pk__in=[row.topic_id for row in lying])
    can_put = is_ops and cycle.state == CycleState.COLLECTING
    return {
        "lying": lying,
        "waiting": list(waiting.order_by("-people_count", "-pk")[:WITHIN]) if can_put else [],
        "turnout": people,
        "ranked": ranked,
        "seat_count": sum(one.seats for one in people),
        "imported": brought,
        "seat": seat,
        "own_seat": own,
        "missing": missing_words(cycle, ranked + brought),
    }


def _steps(cycle: Cycle) -> list[dict[str, Any]]:
    at = STEPS.index(CycleState(cycle.state))
    days = {CycleState.COLLECTING: cycle.freezes_on, CycleState.RANKING: cycle.ranks_until}
    return [
        {"label": step.label, "is_current": number == at, "is_done": number < at, "day": days.get(step)}
        for number, step in enumerate(STEPS)
    ]


def _after(cycle: Cycle) -> dict[str, Any]:
    """What follows the publication: what was chosen, what is not done now, what came later, who was told."""
    told, voices = decisions.told_counts(cycle)
    held = decisions.of_cycle(cycle)
    return {
        "chosen": [one for one in held if one.verdict == Verdict.CHOSEN and not one.is_mid_cycle],
        "not_now": [one for one in held if one.verdict != Verdict.CHOSEN],
        "arrivals": [one for one in held if one.is_mid_cycle and one.verdict != Verdict.DISPLACED],
        "told": told,
        "voice_count": voices,
    }


def _values(given: dict[str, Any]) -> CycleValues:
    return CycleValues(**given)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def cycle_create(request: PageRequest) -> HttpResponse:
    """Open the table of the next quarter: everything is proposed."""
    now = clock.now()
    form = CycleForm(request.POST or None, initial=_proposed(clock.today(now)))

    def done(given: dict[str, Any]) -> str:
        cycle = open_cycle(actor=request.user, values=_values(given), now=now)
        return reverse("roadmap:cycle-show", args=(cycle.pk,))

    return ask(
        request,
        form,
        done,
        heading=_("Open a table"),
        submit=_("Open it"),
        done=_("The table is open: put topics on it."),
        cancel_url=reverse("roadmap:cycle-list"),
        template="roadmap/cycle_form.html",
    )


def _proposed(day: dt.date) -> dict[str, Any]:
    """The next quarter, collected for three weeks, ranked for one."""
    at = day.year * 4 + (day.month - 1) // 3 + 1
    starts, ends = (dt.date(q // 4, q % 4 * 3 + 1, 1) for q in (at, at + 1))
    title = _("Q%(quarter)s %(year)s") % {"quarter": at % 4 + 1, "year": at // 4}
    return {
        "title": title,
        "language": (get_language() or "fr")[:2],
        "starts_on": starts,
        "ends_on": ends,
        "freezes_on": day + dt.timedelta(days=21),
        "ranks_until": day + dt.timedelta(days=28),
    }


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def cycle_edit(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Change the dates, the rule, the quorum, the capacity."""
    cycle = cycle_or_404(cycle_id)
    initial = {name: getattr(cycle, name) for name in CycleValues.__dataclass_fields__}
    initial["criteria"] = criteria_text(cycle.criteria)
    url = reverse("roadmap:cycle-show", args=(cycle.pk,))

    def done(given: dict[str, Any]) -> str:
        change_cycle(actor=request.user, cycle=cycle, values=_values(given), now=clock.now())
        return url

    return ask(
        request,
        CycleForm(request.POST or None, initial=initial),
        done,
        heading=_("Change the table"),
        submit=_("Save"),
        done=_("Changed."),
        cancel_url=url,
        template="roadmap/cycle_form.html",
        cycle=cycle,
    )
