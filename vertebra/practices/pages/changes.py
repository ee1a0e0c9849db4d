"""What changes in how we work: the release notes of the operating model."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.practices.feeds import PAGE
from vertebra.practices.queries.changes import lately, to_come


@require_GET
@requires(Right.READ)
def change_list(request: PageRequest) -> HttpResponseBase:
    """Show what is announced, with what one may object to, and what changed in the last half-year."""
    day = clock.today()
    context = {"coming": to_come(day), "past": lately(day), "feed_page": PAGE}
    return render(request, "practices/change_list.html", context)
