"""What the rankings came to, once they are shown: where they split first, then the order, then the line of capacity."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit.tables import table_response
from vertebra.org.labels import Function
from vertebra.roadmap.forms.cycles import ReasonForm
from vertebra.roadmap.labels.topics import STEADY_TONES, CycleState, Rule
from vertebra.roadmap.models import Cycle, Ranking
from vertebra.roadmap.pages.table_frame import cycle_or_404
from vertebra.roadmap.queries.counting import Counted, counted_as, function_words, shown
from vertebra.roadmap.queries.decisions import languages_missing
from vertebra.roadmap.queries.seats import counted

MOST_RANKINGS = 60
# Up to so many rankings everybody may have them counted again; beyond, it takes long and Product Ops alone may.
MOST_AGAIN = 200


def revealed_or_404(cycle_id: int) -> Cycle:
    """A cycle whose rankings are shown: before, nobody learns anything of them."""
    cycle = cycle_or_404(cycle_id)
    if cycle.revealed_at is None or not cycle.count:
        raise Http404
    return cycle


@require_GET
@requires(Right.READ)
def result_page(request: PageRequest, cycle_id: int) -> HttpResponseBase:
    """The result of a table, as it was at the reveal, or counted again by another rule (`?rule=`)."""
    cycle = revealed_or_404(cycle_id)
    rule = request.GET.get("rule", "")
    rankings = counted(cycle).select_related("seat__person").order_by("pk")
    count, is_ops = rankings.count(), may(request.user, Right.PRODUCT_OPS)
    may_ask = is_ops or count <= MOST_AGAIN
    is_again = may_ask and rule in Rule.values and rule != cycle.rule
    found = shown(cycle, counted_as(cycle, rankings, rule) if is_again else cycle.count)
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _exported(found, request.GET["format"])
    titles = {row.topic.pk: row.topic.title for row in found.rows}
    return render(
        request,
        "roadmap/cycle_result.html",
        {
            "cycle": cycle,
            "found": found,
            "is_again": is_again,
            "may_ask": may_ask,
            "rules": [{"value": v, "label": label, "is_on": v == found.rule} for v, label in Rule.choices],
            "steady_tone": STEADY_TONES[found.steady],
            "ballots": [_ballot(one, titles) for one in rankings[:MOST_RANKINGS]],
            "more_ballots": max(0, count - MOST_RANKINGS),
            "can_decide": is_ops and cycle.state == CycleState.ARBITRATING,
        },
    )


def _ballot(ranking: Ranking, titles: dict[int, str]) -> dict[str, Any]:
    """One ranking under its name: once shown it is an official act."""
    tiers = [[each] if isinstance(each, int) else each for each in ranking.order]
    picked = [" = ".join(titles[pk] for pk in tier if pk in titles) for tier in tiers]
    seat = ranking.seat
    who = seat.person.name if seat else (ranking.label or _("imported ballot"))
    code = seat.function if seat else ranking.function
    function = function_words(code) if code in Function.values else ""
    return {
        "who": who,
        "function": function,
        "picked": [each for each in picked if each],
        "weight": ranking.weight,
    }


def _exported(found: Counted, form: str) -> HttpResponseBase:
    """The order as a table, with the place that each function gives."""
    heads = [
        pgettext("in a ranking", "Place"),
        _("Topic"),
        _("Score"),
        _("Picked by"),
        _("Days of work"),
        _("Decision"),
    ]
    heads += [name for name, _count in found.functions]
    rows = (
        [
            row.place, row.topic.title, row.score, row.named, row.effort_days,
            row.decision.get_verdict_display() if row.decision and row.decision.published_at else "",
            *(place for _name, place in row.placed),
        ]
        for row in found.rows
    )  # fmt: skip
    return table_response("ranking", form, [str(head) for head in heads], rows)


@require_GET
@requires(Right.PRODUCT_OPS)
def arbitration(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Where the table is decided: each topic in the order found, with what is decided so far."""
    cycle = revealed_or_404(cycle_id)
    found = shown(cycle, cycle.count)
    decided = [row.decision for row in found.rows if row.decision is not None]
    context = {
        "cycle": cycle,
        "found": found,
        "decided": len(decided),
        "missing": len(found.rows) - len(decided),
        "languages": languages_missing(decided),
        "rest_form": ReasonForm(),
        "can_decide": cycle.state == CycleState.ARBITRATING,
    }
    return render(request, "roadmap/arbitration.html", context)
