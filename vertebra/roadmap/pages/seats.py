"""Who sits at the table: directors of the day, who joined or left, who ranks instead; links to hand over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function
from vertebra.roadmap.actions import seats as actions
from vertebra.roadmap.forms.cycles import DelegateForm, ReasonForm, SeatForm
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Seat
from vertebra.roadmap.pages.table_frame import act, ask, cycle_or_404
from vertebra.roadmap.queries.seats import has_ranked, seats_of


def _page(cycle_id: int) -> str:
    return reverse("roadmap:seat-list", args=(cycle_id,))


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def seat_list(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Everybody at the table, and whether they have ranked; never what."""
    cycle = cycle_or_404(cycle_id)
    form = SeatForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_seat(actor=request.user, cycle=cycle, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(name)s sits at the table.") % {"name": form.cleaned_data["person"].name}
            )
            return redirect(_page(cycle_id))
    rows = [
        {
            "seat": seat,
            "function": Function(seat.function).label if seat.function in Function.values else seat.function,
            "has_ranked": has_ranked(seat),
            "has_begun": getattr(seat, "ranking", None) is not None and not has_ranked(seat),
            "is_reached": can_be_reached(seat.delegate or seat.person),
        }
        for seat in seats_of(cycle)
    ]
    context = {
        "cycle": cycle,
        "form": form,
        "rows": rows,
        "is_ranking": cycle.state == CycleState.RANKING,
        "is_open": cycle.revealed_at is None,
    }
    return render(request, "roadmap/seat_list.html", context, status=422 if form.errors else 200)


def _seat(cycle_id: int, seat_id: int) -> Seat:
    rows = Seat.objects.select_related("cycle", "person", "delegate")
    return get_object_or_404(rows, pk=seat_id, cycle=cycle_id, cycle__archived_at=None)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def ending(request: PageRequest, cycle_id: int, seat_id: int) -> HttpResponse:
    """Take somebody off the table, with the reason."""
    seat = _seat(cycle_id, seat_id)

    def done(given: dict[str, Any]) -> str:
        actions.end_seat(actor=request.user, seat=seat, reason=given["reason"], now=clock.now())
        return _page(cycle_id)

    return ask(
        request,
        ReasonForm(request.POST or None),
        done,
        heading=_("Take %(name)s off the table") % {"name": seat.person.name},
        submit=_("Take off"),
        done=_("Off the table; what was ranked still counts."),
        cancel_url=_page(cycle_id),
        section={"url": reverse("roadmap:cycle-list"), "title": _("Quarterly tables")},
        crumb={"url": reverse("roadmap:cycle-show", args=(cycle_id,)), "title": seat.cycle.title},
    )


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def delegation(request: PageRequest, cycle_id: int, seat_id: int) -> HttpResponse:
    """Let somebody else rank: for whoever holds the seat, and for Product Ops."""
    seat = _seat(cycle_id, seat_id)
    person = person_of(request.user)
    is_own = person is not None and person.pk == seat.person_id
    is_ops = may(request.user, Right.PRODUCT_OPS)
    if not is_own and not is_ops:
        raise PermissionDenied
    url = _page(cycle_id) if is_ops else reverse("roadmap:cycle-show", args=(cycle_id,))

    def done(given: dict[str, Any]) -> str:
        actions.delegate_seat(actor=request.user, seat=seat, delegate=given["delegate"], now=clock.now())
        return url

    return ask(
        request,
        DelegateForm(request.POST or None, initial={"delegate": seat.delegate}),
        done,
        heading=_("Who ranks for %(name)s?") % {"name": seat.person.name},
        submit=_("Let them rank"),
        done=_("Noted; the link sent before opens no more."),
        cancel_url=url,
        intro=_("Empty: %(name)s ranks.") % {"name": seat.person.name},
        section={"url": reverse("roadmap:cycle-list"), "title": _("Quarterly tables")},
        crumb={"url": reverse("roadmap:cycle-show", args=(cycle_id,)), "title": seat.cycle.title},
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def seat_link(request: PageRequest, cycle_id: int, seat_id: int) -> HttpResponse:
    """Make a link to hand over to somebody whom no mail reaches; it is told once."""
    seat = _seat(cycle_id, seat_id)
    if can_be_reached(seat.delegate or seat.person):
        # Product Ops never holds a link by which somebody else could be ranked for, where a message reaches them.
        messages.error(request, _("A message reaches this person: the link is sent to them alone."))
        return redirect(_page(cycle_id))
    try:
        _entry, address = actions.make_seat_link(actor=request.user, seat=seat, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_page(cycle_id))
    return shown_once(
        request,
        {
            "address": request.build_absolute_uri(address),
            "heading": _("Link for %(name)s") % {"name": (seat.delegate or seat.person).name},
            "intro": _("Copy it now: it is kept nowhere and never shown again."),
            "back_url": _page(cycle_id),
        },
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def sending(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Send the links that wait, to those who may be asked today."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.send_rankings(actor=request.user, cycle=cycle, now=clock.now()),
        _("Sent to those who were not asked twice this week."),
        _page(cycle_id),
    )
