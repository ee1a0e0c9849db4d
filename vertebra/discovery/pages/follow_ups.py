"""What became of it: the page of each person heard, by signed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.discovery.actions.follow_ups import renew_follow_up
from vertebra.discovery.labels import PAIN_TONES, QUICK_WIN_TONES
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.discovery.queries.follow_ups import became, opened_by
from vertebra.kit import clock
from vertebra.org.queries.people import language_for


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="those who were heard see what became of it by a signed link that expires")
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """What became of what somebody said; an expired link offers a new one, sent to their own address."""
    now = clock.now()
    found = opened_by(token, now)
    if found is None and not is_allowed("one_time_link", f"heard:{who_asks(request)}"):
        return too_often(request)
    if found is None:
        return render(request, "discovery/follow_up.html", {"is_unknown": True}, status=404)
    person = found.person
    language = language_for(person)
    with translation.override(language):
        if not found.is_open:
            if request.method == "POST":
                if not is_allowed("follow_up", f"{person.pk}"):
                    return too_often(request)
                renew_follow_up(actor=None, person=person, now=now)
                return redirect(f"{request.path}?sent")
            context = {
                "is_over": True,
                "is_sent": "sent" in request.GET,
                "can_send": can_be_reached(person),
                "language": language,
            }
            return render(request, "discovery/follow_up.html", context, status=410)
        told = became(person)
        for one in told.known:
            one.pain_point.tone = PAIN_TONES[one.pain_point.state]  # type: ignore[attr-defined]
            for win in one.quick_wins:
                win.tone = QUICK_WIN_TONES[win.state]  # type: ignore[attr-defined]
        return render(request, "discovery/follow_up.html", {"told": told, "language": language})
