"""The ways of working that came of an initiative, as its page shows them."""

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.practices.labels.practices import STATE_TONES
from vertebra.practices.models import Practice
from vertebra.roadmap.models import Initiative

MOST_SHOWN = 50


@require_GET
@requires(Right.READ)
def of_initiative(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Show the practices that were raised from an initiative, and begin one."""
    row = get_object_or_404(Initiative, pk=initiative_id)
    ties = Link.objects.filter(
        from_kind=Kind.PRACTICE, relation=Relation.RAISED_FROM, to_kind=Kind.INITIATIVE, to_id=row.pk, ended_at=None
    )  # fmt: skip
    found = Practice.objects.filter(pk__in=ties.values("from_id"), archived_at=None).order_by("pk")
    rows = [{"row": one, "tone": STATE_TONES[one.state]} for one in found[:MOST_SHOWN]]
    context = {"initiative": row, "rows": rows, "may_write": may(request.user, Right.TAKE_PART)}
    return render(request, "practices/of_initiative.html", context)
