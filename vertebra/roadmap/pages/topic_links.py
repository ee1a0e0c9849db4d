"""Links by which topics are raised without an account, and the page that such a link opens."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.actions.shared_links import revoke_link, share_page
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now
from vertebra.roadmap.actions.topic_links import raise_through_link
from vertebra.roadmap.forms.topics import LinkForm, VisitorForm
from vertebra.roadmap.pages.table_frame import act
from vertebra.roadmap.queries.topic_links import LINK_PAGE, link_of, links


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def link_list(request: PageRequest) -> HttpResponse:
    """Addresses for people without an account: those that open, and a new one."""
    now = clock.now()
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _entry, token = share_page(actor=request.user, page=LINK_PAGE, now=now, **form.cleaned_data)
        return shown_once(
            request,
            {
                "address": request.build_absolute_uri(reverse("roadmap:topic-by-link", args=(token,))),
                "heading": _("Link for %(name)s") % {"name": form.cleaned_data["name"]},
                "intro": _("Copy it now: it is kept nowhere and never shown again."),
                "back_url": reverse("roadmap:topic-link-list"),
            },
        )
    made = [{"link": link, "is_open": link.is_usable(now)} for link in links()[:200]]
    context = {"form": form, "links": made}
    response = render(request, "roadmap/topic_links.html", context, status=422 if form.errors else 200)
    add_never_cache_headers(response)
    return response


@require_POST
@requires(Right.PRODUCT_OPS)
def link_revocation(request: PageRequest, link_id: int) -> HttpResponse:
    """Close an address for good."""
    link = get_object_or_404(SharedLink, pk=link_id, page=LINK_PAGE)
    return act(
        request,
        lambda: revoke_link(actor=request.user, link=link, now=clock.now()),
        _("The link no longer opens."),
        reverse("roadmap:topic-link-list"),
    )


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="anybody of the field raises a topic in two lines, through a link that expires")
def topic_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Two lines, without an account; the page shows nothing of what others raised."""
    link = link_of(token)
    if link is None or not link.is_usable(clock.now()):
        return _page(request, {"is_over": True}, 410 if link else 404)
    form = VisitorForm(request.POST or None)
    if request.method == "POST":
        if not is_allowed("topic_raise", f"{link.pk}:{who_asks(request)}"):
            return too_often(request)
        if form.is_valid() and form.cleaned_data.pop("website"):
            return _page(request, {"is_thanks": True})
        if form.is_valid():
            try:
                raise_through_link(actor=None, language=language_now(), now=clock.now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                has_address = bool(form.cleaned_data["address"])
                return _page(
                    request, {"is_thanks": True, "again_url": request.path, "has_address": has_address}
                )
    return _page(request, {"form": form}, 422 if form.errors else 200)


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "roadmap/topic_visitor.html", context, status=status)
