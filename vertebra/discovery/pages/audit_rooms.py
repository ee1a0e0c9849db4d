"""The room where an audit is presented: one page that everybody follows, and a phone as its remote."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, may, open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions import audit_rooms as actions
from vertebra.discovery.actions import room_state
from vertebra.discovery.models import Audit, AuditItem, AuditRoom
from vertebra.discovery.pages.audit_frame import did, draft_document, of_audit
from vertebra.discovery.queries.audit_rooms import is_open, items_of, open_room_of, room_of, stamp_of
from vertebra.kit import clock

WHY_OPEN = "those who are in the room follow it by an address that ends with it"
MINUTES = (5, 10, 15, 30)


@require_GET
@of_audit
def room(request: PageRequest, audit: Audit) -> HttpResponse:
    """Where a room is opened, and what earlier ones left."""
    rooms = audit.rooms.filter(closed_at__isnull=False).select_related("opened_by").order_by("-pk")[:20]
    context = {
        "audit": audit,
        "held": open_room_of(audit, clock.now()),
        "rooms": rooms,
        "items": items_of(AuditRoom(audit=audit)),
    }
    return render(request, "discovery/audit_room_door.html", context)


@require_POST
@of_audit
def opening(request: PageRequest, audit: Audit) -> HttpResponse:
    """Open the room, or make a new address of the open one, and go in."""
    now = clock.now()
    held = open_room_of(audit, now)
    try:
        if held is None:
            _room, secret = actions.open_room(actor=request.user, audit=audit, now=now)
        else:
            secret = actions.invite_to_room(actor=request.user, room=held, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("discovery:audit-room", audit.pk)
    return redirect("discovery:audit-room-inside", secret)


@require_POST
@of_audit
def closing(request: PageRequest, audit: Audit) -> HttpResponse:
    """Close the room with its record."""
    now = clock.now()
    held = get_object_or_404(AuditRoom, audit=audit, closed_at__isnull=True)
    present = request.POST.get("present", "")[:2000]
    return did(
        request,
        lambda: actions.close_room(actor=request.user, room=held, present=present, now=now),
        _("The room is closed; the order is that of the team."),
        reverse("discovery:audit-room", args=(audit.pk,)),
        can_undo=False,
    )


@require_GET
@open_by_secret(reason=WHY_OPEN)
def inside(request: HttpRequest, token: str) -> HttpResponse:
    """The room itself, on the screen and on each phone."""
    found = room_of(token)
    if found is None or not is_open(found, clock.now()):
        return _over(request, found)
    return _shown(request, found, token, "discovery/audit_room.html")


@require_GET
@open_by_secret(reason=WHY_OPEN)
def state(request: HttpRequest, token: str) -> HttpResponse:
    """What the room shows now, or nothing when the page shows it already."""
    found = room_of(token)
    if found is None or not is_open(found, clock.now()):
        response = _over(request, found, is_part=True)
        response["HX-Refresh"] = "true"
        return response
    items = items_of(found)
    if request.GET.get("stamp") == stamp_of(found, items):
        return HttpResponse(status=204)
    return _shown(request, found, token, "discovery/audit_room.html#room", items)


@require_POST
@open_by_secret(reason=WHY_OPEN)
def act(request: HttpRequest, token: str) -> HttpResponse:
    """Go to an item, move one, start the timer: by whoever is in the room."""
    now = clock.now()
    found = room_of(token)
    if found is None or not is_open(found, now):
        return _over(request, found)
    if not is_allowed("audit_room", f"{found.pk}:{who_asks(request)}"):
        return too_often(request)
    user = request.user if isinstance(request.user, User) else None
    if (place := _number(request, "show")) is not None:
        room_state.show(found, place)
    elif (minutes := _number(request, "timer")) is not None:
        room_state.set_timer(found, minutes, now)
    elif (moved := _number(request, "item")) is not None:
        item = next((one for one in items_of(found) if one.pk == moved), None)
        by = {"up": -1, "down": 1}.get(request.POST.get("move", ""), 0)
        if item and by:
            with suppress(Refusal):  # the first one up, the last one down: it stays where it is
                actions.move_in_room(actor=user, room=found, item=item, by=by, now=now)
    if request.headers.get("HX-Request"):
        return _shown(request, found, token, "discovery/audit_room.html#room")
    return redirect("discovery:audit-room-inside", token)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _shown(
    request: HttpRequest,
    found: AuditRoom,
    token: str,
    template: str,
    items: list[AuditItem] | None = None,
) -> HttpResponse:
    audit = found.audit
    items = items_of(found) if items is None else items
    now = clock.now()
    position = min(found.position, len(items))
    left = int((found.timer_until - now).total_seconds()) if found.timer_until else None
    address = request.build_absolute_uri(reverse("discovery:audit-room-inside", args=(token,)))
    context: dict[str, Any] = {
        **draft_document(audit),
        "audit": audit,
        "room": found,
        "token": token,
        "items": items,
        "position": position,
        "at": position - 1,
        "last": len(items),
        "stamp": stamp_of(found, items),
        "seconds_left": left,
        "minutes": MINUTES,
        "is_presenter": may(request.user, Right.PRODUCT_OPS),
        "language": audit.language,
        "address": address,
    }
    context["item"] = context["doc"].items[position - 1] if position else None
    if "#" not in template:
        context["code"] = code_of(address)
    with translation.override(audit.language):
        return render(request, template, context)


def code_of(address: str) -> SafeString:
    """The address as a code that a phone reads."""
    import qrcode  # loaded by the first room, not at start
    from qrcode.image.svg import SvgPathImage

    drawn = qrcode.make(address, image_factory=SvgPathImage, box_size=10, border=2)
    code: str = drawn.to_string(encoding="unicode")
    return mark_safe(code)  # noqa: S308 (drawn by us from an address of ours)


def _over(request: HttpRequest, found: AuditRoom | None, *, is_part: bool = False) -> HttpResponse:
    status = 200 if is_part else 410 if found else 404
    language = found.audit.language if found else translation.get_language() or "fr"
    with translation.override(language):
        return render(request, "discovery/audit_room_over.html", {"language": language}, status=status)
