"""The list of pain points: what hurts, whom, how many; as a table or a tree; and what is done to many at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SearchEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import saved_views
from vertebra.discovery.actions import pain_states as actions
from vertebra.discovery.labels import PAIN_TONES, PainState, Severity, Trend
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.pain_points import (
    TREND_RANKS,
    current,
    hurting,
    open_to,
    trend_of,
    with_order,
    with_rank,
    with_trend,
)
from vertebra.discovery.queries.pain_words import Shown, ids_of, size_words
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, Listing, ListOf
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import parent_units
from vertebra.org.labels import Function
from vertebra.org.models import Field
from vertebra.org.pages.frame import base
from vertebra.org.queries.structure import Structure

MOST_CHOICES = 80
TREE_ROWS = 300
Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def pain_point_list(request: PageRequest) -> HttpResponseBase:
    """Everything that hurts, as far as the reader may know it: the most people first."""
    is_tree = request.GET.get("view") == "tree"
    rows = with_trend(with_order(open_to(request.user), request.user)).select_related("field")
    listing = _list_of(request, is_tree=is_tree).read(
        request, rows, saved_views=saved_views(request.user, "pain-points", request.get_full_path())
    )
    if listing.export:
        return listing.export
    if is_tree:
        listing.rows = _as_tree(listing.rows)
    for row in listing.rows:
        row.shown = Shown(request.user, row)
    is_ops = may(request.user, Right.PRODUCT_OPS)
    return render(
        request,
        "discovery/pain_point_list.html",
        {
            "listing": listing,
            "is_tree": is_tree,
            "views": _views(request),
            "pain_base": base("discovery:pain-point-show"),
            "counts": _counts(request),
            "largest": _largest(request, listing),
            "can_select": is_ops and not is_tree,
            "is_ops": is_ops,
            "fields": list(Field.objects.filter(archived_at__isnull=True)) if is_ops else [],
        },
    )


def _views(request: PageRequest) -> list[dict[str, Any]]:
    """The same rows as a table or as a tree."""
    asked = request.GET.copy()
    for key in ("view", "after", "before", "format"):
        asked.pop(key, None)
    table = f"?{asked.urlencode()}"
    asked["view"] = "tree"
    is_tree = request.GET.get("view") == "tree"
    return [
        {"label": _("Table"), "icon": "table", "url": table, "is_current": not is_tree},
        {"label": _("Tree"), "icon": "list-tree", "url": f"?{asked.urlencode()}", "is_current": is_tree},
    ]


def _as_tree(rows: Sequence[PainPoint]) -> list[PainPoint]:
    """The rows with each one's parts under it, in their order; what is part of nothing shown here stands outermost."""
    shown = {row.pk: row for row in rows}
    inside: dict[int, list[PainPoint]] = {}
    for row in rows:
        inside.setdefault(row.parent_id if row.parent_id in shown else 0, []).append(row)
    found: list[PainPoint] = []
    waiting = [(row, 0) for row in reversed(inside.get(0, []))]
    while waiting:
        row, depth = waiting.pop()
        row.depth = min(depth, 5)  # type: ignore[attr-defined]
        row.parts = len(inside.get(row.pk, []))  # type: ignore[attr-defined]
        found.append(row)
        waiting += [(child, depth + 1) for child in reversed(inside.get(row.pk, []))]
    return found


def _counts(request: PageRequest) -> dict[str, int]:
    return open_to(request.user).aggregate(
        confirmed=Count("pk", filter=Q(state=PainState.CONFIRMED)),
        raised=Count("pk", filter=Q(state=PainState.RAISED)),
        back=Count(
            "pk", filter=Q(state__in=(PainState.RAISED, PainState.CONFIRMED), settled_on__isnull=False)
        ),
        put=Count("pk", filter=Q(to_directors_on__isnull=False)),
    )


def _largest(request: PageRequest, listing: Listing) -> Shown | None:
    """The confirmed pain point that most people speak of."""
    rows = with_order(open_to(request.user), request.user).filter(state=PainState.CONFIRMED)
    row = rows.order_by("-size_shown", "-pk").first() if listing.rows else None
    return Shown(request.user, row) if row else None


def _list_of(request: PageRequest, *, is_tree: bool) -> ListOf:
    user = request.user
    return ListOf(
        page="pain-points",
        file_name="pain-points",
        columns=[
            Column("title", gettext_lazy("Pain point"), lambda row: row.title),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
            Column("field", gettext_lazy("Field of action"), lambda row: row.field.name if row.field else ""),
            Column(
                "size",
                gettext_lazy("People heard"),
                lambda row: size_words(Shown(user, row).size.people, is_exact=Shown(user, row).size.is_exact),
                sort="size_shown",
                is_numeric=True,
            ),
            Column("teams", gettext_lazy("Teams"), lambda row: _plain(Shown(user, row).size.teams), is_numeric=True),
            Column(
                "functions", gettext_lazy("Functions"), lambda row: _plain(Shown(user, row).size.functions),
                is_numeric=True, is_optional=True,
            ),
            Column("severity", gettext_lazy("Severity"), lambda row: row.get_severity_display(), sort="severity"),
            Column(
                "trend",
                gettext_lazy("Trend"),
                lambda row: trend_of(row.recent_count, row.before_count).label,
                sort="trend_rank",
            ),
            Column("seen", gettext_lazy("Last heard"), lambda row: Shown(user, row).seen, sort="seen_shown"),
            Column("put", gettext_lazy("Put to the directors"), lambda row: row.to_directors_on, is_optional=True),
            Column("reason", gettext_lazy("Reason"), lambda row: row.reason, is_optional=True),
        ],
        filters=_filters(request),
        search=_search,
        sort="-size",
        page_size=TREE_ROWS if is_tree else 50,
    )  # fmt: skip


