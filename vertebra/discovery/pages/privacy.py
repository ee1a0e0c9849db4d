"""What Vertebra sees and does not see here, for anybody who is asked something."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vertebra.accounts.permissions import open_to_anyone
from vertebra.discovery.queries.privacy import seen_on
from vertebra.kit import clock


@open_to_anyone(reason="whoever is asked something may first read what is kept of the answer")
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Say what this instance keeps, what it never does, and what stays a risk."""
    return render(request, "discovery/privacy.html", {"seen": seen_on(clock.now())})
