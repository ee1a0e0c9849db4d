"""What can be done to a topic: said better, stood behind, joined, put away, gathered from what shows it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.discovery.queries.pain_words import ids_of
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now
from vertebra.roadmap.actions import topics as actions
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle, Topic
from vertebra.roadmap.pages.table_frame import act, ask
from vertebra.roadmap.pages.topics import form_of
from vertebra.roadmap.queries.gathering import gathered
from vertebra.roadmap.queries.topics import alike, is_frozen, topics


def _found(topic_id: int) -> Topic:
    found: Topic = get_object_or_404(topics(), pk=topic_id)
    return found


def _page(topic_id: int) -> str:
    return reverse("roadmap:topic-show", args=(topic_id,))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def topic_edit(request: PageRequest, topic_id: int) -> HttpResponse:
    """Say a topic better: whoever raised it, and Product Ops."""
    row = _found(topic_id)
    if row.made_by_id != request.user.pk and not may(request.user, Right.PRODUCT_OPS):
        raise PermissionDenied
    if not may(request.user, Right.PRODUCT_OPS) and is_frozen(row):
        said = _("“%(title)s” went to the directors: its words stay those they rank.") % {"title": row.title}
        messages.error(request, said)
        return redirect(_page(row.pk))

    def done(given: dict[str, Any]) -> str:
        actions.change_topic(actor=request.user, topic=row, changes=given, now=clock.now())
        return _page(row.pk)

    return ask(
        request,
        form_of(row, request.POST or None),
        done,
        heading=_("Say it better"),
        submit=_("Save"),
        done=_("It is said better now."),
        cancel_url=_page(row.pk),
        crumb={"url": _page(row.pk), "title": row.title},
    )


@require_POST
@requires(Right.TAKE_PART)
def voice(request: PageRequest, topic_id: int) -> HttpResponse:
    """Stand behind a topic: for oneself, or relaying it."""
    row = _found(topic_id)
    is_relayed = request.POST.get("relay") == "yes"
    return act(
        request,
        lambda: actions.add_voice(actor=request.user, topic=row, relay=is_relayed, now=clock.now()),
        _("You stand behind it: you will hear what is decided, and why."),
        _page(topic_id),
        can_undo=True,
    )


@require_POST
@requires(Right.TAKE_PART)
def voice_removal(request: PageRequest, topic_id: int) -> HttpResponse:
    """Stand behind a topic no more."""
    row = _found(topic_id)
    return act(
        request,
        lambda: actions.take_back_voice(actor=request.user, topic=row, now=clock.now()),
        _("You stand behind it no more."),
        _page(topic_id),
        can_undo=True,
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def join(request: PageRequest, topic_id: int) -> HttpResponse:
    """Join another topic to this one: those said in like words are proposed."""
    row = _found(topic_id)
    if request.method == "POST":
        picked = ids_of(request.POST.getlist("duplicate"))
        others = list(topics().filter(pk__in=picked).exclude(pk=row.pk))
        try:
            for other in others:
                actions.join_topics(actor=request.user, kept=row, duplicate=other, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            if others:
                messages.success(
                    request, _("Joined: those who stood behind the others stand behind this one.")
                )
        return redirect("roadmap:topic-show", row.pk)
    near = alike(row.title, without=row.pk, limit=12)
    return render(request, "roadmap/topic_join.html", {"topic": row, "near": near})


@require_POST
@requires(Right.PRODUCT_OPS)
def archiving(request: PageRequest, topic_id: int) -> HttpResponse:
    """Put away what is no topic."""
    row = _found(topic_id)
    return act(
        request,
        lambda: actions.archive_topic(actor=request.user, topic=row, now=clock.now()),
        _("Put away."),
        reverse("roadmap:topic-list"),
        can_undo=True,
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def gather(request: PageRequest) -> HttpResponse:
    """Make topics of what was put to the directors, and of what else asks for a decision."""
    sources = gathered(request.user)
    if request.method != "POST":
        return render(request, "roadmap/topic_gather.html", {"sources": sources})
    wanted = set(request.POST.getlist("found"))
    picked = [one for source in sources for one in source.found if one.value in wanted]
    for one in picked:
        actions.raise_topic(
            actor=request.user, title=one.title, language=language_now(), origin=(one.kind, one.id), relay=True,
            now=clock.now(),
        )  # fmt: skip
    if picked:
        said = ngettext("%(count)d topic raised.", "%(count)d topics raised.", len(picked))
        messages.success(request, said % {"count": len(picked)})
    return redirect("roadmap:topic-list")


@require_POST
@requires(Right.PRODUCT_OPS)
def put(request: PageRequest) -> HttpResponse:
    """Lay the selected topics on the table that is collected."""
    table = Cycle.objects.filter(state=CycleState.COLLECTING, archived_at=None).order_by("pk").first()
    rows = list(topics().filter(pk__in=ids_of(request.POST.getlist("selected"))))
    if table is None or not rows:
        messages.error(request, _("Select some topics first."))
        return redirect("roadmap:topic-list")
    said = ngettext("%(count)d topic lies on “%(table)s”.", "%(count)d topics lie on “%(table)s”.", len(rows))
    return act(
        request,
        lambda: actions.put_on_table(actor=request.user, cycle=table, topics=rows, now=clock.now()),
        said % {"count": len(rows), "table": table.title},
        reverse("roadmap:topic-list"),
        can_undo=True,
    )
