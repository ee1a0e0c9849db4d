"""The quarterly card: by the link of a mail without an account, or from Home; opening it changes nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock
from vertebra.org.empty_spaces import number_of_person
from vertebra.org.queries.people import language_for
from vertebra.practices.actions.adoption_cards import answer_card, decline_card
from vertebra.practices.forms.adoption import CardForm
from vertebra.practices.labels.adoption import CardState
from vertebra.practices.models import AdoptionCard
from vertebra.practices.queries.adoption import facts_on
from vertebra.practices.queries.adoption_cards import card_by_link, cards, items_of, still_leads
from vertebra.practices.queries.adoption_words import whys_of

PAGE = "practices/adoption_card.html"


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="whoever leads a team answers by a link of their own, on a phone, without an account")
def card_by_link_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say in two minutes where a team stands with all its practices."""
    card = card_by_link(token)
    if card is None:
        if not is_allowed("one_time_link", f"adoption card:{who_asks(request)}"):
            return too_often(request)
        return render(request, PAGE, {"is_unknown": True}, status=404)
    return _answered(request, card, card.person.user)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def card_answer(request: PageRequest, card_id: int) -> HttpResponseBase:
    """The same card for somebody signed in, who comes from their home page."""
    card = get_object_or_404(cards(), pk=card_id, person=number_of_person(request.user))
    return _answered(request, card, request.user)


def _answered(request: HttpRequest, card: AdoptionCard, actor: User | None) -> HttpResponseBase:
    now = clock.now()
    day = clock.today(now)
    language = language_for(card.person)
    with translation.override(language):
        facts = facts_on(day, day)
        node = facts.structure.get(card.unit_id)
        is_over = card.state == CardState.DECLINED or card.expires_at <= now
        if node is None or is_over or not still_leads(card, day):
            words = {"is_passed_on": card.state == CardState.DECLINED, "is_over": True, "language": language}
            return render(request, PAGE, words, status=410)
        items = items_of(facts, node.id)
        form = CardForm(items, request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not is_allowed("survey_answer", f"adoption card {card.pk}"):
                return too_often(request)
            if "decline" in request.POST or form.is_valid():
                _take(request, card, actor, form, language)
                return redirect(request.path)
        context = {
            "card": card,
            "team": node.name,
            "form": form,
            "asked": form.asked(whys_of([item.practice.pk for item in items], language)),
            "is_answered": card.state == CardState.ANSWERED,
            "language": language,
        }
        return render(request, PAGE, context, status=422 if form.is_bound else 200)


def _take(
    request: HttpRequest, card: AdoptionCard, actor: User | None, form: CardForm, language: str
) -> None:
    """Take the answer, or pass the card on, and say so; or why not."""
    now = clock.now()
    try:
        if "decline" in request.POST:
            decline_card(actor=actor, card=card, now=now)
            return
        answer_card(actor=actor, card=card, said=form.said(), language=language, now=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you: it is noted. Only your team sees it for two weeks."))
