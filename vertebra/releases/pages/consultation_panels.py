"""What champions were asked about a release or an initiative: a part of its page."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.releases.models import Consultation, Release
from vertebra.releases.pages.consultation_frame import state_of
from vertebra.releases.queries.consultations import counted_for, may_ask, with_state
from vertebra.roadmap.models import Initiative

MOST = 20


@require_GET
@requires(Right.READ)
def release_consultations(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show what champions were asked about a release."""
    row = get_object_or_404(Release.objects.select_related("lead"), pk=release_id)
    may_begin = may_ask(request.user, row, None)
    return _part(request, row, Consultation.objects.filter(release=row), "release", may_begin)


@require_GET
@requires(Right.READ)
def initiative_consultations(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Show what champions were asked about an initiative."""
    row = get_object_or_404(Initiative.objects.select_related("lead"), pk=initiative_id)
    may_begin = may_ask(request.user, None, row)
    return _part(request, row, Consultation.objects.filter(initiative=row), "initiative", may_begin)


def _part(
    request: PageRequest, row: Any, rows: "QuerySet[Consultation]", name: str, may_begin: bool
) -> HttpResponseBase:
    asked = with_state(counted_for(rows, request.user), clock.today()).order_by("-pk")[:MOST]
    context = {
        "subject": row,
        "name": name,
        "rows": [(one, *state_of(one)) for one in asked],
        "may_begin": may_begin and row.archived_at is None and may(request.user, Right.TAKE_PART),
    }
    return render(request, "releases/consultation_panel.html", context)
