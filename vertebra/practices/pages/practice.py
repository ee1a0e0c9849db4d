"""One way of working: what it says, where it stands, who builds it, for whom it is what."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.practices.pages.frame import found


@require_GET
@requires(Right.READ)
def practice_page(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show a practice."""
    return render(request, "practices/practice.html", {"row": found(practice_id)})
