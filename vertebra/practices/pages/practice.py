"""One way of working: what it says, where it stands, who builds it, for whom it is what."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, panels_of
from vertebra.kit import clock, markdown
from vertebra.kit.languages import language_said
from vertebra.org.empty_spaces import language_now
from vertebra.org.labels import Function
from vertebra.org.queries.structure import Structure
from vertebra.practices.labels.practices import (
    CONTRIBUTION_TONES,
    REACH_TONES,
    STATE_TONES,
    PracticeState,
    Reach,
)
from vertebra.practices.models import CoAuthor, Practice, Template
from vertebra.practices.pages.frame import found
from vertebra.practices.queries.contributions import is_unanswered
from vertebra.practices.queries.reach import to_hold
from vertebra.practices.queries.rights import (
    is_of_team,
    may_announce,
    may_change,
    may_hand_over,
    validator_of,
)
from vertebra.practices.queries.standards import missing_for_standard
from vertebra.practices.queries.texts import Versions, text_for, versions_of
from vertebra.practices.queries.undertaken import carried_out_by

LANGUAGES = dict(settings.LANGUAGES)
MOST_SHOWN = 200
_CO_AUTHORS = Prefetch("co_authors", CoAuthor.objects.select_related("person").order_by("pk"))
TRIED = frozenset({PracticeState.IDEA, PracticeState.TRIAL})


@require_GET
@requires(Right.READ)
def practice_page(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show a practice: what holds, or what was written last; what waits is for those who build it."""
    row = found(practice_id)
    now = clock.now()
    day = clock.today(now)
    known = versions_of(row)
    wanted = request.GET.get("language", "")
    structure = Structure.as_of(day, with_members=False)
    prefetch_related_objects([row], "trials", _CO_AUTHORS)
    contributions = _contributions(row)
    context = {
        "row": row,
        "tone": STATE_TONES[row.state],
        "day": day,
        "known": known,
        **_said(known, wanted if wanted in LANGUAGES else language_now()),
        "is_older": bool(known.current and known.latest.number > known.current.number),
        **_rights(request, row, day),
        "trying": sum(one.ends_on is None for one in row.trials.all()),
        "reaches": _reaches(row, structure, day),
        "trials": _trials(request, row, structure, day),
        "contributions": contributions,
        "waiting": sum(is_unanswered(one["row"]) for one in contributions),
        "co_authors": list(row.co_authors.all()),
        "initiatives": list(carried_out_by(row.pk)[:MOST_SHOWN]),
        "templates": _templates(row),
        "lacking": missing_for_standard(row, day, known=known),
        "is_tried": row.state in TRIED,
        "panels": panels_of(Kind.PRACTICE, row.pk),
        "discussion": discussion(request.user, Kind.PRACTICE, row.pk, now),
        "now": now,
    }
    return render(request, "practices/practice.html", context)


def _said(known: Versions, language: str) -> dict[str, Any]:
    """What the version read says in a language, or in the other with a word about it."""
    version = known.read
    text = text_for(version, language)
    costs = sorted(version.costs.all(), key=lambda cost: -cost.minutes)
    return {
        "version": version,
        "text": text,
        "steps": markdown.render(text.steps) if text and text.steps else "",
        "inputs": markdown.render(text.inputs) if text and text.inputs else "",
        "outputs": markdown.render(text.outputs) if text and text.outputs else "",
        "is_missing": bool(text and text.language != language),
        "missing_language": language_said(language),
        "languages": [
            {"code": code, "name": language_said(code), "is_read": bool(text and text.language == code)}
            for code in sorted(LANGUAGES)
        ],
        "costs": [{"label": Function(cost.function).label, "minutes": cost.minutes} for cost in costs],
    }


def _rights(request: PageRequest, row: Practice, day: dt.date) -> dict[str, Any]:
    is_open = row.archived_at is None and row.state != PracticeState.RETIRED
    can_change = may_change(request.user, row)
    under_way = row.hand_overs.filter(done_at=None, stopped_at=None).select_related("to_person").first()
    return {
        "is_open": is_open,
        "can_change": can_change and is_open,
        "can_restore": can_change and row.archived_at is not None,
        "can_resume": can_change and row.archived_at is None and row.state == PracticeState.RETIRED,
        "can_announce": is_open and may_announce(request.user, row, day),
        "hand_over": under_way,
        "can_hand_over": is_open and not under_way and may_hand_over(request.user, row),
        "validator": validator_of(request.user, row, day) if is_open else None,
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }


def _reaches(row: Practice, structure: Structure, day: dt.date) -> list[dict[str, Any]]:
    """What it is for whom, today and announced."""
    return [
        {
            "row": one,
            "label": Reach(one.reach).label,
            "tone": REACH_TONES[one.reach],
            "unit": node.name if (node := structure.get(one.unit_id)) else "",
            "is_announced": one.starts_on > day,
        }
        for one in to_hold(row, day)[:MOST_SHOWN]
    ]


def _trials(request: PageRequest, row: Practice, structure: Structure, day: dt.date) -> list[dict[str, Any]]:
    """Which teams try it, and what those that tried it learnt."""
    is_builder = may_change(request.user, row)
    trials = sorted(row.trials.all(), key=lambda one: (one.starts_on, one.pk), reverse=True)[:MOST_SHOWN]
    return [
        {
            "row": one,
            "unit": node.name if (node := structure.get(one.unit_id)) else "",
            "may_end": one.ends_on is None and (is_builder or is_of_team(request.user, one.unit_id, day)),
        }
        for one in trials
    ]


def _templates(row: Practice) -> list[Template]:
    """What is ready to use, in the reader's language first."""
    found = list(row.templates.filter(archived_at=None)[:MOST_SHOWN])
    return sorted(found, key=lambda one: one.language != language_now())


def _contributions(row: Practice) -> list[dict[str, Any]]:
    """What was brought, what waits for an answer first."""
    brought = list(
        row.contributions.select_related("person", "answered_by").order_by("-at", "-pk")[:MOST_SHOWN]
    )
    brought.sort(key=lambda one: not is_unanswered(one))
    return [{"row": one, "tone": CONTRIBUTION_TONES[one.kind]} for one in brought]
