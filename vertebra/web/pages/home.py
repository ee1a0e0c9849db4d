"""The home page."""

from django.http import HttpResponse
from django.shortcuts import render

from vertebra.accounts.labels import AUDIT_VERBS
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.web.home import blocks_of, home_of
from vertebra.web.search import cards_of


@requires(Right.READ)
def home(request: PageRequest) -> HttpResponse:
    """What needs me, what changed in what I follow, what I raised and what became of it."""
    found = home_of(request.user, clock.now())
    cards = cards_of(request.user, [(e.kind, e.object_id) for e in found.changes if e.object_id])
    changes = [
        {
            "entry": entry,
            "verb": AUDIT_VERBS.get(entry.verb, entry.verb),
            "card": cards.get((entry.kind, entry.object_id or 0)),
        }
        for entry in found.changes
    ]
    return render(request, "web/home.html", {"home": found, "changes": changes})


@requires(Right.READ)
def home_blocks(request: PageRequest) -> HttpResponse:
    """What became of what I raised, and where I work: fetched by the home page once it is there."""
    template = "web/home_blocks.html#blocks" if request.htmx else "web/home_blocks.html"
    return render(request, template, {"blocks": blocks_of(request.user, clock.now())})
