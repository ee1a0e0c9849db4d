"""Quick wins: the list, each one, a new one in a minute, and what one does to it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, View, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.discovery.actions import quick_wins as actions
from vertebra.discovery.forms.audits import QuickWinForm, ReasonForm, StartForm
from vertebra.discovery.labels import QUICK_WIN_TONES, QuickWinState
from vertebra.discovery.models import QuickWin
from vertebra.discovery.pages.audit_frame import did
from vertebra.discovery.queries.quick_wins import open_to
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import base

Rows = QuerySet[Any, Any]


def _owner(row: Any) -> str:
    return row.owner.name if row.owner else ""


LIST = ListOf(
    page="quick-wins",
    file_name="quick-wins",
    sort="-created",
    columns=(
        Column("title", gettext_lazy("Quick win"), lambda row: row.title, sort="title"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
        Column("relieves", gettext_lazy("What it relieves"), lambda row: row.pain_point.title),
        Column("days", gettext_lazy("Days of work"), lambda row: row.days, sort="days", is_numeric=True),
        Column("due", pgettext_lazy("a quick win", "Due"), lambda row: row.due_on),
        Column("owner", gettext_lazy("Done by"), _owner),
        Column("created", gettext_lazy("Proposed"), lambda row: row.created_at, sort="created_at"),
    ),
    filters=(
        Filter(
            "state",
            gettext_lazy("State"),
            lambda rows, value: rows.filter(state=value),
            lambda: QuickWinState.choices,
        ),
    ),
    search=lambda rows, text: rows.filter(title__icontains=text),
)


@require_GET
@requires(Right.READ)
def quick_win_list(request: PageRequest) -> HttpResponseBase:
    """List quick wins: what is under way first in the sentence."""
    rows = open_to(request.user).select_related("pain_point", "owner")
    views = saved_views(request.user, "quick-wins", request.get_full_path())
    listing = LIST.read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone = QUICK_WIN_TONES[row.state]
    states = [state for (state,) in open_to(request.user).values_list("state").order_by()]
    today = clock.today()
    context = {
        "listing": listing,
        "win_base": base("discovery:quick-win-show"),
        "started": states.count(QuickWinState.STARTED),
        "delivered": states.count(QuickWinState.DELIVERED),
        "late": sum(1 for row in listing.rows if row.state == QuickWinState.STARTED and row.due_on < today),
        "today": today,
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "discovery/quick_win_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def quick_win_create(request: PageRequest) -> HttpResponseBase:
    """Propose a quick win."""
    form = QuickWinForm(request.POST or None, initial={"pain_point": request.GET.get("pain_point", "")[:18]})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose_quick_win(
                actor=request.user, language=get_language() or "fr", now=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("discovery:quick-win-show", row.pk)
    context = {"form": form, "cancel_url": reverse("discovery:quick-win-list")}
    return render(request, "discovery/quick_win_create.html", context, status=422 if form.is_bound else 200)


@require_GET
@requires(Right.READ)
def quick_win_page(request: PageRequest, quick_win_id: int) -> HttpResponse:
    """Show a quick win: what it relieves, where it stands, what can be done with it."""
    rows = open_to(request.user).select_related("pain_point", "owner", "audit")
    row = get_object_or_404(rows, pk=quick_win_id)
    now = clock.now()
    person = person_of(request.user)
    context = {
        "win": row,
        "tone": QUICK_WIN_TONES[row.state],
        "may_work": may(request.user, Right.PRODUCT_OPS)
        or (person is not None and row.owner_id == person.pk),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
        "is_late": row.state == QuickWinState.STARTED and row.due_on and row.due_on < clock.today(now),
        "start_form": StartForm(initial={"due_on": clock.today(now) + actions.WITHIN}),
        "reason_form": ReasonForm(),
        "discussion": discussion(request.user, Kind.QUICK_WIN, row.pk, now),
    }
    return render(request, "discovery/quick_win.html", context)


def _of_quick_win(view: Callable[[PageRequest, QuickWin], HttpResponse]) -> View:
    """An address that does one thing to a quick win, for Product Ops and for whoever does it."""

    @wraps(view)
    def opened(request: PageRequest, quick_win_id: int) -> HttpResponse:
        rows = open_to(request.user)
        if not may(request.user, Right.PRODUCT_OPS):
            rows = rows.filter(owner=person_of(request.user), owner__isnull=False)
        return view(request, get_object_or_404(rows, pk=quick_win_id))

    return requires(Right.TAKE_PART)(require_POST(opened))


def _back(row: QuickWin) -> str:
    return reverse("discovery:quick-win-show", args=(row.pk,))


@_of_quick_win
def start(request: PageRequest, row: QuickWin) -> HttpResponse:
    """Start it, with the day it is due."""
    form = StartForm(request.POST)
    due = form.cleaned_data["due_on"] if form.is_valid() else None
    return did(
        request,
        lambda: actions.start_quick_win(actor=request.user, quick_win=row, due_on=due, now=clock.now()),
        _("Started: it is due within thirty days."),
        _back(row),
    )


@_of_quick_win
def delivery(request: PageRequest, row: QuickWin) -> HttpResponse:
    """Say that it is done."""
    return did(
        request,
        lambda: actions.deliver_quick_win(actor=request.user, quick_win=row, now=clock.now()),
        _("Delivered. Those it relieves are asked again what it still costs them."),
        _back(row),
    )


@_of_quick_win
def dropping(request: PageRequest, row: QuickWin) -> HttpResponse:
    """Drop it, with the reason."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return did(
        request,
        lambda: actions.drop_quick_win(actor=request.user, quick_win=row, reason=reason, now=clock.now()),
        _("Dropped, with the reason."),
        _back(row),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def quick_win_edit(request: PageRequest, quick_win_id: int) -> HttpResponseBase:
    """Say a quick win better: what, how long, who."""
    row = get_object_or_404(QuickWin.objects.select_related("pain_point", "owner"), pk=quick_win_id)
    initial = {"title": row.title, "days": row.days, "owner": row.owner}
    form = QuickWinForm(request.POST or None, initial=initial)
    del form.fields["pain_point"]
    if request.method == "POST" and form.is_valid():
        return did(
            request,
            lambda: actions.change_quick_win(
                actor=request.user, quick_win=row, now=clock.now(), **form.cleaned_data
            ),
            _("Saved."),
            _back(row),
        )
    context = {"form": form, "win": row, "cancel_url": _back(row)}
    return render(request, "discovery/quick_win_create.html", context, status=422 if form.is_bound else 200)
