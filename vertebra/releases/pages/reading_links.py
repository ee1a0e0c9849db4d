"""The same page by the link that was sent to somebody without an account; opening it changes nothing."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import open_by_secret
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.releases.models import Recipient, Release
from vertebra.releases.pages.reading import (
    LANGUAGES,
    addresses,
    context_of,
    heeding,
    take_answer,
    take_question,
    take_word,
)
from vertebra.releases.queries.reading import Reader, reader_by_link, told_by_link

PAGE = "releases/read_by_link.html"
WHY_OPEN = "whoever is told of a release reads it and answers through a link of their own, without an account"


@open_by_secret(reason=WHY_OPEN)
@require_GET
def read_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show a release to whoever holds the link that was sent."""
    told = told_by_link(token, clock.now())
    if told is None:
        return _unknown(request)
    reader = reader_by_link(told, clock.today())
    return _shown(request, told.announcement.release, reader)


def _shown(request: HttpRequest, row: Release, reader: Reader, **typed: str) -> HttpResponse:
    """Show a release in the language of its reader; with what was typed, and what is wrong with it, if it was refused."""
    language = request.GET.get("language", "")
    language = language if language in LANGUAGES else reader.language
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    with translation.override(language):
        context = context_of(request, row, reader, addresses("link", token))
        status = 422 if typed else 200
        response = render(request, PAGE, {**context, **typed, "language": language}, status=status)
    response["Content-Language"] = language
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    """Nobody guesses 256 bits; who tries is slowed down, and told the same however often."""
    if not is_allowed("release_link", who_asks(request)):
        return too_often(request)
    return render(request, PAGE, {"is_unknown": True}, status=404)


def _by_link(verb: Callable[..., HttpResponse]) -> Any:
    """An address at which whoever holds a link says something of its release."""

    @open_by_secret(reason=WHY_OPEN)
    @require_POST
    def view(request: HttpRequest, token: str) -> HttpResponseBase:
        told: Recipient | None = told_by_link(token, clock.now())
        if told is None:
            return _unknown(request)
        if not is_allowed("release_word", f"recipient {told.person_id}"):
            return too_often(request)
        reader = reader_by_link(told, clock.today())
        with translation.override(reader.language):
            return verb(request, told.announcement.release, reader, addresses("link", token).page)

    return view


word_by_link = _by_link(heeding(take_word, _shown))
ask_by_link = _by_link(heeding(take_question, _shown))
understanding_by_link = _by_link(heeding(take_answer, _shown))
