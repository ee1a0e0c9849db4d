"""Addresses that open the charter without an account: made, revoked, opened."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import revoke_link, share_page
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.forms.charters import CharterLinkForm
from vertebra.discovery.queries.charters import LINK_PAGE, holding, link_of, parts_of
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now

MADE = "charter_link_made"


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def link_list(request: PageRequest) -> HttpResponse:
    """Addresses that open the charter: those made, and a new one."""
    now = clock.now()
    form = CharterLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _entry, token = share_page(actor=request.user, page=LINK_PAGE, now=now, **form.cleaned_data)
        # The address is told once: only its digest is kept.
        request.session[MADE] = token
        return redirect("discovery:charter-link-list")
    token = request.session.pop(MADE, "") if request.method == "GET" else ""
    links = SharedLink.objects.filter(page=LINK_PAGE).select_related("made_by").order_by("-pk")[:200]
    made = request.build_absolute_uri(reverse("discovery:charter-by-link", args=(token,))) if token else ""
    response = render(
        request,
        "discovery/charter_links.html",
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
def link_revocation(request: PageRequest, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page=LINK_PAGE)
    try:
        revoke_link(actor=request.user, link=link, now=clock.now())
    except Refusal as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("The link no longer opens."))
    return redirect("discovery:charter-link-list")


@require_GET
@open_by_secret(reason="the charter is shared by a revocable link that expires")
def charter_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The charter that holds, for somebody without an account."""
    link = link_of(token)
    # Whoever tries addresses is slowed down; a whole company may read from one address.
    if link is None and not is_allowed("one_time_link", f"charter:{who_asks(request)}"):
        return too_often(request)
    charter = holding(language_now()) if link and link.is_usable(clock.now()) else None
    context = {"charter": charter, "parts": parts_of(charter) if charter else []}
    status = 200 if charter else 410 if link else 404
    return render(request, "discovery/charter_visitor.html", context, status=status)
