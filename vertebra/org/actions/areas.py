"""Making, changing and closing areas, journeys and hand-overs."""

import datetime as dt
from collections.abc import Sequence
from typing import Literal, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.org.actions.index import reindex
from vertebra.org.actions.over_time import Circle, NotOnThatDay, changed_from, ended_all, said
from vertebra.org.labels import AreaKind
from vertebra.org.models import Area, AreaStep, AreaVersion, Mandate, Ownership
from vertebra.org.queries.care import AreaNode, Areas

Contents = Literal["to_parent", "together"]


class AreaNotEmpty(Refusal):
    """An area with areas inside is closed only when somebody says what becomes of them."""


class WrongSteps(Refusal):
    """The steps of a journey are product areas, each once; a hand-over goes between at least two."""


class AreaChanges(TypedDict, total=False):
    """What may change of an area from a day on."""

    name: str
    parent: Area | None
    description: str


@transaction.atomic
def create_area(
    *,
    actor: User,
    name: str,
    kind: str,
    parent: Area | None,
    on: dt.date,
    now: dt.datetime,
    description: str = "",
    steps: Sequence[int] = (),
) -> AuditEntry:
    """Make an area, a journey or a hand-over that exists from a day on."""
    areas = Areas.as_of(on)
    if parent is not None:
        _node(areas, parent, on)
    tracker = audit.Tracker()
    area = Area(kind=kind, created_at=now)
    tracker.create(area)
    version = AreaVersion(
        area=area, name=name, parent=parent, description=description, language=actor.language, starts_on=on
    )
    tracker.create(version)
    if kind != AreaKind.PRODUCT:
        _refuse_wrong_steps(areas, area, steps)
        for position, step in enumerate(steps):
            tracker.create(AreaStep(journey=area, area_id=step, position=position))
    reindex(Kind.AREA, [area.pk], now)
    return _note(actor, "create", area, name, {"on": on.isoformat()}, now, tracker)


@transaction.atomic
def change_area(
    *, actor: User, area: Area, changes: AreaChanges, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Rename, move or describe an area from a day on, keeping what it was before."""
    areas = Areas.as_of(on)
    before = _node(areas, area, on)
    parent = changes.get("parent")
    if parent is not None:
        above = _node(areas, parent, on)
        if parent.pk in areas.under(area.pk):
            raise Circle(
                _("%(parent)s is part of %(area)s: move it out first.")
                % {"parent": above.name, "area": before.name}
            )
    values: dict[str, object] = dict(changes)
    if "description" in changes:
        values["language"] = actor.language
    tracker = audit.Tracker()
    told = changed_from(tracker, area.versions.all_time(), on, values)
    told.pop("language", None)
    if not told:
        raise NothingChanges(_("Nothing is different from what already holds."))
    if "parent" in told:
        ends = (areas.get(before.parent_id), areas.get(parent.pk if parent else None))
        told["parent"] = [node.name if node else "" for node in ends]
    reindex(Kind.AREA, [area.pk], now)
    verb = "move" if "parent" in told else "change"
    name = changes.get("name") or before.name
    return _note(actor, verb, area, name, {"on": on.isoformat(), "changes": told}, now, tracker)


@transaction.atomic
def close_area(
    *, actor: User, area: Area, contents: Contents | None, on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Close an area on a day: the areas inside go to its parent, or are closed together with it."""
    areas = Areas.as_of(on)
    node = _node(areas, area, on)
    if contents is None and node.children:
        raise AreaNotEmpty(
            _("%(name)s still holds areas: say whether they go to its parent or close with it.")
            % {"name": node.name}
        )
    tracker = audit.Tracker()
    closing = areas.under(area.pk) if contents == "together" else {area.pk}
    if contents == "to_parent":
        above = Area.objects.filter(pk=node.parent_id or 0).first()
        for child in node.children:
            rows = AreaVersion.objects.all_time().filter(area=child.id)
            changed_from(tracker, rows, on, {"parent": above})
    ended_all(tracker, Mandate.objects.all_time().filter(area__in=closing), on)
    ended_all(tracker, Ownership.objects.all_time().filter(area__in=closing), on)
    ended_all(tracker, AreaVersion.objects.all_time().filter(area__in=closing), on)
    reindex(Kind.AREA, closing | {child.id for child in node.children}, now)
    told = {"on": on.isoformat(), "contents": contents or "", "areas": len(closing)}
    return _note(actor, "close", area, node.name, told, now, tracker)


@transaction.atomic
def set_steps(
    *, actor: User, journey: Area, steps: Sequence[int], on: dt.date, now: dt.datetime
) -> AuditEntry:
    """Say which areas a journey or a hand-over crosses, in order."""
    areas = Areas.as_of(on)
    node = _node(areas, journey, on)
    _refuse_wrong_steps(areas, journey, steps)
    old = {step.area_id: step for step in AreaStep.objects.filter(journey=journey)}
    if list(old) == list(steps):
        raise NothingChanges(_("Nothing is different from what already holds."))
    tracker = audit.Tracker()
    for gone in old.keys() - set(steps):
        tracker.delete(old[gone])
    for position, step in enumerate(steps):
        if step in old:
            tracker.change(old[step], position=position)
        else:
            tracker.create(AreaStep(journey=journey, area_id=step, position=position))
    names = [", ".join(areas.nodes[s].name for s in some if s in areas.nodes) for some in (old, steps)]
    return _note(actor, "change", journey, node.name, {"changes": {"steps": names}}, now, tracker)


def _refuse_wrong_steps(areas: Areas, journey: Area, steps: Sequence[int]) -> None:
    if journey.kind == AreaKind.PRODUCT:
        raise WrongSteps(_("Only journeys and hand-overs cross areas."))
    if len(set(steps)) != len(steps):
        raise WrongSteps(_("An area is crossed once at most."))
    if journey.pk in steps:
        raise WrongSteps(_("A journey does not cross itself."))
    if any(step not in areas.nodes for step in steps):
        raise WrongSteps(_("One of these areas does not exist on that day."))
    if journey.kind == AreaKind.HAND_OVER and len(steps) < 2:
        raise WrongSteps(_("A hand-over goes between at least two areas."))


def _node(areas: Areas, area: Area, on: dt.date) -> AreaNode:
    if (node := areas.get(area.pk)) is None:
        raise NotOnThatDay(_("This area does not exist on %(day)s.") % {"day": said(on)})
    return node


def _note(
    actor: User,
    verb: str,
    area: Area,
    name: str,
    particulars: dict[str, object],
    now: dt.datetime,
    tracker: audit.Tracker,
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.AREA,
        object_id=area.pk,
        object_name=name,
        particulars=particulars,
        now=now,
        rows=tracker.changes,
    )
