"""The page of a release: what changes, what its tier still requires, who says what of it, for whom it is."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import card_of, discussion, panels_of
from vertebra.kit import clock, markdown
from vertebra.org.labels import Function
from vertebra.releases.labels.briefs import BRIEF_TONES
from vertebra.releases.labels.releases import (
    GO_TONES,
    READINESS_TONES,
    RELEASE_TONES,
    UPCOMING,
    GoVerdict,
    ReadinessState,
    ReleaseState,
)
from vertebra.releases.models import GoDecision, Release
from vertebra.releases.pages.frame import found
from vertebra.releases.queries.brief_ages import older_than_release
from vertebra.releases.queries.freezes import freezes_of
from vertebra.releases.queries.releases import ties_of
from vertebra.releases.queries.requirements import Held, Requirement, held_by, missing, requirements
from vertebra.releases.queries.rights import Roles, may_change

MOST_SHOWN = 60


@require_GET
@requires(Right.READ)
def release_page(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show a release."""
    row = found(release_id)
    now = clock.now()
    day = clock.today(now)
    markets = list(row.markets.select_related("market"))
    is_coming = row.state in UPCOMING
    can_change = may_change(request.user, row) and row.archived_at is None
    held = held_by(row)
    needed = requirements(row, held)
    context = {
        "row": row,
        "tone": RELEASE_TONES[row.state],
        "is_coming": is_coming,
        "is_late": is_coming and row.planned_on is not None and row.planned_on < day,
        "is_out": row.state == ReleaseState.RELEASED,
        "days_left": (row.planned_on - day).days if is_coming and row.planned_on else None,
        "today": day,
        "can_change": can_change,
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
        "body": markdown.render(row.body) if row.body else "",
        "markets": markets,
        "needed": needed,
        "missing": missing(needed),
        "older": older_than_release(row, held.briefs.values()),
        "briefs": [
            {
                "row": brief,
                "tone": BRIEF_TONES[brief.state],
                "is_late": bool(brief.due_on and brief.due_on < day),
            }
            for brief in held.briefs.values()
        ],
        "go": held.go,
        "go_tone": GO_TONES.get(held.go.verdict, "neutral") if held.go else "neutral",
        "is_of_team": _is_of_team(request, row, held),
        "panels": panels_of(Kind.RELEASE, row.pk),
        "discussion": discussion(request.user, Kind.RELEASE, row.pk, now),
    }
    return render(request, "releases/release.html", context)


def _is_of_team(request: PageRequest, row: Release, held: Held) -> bool:
    """Whether this person brings it out, as far as the page has read: `rights.is_of_team` says it at the door."""
    people = [row.lead, *(brief.owner for brief in held.briefs.values())]
    is_one = any(one.user_id == request.user.pk for one in people if one is not None)
    return is_one or row.made_by_id == request.user.pk or may(request.user, Right.PRODUCT_OPS)


@require_GET
@requires(Right.READ)
def release_around(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show what a release answers, for whom it is, the questions it raised, how its day moved."""
    row = found(release_id)
    context = {
        "row": row,
        "can_change": may_change(request.user, row) and row.archived_at is None,
        "ties": ties_of(request.user, row),
        "audiences": list(row.audiences.select_related("audience").order_by("audience__name")),
        "questions": list(row.questions.filter(archived_at=None)[:MOST_SHOWN]),
        "moves": list(row.moves.select_related("moved_by")[:MOST_SHOWN]),
        "is_coming": row.state in UPCOMING,
    }
    return render(request, "releases/release_around.html", context)


@require_GET
@requires(Right.READ)
def release_checks(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show what the tier of a release requires, what is there, and what this person can say."""
    row = found(release_id)
    held = held_by(row)
    roles = Roles(request.user, clock.today())
    needed = requirements(row, held)
    is_open = row.state in UPCOMING and row.archived_at is None
    can_change = may_change(request.user, row)
    functions = set(row.tier.readiness) & (roles.functions() or set())
    wants_lesson = row.tier.has_lesson and held.lesson_number
    context = {
        "row": row,
        "needed": [_shown(one, held) for one in needed],
        "lesson": card_of(request.user, Kind.LESSON, held.lesson_number) if wants_lesson else None,
        "panels": panels_of(Kind.RELEASE, row.pk),
        "missing": missing(needed),
        "is_open": is_open,
        "can_change": can_change and row.archived_at is None,
        "parts": [
            (part.value, part.label) for part in roles.parts(row.lead_id) if part in row.tier.validations
        ]
        if is_open
        else [],
        "functions": [
            (code, str(Function(code).label))
            for code in (row.tier.readiness if can_change else sorted(functions))
            if code in Function.values
        ]
        if is_open
        else [],
        "readiness": ReadinessState.choices,
        "verdicts": GoVerdict.choices,
        "can_go": is_open and row.tier.has_go and can_change,
        "words": [_word(one) for one in held.readiness.values()],
        "validations": list(held.validations.values()),
        "decisions": [_decision(one) for one in held.decisions],
        "freezes": freezes_of(row, row.planned_on) if is_open and row.planned_on else [],
    }
    return render(request, "releases/release_checks.html", context)


def _shown(one: Requirement, held: Held) -> dict[str, Any]:
    tone = "good" if one.is_met else "neutral"
    if one.code == "readiness" and one.of in held.readiness:
        tone = READINESS_TONES[held.readiness[one.of].state]
    return {"row": one, "tone": tone}


def _word(one: Any) -> dict[str, Any]:
    return {"row": one, "tone": READINESS_TONES[one.state]}


def _decision(one: GoDecision) -> dict[str, Any]:
    return {"row": one, "tone": GO_TONES[one.verdict], "missing": len(one.known.get("missing", []))}
