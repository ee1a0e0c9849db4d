"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.queries import is_told, verb_words
from vertebra.kit import clock
from vertebra.kit.cards import Card
from vertebra.kit.numbers import whole_number
from vertebra.web.home import CHANGES, around, blocks_of, followed_changes, home_of, note_shown
from vertebra.web.search import cards_of


@requires(Right.READ)
def home(request: PageRequest) -> HttpResponse:
    """What needs me; what changed and what I raised come once the page is there."""
    return render(request, "web/home.html", {"home": home_of(request.user, clock.now())})


@requires(Right.READ)
def home_changes(request: PageRequest) -> HttpResponse:
    """What changed in what I follow: fetched by the home page once it is there."""
    found = list(followed_changes(request.user)[:CHANGES])
    cards = cards_of(request.user, [(e.kind, e.object_id) for e in found if e.object_id])
    changes = [
        {
            "entry": entry,
            "verb": verb_words(entry.verb, entry.kind),
            "card": card,
            "name": _name(request.user, entry, card),
        }
        for entry in found
        for card in [cards.get((entry.kind, entry.object_id or 0))]
    ]
    template = "web/home_changes.html#changes" if request.htmx else "web/home_changes.html"
    is_following = bool(found) or Watch.objects.filter(user=request.user).exists()
    return render(request, template, {"changes": changes, "is_following": is_following})


def _name(user: User, entry: AuditEntry, card: Card | None) -> str:
    """What was changed, by the name that this person may read: the one it has now where it was private once."""
    if is_told(user, entry.kind, entry.particulars):
        return entry.object_name or (card.title if card else "")
    return card.title if card else entry.unnamed


@requires(Right.READ)
def home_blocks(request: PageRequest) -> HttpResponse:
    """What became of what I raised, and where I work: fetched by the home page once it is there."""
    template = "web/home_blocks.html#blocks" if request.htmx else "web/home_blocks.html"
    return render(request, template, {"blocks": blocks_of(request.user, clock.now())})


@requires(Right.READ)
def home_around(request: PageRequest) -> HttpResponse:
    """The function, and the unit that I direct: fetched by the home page once it is there; nothing for most."""
    template = "web/home_blocks.html#blocks" if request.htmx else "web/home_blocks.html"
    context = {"blocks": around(request.user, clock.now()), "is_around": True}
    return render(request, template, context)


@require_POST
@requires(Right.READ)
def home_asked(request: PageRequest) -> HttpResponse:
    """Note what the home page asked of me for the first time: it tells so once it is shown."""
    asks = []
    for value in request.POST.getlist("ask"):
        kind, _, number = value.partition(":")
        object_id = whole_number(number)
        if kind in Kind.values and object_id is not None:
            asks.append((kind, object_id))
    note_shown(request.user, asks, clock.now())
    return HttpResponse(status=204)
