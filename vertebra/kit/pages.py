"""The style guide: every component, alive, with the markup that makes it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vertebra.kit import clock, samples

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
