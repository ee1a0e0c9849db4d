"""How often something is looked back at: the list, setting, changing, opening a review now, ending."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import card_of, cards_of, saved_views
from vertebra.kit import clock
from vertebra.kit.cards import Card
from vertebra.kit.listing import Column, ListOf
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.releases.pages.frame import creation
from vertebra.reviews.actions import cadences as actions
from vertebra.reviews.actions.reviews import open_review
from vertebra.reviews.forms import CadenceForm
from vertebra.reviews.labels import OPEN
from vertebra.reviews.models import Cadence, Review
from vertebra.reviews.queries.reviews import months_after, running

FORM_PAGE = "reviews/form.html"
PAGE = "rhythms"


@require_GET
@requires(Right.READ)
def cadence_list(request: PageRequest) -> HttpResponseBase:
    """List what is looked back at, the next first."""
    rows = _seen(request.user)
    listing = _list().read(
        request, rows, saved_views=saved_views(request.user, PAGE, request.get_full_path())
    )
    if listing.export:
        return listing.export
    under_way = dict(Review.objects.filter(state__in=OPEN).values_list("cadence", "pk"))
    cards = _cards(request.user, listing.rows)
    for row in listing.rows:
        row.card, row.review = cards.get((row.kind, row.object_id)), under_way.get(row.pk)
    context = {"listing": listing, "is_ops": may(request.user, Right.PRODUCT_OPS)}
    return render(request, "reviews/cadence_list.html", context)


def _seen(user: User) -> "QuerySet[Cadence]":
    """The rhythms of roles, and those of objects that the reader may open."""
    rows = running()
    objects = list(rows.exclude(kind=""))
    cards = _cards(user, objects)
    hidden = [row.pk for row in objects if (row.kind, row.object_id) not in cards]
    return rows.exclude(pk__in=hidden)


def _cards(user: User, rows: list[Cadence]) -> dict[tuple[str, int | None], Card]:
    """What the objects among these are called, as far as the reader may open them."""
    kinds: dict[str, list[int]] = {}
    for row in rows:
        if row.kind and row.object_id:
            kinds.setdefault(row.kind, []).append(row.object_id)
    return {(kind, pk): card for kind, ids in kinds.items() for pk, card in cards_of(user, kind, ids).items()}


def _about(row: Cadence) -> str:
    return str(row.get_role_display()) if row.role else str(row.get_kind_display())


def _list() -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="rhythms",
        columns=[
            Column("title", gettext_lazy("What is looked back at"), lambda row: row.title, sort="title"),
            Column("about", gettext_lazy("Role or object"), _about),
            Column("every", gettext_lazy("Every how many months"), lambda row: row.every_months, sort="every_months", is_numeric=True),
            Column("next", gettext_lazy("Next on"), lambda row: row.next_on, sort="next_on"),
            Column("lead", pgettext_lazy("a moment", "Led by"), lambda row: row.lead.name if row.lead else ""),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="next",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def cadence_create(request: PageRequest) -> HttpResponseBase:
    """Have something looked back at."""
    now = clock.now()
    initial = {
        "language": (get_language() or "fr")[:2],
        "lead": person_of(request.user),
        "next_on": months_after(clock.today(now), actions.EVERY),
        **{name: request.GET.get(name, "")[:200] for name in ("title", "role", "kind", "object_id")},
    }
    form = CadenceForm(request.POST or None, initial=initial)

    def create(given: dict[str, Any]) -> str:
        kind, number = given["kind"], given["object_id"]
        if kind and number and card_of(request.user, kind, number) is None:
            raise actions.NotOneThing(_("There is nothing of that kind and number that you may open."))
        actions.create_cadence(actor=request.user, now=now, **given)
        return reverse("reviews:cadence-list")

    return creation(
        request,
        form,
        create,
        template=FORM_PAGE,
        heading=_("Something to look back at"),
        submit_label=_("Look back at it"),
        intro=_("On its day four questions are asked, unsigned; what it was used for and cost is kept as known then."),
        cancel_url=reverse("reviews:cadence-list"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def cadence_edit(request: PageRequest, cadence_id: int) -> HttpResponseBase:
    """Change a rhythm."""
    row = get_object_or_404(running(), pk=cadence_id)
    initial = {name: getattr(row, name) for name in ("title", "every_months", "next_on", "lead", "language")}
    initial["functions"] = row.audience.get("functions", [])
    url = reverse("reviews:cadence-list")
    ask = Ask(
        form=CadenceForm(request.POST or None, is_new=False, initial=initial),
        act=lambda given: actions.change_cadence(
            actor=request.user, cadence=row, changes=given, now=clock.now()
        ),
        heading=_("Change the rhythm"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=url,
        back=lambda _entry: url,
        template=FORM_PAGE,
    )
    return answer(request, ask)


@require_POST
@requires(Right.PRODUCT_OPS)
def cadence_opening(request: PageRequest, cadence_id: int) -> HttpResponseBase:
    """Look back at it now."""
    row = get_object_or_404(Cadence, pk=cadence_id, ended_at=None)
    try:
        review = open_review(actor=request.user, cadence=row, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("reviews:cadence-list"))
    return redirect(reverse("reviews:review-show", args=(review.pk,)))


@require_POST
@requires(Right.PRODUCT_OPS)
def cadence_end(request: PageRequest, cadence_id: int) -> HttpResponseBase:
    """Look back at it no more."""
    row = get_object_or_404(Cadence, pk=cadence_id)
    return do(
        request,
        lambda: actions.end_cadence(actor=request.user, cadence=row, now=clock.now()),
        _("%(name)s is looked back at no more."),
        reverse("reviews:cadence-list"),
    )
