"""The steps of a table, one address for each; its topics, its ballots of elsewhere."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.discovery.queries.pain_words import ids_of
from vertebra.kit import clock
from vertebra.roadmap.actions import cycles as actions
from vertebra.roadmap.actions.rankings import forget_ballots, import_ballots
from vertebra.roadmap.actions.topics import put_on_table, take_off_table
from vertebra.roadmap.forms.cycles import BallotForm, ReasonForm
from vertebra.roadmap.models import Topic
from vertebra.roadmap.pages.table_frame import act, ask, cycle_or_404
from vertebra.roadmap.queries.ballot_files import read_ballots
from vertebra.roadmap.queries.topics import topics


def _page(cycle_id: int) -> str:
    return reverse("roadmap:cycle-show", args=(cycle_id,))


@require_POST
@requires(Right.PRODUCT_OPS)
def table(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Lay topics on the table, or take one off."""
    cycle = cycle_or_404(cycle_id)
    now = clock.now()
    if off := ids_of([request.POST.get("off", "")]):
        topic = get_object_or_404(Topic, pk=off[0])
        return act(
            request,
            lambda: take_off_table(actor=request.user, cycle=cycle, topic=topic, now=now),
            _("Taken off the table: it waits for the next one."),
            _page(cycle_id),
            can_undo=True,
        )
    rows = list(topics().filter(pk__in=ids_of(request.POST.getlist("topic"))))
    said = ngettext("%(count)d topic put on the table.", "%(count)d topics put on the table.", len(rows))
    return act(
        request,
        lambda: put_on_table(actor=request.user, cycle=cycle, topics=rows, now=now),
        said % {"count": len(rows)},
        _page(cycle_id),
        can_undo=True,
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def freezing(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Freeze the table."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.freeze_table(actor=request.user, cycle=cycle, now=clock.now()),
        _("The table is frozen: directors will see it as it is now."),
        _page(cycle_id),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def opening(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Ask the directors to rank."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.open_ranking(actor=request.user, cycle=cycle, now=clock.now()),
        _("The directors are asked. Whoever was asked twice this week gets the link later."),
        _page(cycle_id),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def reveal(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Show all rankings to everybody at once."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.reveal_rankings(actor=request.user, cycle=cycle, now=clock.now()),
        _("The rankings are shown."),
        reverse("roadmap:cycle-result", args=(cycle_id,)),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def publishing(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Publish the decisions: everybody who raised a topic is told."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.publish_cycle(actor=request.user, cycle=cycle, now=clock.now()),
        _("Published: whoever raised or relayed a topic is told within the day."),
        _page(cycle_id),
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def reopening(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Go one step back, with a reason."""
    cycle = cycle_or_404(cycle_id)

    def done(given: dict[str, Any]) -> str:
        actions.reopen_cycle(actor=request.user, cycle=cycle, reason=given["reason"], now=clock.now())
        return _page(cycle_id)

    return ask(
        request,
        ReasonForm(request.POST or None),
        done,
        heading=_("Go one step back"),
        submit=_("Open it again"),
        done=_("Open again: the reason stays on the page."),
        cancel_url=_page(cycle_id),
        intro=_("Nothing that was ranked or decided is lost. Rankings that were shown are hidden again."),
        section={"url": reverse("roadmap:cycle-list"), "title": _("Quarterly tables")},
        crumb={"url": _page(cycle_id), "title": cycle.title},
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def archiving(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Put away a table that never was."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: actions.archive_cycle(actor=request.user, cycle=cycle, now=clock.now()),
        _("Put away."),
        reverse("roadmap:cycle-list"),
        can_undo=True,
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def ballots(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Take in ballots of elsewhere, to be counted with the others."""
    cycle = cycle_or_404(cycle_id)

    def done(given: dict[str, Any]) -> str:
        file = given["file"]
        import_ballots(
            actor=request.user, cycle=cycle, ballots=read_ballots(file.read(), file.name),
            language=cycle.language, now=clock.now(),
        )  # fmt: skip
        return _page(cycle_id)

    return ask(
        request,
        BallotForm(request.POST or None, request.FILES or None),
        done,
        heading=_("Take in ballots"),
        submit=_("Take them in"),
        done=_("Taken in: they are counted with the others, and hidden like them."),
        cancel_url=_page(cycle_id),
        intro=_(
            "Columns called ballot, function and count (bulletin, fonction, nombre) say whose each is. While topics are collected, what the ballots name is laid on the table."
        ),
        section={"url": reverse("roadmap:cycle-list"), "title": _("Quarterly tables")},
        crumb={"url": _page(cycle_id), "title": cycle.title},
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def ballot_removal(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Take the imported ballots out again."""
    cycle = cycle_or_404(cycle_id)
    return act(
        request,
        lambda: forget_ballots(actor=request.user, cycle=cycle, now=clock.now()),
        _("The imported ballots are out."),
        _page(cycle_id),
    )
