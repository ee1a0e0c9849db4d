"""The monthly word by the link of a mail: a minute, on a phone, without an account; opening changes nothing."""

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
from vertebra.kit.numbers import whole_number
from vertebra.org.queries.people import language_for
from vertebra.roadmap.actions.words import say_word
from vertebra.roadmap.labels.initiatives import PACE_TONES, Pace
from vertebra.roadmap.models import Initiative, WordAsk
from vertebra.roadmap.queries.words import about, ask_of, month_of, words_of_month

PAGE = "roadmap/word_by_link.html"


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="leads say their monthly word by a signed link that expires")
def word_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Say a word on each initiative of one's own that is under way, one form for each."""
    now = clock.now()
    ask = ask_of(token)
    if ask is None:
        if not is_allowed("one_time_link", f"word:{who_asks(request)}"):
            return too_often(request)
        return render(request, PAGE, {"is_unknown": True}, status=404)
    language = language_for(ask.person)
    with translation.override(language):
        if ask.expires_at <= now:
            return render(request, PAGE, {"is_over": True, "language": language}, status=410)
        rows = about(ask)
        if request.method == "POST":
            _say(request, ask, rows, language)
            return redirect(request.path)
        return render(request, PAGE, {"language": language, **_context(rows, now)})


def _say(request: HttpRequest, ask: WordAsk, rows: list[Initiative], language: str) -> None:
    number = whole_number(str(request.POST.get("initiative", "")))
    row = next((one for one in rows if one.pk == number), None)
    if row is None:
        messages.error(request, _("This initiative is no longer yours to speak of."))
        return
    try:
        say_word(
            actor=ask.person.user,
            person=ask.person,
            initiative=row,
            pace=str(request.POST.get("pace", "")),
            line=str(request.POST.get("line", ""))[:300],
            language=language,
            now=clock.now(),
        )
    except NothingChanges:
        messages.success(request, _("Thank you: this was noted already."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. It is on the roadmap."))


def _context(rows: list[Initiative], now: Any) -> dict[str, Any]:
    said = words_of_month(rows, month_of(clock.today(now)))
    shown = [{"row": row, "word": said.get(row.pk)} for row in rows]
    for one in shown:
        word = one["word"]
        one["tone"] = PACE_TONES[word.pace] if word else ""  # type: ignore[assignment]
    return {
        "waiting": [one for one in shown if not one["word"]],
        "said": [one for one in shown if one["word"]],
        "paces": Pace.choices,
        "month": month_of(clock.today(now)),
    }
