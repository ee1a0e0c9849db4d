"""What checks find in a unit, against its own past; shown on the page of the unit."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.evidence.queries.flow import FlowOf
from vertebra.kit import clock
from vertebra.kit.cards import Panel
from vertebra.org.models import Unit
from vertebra.practices.hygiene import library
from vertebra.practices.models import Check
from vertebra.practices.queries.check_links import Jira, jiras, searches
from vertebra.practices.queries.checks import Week, adaptations_on, checks_in, name_of, weeks_of
from vertebra.practices.queries.rights import is_of_team
from vertebra.practices.queries.texts import with_names

# As many weeks as make a quarter.
MOST_WEEKS = 13


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a practice or a unit that tells what is looked at."""
    if kind == Kind.PRACTICE:
        return Panel("checks", _("What it looks at"), reverse("practices:check-list", args=(object_id,)))
    if kind == Kind.UNIT:
        return Panel(
            "checks", _("What practices look at"), reverse("practices:unit-checks", args=(object_id,))
        )
    return None


@require_GET
@requires(Right.READ)
def unit_checks(request: PageRequest, unit_id: int) -> HttpResponseBase:
    """What the checks that are on find in a unit, each against the unit's own past."""
    unit = get_object_or_404(Unit, pk=unit_id)
    today = clock.today()
    flow = FlowOf(request.user, clock.now())
    structure = flow.structure
    node = structure.get(unit.pk)
    above = structure.get(node.parent_id if node else None)
    is_own = is_of_team(request.user, unit.pk, structure)
    checks = checks_in([unit.pk])
    weeks = weeks_of([check.pk for check in checks], unit.pk, today, is_own=is_own)
    found_in = jiras() if checks else []
    with_names(check.practice for check in checks)
    rows = [_shown(check, weeks.get(check.pk, [])[-MOST_WEEKS:], unit.pk, found_in) for check in checks]
    context = {
        "unit_id": unit.pk,
        "name": node.name if node else "",
        "above": above,
        "rows": [row for row in rows if row["weeks"]],
        "is_own": is_own,
        "has_flow": unit.pk in flow.units,
    }
    return render(request, "practices/unit_checks.html", context)


def _shown(check: Check, weeks: list[Week], unit_id: int, found_in: list[Jira]) -> dict[str, Any]:
    told = [week for week in weeks if week.share is not None]
    latest = told[-1] if told and weeks and told[-1] is weeks[-1] else None
    before = told[:-1] if latest else []
    usual = sum(week.share or 0 for week in before) / len(before) if before else None
    shipped = library().get(check.code)
    adapted = adaptations_on(check, clock.today()).get(unit_id)
    return {
        "check": check,
        "name": name_of(check),
        "how": shipped.how if shipped else check.how,
        "latest": latest,
        "percent": round(100 * (latest.share or 0)) if latest else None,
        "usual": round(100 * usual) if usual is not None else None,
        "shares": [100 * (week.share or 0) for week in told],
        "weeks": weeks,
        "is_hidden": bool(weeks) and latest is None and weeks[-1].count is None,
        "searches": searches(check, [], found_in),
        "adapted": adapted,
    }
