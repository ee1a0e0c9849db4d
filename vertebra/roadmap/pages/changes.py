"""What changed on the roadmap since a day, and what slipped: how many times, by how much."""

import datetime as dt

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import saved_views
from vertebra.kit.listing import Column
from vertebra.org.forms.fields import read_day
from vertebra.roadmap.labels.initiatives import INITIATIVE_TONES
from vertebra.roadmap.models import Initiative, Revision
from vertebra.roadmap.pages.frame import list_of, shared, standing_of
from vertebra.roadmap.pages.initiative import told_of
from vertebra.roadmap.queries.initiatives import differences
from vertebra.roadmap.queries.periods import Quarter
from vertebra.roadmap.queries.standing import Rows, Standing, end_of, revisions_on


@require_GET
@requires(Right.READ)
def change_list(request: PageRequest) -> HttpResponseBase:
    """List what stands otherwise than it stood on a day, the latest change first."""
    day, _standing = standing_of(request)
    since = read_day(request.GET.get("since", "")) or Quarter.of(day.today).starts_on - dt.timedelta(days=1)
    now = Standing(day.today, is_today=True)
    page = "roadmap-changes"
    listed = list_of(request, now, _change_columns(), page, "-changed")
    rows = now.rows().filter(changed_at__gte=end_of(since))
    views = saved_views(request.user, page, request.get_full_path())
    listing = listed.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    before = stood({row.pk for row in listing.rows}, since)
    for row in listing.rows:
        was = before.get(row.pk)
        row.is_new = was is None
        row.unit_name = now.names.unit(row.owner_unit_id)
        row.tone = INITIATIVE_TONES[row.state]
        row.told = told_of(differences(was, row)) if was else []
    sums = sums_since(now.rows(), since)
    context = {
        **shared(request, day, "changes"),
        "listing": listing,
        "since": since,
        "sums": sums,
        "is_moving": any(sums.values()),
    }
    return render(request, "roadmap/change_list.html", context)


def stood(ids: set[int], day: dt.date) -> dict[int, Revision]:
    """How these initiatives stood when a day was over."""
    return {row.initiative_id: row for row in revisions_on(day).filter(initiative__in=ids)}


def sums_since(rows: Rows, day: dt.date) -> dict[str, int]:
    """How many are new, started, delivered, closed and moved later since a day."""
    end = end_of(day)
    slips = Revision.objects.filter(initiative=OuterRef("pk"), is_slip=True, at__gte=end)
    found: dict[str, int] = rows.filter(changed_at__gte=end).aggregate(
        new=Count("pk", filter=Q(created_at__gte=end)),
        started=Count("pk", filter=Q(started_at__gte=end)),
        delivered=Count("pk", filter=Q(delivered_at__gte=end)),
        closed=Count("pk", filter=Q(closed_at__gte=end)),
        slipped=Count("pk", filter=Q(slip_count__gt=0) & Q(Exists(slips))),
    )
    return found


def _change_columns() -> list[Column]:
    return [
        Column("title", gettext_lazy("Initiative"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
        Column("what", gettext_lazy("What changed"), lambda row: ""),
        Column("due", pgettext_lazy("an initiative", "Due"), lambda row: row.due_on or row.target),
        Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
    ]


@require_GET
@requires(Right.READ)
def slip_list(request: PageRequest) -> HttpResponse | HttpResponseBase:
    """List what moved later than it was planned, the most often first."""
    day, _standing = standing_of(request)
    now = Standing(day.today, is_today=True)
    page = "roadmap-slips"
    listed = list_of(request, now, _slip_columns(now), page, "-slips")
    rows = now.rows().filter(slip_count__gt=0)
    views = saved_views(request.user, page, request.get_full_path())
    listing = listed.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    shown = {row.pk: row for row in listing.rows}
    slips: dict[int, list[Revision]] = {}
    for revision in Revision.objects.filter(initiative__in=shown, is_slip=True).order_by("at"):
        slips.setdefault(revision.initiative_id, []).append(revision)
    for row in listing.rows:
        row.unit_name = now.names.unit(row.owner_unit_id)
        row.tone = INITIATIVE_TONES[row.state]
        row.slips = slips.get(row.pk, [])[-1:]
    context = {**shared(request, day, "slips"), "listing": listing, **_slip_counts(now.rows())}
    return render(request, "roadmap/slip_list.html", context)


def _slip_counts(rows: Rows) -> dict[str, int]:
    found: dict[str, int] = rows.filter(slip_count__gt=0).aggregate(
        slipped=Count("pk"), often=Count("pk", filter=Q(slip_count__gte=3))
    )
    return found


def _slip_columns(standing: Standing) -> list[Column]:
    def unit(row: Initiative) -> str:
        return standing.names.unit(row.owner_unit_id)

    return [
        Column("title", gettext_lazy("Initiative"), lambda row: row.title, sort="title"),
        Column("unit", gettext_lazy("Unit"), unit),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column(
            "slips", gettext_lazy("Times it slipped"), lambda row: row.slip_count, sort="slip_count", is_numeric=True
        ),
        Column("steps", gettext_lazy("Releases later"), lambda row: row.slip_steps, sort="slip_steps", is_numeric=True),
        Column("days", gettext_lazy("Days later"), lambda row: row.slip_days, sort="slip_days", is_numeric=True),
        Column("due", pgettext_lazy("an initiative", "Due"), lambda row: row.due_on or row.target),
    ]  # fmt: skip
