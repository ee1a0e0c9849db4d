"""Time asked, time given back: of one initiative, and all together on a page that everybody may read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import revoke_link, share_page
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, may, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.kit.tables import table_response
from vertebra.org.pages.frame import do, done
from vertebra.roadmap.actions import role_times as actions
from vertebra.roadmap.actions.role_times import Spent
from vertebra.roadmap.forms.results import RoleTimeForm, TimeLinkForm
from vertebra.roadmap.labels.results import TimeKind
from vertebra.roadmap.models import RoleTime
from vertebra.roadmap.pages.initiative import found
from vertebra.roadmap.pages.initiative_forms import changeable
from vertebra.roadmap.queries.rights import may_change
from vertebra.roadmap.queries.role_times import LINK_PAGE, Balance, balance_on, hours, link_of

MADE = "time_link_made"


@require_http_methods(["GET", "POST"])
@requires(Right.READ)
def role_time_list(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """The time that one initiative asks of each role and gives back, and one more line of it."""
    now = clock.now()
    row = changeable(request, initiative_id) if request.method == "POST" else found(initiative_id)
    form = RoleTimeForm(request.POST or None, initial={"from_on": clock.today(now)})
    here = reverse("roadmap:role-time-list", args=(row.pk,))
    if request.method == "POST" and form.is_valid():
        spent = Spent(**form.cleaned_data)
        try:
            entry = actions.add_role_time(actor=request.user, initiative=row, spent=spent, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, _("Counted."), entry, here)
    rows = list(row.role_times.order_by("kind", "function", "from_on"))
    lines = [{"row": one, "hours": hours(one), "is_asked": one.kind == TimeKind.ASKED} for one in rows]
    context = {
        "row": row,
        "lines": lines,
        "asked": sum(hours(one) for one in rows if one.kind == TimeKind.ASKED),
        "given_back": sum(hours(one) for one in rows if one.kind == TimeKind.GIVEN_BACK),
        "form": form,
        "can_change": may_change(request.user, row) and row.archived_at is None,
    }
    return render(request, "roadmap/role_times.html", context, status=422 if form.is_bound else 200)


@require_POST
@requires(Right.TAKE_PART)
def role_time_removal(request: PageRequest, role_time_id: int) -> HttpResponseBase:
    """Take away one line of it."""
    role_time = get_object_or_404(RoleTime.objects.select_related("initiative"), pk=role_time_id)
    row = changeable(request, role_time.initiative_id)
    return do(
        request,
        lambda: actions.remove_role_time(actor=request.user, role_time=role_time, now=clock.now()),
        _("Taken away."),
        reverse("roadmap:role-time-list", args=(row.pk,)),
    )


@require_GET
@requires(Right.READ)
def time_given_back(request: PageRequest) -> HttpResponseBase:
    """Time asked of each role beside time given back to it, all initiatives together."""
    balance = balance_on(clock.today())
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _file(balance, request.GET["format"])
    context = shown(balance) | {"may_share": may(request.user, Right.PRODUCT_OPS), "is_inside": True}
    return render(request, "roadmap/time.html", context)


def shown(balance: Balance) -> dict[str, Any]:
    """What the page reads, signed in or not."""
    most = balance.most or 1.0
    bars = [
        {
            "role": role,
            "asked": round(100 * role.asked / most, 1),
            "given": round(100 * role.given_back / most, 1),
            "expected": round(100 * role.expected / most, 1),
        }
        for role in balance.roles
    ]
    return {
        "balance": balance,
        "bars": bars,
        "lines": balance.lines[:200],
        "is_positive": balance.balance >= 0,
    }


def _file(balance: Balance, form: str) -> HttpResponseBase:
    header = [
        _("Function"),
        _("Hours asked a month"),
        _("Hours given back a month"),
        _("Hours expected a month"),
    ]
    rows = [
        (role.label, round(role.asked, 2), round(role.given_back, 2), round(role.expected, 2))
        for role in balance.roles
    ]
    return table_response("time", form, header, rows)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def time_link_list(request: PageRequest) -> HttpResponse:
    """Addresses that open the page without an account: those made, and a new one."""
    now = clock.now()
    form = TimeLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _entry, secret = share_page(actor=request.user, page=LINK_PAGE, now=now, **form.cleaned_data)
        # The address is told once: only its digest is kept.
        request.session[MADE] = secret
        return redirect("roadmap:time-link-list")
    secret = request.session.pop(MADE, "") if request.method == "GET" else ""
    links = SharedLink.objects.filter(page=LINK_PAGE).select_related("made_by").order_by("-pk")[:200]
    made = request.build_absolute_uri(reverse(LINK_PAGE, args=(secret,))) if secret else ""
    response = render(
        request,
        "roadmap/time_links.html",
        {
            "form": form,
            "made_url": made,
            "links": [{"link": link, "is_open": link.is_usable(now)} for link in links],
        },
        status=422 if form.errors else 200,
    )
    add_never_cache_headers(response)
    return response


@require_POST
@requires(Right.PRODUCT_OPS)
def time_link_revocation(request: PageRequest, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page=LINK_PAGE)
    try:
        revoke_link(actor=request.user, link=link, now=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The link no longer opens."))
    return redirect("roadmap:time-link-list")


@require_GET
@open_by_secret(reason="time asked and given back is shared by a revocable link that expires")
def time_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Time asked and given back, for somebody without an account."""
    link = link_of(token)
    # Whoever tries addresses is slowed down; a whole company may read from one address.
    if link is None and not is_allowed("one_time_link", f"time:{who_asks(request)}"):
        return too_often(request)
    is_open = link is not None and link.is_usable(clock.now())
    context = {"is_open": is_open, **(shown(balance_on(clock.today())) if is_open else {})}
    status = 200 if is_open else 410 if link else 404
    return render(request, "roadmap/time_visitor.html", context, status=status)