def _plain(count: int | None) -> object:
    return _("fewer than five") if count is None else count


def _search(rows: Rows, text: str) -> Rows:
    known = SearchEntry.objects.filter(kind=Kind.PAIN_POINT, title_folded__contains=fold(text))
    return rows.filter(pk__in=known.values("object_id"))


def _filters(request: PageRequest) -> list[Filter]:
    day = clock.today()
    units = parent_units(day, MOST_CHOICES)
    fields = [(str(pk), name) for pk, name in Field.objects.values_list("pk", "name")]

    def of_function(rows: Rows, value: str) -> Rows:
        return hurting(rows, request.user, Q(function=value))

    def of_unit(rows: Rows, value: str) -> Rows:
        inside = Structure.as_of(day, with_members=False).under(int(value))
        return hurting(rows, request.user, Q(unit__in=inside))

    def put(rows: Rows, value: str) -> Rows:
        return rows.filter(to_directors_on__isnull=value == "no")

    def choices(*pairs: tuple[str, Any]) -> Callable[[], tuple[tuple[str, Any], ...]]:
        return lambda: pairs

    return [
        Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: _states(request)),
        Filter(
            "field", gettext_lazy("Field of action"), lambda rows, value: rows.filter(field=value), lambda: fields
        ),
        Filter("function", gettext_lazy("Hurts"), of_function, lambda: Function.choices),
        Filter("with", gettext_lazy("Hurts also"), of_function, lambda: Function.choices),
        Filter("unit", gettext_lazy("Inside"), of_unit, lambda: units),
        Filter("beside", gettext_lazy("and inside"), of_unit, lambda: units),
        Filter(
            "severity", gettext_lazy("Severity"), lambda rows, value: rows.filter(severity=value),
            lambda: [(str(one.value), one.label) for one in Severity],
        ),
        Filter(
            "trend", gettext_lazy("Trend"), lambda rows, value: rows.filter(trend_rank=TREND_RANKS[Trend(value)]),
            lambda: Trend.choices,
        ),
        Filter(
            "put", gettext_lazy("Put to the directors"), put,
            choices(("yes", pgettext_lazy("value", "yes")), ("no", pgettext_lazy("value", "no"))),
        ),
    ]  # fmt: skip


def _states(request: PageRequest) -> list[tuple[str, Any]]:
    is_ops = may(request.user, Right.PRODUCT_OPS)
    return [(value, label) for value, label in PainState.choices if is_ops or value != PainState.RAISED]


@require_GET
@requires(Right.READ)
def director_list(request: PageRequest) -> HttpResponse:
    """What is ready for the directors, in the order of the latest audit, then by size."""
    rows = with_rank(with_order(open_to(request.user), request.user)).filter(to_directors_on__isnull=False)
    rows = (
        rows.select_related("field").prefetch_related("groups").order_by("audit_rank", "-size_shown", "-pk")
    )
    is_ops = may(request.user, Right.PRODUCT_OPS)
    shown = [Shown(request.user, row) for row in rows[:200]]
    return render(
        request,
        "discovery/pain_point_directors.html",
        {
            "shown": shown,
            "is_ops": is_ops,
            "tones": PAIN_TONES,
            "structure": Structure.as_of(clock.today(), with_members=False),
        },
    )


TOGETHER: dict[str, tuple[Callable[..., AuditEntry], Callable[[int], str]]] = {
    "confirm": (
        actions.confirm_pain_points,
        lambda count: _("%(count)d confirmed: those they hurt are asked what they cost.") % {"count": count},
    ),
    "dismiss": (actions.dismiss_pain_points, lambda count: _("%(count)d dismissed.") % {"count": count}),
    "put": (actions.put_to_directors, lambda count: _("%(count)d put to the directors.") % {"count": count}),
    "field": (actions.set_field, lambda count: _("Field of action set for %(count)d.") % {"count": count}),
}


@require_POST
@requires(Right.PRODUCT_OPS)
def together(request: PageRequest) -> HttpResponse:
    """Do one thing to the selected pain points."""
    act, words = TOGETHER.get(str(request.POST.get("verb", "")), (None, None))
    rows = list(current().filter(pk__in=ids_of(request.POST.getlist("selected"))))
    if act is None or words is None or not rows:
        messages.error(request, _("Select some pain points first."))
        return redirect("discovery:pain-point-list")
    given: dict[str, Any] = {}
    if act is actions.dismiss_pain_points:
        given["reason"] = str(request.POST.get("reason", ""))[:2000]
    if act is actions.set_field:
        [*chosen] = ids_of([str(request.POST.get("field", ""))])
        given["field"] = Field.objects.filter(pk__in=chosen, archived_at__isnull=True).first()
    try:
        entry = act(actor=request.user, pain_points=rows, now=clock.now(), **given)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words(len(rows)), extra_tags=f"undo:{entry.pk}")
    return redirect("discovery:pain-point-list")
