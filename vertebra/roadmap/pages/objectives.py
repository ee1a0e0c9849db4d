"""Objectives of leadership: the list with what serves each, one of them, writing and putting away."""

import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.kit import clock, markdown
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import language_now
from vertebra.org.pages.frame import base
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.actions import objectives as actions
from vertebra.roadmap.forms.objectives import ObjectiveForm
from vertebra.roadmap.labels.initiatives import INITIATIVE_TONES
from vertebra.roadmap.labels.topics import TOPIC_TONES
from vertebra.roadmap.models import Initiative, Objective
from vertebra.roadmap.pages.table_frame import act, ask
from vertebra.roadmap.queries.objectives import current_on, objectives, uncarried, units_named
from vertebra.roadmap.queries.topics import topics


@require_GET
@requires(Right.READ)
def objective_list(request: PageRequest) -> HttpResponseBase:
    """What leadership wants, with the topics and initiatives that serve each."""
    day = clock.today()
    views = saved_views(request.user, "objectives", request.get_full_path())
    listing = _list_of(day).read(request, objectives(), saved_views=views)
    if listing.export:
        return listing.export
    lonely = {row.pk for row in uncarried(day)}
    units = units_named(listing.rows, day)
    for row in listing.rows:
        row.is_uncarried = row.pk in lonely
        row.unit_name = units.get(row.of_unit_id or 0, "")
    context = {
        "listing": listing,
        "objective_base": base("roadmap:objective-show"),
        "lonely": len(lonely),
        "current": current_on(day).count(),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "roadmap/objective_list.html", context)


def _list_of(day: dt.date) -> ListOf:
    def when(rows: Any, value: str) -> Any:
        if value == "now":
            return rows.filter(starts_on__lte=day, ends_on__gt=day)
        return rows.filter(ends_on__lte=day) if value == "past" else rows.filter(starts_on__gt=day)

    whens = [
        ("now", pgettext_lazy("objectives", "of today")),
        ("next", pgettext_lazy("objectives", "to come")),
        ("past", pgettext_lazy("objectives", "past")),
    ]
    return ListOf(
        page="objectives",
        file_name="objectives",
        columns=[
            Column("title", gettext_lazy("Objective"), lambda row: row.title),
            Column("unit", pgettext_lazy("objective", "For"), lambda row: getattr(row, "unit_name", "")),
            Column("owner", gettext_lazy("Carried by"), lambda row: row.owner.name if row.owner else ""),
            Column(
                "from", pgettext_lazy("a period", "From"), lambda row: row.starts_on, sort="starts_on",
            ),
            Column("until", pgettext_lazy("a period", "Until"), lambda row: row.ends_on, sort="ends_on"),
            Column("topics", gettext_lazy("Topics"), lambda row: row.topic_count, sort="topic_count", is_numeric=True),
            Column(
                "initiatives", gettext_lazy("Initiatives"), lambda row: row.initiative_count,
                sort="initiative_count", is_numeric=True,
            ),
        ],
        filters=[Filter("when", gettext_lazy("Period"), when, lambda: whens)],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="-from",
    )  # fmt: skip


@require_GET
@requires(Right.READ)
def objective_page(request: PageRequest, objective_id: int) -> HttpResponse:
    """One objective: in leadership's words, what serves it, and whether anybody carries it."""
    row = get_object_or_404(objectives(), pk=objective_id)
    now = clock.now()
    day = clock.today(now)
    serving = list(topics().filter(objective=row).order_by("-people_count", "pk")[:50])
    carried = Initiative.objects.filter(objective=row, archived_at=None).select_related("lead")
    return render(
        request,
        "roadmap/objective.html",
        {
            "objective": row,
            "description": markdown.render(row.description) if row.description else "",
            "unit": Structure.as_of(day, with_members=False).get(row.of_unit_id),
            "topics": [{"row": one, "tone": TOPIC_TONES[one.state]} for one in serving],
            "initiatives": [
                {"row": one, "tone": INITIATIVE_TONES[one.state]} for one in carried.order_by("pk")[:50]
            ],
            "is_over": row.ends_on <= day,
            "is_ops": may(request.user, Right.PRODUCT_OPS),
            "discussion": discussion(request.user, Kind.OBJECTIVE, row.pk, now),
            "now": now,
        },
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def objective_create(request: PageRequest) -> HttpResponse:
    """Write down what leadership wants."""
    now = clock.now()
    day = clock.today(now)
    starts = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    initial = {"starts_on": starts, "ends_on": dt.date(day.year + 1, 1, 1)}
    form = ObjectiveForm(
        request.POST or None, structure=Structure.as_of(day, with_members=False), initial=initial
    )

    def done(given: dict[str, Any]) -> str:
        row = actions.set_objective(actor=request.user, language=language_now(), now=now, **given)
        return reverse("roadmap:objective-show", args=(row.pk,))

    return ask(
        request,
        form,
        done,
        heading=_("Write down an objective"),
        submit=_("Write it down"),
        done=_("Written down: topics and initiatives can say that they serve it."),
        cancel_url=reverse("roadmap:objective-list"),
        section={"url": reverse("roadmap:objective-list"), "title": _("Objectives")},
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def objective_edit(request: PageRequest, objective_id: int) -> HttpResponse:
    """Say an objective better, move its dates."""
    row = get_object_or_404(Objective, pk=objective_id, archived_at=None)
    now = clock.now()
    names = ("title", "description", "starts_on", "ends_on", "owner")
    initial = {name: getattr(row, name) for name in names} | {"of_unit": row.of_unit_id}
    structure = Structure.as_of(clock.today(now), with_members=False)
    url = reverse("roadmap:objective-show", args=(row.pk,))

    def done(given: dict[str, Any]) -> str:
        actions.change_objective(actor=request.user, objective=row, changes=given, now=now)
        return url

    return ask(
        request,
        ObjectiveForm(request.POST or None, structure=structure, initial=initial),
        done,
        heading=_("Say it better"),
        submit=_("Save"),
        done=_("It is said better now."),
        cancel_url=url,
        section={"url": reverse("roadmap:objective-list"), "title": _("Objectives")},
        crumb={"url": url, "title": row.title},
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def objective_archiving(request: PageRequest, objective_id: int) -> HttpResponse:
    """Put an objective away."""
    row = get_object_or_404(Objective, pk=objective_id)
    return act(
        request,
        lambda: actions.archive_objective(actor=request.user, objective=row, now=clock.now()),
        _("Put away."),
        reverse("roadmap:objective-list"),
        can_undo=True,
    )
