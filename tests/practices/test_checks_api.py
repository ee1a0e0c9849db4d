"""Tools read what practices look at, and what it found, as far as their owner may know."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.company import person, unit
from tests.practices.tracked import practice
from tests.web.test_api import caller
from vertebra.org.models import Unit
from vertebra.practices.actions.checks import archive_check, choose_check, scope_check
from vertebra.practices.models import Check, CheckCount

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
MONDAY = dt.date(2026, 10, 26)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = world.NOW


@pytest.fixture
def team() -> Unit:
    return unit("Billing")


@pytest.fixture
def check() -> Check:
    return choose_check(
        actor=world.ines(), practice=practice(), code="stale", parameters={"days": 5}, now=world.NOW
    )


def counted(check: Check, team: Unit, week: dt.date, **told: Any) -> None:
    values = {"item_count": 20, "flagged_count": 4, "is_shown": True, "open_on": week + dt.timedelta(days=21)}
    CheckCount.objects.create(check_row=check, unit=team, week=week, **{**values, **told})


def test_checks_are_listed_filtered_and_read(check: Check, team: Unit) -> None:
    ines = check.made_by
    assert ines is not None
    other = choose_check(actor=ines, practice=check.practice, code="due_past", parameters={}, now=world.NOW)
    Check.objects.filter(pk=check.pk).update(on_since=world.NOW)
    scope_check(actor=ines, check=check, units=[team], now=world.NOW)
    client = caller(world.lea(), "read")
    items = client.get("/api/v1/checks").json()["items"]
    assert [(one["id"], one["code"]) for one in items] == [(check.pk, "stale"), (other.pk, "due_past")]
    assert items[0]["name"] == "En cours, et sans mouvement depuis des jours"
    on = client.get("/api/v1/checks", {"is_on": "true", "practice": str(check.practice_id)}).json()["items"]
    assert [one["id"] for one in on] == [check.pk]
    told = client.get(f"/api/v1/checks/{check.pk}").json()
    assert (told["units"], told["parameters"], told["practice"]) == (
        [team.pk],
        {"days": 5},
        check.practice_id,
    )
    archive_check(actor=ines, check=other, now=world.NOW)
    assert client.get(f"/api/v1/checks/{other.pk}").status_code == 404
    assert client.get("/api/v1/checks", {"shape": "round"}).status_code == 422


def test_weeks_are_told_to_others_two_weeks_later_and_never_of_few(check: Check, team: Unit) -> None:
    early, late = MONDAY - dt.timedelta(weeks=4), MONDAY
    counted(check, team, early)
    counted(check, team, early + dt.timedelta(weeks=1), is_shown=False, open_on=early)
    counted(check, team, late)
    address = f"/api/v1/checks/{check.pk}/weeks"
    # What is off tells nothing, and a unit that is not there is not found.
    lea = caller(world.lea(), "read")
    assert lea.get(address, {"unit": str(team.pk)}).json()["weeks"] == []
    assert lea.get(address, {"unit": str(team.pk + 999)}).status_code == 404
    Check.objects.filter(pk=check.pk).update(on_since=world.NOW)
    outside = lea.get(address, {"unit": team.pk}).json()
    assert outside["weeks"] == [
        {"week": early.isoformat(), "items": 20, "flagged": 4},
        {"week": (early + dt.timedelta(weeks=1)).isoformat(), "items": None, "flagged": None},
    ]
    karim = world.karim()
    person("Karim Diallo", team, user=karim, email="karim@example.org")
    own = caller(karim, "read").get(address, {"unit": team.pk}).json()
    assert [one["week"] for one in own["weeks"]][-1] == late.isoformat()
    assert caller(karim, "read").get(address).status_code == 422
