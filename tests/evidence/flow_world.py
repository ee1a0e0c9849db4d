"""A company with two teams and the work items of its tracker, whose flow is looked at."""

import datetime as dt
from pathlib import Path

from tests import world
from tests.evidence.trail_world import bring, current, issue, write
from vertebra.accounts.models import User
from vertebra.evidence.actions.flow import map_places, open_flow
from vertebra.evidence.actions.trail import say_what_statuses_mean
from vertebra.evidence.jobs import figure_flow
from vertebra.evidence.models import FlowOpening, WorkPlace
from vertebra.org.models import Membership, Person, Unit, UnitKind, UnitVersion

SINCE = dt.date(2020, 1, 1)


def unit(name: str, parent: Unit | None = None) -> Unit:
    """A unit of the company, for ever."""
    kind, _made = UnitKind.objects.get_or_create(slug="team", defaults={"is_team": True})
    row = Unit.objects.create(created_at=world.NOW)
    UnitVersion.objects.create(unit=row, name=name, kind=kind, parent=parent, starts_on=SINCE)
    return row


def works_in(user: User, where: Unit) -> Person:
    """The person of an account, who works there."""
    row = Person.objects.create(
        name=user.name, name_folded=user.name.lower(), user=user, created_at=world.NOW
    )
    Membership.objects.create(person=row, unit=where, starts_on=SINCE)
    return row


def somebody(number: int) -> dict[str, str]:
    """Somebody of a team, as Jira tells of them."""
    who = f"dev-{number}"
    return {"key": who, "name": who, "displayName": who, "emailAddress": f"{who}@example.org"}


def items(project: str, people: int, first: int, count: int = 200) -> list[dict[str, object]]:
    """Work items of a team, each finished within two days."""
    return [
        issue(first + 4 * n, steps=2, project=project, assignee=somebody(first * 100 + n % people), components=[{"name": "Till"}])
        for n in range(count)
    ]  # fmt: skip


def figure() -> dict[str, int]:
    """Compute, as the worker does."""
    found: dict[str, int] = figure_flow.call()
    return found


def teams(tmp_path: Path, actor: User, small: int = 3) -> dict[str, Unit]:
    """A tribe with a large team (SHOP), another one (PAY) and two small ones (ZIP, ZAP), their places mapped."""
    bring(write(tmp_path / "a.jsonl", [
        *items("SHOP", 8, 0), *items("PAY", 7, 1), *items("ZIP", small, 2, 60), *items("ZAP", 3, 3, 60),
    ]))  # fmt: skip
    source = current().source
    meanings = {"Open": "todo", "In Progress": "doing"}
    say_what_statuses_mean(actor=actor, source=source, meanings=meanings, now=world.NOW)
    tribe = unit("Commerce")
    found = {"tribe": tribe, **{name: unit(name, tribe) for name in ("SHOP", "PAY", "ZIP", "ZAP")}}
    figure()
    for name in ("SHOP", "PAY", "ZIP", "ZAP"):
        places = [WorkPlace.objects.get(way="project", value=name)]
        map_places(actor=actor, places=places, unit=found[name], area=None, now=world.NOW)
    return found


def opened(actor: User, where: Unit | None, now: dt.datetime = world.NOW) -> FlowOpening:
    """Have flow looked at, as a practice does."""
    return open_flow(
        actor=actor, unit=where, kind="practice", object_id=1, why="We want to know what waits.", now=now
    )


__all__ = ["current"]
