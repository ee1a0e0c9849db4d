"""A release as its reader gets it, and what they say of it: by a button, never by opening the page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.pages.limits import limited
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.models import Person
from vertebra.releases.actions.reading import answer_check, ask_as_reader, say_word
from vertebra.releases.labels.awareness import RECEIPT_TONES, ReceiptState
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Receipt, Release
from vertebra.releases.pages.frame import found, written_in
from vertebra.releases.queries.announcing import day_said
from vertebra.releases.queries.reading import (
    Reader,
    check_of,
    is_open,
    questions_for,
    read,
    reader_of,
    receipt_of,
)

PAGE = "releases/release_read.html"
LANGUAGES = dict(settings.LANGUAGES)
# So much of what was typed is shown again, however much was sent.
MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where one reads, says a word, asks, answers."""

    page: str
    word: str
    question: str
    check: str


def addresses(kind: str, key: object) -> Addresses:
    """The addresses of a reader: by their account (the number of the release), or by their link (its secret)."""
    names = {
        "account": ("release-read", "release-word", "release-ask", "release-understanding"),
        "link": ("read-by-link", "word-by-link", "ask-by-link", "understanding-by-link"),
    }[kind]
    return Addresses(*(reverse(f"releases:{name}", args=(key,)) for name in names))


@require_GET
@requires(Right.READ)
def release_read(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show a release in the words of my trade and in my language."""
    row = found(release_id)
    person = person_of(request.user)
    reader = reader_of(person, written_in(), clock.today())
    context = context_of(request, row, reader, addresses("account", row.pk))
    return render(request, PAGE, context)


def _shown_again(request: HttpRequest, row: Release, reader: Reader, **typed: str) -> HttpResponse:
    """Show the same page with what was typed, and what is wrong with it."""
    context = context_of(request, row, reader, addresses("account", row.pk))
    return render(request, PAGE, {**context, **typed}, status=422)


def context_of(request: HttpRequest, row: Release, reader: Reader, links: Addresses) -> dict[str, Any]:
    """What the page of a reader shows, with an account or without."""
    reading = read(row, reader, trade=request.GET.get("trade", ""), language=request.GET.get("language", ""))
    receipt = receipt_of(row, reader.person)
    return {
        "row": row,
        "reading": reading,
        "day_said": day_said(row),
        "is_withdrawn": row.state == ReleaseState.WITHDRAWN,
        "is_open": is_open(row),
        "is_known": reader.person is not None,
        "columns": reading.columns() if "beside" in request.GET else [],
        "languages": [(code, name) for code, name in LANGUAGES.items() if code != reading.language],
        "others": list(reading.others()),
        "questions": questions_for(row, reader.person, reader.function),
        "receipt": receipt,
        "receipt_tone": RECEIPT_TONES[receipt.state] if receipt else "",
        "states": ReceiptState,
        "asked": _asked(row, receipt, reading.language),
        "links": links,
        "kept": _kept(request),
    }


def _asked(row: Release, receipt: Receipt | None, language: str) -> dict[str, Any] | None:
    """The one question, once somebody says that they understood; and why, once they answered."""
    if receipt is None or not (receipt.checked_id or receipt.state == ReceiptState.UNDERSTOOD):
        return None
    asked = check_of(row, language)
    if asked is None:
        return None
    is_answered = receipt.checked_id == asked.number
    is_shown = is_answered or receipt.state == ReceiptState.UNDERSTOOD
    return {"row": asked, "is_answered": is_answered} if is_shown else None


def _kept(request: HttpRequest) -> str:
    """What of the address stays while one says a word: the trade and the language that one looks at."""
    asked = request.GET.copy()
    for name in set(asked) - {"trade", "language", "beside"}:
        del asked[name]
    return f"?{asked.urlencode()}" if asked else ""


def _mine(verb: Callable[[HttpRequest, Release, Reader, str], HttpResponse]) -> Any:
    """An address at which whoever is signed in and in the directory says something of a release."""

    @require_POST
    @requires(Right.TAKE_PART)
    @limited("release_word")
    def view(request: PageRequest, release_id: int) -> HttpResponseBase:
        row = found(release_id)
        back = addresses("account", row.pk).page + _kept(request)
        person = person_of(request.user)
        if person is None:
            messages.error(request, _("You are not in the directory: nothing of it can be noted."))
            return HttpResponseRedirect(back)
        return verb(request, row, reader_of(person, written_in(), clock.today()), back)

    return view


def take_word(request: HttpRequest, row: Release, reader: Reader, back: str) -> HttpResponse:
    """Note what a reader says."""
    said = say_word(
        person=_person(reader), release=row, state=str(request.POST.get("state", "")), now=clock.now()
    )
    asked = check_of(row, "") if said.state == ReceiptState.UNDERSTOOD else None
    has_more = asked is not None and said.checked_id != asked.number
    text = _("Noted. One question, and that is all.") if has_more else _("Noted. You may change it any time.")
    messages.success(request, text)
    return HttpResponseRedirect(f"{back}#{'check' if has_more else 'say'}")


def take_question(request: HttpRequest, row: Release, reader: Reader, back: str) -> HttpResponse:
    """Take a question: its answer is for all."""
    said = _("Asked. You are told once it is answered; nobody reads who asked.")
    try:
        ask_as_reader(
            person=_person(reader), release=row, question=str(request.POST.get("question", "")),
            trade=reader.function, language=reader.language, now=clock.now(),
        )  # fmt: skip
    except NothingChanges as asked_already:
        said = str(asked_already)
    messages.success(request, said)
    return HttpResponseRedirect(f"{back}#questions")


def take_answer(request: HttpRequest, row: Release, reader: Reader, back: str) -> HttpResponse:
    """Take the answer to the one question, and say why."""
    choice = whole_number(str(request.POST.get("choice", "")))
    is_right = answer_check(
        person=_person(reader), release=row, choice=-1 if choice is None else choice,
        number=whole_number(str(request.POST.get("number", ""))),
    )  # fmt: skip
    messages.success(request, _("That is right.") if is_right else _("Not quite: read why below."))
    return HttpResponseRedirect(f"{back}#check")


def _person(reader: Reader) -> Person:
    if reader.person is None:
        raise ValueError("only who is in the directory says a word")
    return reader.person


def heeding(
    verb: Callable[..., HttpResponse], show: Callable[..., HttpResponse]
) -> Callable[..., HttpResponse]:
    """What was refused is said on the same page: of a question, beside what was typed, which stays."""

    def heeded(request: HttpRequest, row: Release, reader: Reader, back: str) -> HttpResponse:
        try:
            return verb(request, row, reader, back)
        except Refusal as refusal:
            why_not = str(refusal)
        typed = str(request.POST.get("question", "")).replace("\x00", "")[:MOST_SHOWN]
        if "question" not in request.POST:
            messages.error(request, why_not)
            why_not = ""
        return show(request, row, reader, typed=typed, why_not=why_not)

    return heeded


release_word = _mine(heeding(take_word, _shown_again))
release_ask = _mine(heeding(take_question, _shown_again))
release_understanding = _mine(heeding(take_answer, _shown_again))
