"""The list of initiatives: as they stand today, or as they stood on a day."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit.listing import Column
from vertebra.roadmap.labels.initiatives import INITIATIVE_TONES, PACE_TONES
from vertebra.roadmap.pages.frame import list_of, shared, standing_of
from vertebra.roadmap.queries.initiatives import counts
from vertebra.roadmap.queries.standing import UNDONE, Names, Standing

PAGE = "initiatives"


@require_GET
@requires(Right.READ)
def initiative_list(request: PageRequest) -> HttpResponseBase:
    """List what is undertaken: what changed last comes first."""
    day, standing = standing_of(request)
    views = saved_views(request.user, PAGE, request.get_full_path())
    listed = list_of(request, standing, _columns(standing), PAGE, "-changed")
    rows = standing.rows()
    listing = listed.read(
        request, rows.select_related("lead") if standing.is_today else rows, saved_views=views
    )
    if listing.export:
        return listing.export
    names = standing.names
    for row in listing.rows:
        row.number = _number(row)
        row.tone, row.pace_tone = INITIATIVE_TONES[row.state], PACE_TONES.get(row.pace, "neutral")
        row.unit_name = names.unit(row.owner_unit_id)
        row.field_name = names.fields.get(row.field_id, "")
        row.objective_name = names.objectives.get(row.objective_id, "")
        row.is_late = row.state in UNDONE and row.due_on is not None and row.due_on < day.date
    context = {
        **shared(request, day, "table"),
        "listing": listing,
        "counts": counts(day.today) if day.is_today else None,
    }
    return render(request, "roadmap/initiative_list.html", context)


def _number(row: Any) -> int:
    found: int = getattr(row, "initiative_id", row.pk)
    return found


def _columns(standing: Standing) -> list[Column]:
    names = standing.names
    found = [
        Column("title", gettext_lazy("Initiative"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("pace", gettext_lazy("Said to be"), lambda row: row.get_pace_display() if row.pace else ""),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display(), sort="kind"),
        Column("unit", gettext_lazy("Unit"), lambda row: names.unit(row.owner_unit_id)),
        Column("due", pgettext_lazy("an initiative", "Due"), lambda row: row.due_on or row.target),
        *_places(names),
        Column("stage", gettext_lazy("Stage in its own tool"), lambda row: row.stage, sort="stage", is_optional=True),
        Column("number", pgettext_lazy("an initiative", "Number"), _number, is_numeric=True, is_optional=True),
    ]  # fmt: skip
    if not standing.is_today:
        found.append(Column("changed", gettext_lazy("As it is since"), lambda row: row.at, sort="at"))
        return found
    return [
        *found,
        Column("lead", gettext_lazy("Led by"), lambda row: row.lead.name if row.lead else ""),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
        Column("slips", gettext_lazy("Times it slipped"), lambda row: row.slip_count, sort="slip_count", is_numeric=True, is_optional=True),
        Column("said", gettext_lazy("What was said last"), lambda row: row.pace_line, is_optional=True),
        Column("outcome", gettext_lazy("Outcome"), lambda row: row.get_outcome_display() if row.outcome else "", is_optional=True),
        Column("no_baseline", gettext_lazy("Why without a baseline"), lambda row: row.no_baseline_reason, is_optional=True),
        Column("external", gettext_lazy("Number in its own tool"), lambda row: row.external_id, is_optional=True),
    ]  # fmt: skip


def _places(names: Names) -> list[Column]:
    return [
        Column(
            "field",
            gettext_lazy("Field of action"),
            lambda row: names.fields.get(row.field_id, ""),
            is_optional=True,
        ),
        Column(
            "objective",
            gettext_lazy("Objective"),
            lambda row: names.objectives.get(row.objective_id, ""),
            is_optional=True,
        ),
        Column(
            "horizon",
            pgettext_lazy("roadmap", "When"),
            lambda row: row.get_horizon_display() if row.horizon else "",
            is_optional=True,
        ),
    ]
