"""Figures of hand-overs, once told, change only together with the work of five people, whoever asks again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests import world
from tests.evidence.flow_world import figure
from tests.evidence.trail_world import bring, current
from vertebra.accounts.models import User
from vertebra.evidence.actions.flow import ask_about_hand_overs, drop_hand_overs
from vertebra.evidence.importing import target
from vertebra.evidence.models import HandOverQuestion, HandOverTold

pytestmark = pytest.mark.django_db
COLUMNS = {"case": "Case", "at": "At", "status": "Status", "team": "Line", "resource": "Who"}


@pytest.fixture(autouse=True)
def data(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.FIXED_NOW = world.NOW


def told(tmp_path: Path, cases: Iterable[tuple[str, str, int]]) -> None:
    """Bring in what a log tells: who had a case in which line for how many hours."""
    lines = ["Case,At,Status,Line,Who"]
    for number, (who, line, hours) in enumerate(cases):
        steps = ("Open", 9), ("Doing", 10), ("Done", 10 + hours)
        lines += [
            f"{line}-{who}-{number},2026-01-05 {hour:02}:00,{status},{line},{who}" for status, hour in steps
        ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(lines) + "\n")
    bring(path, form="events", **COLUMNS)  # type: ignore[arg-type]


def company(hours: int = 2, *, of: int = 0) -> list[tuple[str, str, int]]:
    """A case of each of ten people of two lines; those of some of either took longer."""
    return [(f"{line}{n}", line, hours if n < of else 2) for line in ("L1", "L2") for n in range(10)]


def asked(actor: User) -> HandOverQuestion:
    return ask_about_hand_overs(
        actor=actor, source=current().source, field="team", steps="status", known=["team", "status"], now=world.NOW
    )  # fmt: skip


def figures() -> dict[str, Any]:
    figure()
    held: dict[str, Any] = HandOverQuestion.objects.get().figures
    return held


def test_what_was_told_stays_until_the_work_of_five_people_differs(tmp_path: Path) -> None:
    told(tmp_path, company())
    asked(world.ines())
    before = figures()
    assert before["hands"]["items"] == 20
    assert [one["group"] for one in before["standings"]] == ["L1", "L2"]
    told(tmp_path, [*company(), ("late", "L1", 5)])
    assert figures() == before
    told(tmp_path, [*company(), *((f"late{n}", "L1", 5) for n in range(5))])
    after = figures()
    assert after["hands"]["items"] > 20 and after["whole"] != before["whole"]
    assert after["standings"][0] != before["standings"][0]


def test_asking_anew_does_not_forget_what_was_told(tmp_path: Path) -> None:
    ines = world.ines()
    told(tmp_path, company())
    question = asked(ines)
    figures()
    drop_hand_overs(actor=ines, question=question, now=world.NOW)
    told(tmp_path, [*company(), ("late", "L1", 5)])
    asked(ines)
    assert figures() == {}


def test_nobody_stands_in_what_is_kept_to_compare_with(tmp_path: Path) -> None:
    told(tmp_path, company())
    asked(world.ines())
    figures()
    rows = HandOverTold.objects.all()
    assert {one.what for one in rows} == {"hands", "standings"}
    assert not any(
        f"{line}{n}" in str(list(rows.values("parts"))) for line in ("L1", "L2") for n in range(10)
    )


def test_nothing_is_told_of_fewer_than_five_people(tmp_path: Path) -> None:
    told(tmp_path, [(f"p{n}", "L1", 2) for n in range(4)])
    asked(world.ines())
    assert figures() == {}


def test_what_is_kept_goes_with_its_source(tmp_path: Path) -> None:
    ines = world.ines()
    told(tmp_path, company())
    asked(ines)
    figures()
    target.erase(ines, current().source, world.NOW)
    assert not HandOverTold.objects.exists()
