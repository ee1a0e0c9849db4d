"""Decisions: writing one, reading one, putting the rest off with one reason, carrying out what was chosen."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.org.models import Person
from vertebra.roadmap.actions import decisions as actions
from vertebra.roadmap.actions.answers import told_by_hand
from vertebra.roadmap.forms.decisions import CarryOutForm, DecisionForm
from vertebra.roadmap.labels.topics import VERDICT_WORDS, CycleState, TopicState
from vertebra.roadmap.models import Cycle, Decision, Topic, Voice
from vertebra.roadmap.pages.table_frame import act, ask, cycle_or_404
from vertebra.roadmap.queries.decisions import as_ranked, carried_out_by, open_to, said_in, unreached
from vertebra.roadmap.queries.seats import seats_of
from vertebra.roadmap.queries.topics import topics


def _sections(cycle: Cycle | None) -> dict[str, Any]:
    section = {"url": reverse("roadmap:cycle-list"), "title": _("Quarterly tables")}
    if cycle is None:
        return {"section": section}
    return {
        "section": section,
        "crumb": {"url": reverse("roadmap:cycle-show", args=(cycle.pk,)), "title": cycle.title},
    }


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def decision_create(request: PageRequest, cycle_id: int, topic_id: int) -> HttpResponse:
    """Decide a topic of a table, or one that comes in the middle of its quarter."""
    cycle = cycle_or_404(cycle_id)
    topic: Topic = get_object_or_404(topics(), pk=topic_id)
    is_mid = cycle.state == CycleState.PUBLISHED
    people = [(seat.person_id, seat.person.name) for seat in seats_of(cycle)]
    before = Decision.objects.filter(topic=topic, replaced_by=None, cycle=cycle).first()
    chosen = topics().filter(state=TopicState.CHOSEN, decisions__cycle=cycle).exclude(pk=topic.pk).distinct()
    form = DecisionForm(
        request.POST or None,
        people=people,
        displaceable=list(chosen) if is_mid else [],
        language=cycle.language,
        initial=_initial(before, people, request.GET.get("verdict", "")),
    )
    back = "roadmap:cycle-show" if is_mid else "roadmap:arbitration"

    def done(given: dict[str, Any]) -> str:
        actions.decide(
            actor=request.user, topic=topic, cycle=cycle, now=clock.now(), language=cycle.language,
            **{name: given[name] for name in ("verdict", "what", "why", "alternatives", "dissent")},
            decided_by=list(Person.objects.filter(pk__in=given["decided_by"])),
            displaces=list(Topic.objects.filter(pk__in=given.get("displaces", []))),
            other_words=form.other_words(),
        )  # fmt: skip
        return reverse(back, args=(cycle.pk,))

    return ask(
        request,
        form,
        done,
        heading=topic.title,
        submit=_("Decide and tell") if is_mid else _("Decide"),
        done=_("Decided: whoever raised it is told within the day.") if is_mid else _("Decided; it is told when the table is published."),
        cancel_url=reverse(back, args=(cycle.pk,)),
        template="roadmap/decision_form.html",
        topic=topic,
        is_mid=is_mid,
        **_sections(cycle),
    )  # fmt: skip


def _initial(before: Decision | None, people: list[tuple[int, str]], verdict: str) -> dict[str, Any]:
    if before is None:
        return {"decided_by": [pk for pk, _name in people], "verdict": verdict}
    fields = ("verdict", "what", "why", "alternatives", "dissent")
    found: dict[str, Any] = {name: getattr(before, name) for name in fields}
    found["decided_by"] = list(before.decided_by.values_list("pk", flat=True))
    for code, words in before.other_words.items():
        found |= {f"what_{code}": words["what"], f"why_{code}": words["why"]}
    return found


@require_POST
@requires(Right.PRODUCT_OPS)
def rest(request: PageRequest, cycle_id: int) -> HttpResponse:
    """Put everything that is not decided off, with one reason."""
    cycle = cycle_or_404(cycle_id)
    why = request.POST.get("reason", "")[:4000]
    return act(
        request,
        lambda: actions.decide_rest(
            actor=request.user, cycle=cycle, why=why, language=cycle.language, now=clock.now()
        ),
        _("The rest is not done this quarter, with your reason."),
        reverse("roadmap:arbitration", args=(cycle_id,)),
        can_undo=True,
    )


@require_GET
@requires(Right.READ)
def decision_page(request: PageRequest, decision_id: int) -> HttpResponse:
    """One decision: what, why, against what, with which dissent, by whom; what became of it."""
    row = get_object_or_404(open_to(request.user), pk=decision_id)
    what, why = said_in(row, (get_language() or "fr")[:2])
    is_ops = may(request.user, Right.PRODUCT_OPS)
    carried = list(carried_out_by(row))
    return render(
        request,
        "roadmap/decision.html",
        {
            "decision": as_ranked(row.cycle_id, [row])[0],
            "what": what,
            "why": why,
            "tone": VERDICT_WORDS[row.verdict],
            "people": list(row.decided_by.order_by("name_folded")),
            "displaced": list(row.displaces.all()),
            "later": Decision.objects.filter(replaces=row).first(),
            "told": row.answers.count(),
            "unreached": unreached(row) if is_ops and row.published_at else [],
            "carried": carried,
            "can_carry": is_ops and row.verdict == "chosen" and row.published_at is not None and not carried,
            "is_ops": is_ops,
        },
    )  # fmt: skip


@require_POST
@requires(Right.PRODUCT_OPS)
def telling(request: PageRequest, decision_id: int) -> HttpResponse:
    """Note that somebody whom no message reaches was told."""
    row = get_object_or_404(open_to(request.user), pk=decision_id)
    number = request.POST.get("voice", "")
    voice = get_object_or_404(Voice, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    return act(
        request,
        lambda: told_by_hand(actor=request.user, decision=row, voice=voice, now=clock.now()),
        _("Noted: told by word of mouth."),
        reverse("roadmap:decision-show", args=(row.pk,)),
        can_undo=True,
    )


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def carrying_out(request: PageRequest, decision_id: int) -> HttpResponse:
    """Make an initiative of what was chosen."""
    row = get_object_or_404(open_to(request.user), pk=decision_id)
    initial = {"title": row.topic.title, "kind": "quick_win" if row.topic.is_quick_win else "operating_model"}

    def done(given: dict[str, Any]) -> str:
        made = actions.carry_out(actor=request.user, decision=row, now=clock.now(), **given)
        return reverse("roadmap:initiative-show", args=(made.pk,))

    return ask(
        request,
        CarryOutForm(request.POST or None, initial=initial),
        done,
        heading=_("Carry it out"),
        submit=_("Make it an initiative"),
        done=_("Created: it needs its baseline before it starts."),
        cancel_url=reverse("roadmap:decision-show", args=(row.pk,)),
        **_sections(row.cycle),
    )
