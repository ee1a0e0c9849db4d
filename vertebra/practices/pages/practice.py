"""One way of working: what it says, where it stands, who carries it, for whom it is what."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, panels_of
from vertebra.kit import clock, markdown
from vertebra.kit.languages import language_said
from vertebra.org.empty_spaces import language_now
from vertebra.org.labels import Function
from vertebra.org.models import UnitVersion
from vertebra.practices.labels.practices import REACH_TONES, STATE_TONES, PracticeState, Reach
from vertebra.practices.models import CoAuthor, Practice
from vertebra.practices.queries.reach import to_hold
from vertebra.practices.queries.rights import as_read_by, builds
from vertebra.practices.queries.standards import TRIED, lacking_of, standing
from vertebra.practices.queries.texts import Versions, text_for, versions_of

LANGUAGES = dict(settings.LANGUAGES)
MOST_SHOWN = 200
_CO_AUTHORS = Prefetch("co_authors", CoAuthor.objects.select_related("person").order_by("pk"))


@require_GET
@requires(Right.READ)
def practice_page(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show a practice: what holds, or what was written last; what waits is for those who build it."""
    now = clock.now()
    day = clock.today(now)
    row = get_object_or_404(as_read_by(standing(day), request.user, day), pk=practice_id)
    known = versions_of(row)
    wanted = request.GET.get("language", "")
    prefetch_related_objects([row], _CO_AUTHORS)
    prefetch_related_objects([known.read], "texts", "costs")
    context = {
        "row": row,
        "tone": STATE_TONES[row.state],
        "day": day,
        "known": known,
        **_said(known, wanted if wanted in LANGUAGES else language_now()),
        "is_older": bool(known.current and known.latest.number > known.current.number),
        **_rights(request.user, row),
        "reaches": _reaches(row, day),
        "co_authors": list(row.co_authors.all()),
        "lacking": lacking_of(row, known.read),
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


def _rights(user: User, row: Any) -> dict[str, Any]:
    """What somebody may do with a practice that was read for them."""
    is_open = row.archived_at is None and row.state != PracticeState.RETIRED
    is_ops, takes_part = may(user, Right.PRODUCT_OPS), may(user, Right.TAKE_PART)
    can_change = is_ops or (takes_part and builds(user, row.reader, row))
    carries = takes_part and row.reader is not None and row.carrier_id == row.reader
    directs = takes_part and row.reader_directs
    return {
        "is_open": is_open,
        "can_change": can_change and is_open,
        "can_restore": can_change and row.archived_at is not None,
        "can_resume": can_change and row.archived_at is None and row.state == PracticeState.RETIRED,
        "can_announce": is_open and (can_change or directs),
        "can_hand_over": is_open and not row.handed_over_on and (is_ops or carries),
        "can_validate": is_open and not is_ops and (carries or directs),
    }


def _reaches(row: Practice, day: dt.date) -> list[dict[str, Any]]:
    """What it is for whom, today and announced."""
    named = UnitVersion.objects.as_of(day).filter(unit=OuterRef("unit")).values("name")[:1]
    return [
        {
            "row": one,
            "label": Reach(one.reach).label,
            "tone": REACH_TONES[one.reach],
            "unit": one.unit_name,
            "is_announced": one.starts_on > day,
        }
        for one in to_hold(row, day).annotate(unit_name=Subquery(named))[:MOST_SHOWN]
    ]
