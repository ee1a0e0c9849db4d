"""Go or no-go by the link of a mail: two minutes, on a phone, without an account; opening changes nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.readiness import say_readiness
from vertebra.roadmap.forms.launches import ReadinessForm
from vertebra.roadmap.labels.projects import READINESS_TONES, Readiness
from vertebra.roadmap.models import ReadinessAsk
from vertebra.roadmap.queries.launches import OVER, ask_of, domains_answered_by

PAGE = "roadmap/readiness_by_link.html"


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="owners of a domain say whether a launch may go by a signed link that expires")
def readiness_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say of each domain of one's own whether the launch may go."""
    now = clock.now()
    ask = ask_of(token)
    if ask is None:
        if not is_allowed("one_time_link", f"readiness:{who_asks(request)}"):
            return too_often(request)
        return render(request, PAGE, {"is_unknown": True}, status=404)
    language = language_for(ask.person)
    with translation.override(language):
        if ask.expires_at <= now:
            return render(request, PAGE, {"is_over": True, "language": language}, status=410)
        if request.method == "POST":
            _say(request, ask)
            return redirect(request.path)
        return render(request, PAGE, {"language": language, **_context(ask)})


def _say(request: HttpRequest, ask: ReadinessAsk) -> None:
    form = ReadinessForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ready, ready with risks, or not ready?"))
        return
    given = form.cleaned_data
    if given["domain"] not in {one.name for one in domains_answered_by(ask.launch, ask.person)}:
        messages.error(request, _("Somebody else answers for this domain now."))
        return
    try:
        say_readiness(actor=ask.person.user, launch=ask.launch, person=ask.person, now=clock.now(), **given)
    except NothingChanges:
        messages.success(request, _("Thank you: this was noted already."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. Whoever leads the launch reads it."))


def _context(ask: ReadinessAsk) -> dict[str, Any]:
    domains = domains_answered_by(ask.launch, ask.person)
    return {
        "launch": ask.launch,
        "person": ask.person,
        "readiness": Readiness.choices,
        "domains": [
            {
                "row": one,
                "open": [step for step in one.steps if step.state not in OVER],
                "tone": READINESS_TONES[one.word.readiness] if one.word else "neutral",
            }
            for one in domains
        ],
    }
