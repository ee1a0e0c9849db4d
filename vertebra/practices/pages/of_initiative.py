"""Initiatives and ways of working: what came of an initiative, and what carries a practice out."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.pages.frame import MOST_SUGGESTED, do
from vertebra.practices.actions import undertaken as actions
from vertebra.practices.forms.undertaken import CarriedOutForm, written
from vertebra.practices.labels.practices import STATE_TONES
from vertebra.practices.models import Practice
from vertebra.practices.pages.frame import FORM_PAGE, changeable, page_of
from vertebra.practices.queries.undertaken import could_carry_out
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.pages.table_frame import ask

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


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def initiative_create(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Say which initiative carries a practice out."""
    row = changeable(request, practice_id)
    form = CarriedOutForm(request.POST or None, practice=row)

    def link(given: dict[str, Any]) -> str:
        actions.link_initiative(actor=request.user, practice=row, now=clock.now(), **given)
        return page_of(row)

    return ask(
        request, form, link, heading=_("Which initiative carries it out?"), submit=_("Tie them"), done=_("Tied."),
        cancel_url=page_of(row), template=FORM_PAGE, row=row,
        intro=_("What is undertaken so that this practice is lived: one sees from then on what it came from."),
    )  # fmt: skip


@require_GET
@requires(Right.TAKE_PART)
def initiative_suggest(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Suggest initiatives that could carry a practice out, by what somebody types of their title."""
    row = changeable(request, practice_id)
    typed = fold(str(next(iter(request.GET.values()), ""))[:100])
    found = [one for one in could_carry_out(row.pk).only("title") if typed in fold(one.title)]
    found.sort(key=lambda one: not fold(one.title).startswith(typed))
    return render(request, "org/options.html", {"options": [written(one) for one in found[:MOST_SUGGESTED]]})


@require_POST
@requires(Right.TAKE_PART)
def initiative_removal(request: PageRequest, practice_id: int, initiative_id: int) -> HttpResponseBase:
    """Say that an initiative does not carry a practice out after all."""
    row = changeable(request, practice_id)
    held = get_object_or_404(Initiative, pk=initiative_id)
    return do(
        request,
        lambda: actions.unlink_initiative(actor=request.user, practice=row, initiative=held, now=clock.now()),
        _("Untied."),
        page_of(row),
    )
