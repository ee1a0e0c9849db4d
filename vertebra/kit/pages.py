"""The style guide: every component, alive, with the markup that makes it; and why a form was not taken."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.translation import gettext as _

from vertebra.kit import clock, samples

# How Django begins to say that the form came from another address than ours.
ELSEWHERE = tuple(reason.split("%")[0] for reason in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))
PAGES = {
    "list": "kit/examples/page_list.html",
    "empty": "kit/examples/page_list.html",
    "object": "kit/examples/page_object.html",
    "form": "kit/examples/page_form.html",
}


@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component, or one of the kinds of pages (`?page=list`)."""
    page = request.GET.get("page", "")
    shown = samples.samples(clock.now())
    context = {
        "samples": shown,
        "form": shown["form"],
        "listing": samples.listing(is_empty=page == "empty"),
        "can_select": True,
        "source_label": _("Markup"),
        "page": page,
    }
    return render(request, PAGES.get(page, "kit/styleguide.html"), context)


# The kit knows no roles: it names the right, accounts hold it.
styleguide.required_right = "read"  # type: ignore[attr-defined]


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say why a form was not taken, and what to do: another address, no cookies, or a page from before signing in."""
    cause = (
        "cookies" if reason == REASON_NO_CSRF_COOKIE else "address" if reason.startswith(ELSEWHERE) else "old"
    )
    return render(request, "403_csrf.html", {"cause": cause}, status=403)
