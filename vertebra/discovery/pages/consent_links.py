"""Taking back one's agreement to be quoted, through the link of the mail of thanks; without an account, at any time."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions.interviews import withdraw_consent
from vertebra.discovery.labels import Consent, InterviewState
from vertebra.discovery.models import Interview
from vertebra.discovery.queries.follow_ups import opened_by
from vertebra.kit import clock
from vertebra.org.queries.people import language_for


@open_by_secret(reason="whoever was heard takes back their agreement through a link of their own")
@require_http_methods(["GET", "POST"])
def consent_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """One button that hides everything one said; a link that has expired for reading still serves for this."""
    now = clock.now()
    if request.method == "POST" and not is_allowed("consent", who_asks(request)):
        return too_often(request)
    opened = opened_by(token, now)
    if opened is None:
        return _shown(request, {"is_over": True}, status=404)
    with translation.override(language_for(opened.person)):
        talks = Interview.objects.filter(person=opened.person, state=InterviewState.HELD).defer("notes")
        if request.method == "POST":
            for interview in talks.exclude(consent=Consent.WITHDRAWN):
                try:
                    withdraw_consent(actor=None, interview=interview, now=now)
                except NothingChanges:  # somebody else was faster: it is so already
                    continue
        agreed = talks.exclude(consent=Consent.WITHDRAWN).count()
        context = {
            "person": opened.person,
            "is_quoted": agreed > 0,
            "is_done": not agreed,
            "is_open": opened.is_open,
            "token": token,
            "language": translation.get_language(),
        }
        return _shown(request, context)


def _shown(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "discovery/consent.html", context, status=status)
