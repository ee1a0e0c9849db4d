"""Feeds and calendars: read by their address, taken and given back by whoever is signed in."""

from csp.constants import NONE, SELF
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_POST, require_safe

from vertebra.accounts import feeds
from vertebra.accounts.actions.shared_links import LONGEST_DAYS, revoke_link, share_page
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import SharedLink
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.kit.feeds import Feed

MOST_EMBEDDED = 10


@open_by_secret("feed readers and calendars have no session: whoever has the address reads the feed")
@require_safe
@conditional_page
def feed_show(request: HttpRequest, secret: str, form: str) -> HttpResponseBase:
    """A feed, in one of its forms; one that ended says so to the program that reads it."""
    found = _found(request, secret, form)
    if isinstance(found, HttpResponseBase):
        return found
    write, content_type = feeds.FORMS[form]
    return HttpResponse(write(found), content_type=content_type)


@open_by_secret("shown inside a site of the company: whoever has the address reads it")
@require_safe
def feed_embedded(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What is new, as a small page without scripts that the sites named in the settings may show inside theirs."""
    found = _found(request, secret, feeds.EMBEDDED)
    if isinstance(found, HttpResponseBase):
        return found
    with translation.override(found.language):
        context = {"feed": found, "entries": found.entries[:MOST_EMBEDDED]}
        answer = render(request, "accounts/feed_embedded.html", context)
    policy: dict[str, list[str]] = {"script-src": [NONE], "style-src": [SELF]}
    if settings.WIDGET_ORIGINS:
        policy["frame-ancestors"] = settings.WIDGET_ORIGINS
        answer.xframe_options_exempt = True
    answer._csp_replace = policy  # type: ignore[attr-defined]
    return answer


def _found(request: HttpRequest, secret: str, form: str) -> Feed | HttpResponseBase:
    """The feed of this address, or what programs are told instead: that there is none, or that it ended."""
    link = feeds.link_of(secret)
    if link is None:
        is_guessed = not is_allowed("one_time_link", f"feed:{who_asks(request)}")
        return too_often(request) if is_guessed else HttpResponse(status=404)
    return feeds.feed_of(link, secret, form, clock.now()) or HttpResponse(status=410)


@requires(Right.READ)
@require_POST
def feed_create(request: PageRequest, page: str, object_id: int) -> HttpResponseBase:
    """Make the addresses of a feed, for my reader and my calendar; they are shown once."""
    kind = feeds.kinds().get(page)
    name = kind.name(request.user, object_id) if kind else None
    if kind is None or name is None:
        raise Http404
    _entry, secret = share_page(
        actor=request.user, page=page, name=name, object_id=object_id, days=LONGEST_DAYS, now=clock.now()
    )
    context = {
        "name": name,
        "addresses": feeds.addresses_of(secret),
        "back_url": kind.address(object_id),
    }
    response = render(request, "accounts/feed_made.html", context)
    response["Cache-Control"] = "no-store"
    response.is_carried_out = True  # type: ignore[attr-defined]
    return response


@requires(Right.READ)
@require_POST
def feed_end(request: PageRequest, link_id: int) -> HttpResponseBase:
    """Close the addresses of a feed of mine."""
    link = get_object_or_404(SharedLink, pk=link_id, made_by=request.user, page__in=list(feeds.kinds()))
    try:
        revoke_link(actor=request.user, link=link, now=clock.now())
        messages.success(request, _("The addresses of this feed open nothing any more."))
    except NothingChanges as reason:
        messages.error(request, str(reason))
    return HttpResponseRedirect(reverse("accounts:telling"))
