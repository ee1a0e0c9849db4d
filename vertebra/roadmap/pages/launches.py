"""Launches: all of them compared stage by stage, one of them with what is ready and what is late, a new one."""

import datetime as dt
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import person_of
from vertebra.org.queries.structure import Structure
from vertebra.roadmap.actions.launches import start_launch
from vertebra.roadmap.forms.launches import LaunchForm
from vertebra.roadmap.labels.projects import READINESS_TONES, STEP_TONES, Readiness
from vertebra.roadmap.models import Launch, LaunchStep, Playbook
from vertebra.roadmap.pages.frame import written_in
from vertebra.roadmap.pages.table_frame import ask
from vertebra.roadmap.queries.launches import (
    OVER,
    Domain,
    Stage,
    before,
    comparison,
    domains_of,
    stages_of,
    steps_of,
    verdict,
)
from vertebra.roadmap.queries.playbooks import usable_versions
from vertebra.roadmap.queries.rights import may_change

WIDTH = 720


def launch_or_404(launch_id: int) -> Launch:
    """The launch of that number."""
    rows = Launch.objects.select_related("initiative__lead", "market", "version__playbook")
    return get_object_or_404(rows, pk=launch_id)


def page_of(launch: Launch) -> str:
    """The address of a launch."""
    return reverse("roadmap:launch-show", args=(launch.pk,))


@require_GET
@requires(Right.READ)
def launch_list(request: PageRequest) -> HttpResponseBase:
    """Every launch beside the others: how long in all, how long each stage, and which one costs most."""
    day = clock.today()
    books = list(
        Playbook.objects.filter(versions__launches__isnull=False).distinct().order_by("title", "pk")[:40]
    )
    wanted = whole_number(request.GET.get("playbook", ""))
    chosen = next((one for one in books if one.pk == wanted), books[0] if len(books) == 1 else None)
    found = comparison(chosen.pk if chosen else None, day)
    done = sorted(found.done, key=lambda one: (one.launch.launched_on or day, one.launch.pk))
    context = {
        "found": found,
        "lines": [
            {"stage": stage, "cells": [one.stages.get(stage.name) for one in found.columns]}
            for stage in found.compared.stages
        ],
        "running": [one for one in found.columns if one.days is None],
        "last": done[-1] if done else None,
        "faster": done[-2].days - done[-1].days if len(done) > 1 else None,  # type: ignore[operator]
        "before": done[-2] if len(done) > 1 else None,
        "most": max((stage.longest or 0 for stage in found.compared.stages), default=0),
        "books": books,
        "chosen": chosen,
        "is_costly": found.compared.costliest is not None,
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
        "has_playbook": usable_versions().exists(),
    }
    return render(request, "roadmap/launch_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def launch_create(request: PageRequest) -> HttpResponseBase:
    """Begin a launch in a minute."""
    now = clock.now()
    first = usable_versions().first()
    initial = {
        "version": request.GET.get("version") or (first.pk if first else None),
        "market": request.GET.get("market"),
        "lead": person_of(request.user),
    }
    structure = Structure.as_of(clock.today(now), with_members=False)

    def done(given: dict[str, Any]) -> str:
        launch = start_launch(actor=request.user, language=written_in(), now=now, **given)
        return page_of(launch)

    return ask(
        request,
        LaunchForm(request.POST or None, structure=structure, initial=initial),
        done,
        heading=_("Open a market"),
        submit=_("Begin"),
        done=_("It begins: every step has its days, and its owner where a mandate names one."),
        cancel_url=reverse("roadmap:launch-list"),
        intro=_(
            "A playbook, a market and a day are enough: steps are dated, owners found by their mandates."
        ),
        section={"url": reverse("roadmap:launch-list"), "title": _("Launches")},
    )


@require_GET
@requires(Right.READ)
def launch_page(request: PageRequest, launch_id: int) -> HttpResponseBase:
    """Whether a launch may go, what is late, its stages in time, its steps."""
    launch = launch_or_404(launch_id)
    day = clock.today()
    steps = steps_of(launch)
    domains = domains_of(launch, steps)
    stages = stages_of(steps)
    person = person_of(request.user)
    can_change = may_change(request.user, launch.initiative) and launch.initiative.archived_at is None
    previous = before(launch)
    context = {
        "launch": launch,
        "row": launch.initiative,
        "today": day,
        "verdict": verdict(launch, domains, day),
        "domains": [
            _domain(one, person, can_change) for one in domains if one.word or not launch.launched_on
        ],
        "stages": [_stage(one, day, person, can_change) for one in stages],
        **_scale(launch, stages, day),
        "readiness": Readiness.choices,
        "can_change": can_change,
        "has_no_owner": sum(1 for step in steps if step.owner is None and step.state not in OVER),
        "over": sum(1 for step in steps if step.state in OVER),
        "total": len(steps),
        "days": (launch.launched_on - launch.decided_on).days if launch.launched_on else None,
        "previous": previous,
        "faster": _faster(launch, previous),
    }
    return render(request, "roadmap/launch.html", context)


def _faster(launch: Launch, previous: Launch | None) -> int | None:
    if not (previous and previous.launched_on and launch.launched_on):
        return None
    days = (launch.launched_on - launch.decided_on).days
    return (previous.launched_on - previous.decided_on).days - days


def _domain(domain: Domain, person: Any, can_change: bool) -> dict[str, Any]:
    owner = domain.owner
    return {
        "row": domain,
        "owner": owner,
        "tone": READINESS_TONES[domain.word.readiness] if domain.word else "neutral",
        "can_say": can_change or (person is not None and owner is not None and owner.pk == person.pk),
    }


def _stage(stage: Stage, day: dt.date, person: Any, can_change: bool) -> dict[str, Any]:
    return {
        "row": stage,
        "planned": stage.days_planned(),
        "taken": stage.days_taken(day),
        "is_open": any(step.state not in OVER for step in stage.steps),
        "steps": [
            {
                "row": step,
                "tone": STEP_TONES[step.state],
                "is_late": step.state not in OVER and step.due_on < day,
                "can_work": can_change or _is_mine(step, person),
            }
            for step in stage.steps
        ],
    }


def _is_mine(step: LaunchStep, person: Any) -> bool:
    return person is not None and step.owner_id == person.pk


def _scale(launch: Launch, stages: list[Stage], day: dt.date) -> dict[str, Any]:
    """Where each stage stands in the picture, planned above, lived below."""
    days = [launch.decided_on, launch.target_on, *(stage.starts_on for stage in stages)]
    days += [stage.due_on for stage in stages]
    days += [end for stage in stages for end in (stage.started_on, stage.ended_on) if end]
    days += [day] if launch.launched_on is None else [launch.launched_on]
    first, last = min(days), max(days)
    span = max((last - first).days, 1)

    def at(one: dt.date) -> float:
        return round((one - first).days * WIDTH / span, 1)

    def bar(starts: dt.date, ends: dt.date) -> tuple[float, float]:
        return at(starts), max(3.0, round(at(ends) - at(starts), 1))

    bars = []
    for stage in stages:
        lived = (
            bar(stage.started_on, stage.ended_on or max(day, stage.started_on)) if stage.started_on else None
        )
        bars.append({"row": stage, "plan": bar(stage.starts_on, stage.due_on), "life": lived})
    today = at(day) if first <= day <= last else None
    return {"bars": bars, "width": WIDTH, "target_x": at(launch.target_on), "today_x": today}
