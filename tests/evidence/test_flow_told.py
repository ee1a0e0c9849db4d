"""Figures of a month, once told, change only together with the work of five people."""

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests import world
from tests.evidence.flow_world import figure, items, opened, teams
from tests.evidence.trail_world import bring, stamp, write
from vertebra.evidence.actions.flow import close_flow
from vertebra.evidence.models import FlowFigure, FlowTold

pytestmark = pytest.mark.django_db
HANDED_LATE = {"field": "assignee", "fieldtype": "jira", "from": "dev-98", "to": "dev-99"}


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.FIXED_NOW = world.NOW


def late(number: int, project: str = "SHOP", people: int = 8, first: int = 0) -> dict[str, Any]:
    """A work item of which the tool tells later that it was handed over once more."""
    one: dict[str, Any] = copy.deepcopy(items(project, people, first)[number])
    moved = copy.deepcopy(one["changelog"]["histories"][0])
    at = dt.datetime(2025, 1, 6, 9, tzinfo=dt.UTC) + dt.timedelta(hours=first + 4 * number)
    one["changelog"]["histories"].insert(
        0, {**moved, "created": stamp(at + dt.timedelta(hours=3)), "items": [HANDED_LATE]}
    )
    one["fields"]["updated"] = stamp(at + dt.timedelta(days=2, hours=1))
    return one


def shown() -> dict[tuple[Any, ...], dict[str, Any]]:
    """All that pages may tell."""
    rows = FlowFigure.objects.values()
    return {
        (one["unit_id"], one["area_id"], one["kind"], one["grain"], one["starts_on"]): {
            name: value for name, value in one.items() if name != "id"
        }
        for one in rows
    }


def test_what_was_told_stays_until_the_work_of_five_people_differs(tmp_path: Path) -> None:
    ines = world.ines()
    held = teams(tmp_path, ines)
    opened(ines, None)
    figure()
    before = shown()
    assert before
    bring(write(tmp_path / "few.jsonl", [late(n) for n in (0, 1, 2, 3, 8, 9)]))
    figure()
    assert shown() == before
    many = [*(late(n) for n in range(24)), *(late(n, "PAY", 7, 1) for n in range(21))]
    bring(write(tmp_path / "many.jsonl", many))
    figure()
    after = shown()
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {key[0] for key in differing} == {held[name].pk for name in ("SHOP", "PAY", "tribe")}
    assert {key[4] for key in differing} == {min(key[4] for key in before)}


def test_asking_anew_does_not_forget_what_was_told(tmp_path: Path) -> None:
    ines = world.ines()
    teams(tmp_path, ines)
    opening = opened(ines, None)
    figure()
    before = shown()
    close_flow(actor=ines, opening=opening, now=world.NOW)
    figure()
    assert not shown()
    bring(write(tmp_path / "few.jsonl", [late(0)]))
    opened(ines, None)
    figure()
    first = min(key[4] for key in before)
    assert not [key for key, row in shown().items() if key[4] == first and row["finished"] is not None]


def test_nobody_stands_in_what_is_kept_to_compare_with(tmp_path: Path) -> None:
    ines = world.ines()
    teams(tmp_path, ines)
    opened(ines, None)
    figure()
    rows = FlowTold.objects.all()
    assert {one.what for one in rows} >= {"done"}
    assert "dev-" not in str(list(rows.values()))
