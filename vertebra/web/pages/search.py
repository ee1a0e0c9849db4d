"""Search as a page, and the command bar over pages, people, units and actions."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.search import search as known
from vertebra.kit.text import fold, load_words
from vertebra.web.search import find
from vertebra.web.sections import SECTIONS, open_to

ON_PAGE = 50
IN_BAR = 8
# From so many words on it may be something to tell somebody.
FEWEST_WORDS = 3
MOST_PASTED = 20_000


@requires(Right.READ)
def search(request: PageRequest) -> HttpResponse:
    """One box over everything the person may open."""
    query = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    found = find(request.user, query, kinds=[kind] if kind else (), limit=ON_PAGE) if query else []
    # Narrowed to one kind, the way to the others stays.
    others = known(request.user, query, limit=ON_PAGE) if query and kind else []
    there = {row.kind for row in found} | {row.kind for row in others}
    kinds = sorted(((one, str(Kind(one).label)) for one in there), key=lambda pair: fold(pair[1]))
    context = {"query": query, "found": found, "kind": kind, "kinds": kinds, "limit": ON_PAGE}
    return render(request, "web/search.html", context)


@requires(Right.READ)
def commands(request: PageRequest) -> HttpResponse:
    """What the command bar offers for what is typed so far: pages and actions first, then objects.

    It is posted by the bar, since what somebody pastes there may be a ticket of a customer; nothing is changed.
    """
    given = request.POST if request.method == "POST" else request.GET
    pasted = given.get("q", "").strip()
    query = pasted[:200]
    if not query:
        load_words()
    wanted = fold(query).split()
    options = [o for o in _places(request.user) if all(word in fold(o["label"]) for word in wanted)]
    groups = []
    if options:
        groups.append({"label": _("Pages and actions"), "options": options[: IN_BAR if query else 20]})
    found = find(request.user, query, limit=IN_BAR) if query else []
    if found:
        results = [
            {"label": f.title, "detail": f.detail or f.kind_label, "url": f.url, "icon": f.icon}
            for f in found
        ]
        groups.append({"label": _("Found"), "options": results})
    if len(wanted) >= FEWEST_WORDS and may(request.user, Right.TAKE_PART):
        groups.append({"label": _("With these words"), "options": list(_with_words(pasted, query))})
    return render(request, "kit/commands.html", {"groups": groups, "query": query})


def _with_words(pasted: str, query: str) -> Iterator[dict[str, str]]:
    """What can be done with a sentence or a ticket that somebody pasted."""
    text = " ".join(pasted.split())[:MOST_PASTED]
    said = _("Whom do I tell about “%(text)s”?") % {"text": Truncator(query).chars(60)}
    yield {"label": said, "url": reverse("releases:telling"), "sent": text, "icon": "send"}
    said = _("Search everywhere for “%(query)s”") % {"query": Truncator(query).chars(60)}
    yield {"label": said, "url": f"{reverse('web:search')}?{urlencode({'q': query})}", "icon": "search"}


def _places(user: User) -> Iterator[dict[str, str]]:
    """Pages and actions that the person may reach."""
    for label, name, icon, right in (
        (_("Home"), "web:home", "house", Right.READ),
        (_("Map of the organisation"), "org:map", "network", Right.READ),
        (_("Units"), "org:unit-list", "users", Right.READ),
        (_("Directory"), "org:person-list", "user", Right.READ),
        (_("Areas"), "org:area-list", "layers", Right.READ),
        (_("Markets"), "org:market-list", "globe", Right.READ),
        (_("Empty spaces"), "org:empty-space-list", "circle-dashed", Right.READ),
        (_("Vacancies and gaps in the data"), "org:gap-list", "list", Right.READ),
        (_("What changed between two dates"), "org:change-list", "history", Right.READ),
        (_("Report an empty space"), "org:empty-space-report", "plus", Right.TAKE_PART),
        (_("Ask for help"), "discovery:help-request-create", "hand-helping", Right.TAKE_PART),
        (_("Raise a topic"), "roadmap:topic-create", "flag", Right.TAKE_PART),
        (_("New initiative"), "roadmap:initiative-create", "plus", Right.EDIT_ORGANISATION),
        (_("Open a market"), "roadmap:launch-create", "plus", Right.EDIT_ORGANISATION),
        (_("Start a diagnosis"), "discovery:diagnosis-create", "stethoscope", Right.PRODUCT_OPS),
        (_("Import a file"), "sources:import-create", "upload", Right.IMPORT),
        (_("Imports"), "sources:import-list", "upload", Right.IMPORT),
        (_("Who changed what"), "accounts:audit-list", "history", Right.SEE_AUDIT),
        (_("Accounts"), "accounts:user-list", "users", Right.ADMINISTER),
        (_("Jobs"), "web:job-list", "settings", Right.ADMINISTER),
        (_("My account"), "accounts:account", "user", Right.READ),
        (_("Messages"), "accounts:message-list", "inbox", Right.READ),
    ):
        if may(user, right):
            yield {"label": label, "url": reverse(name), "icon": icon, "detail": ""}
    for section in SECTIONS:
        for page in section.pages:
            for one, url in open_to(user, page):
                yield {
                    "label": str(one.label),
                    "url": url,
                    "icon": section.icon,
                    "detail": str(section.label),
                }
