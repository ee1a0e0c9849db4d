"""Addresses that open a view of the roadmap without an account: made, revoked, opened."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import revoke_link
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.roadmap.actions.sharing import share_roadmap
from vertebra.roadmap.forms.initiatives import ShareForm
from vertebra.roadmap.pages.boards import columns_by_horizon
from vertebra.roadmap.pages.frame import list_of
from vertebra.roadmap.pages.timeline import drawing, grouping_of, window_of
from vertebra.roadmap.queries.shared import KEPT, PAGE, links_made, shared_by
from vertebra.roadmap.queries.standing import Standing

MADE = "roadmap_link_made"


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def link_list(request: PageRequest) -> HttpResponse:
    """Addresses that open the roadmap: those made, and a new one for the view one came from."""
    now = clock.now()
    form = ShareForm(request.POST or None)
    query = {key: str(request.GET.get(key, ""))[:200] for key in KEPT}
    if request.method == "POST" and form.is_valid():
        _entry, token = share_roadmap(
            actor=request.user,
            name=form.cleaned_data["name"],
            days=form.cleaned_data["days"],
            query=query,
            now=now,
        )
        # The address is told once: only its digest is kept.
        request.session[MADE] = token
        return redirect(request.get_full_path())
    token = request.session.pop(MADE, "") if request.method == "GET" else ""
    made = request.build_absolute_uri(reverse("roadmap:roadmap-by-link", args=(token,))) if token else ""
    context = {
        "form": form,
        "made_url": made,
        "links": [{"link": link, "is_open": link.is_usable(now)} for link in links_made()],
        "is_timeline": query.get("view") == "timeline",
    }
    response = render(request, "roadmap/links.html", context, status=422 if form.errors else 200)
    add_never_cache_headers(response)
    return response


@require_POST
@requires(Right.EDIT_ORGANISATION)
def link_revocation(request: PageRequest, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page=PAGE)
    try:
        revoke_link(actor=request.user, link=link, now=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The link no longer opens."))
    return redirect("roadmap:roadmap-link-list")


@require_GET
@open_by_secret(reason="a view of the roadmap is shared by a revocable link that expires")
def roadmap_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A view of the roadmap, for somebody without an account: titles, states and dates, and nothing else."""
    shared = shared_by(token)
    if shared is None and not is_allowed("one_time_link", f"roadmap:{who_asks(request)}"):
        return too_often(request)
    if shared is None or not shared.link.is_usable(clock.now()):
        return render(request, "roadmap/visitor.html", {"is_closed": True}, status=410 if shared else 404)
    asked = QueryDict(mutable=True)
    asked.update(shared.query)
    # What the link was made for, whatever stands in the address.
    request.GET = asked  # type: ignore[assignment]
    return render(request, "roadmap/visitor.html", _view(request, shared.query))


def _view(request: Any, query: dict[str, str]) -> dict[str, Any]:
    today = clock.today()
    standing = Standing(today, is_today=True)
    rows = list_of(request, standing, [], PAGE, "").narrowed(request, standing.rows())
    common = {
        "today": today,
        "is_visitor": True,
    }
    if query.get("view") == "timeline":
        drawn = drawing(standing, rows, window_of(request, today), grouping_of(request), None)
        return {**common, **drawn, "is_timeline": True}
    return {**common, "columns": columns_by_horizon(standing, rows)[:-1]}
