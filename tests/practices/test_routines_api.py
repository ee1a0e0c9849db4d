"""Tools read routines, what they decided, and the time that is asked."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import person, unit
from tests.practices.routine_made import routine, standard
from tests.web.test_api import caller
from vertebra.practices.actions.meetings import Decided, hold_meeting
from vertebra.practices.actions.routines import Guest

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW


def test_routines_and_their_decisions_are_read() -> None:
    lea = world.lea()
    team = unit("Billing")
    row = routine(lea, Guest(unit=team))
    hold_meeting(
        actor=lea, routine=row, due_on=dt.date(2026, 10, 27), notes="x", language="en",
        decisions=[Decided("We stop")], now=world.NOW,
    )  # fmt: skip
    call = caller(lea, "read").get
    assert [one["title"] for one in call("/api/v1/routines").json()["items"]] == ["Product sync"]
    whole = call(f"/api/v1/routines/{row.pk}").json()
    assert whole["participants"] == [{"person_id": None, "unit_id": team.pk, "function": "", "role": ""}]
    assert whole["next"][0]["due_on"] == "2026-11-03"
    assert [one["notes"] for one in whole["held"]] == ["x"]
    assert [one["line"] for one in call("/api/v1/routine-decisions").json()["items"]] == ["We stop"]
    assert call("/api/v1/routines/999").status_code == 404


def test_the_time_asked_is_read_as_of_a_day() -> None:
    person("Paule", unit("Billing"), "product")
    standard("Discovery", {"product": 120})
    call = caller(world.lea(), "read").get
    (one,) = call("/api/v1/time-asked").json()
    assert (one["function"], one["most_minutes"], one["hours"]) == ("product", 120, 2)
    assert call("/api/v1/time-asked?as_of=2026-01-01").json() == []
    assert call("/api/v1/time-asked?until=2026-01-01").status_code == 422
