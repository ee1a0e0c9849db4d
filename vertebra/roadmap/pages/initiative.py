"""The page of an initiative: what it changes, where it stands, what is said of it, who has a part in it."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion, panels_of
from vertebra.kit import clock, markdown
from vertebra.roadmap.actions.states import UNDER_WAY, WAITING
from vertebra.roadmap.forms.initiatives import RiskForm, WebLinkForm, WordForm
from vertebra.roadmap.labels.initiatives import (
    INITIATIVE_TONES,
    OUTCOME_TONES,
    PACE_TONES,
    Horizon,
    InitiativeKind,
    InitiativeState,
    Outcome,
    Pace,
    RiskState,
)
from vertebra.roadmap.labels.results import VERDICT_TONES
from vertebra.roadmap.models import Initiative, Result
from vertebra.roadmap.pages.result_words import answer_of, reason_of, target_of
from vertebra.roadmap.queries.initiatives import Move, moves_among, participants, ties_of, with_unit_name
from vertebra.roadmap.queries.results import Measured, came_of
from vertebra.roadmap.queries.rights import may_change
from vertebra.roadmap.queries.standing import UNDONE
from vertebra.roadmap.queries.words import month_of

MOST_SHOWN = 60
MOST_MOVES = 40


def found(initiative_id: int) -> Initiative:
    """The initiative of that number, with what its page names."""
    rows = Initiative.objects.select_related(
        "lead", "objective", "field", "parent", "source", "no_baseline_by", "launch"
    )
    return get_object_or_404(with_unit_name(rows, clock.today()), pk=initiative_id)


@require_GET
@requires(Right.READ)
def initiative_page(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Show an initiative."""
    return render(request, "roadmap/initiative.html", initiative_context(request, found(initiative_id)))


@require_GET
@requires(Right.READ)
def initiative_around(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Show what an initiative is made of, what it is tied to, where more is told, and how it stood over time."""
    row = found(initiative_id)
    revisions = list(row.revisions.order_by("-at", "-pk")[: MOST_MOVES + 1])
    context = {
        "row": row,
        "can_change": may_change(request.user, row) and row.archived_at is None,
        "links": list(row.web_links.order_by("pk")[:MOST_SHOWN]),
        "link_form": WebLinkForm(),
        "ties": ties_of(request.user, row),
        "children": _children(row),
        "moves": [_told(move) for move in moves_among(revisions)],
        "milestones": list(revisions[0].milestones.items()) if revisions else [],
    }
    return render(request, "roadmap/initiative_around.html", context)


def initiative_context(request: PageRequest, row: Initiative) -> dict[str, Any]:
    """Everything that the page of an initiative reads."""
    now = clock.now()
    today = clock.today(now)
    can_change = may_change(request.user, row) and row.archived_at is None
    is_its_tools = row.kind == InitiativeKind.PRODUCT and row.source_id is not None
    words = list(row.words.select_related("said_by")[:MOST_SHOWN])
    risks = list(row.risks.select_related("owner").order_by("ended_at", "-level", "pk")[:MOST_SHOWN])
    came, proposed = came_of(row)
    return {
        "row": row,
        "came": [_came(one, one.result) for one in came if one.result],
        "proposed": Outcome(proposed).label if proposed and row.state == InitiativeState.DELIVERED else "",
        "tone": INITIATIVE_TONES[row.state],
        "pace_tone": PACE_TONES.get(row.pace, "neutral"),
        "outcome_tone": OUTCOME_TONES.get(row.outcome, "neutral"),
        "description": markdown.render(row.description) if row.description else "",
        "is_late": row.state in UNDONE and row.due_on is not None and row.due_on < today,
        "can_change": can_change,
        "can_move": can_change and not is_its_tools,
        "is_its_tools": is_its_tools,
        "is_waiting": row.state in WAITING,
        "is_under_way": row.state in UNDER_WAY,
        "is_over": row.state in {InitiativeState.DELIVERED, InitiativeState.CLOSED},
        "words": [{"row": word, "tone": PACE_TONES[word.pace]} for word in words],
        "is_said": bool(words and words[0].month == month_of(today)),
        "paces": Pace.choices,
        "word_form": WordForm(),
        "risks": [{"row": risk, "tone": _risk_tone(risk)} for risk in risks],
        "risk_states": RiskState.choices,
        "risk_form": RiskForm(),
        "participants": participants(row, today),
        "horizons": Horizon.choices,
        "today": today,
        "panels": panels_of(Kind.INITIATIVE, row.pk),
        "discussion": discussion(request.user, Kind.INITIATIVE, row.pk, now),
    }


def _came(one: Measured, result: Result) -> dict[str, Any]:
    """What came of one key result, in a sentence."""
    told = answer_of(one.key_result, result), reason_of(result), target_of(one.key_result, one.reached)
    return {
        "key_result": one.key_result,
        "verdict": result.get_verdict_display(),
        "tone": VERDICT_TONES[result.verdict],
        "answer": " ".join(filter(None, told)),
    }


def _risk_tone(risk: Any) -> str:
    if risk.state in {RiskState.GONE, RiskState.MITIGATED}:
        return "good"
    return "harm" if risk.state == RiskState.HAPPENED or risk.level >= 3 else "attention"


def _children(row: Initiative) -> list[dict[str, Any]]:
    rows = row.children.filter(archived_at__isnull=True).order_by("due_on", "pk")[:MOST_SHOWN]
    return [{"row": child, "tone": INITIATIVE_TONES[child.state]} for child in rows]


def _told(move: Move) -> dict[str, Any]:
    """One move in words."""
    return {
        "at": move.at,
        "is_slip": move.is_slip,
        "days": move.slip_days,
        "steps": move.slip_steps,
        "changes": told_of(move.changes),
    }


def told_of(changes: list[tuple[str, Any, Any]]) -> list[dict[str, Any]]:
    """What changed of an initiative, each thing in words: what, before, after."""
    return [
        {"label": column_words(name), "before": _value(name, before), "after": _value(name, after)}
        for name, before, after in changes
    ]


def column_words(name: str) -> str:
    """What a column of a revision is called."""
    if name.startswith("milestone:"):
        return _("Target of “%(stage)s”") % {"stage": name.partition(":")[2]}
    return {
        "title": _("Title"),
        "state": _("State"),
        "stage": _("Stage"),
        "horizon": pgettext("roadmap", "When"),
        "starts_on": _("Starts on"),
        "due_on": _("Due on"),
        "target": _("Target"),
        "pace": _("Said to be"),
    }.get(name, name)


def _value(name: str, value: Any) -> Any:
    words: dict[str, dict[Any, Any]] = {
        "state": dict(InitiativeState.choices),
        "horizon": dict(Horizon.choices),
        "pace": dict(Pace.choices),
    }
    return words.get(name, {}).get(value, value)
