"""The queue of topics: what the field raises, how strongly it is shown, what became of each."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import SearchEntry
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import card_of, discussion, saved_views
from vertebra.kit import clock, markdown
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.kit.text import fold
from vertebra.org.empty_spaces import language_now, person_of
from vertebra.org.models import Field
from vertebra.org.pages.frame import base
from vertebra.roadmap.actions.topics import WORDS, raise_topic
from vertebra.roadmap.forms.topics import RaiseForm, TopicForm
from vertebra.roadmap.labels.topics import ORIGINS, TOPIC_TONES, CycleState, TopicState
from vertebra.roadmap.models import Cycle, Topic, Voice
from vertebra.roadmap.pages.table_frame import ask
from vertebra.roadmap.queries import gathering
from vertebra.roadmap.queries.decisions import of_topic
from vertebra.roadmap.queries.objectives import choices as objective_choices
from vertebra.roadmap.queries.seats import is_person
from vertebra.roadmap.queries.topics import (
    WAITING,
    alike,
    behind,
    counts_by_state,
    current_of,
    held_for,
    is_frozen,
    sides_of,
    topics,
    weight_for,
    with_order,
)

Rows = QuerySet[Any]


@require_GET
@requires(Right.READ)
def topic_list(request: PageRequest) -> HttpResponseBase:
    """Everything that was raised, the strongest first."""
    rows = with_order(topics(), request.user)
    views = saved_views(request.user, "topics", request.get_full_path())
    listing = _list_of(request).read(request, rows, saved_views=views)
    if listing.export:
        return listing.export
    sides = sides_of(listing.rows, request.user)
    for row in listing.rows:
        row.weight = weight_for(request.user, row)
        row.tone = TOPIC_TONES[row.state]
        row.behind = behind(request.user, row.voice_count)[1]
        row.sides = sides.get(row.pk, [])[:3]
    is_ops = may(request.user, Right.PRODUCT_OPS)
    table = Cycle.objects.filter(state=CycleState.COLLECTING, archived_at=None).order_by("pk").first()
    return render(
        request,
        "roadmap/topic_list.html",
        {
            "listing": listing,
            "counts": counts_by_state(),
            "topic_base": base("roadmap:topic-show"),
            "is_ops": is_ops,
            "table": table,
            "can_select": is_ops and table is not None,
            "put_count": gathering.put_count() if is_ops else 0,
        },
    )


def _list_of(request: PageRequest) -> ListOf:
    is_stepped = not may(request.user, Right.PRODUCT_OPS)

    def searched(rows: Rows, text: str) -> Rows:
        known = SearchEntry.objects.filter(kind=Kind.TOPIC, title_folded__contains=fold(text))
        return rows.filter(pk__in=known.values("object_id"))

    def heard(row: Any) -> str:
        weight = weight_for(request.user, row)
        return weight.words or str(weight.strength.label)

    def stands(row: Any) -> int | str:
        known, words = behind(request.user, row.voice_count)
        return words if is_stepped or known is None else known

    return ListOf(
        page="topics",
        file_name="topics",
        columns=[
            Column("title", gettext_lazy("Topic"), lambda row: row.title),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display()),
            Column("weight", gettext_lazy("What shows it"), heard, sort="size_shown"),
            Column("voices", gettext_lazy("Behind it"), stands, sort="behind_shown", is_numeric=True),
            Column("field", gettext_lazy("Field of action"), lambda row: row.field.name if row.field else ""),
            Column("objective", gettext_lazy("Objective"), lambda row: row.objective.title if row.objective else ""),
            Column("days", gettext_lazy("Days of work"), lambda row: row.effort_days, is_numeric=True, is_optional=True),
            Column("raised", gettext_lazy("Raised"), lambda row: clock.today(row.created_at), sort="created_at"),
        ],
        filters=_filters(request),
        search=searched,
        sort="-weight",
    )  # fmt: skip


# What a topic was raised from, as the filter says it.
FROM: dict[str, Any] = {
    "pain_point": gettext_lazy("a pain point"),
    "audit": gettext_lazy("an audit"),
    "empty_space": gettext_lazy("an empty space"),
    "incident": gettext_lazy("an incident"),
    "survey": gettext_lazy("a question asked again"),
    "help_request": gettext_lazy("a help request"),
    "none": gettext_lazy("two lines somebody wrote"),
}
STATES: list[tuple[str, Any]] = [
    ("waits", gettext_lazy("waits for a decision")),
    *(pair for pair in TopicState.choices if pair[0] != TopicState.MERGED),
]


def _filters(request: PageRequest) -> list[Filter]:
    def stands(rows: Rows, value: str) -> Rows:
        return rows.filter(state__in=WAITING) if value == "waits" else rows.filter(state=value)

    def serves(rows: Rows, value: str) -> Rows:
        return rows.filter(objective=None) if value == "none" else rows.filter(objective=value)

    def backed(rows: Rows, _value: str) -> Rows:
        return rows.filter(pk__in=Voice.objects.filter(person=person_of(request.user)).values("topic"))

    return [
        Filter(
            "behind", gettext_lazy("Behind it"), backed, lambda: [("me", pgettext_lazy("behind a topic", "me"))]
        ),
        Filter("state", gettext_lazy("State"), stands, lambda: STATES),
        Filter(
            "from", gettext_lazy("Raised from"),
            lambda rows, value: rows.filter(origin_kind="" if value == "none" else value),
            lambda: [(code, FROM[code]) for code in (*ORIGINS, "none")],
        ),
        Filter(
            "field", gettext_lazy("Field of action"), lambda rows, value: rows.filter(field=value),
            lambda: [(str(pk), name) for pk, name in Field.objects.values_list("pk", "name")],
        ),
        Filter(
            "objective", gettext_lazy("Objective"), serves,
            lambda: [("none", pgettext_lazy("objective", "none")), *objective_choices(clock.today())],
        ),
        Filter(
            "quick", gettext_lazy("Quick win"), lambda rows, value: rows.filter(is_quick_win=value == "yes"),
            lambda: [("yes", pgettext_lazy("value", "yes")), ("no", pgettext_lazy("value", "no"))],
        ),
        Filter(
            "since", gettext_lazy("Raised since"), lambda rows, value: rows.filter(created_at__date__gte=value),
            kind="date",
        ),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def topic_create(request: PageRequest) -> HttpResponse:
    """Raise a topic in two lines, or from an object that shows it (`?kind=…&id=…`)."""
    kind, number = request.GET.get("kind", ""), request.GET.get("id", "")
    origin = (kind, int(number)) if kind in ORIGINS and number.isdecimal() and len(number) < 18 else None
    card = card_of(request.user, *origin) if origin else None
    origin = origin if card else None
    form = RaiseForm(
        request.POST or None, initial={"title": card.title if card else request.GET.get("title", "")[:200]}
    )

    def done(given: dict[str, Any]) -> str:
        topic = raise_topic(
            actor=request.user, language=language_now(), origin=origin, now=clock.now(),
            title=given["title"], description=given["description"], relay=given["relay"],
        )  # fmt: skip
        return reverse("roadmap:topic-show", args=(topic.pk,))

    return ask(
        request,
        form,
        done,
        heading=_("Raise a topic"),
        submit=_("Raise it"),
        done=_("Raised. You will hear what is decided, and why."),
        cancel_url=reverse("roadmap:topic-list"),
        template="roadmap/topic_create.html",
        card=card,
        alike=alike(str(form["title"].value() or "")) if form.is_bound or card else [],
    )


@require_GET
@requires(Right.READ)
def alike_part(request: PageRequest) -> HttpResponse:
    """Topics said in like words, while somebody writes."""
    without = request.GET.get("without", "")
    pk = int(without) if without.isdecimal() and len(without) < 18 else None
    found = alike(request.GET.get("title", "")[:200], without=pk)
    return render(request, "roadmap/topic_create.html#alike", {"alike": found, "is_joining": pk is not None})


@require_GET
@requires(Right.READ)
def topic_page(request: PageRequest, topic_id: int) -> HttpResponse:
    """One topic: what shows it, who stands behind it, what was decided and why."""
    row = get_object_or_404(Topic.objects.select_related("field", "objective", "made_by"), pk=topic_id)
    if row.merged_into_id:
        return redirect("roadmap:topic-show", current_of(row).pk)
    if row.archived_at:
        return redirect("roadmap:topic-list")
    now = clock.now()
    is_ops = may(request.user, Right.PRODUCT_OPS)
    voices = list(row.voices.select_related("person").order_by("pk"))
    origin = card_of(request.user, row.origin_kind, row.origin_id) if row.origin_id else None
    decisions = of_topic(row, request.user)
    current = next((one for one in decisions if one.published_at), None)
    return render(
        request,
        "roadmap/topic.html",
        {
            "topic": row,
            "tone": TOPIC_TONES[row.state],
            "weight": weight_for(request.user, row),
            "sides": sides_of([row], request.user).get(row.pk, []),
            "description": markdown.render(row.description) if row.description else "",
            "voices": voices,
            "behind": behind(request.user, len(voices)),
            "mine": next((v for v in voices if v.person and is_person(request.user, v.person)), None),
            "origin": origin,
            "decisions": decisions,
            "current": current,
            "may_join": is_ops and row.state in WAITING,
            "is_ops": is_ops,
            "may_say": is_ops or (row.made_by_id == request.user.pk and not is_frozen(row)),
            "can_be_put_away": is_ops and row.state == TopicState.RAISED,
            "discussion": discussion(request.user, Kind.TOPIC, row.pk, now),
            "now": now,
        },
    )


def form_of(row: Topic, data: Any = None) -> TopicForm:
    """The form that says a topic better, filled with what it says; its words are closed while directors rank it."""
    fields = ("title", "description", "objective", "field", "effort_days", "is_quick_win")
    form = TopicForm(data, initial={name: getattr(row, name) for name in fields})
    if held_for(row):
        for name in WORDS:
            form.fields[name].disabled = True
            form.fields[name].help_text = _("It lies before the directors, who rank it.")
    return form
