"""Who hands work to whom in a tool, and where it stands while each has it: of the whole source, then by group."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.evidence.actions.flow import ask_about_hand_overs, drop_hand_overs
from vertebra.evidence.forms.flow import HandOversForm
from vertebra.evidence.models import HandOverQuestion, TrailVersion
from vertebra.evidence.queries.flow import OWN_WEEKS, FlowOf, latest_run
from vertebra.evidence.queries.flow_words import number, one_digit, percent
from vertebra.kit import clock
from vertebra.kit.tables import table_response
from vertebra.measures.pages.frame import asked_in_form, did


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT)
def hand_overs_create(request: PageRequest, source_id: int) -> HttpResponseBase:
    """Ask about hand-overs in a source: by which field, and where work stands meanwhile."""
    version = get_object_or_404(
        TrailVersion.objects.select_related("source"), source=source_id, superseded_at=None
    )
    run = latest_run()
    names = run.fields.get(str(source_id), []) if run else []
    if not names:
        messages.info(
            request,
            _("What %(name)s can be asked about is not known yet: Vertebra looks within ten minutes of an import, for fields whose changes it tells.")
            % {"name": version.source.name},
        )  # fmt: skip
        return redirect("evidence:flow-list")
    form = HandOversForm(request.POST or None, names=names)

    def act() -> HandOverQuestion:
        given = form.cleaned_data
        return ask_about_hand_overs(
            actor=request.user, source=version.source, field=given["field"], steps=given["steps"], known=names,
            now=clock.now(),
        )  # fmt: skip

    return asked_in_form(
        request, form, act,
        {
            "template": "evidence/hand_overs_form.html",
            "heading": _("Ask about hand-overs in %(name)s") % {"name": version.source.name},
            "intro": _("Groups are what a field of the tool names: support lines, teams, organisations. Nothing is told of a group of fewer than five people."),
            "submit_label": pgettext("a question", "Ask"),
            "cancel_url": reverse("evidence:flow-list"),
            "done": lambda made: reverse("evidence:hand-overs-show", args=(made.pk,)),
        },
    )  # fmt: skip


@require_GET
@requires(Right.READ)
def hand_overs_show(request: PageRequest, question_id: int) -> HttpResponseBase:
    """What the hand-overs of a source tell, once flow is looked at for the whole company."""
    row = get_object_or_404(HandOverQuestion.objects.select_related("source"), pk=question_id)
    now = clock.now()
    may_drop = may(request.user, Right.IMPORT)
    is_open = any(one.unit_id is None for one in FlowOf(request.user, now).openings)
    if not is_open and not may_drop:
        raise Http404
    figures = row.figures if is_open else {}
    opens_at = row.first_at + OWN_WEEKS if row.first_at else None
    is_told_apart = opens_at is not None and now >= opens_at
    standings = figures.get("standings") or []
    if request.GET.get("format") in {"csv", "xlsx"}:
        return _export(request.GET["format"], figures, standings if is_told_apart else [])
    whole = figures.get("whole")
    context = {
        "row": row,
        "is_open": is_open,
        "hands": _hands(figures.get("hands")),
        "together": _together(figures.get("hands")),
        "steps": list(whole["steps"]) if whole else [],
        "whole": _standing(whole, whole) if whole else None,
        "standings": [_standing(one, whole) for one in standings] if is_told_apart and whole else [],
        "opens_at": opens_at if standings and not is_told_apart else None,
        "may_drop": may_drop,
    }
    return render(request, "evidence/hand_overs.html", context)


def _hands(hands: dict[str, Any] | None) -> dict[str, str] | None:
    """How many groups had a hand in a work item, in words."""
    if not hands:
        return None
    shares = {name: percent(hands[name]) for name in ("alone", "two", "more", "came_back")}
    return {**shares, "items": number(hands["items"]), "handed": one_digit(hands["handed"])}


def _together(hands: dict[str, Any] | None) -> list[dict[str, str]]:
    rows = hands["together"] if hands else []
    return [
        {"name": " + ".join(groups) or _("all others"), "share": percent(share)} for groups, share in rows
    ]


def _standing(one: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Where work stood with a group; a share well above that of everybody is marked by a word, not by a rank."""
    steps = []
    for step, share in whole["steps"].items():
        mine = one["steps"].get(step, 0.0)
        steps.append((step, percent(mine), mine > 1.5 * share and mine - share > 0.05))
    return {"name": one["group"] or _("groups told together"), "steps": steps}


def _export(form: str, figures: dict[str, Any], standings: list[dict[str, Any]]) -> HttpResponseBase:
    whole = figures.get("whole")
    steps = list(whole["steps"]) if whole else []
    rows = [
        [one["group"] or label, *(one["steps"].get(step, 0.0) for step in steps)]
        for label, some in (
            (_("everybody"), [whole] if whole else []),
            (_("groups told together"), standings),
        )
        for one in some
    ]
    return table_response("hand-overs", form, [_("Group"), *steps], rows)


@require_POST
@requires(Right.IMPORT)
def hand_overs_removal(request: PageRequest, question_id: int) -> HttpResponse:
    """Ask it no more."""
    row = get_object_or_404(HandOverQuestion.objects.select_related("source"), pk=question_id)
    return did(
        request,
        lambda: drop_hand_overs(actor=request.user, question=row, now=clock.now()),
        _("It is asked no more."),
        reverse("evidence:flow-list"),
    )
