"""Time asked of each function by standards and routines, its ceiling, what a new standard would displace."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.practices.made import somebody, validated
from tests.practices.routine_made import priced, routine, standard
from tests.roadmap.undertaken import browser
from vertebra.accounts import audit
from vertebra.accounts.models import User
from vertebra.org.models import Person, Unit
from vertebra.practices.actions.ceiling_check import OverCeiling, refuse_over_ceiling
from vertebra.practices.actions.reach import set_reach
from vertebra.practices.actions.routines import Guest
from vertebra.practices.actions.time_ceilings import NoCeiling, set_ceiling
from vertebra.practices.labels.practices import Reach
from vertebra.practices.models import CeilingReason, Practice, PracticeReach, TimeCeiling
from vertebra.practices.queries.time_asked import ceilings_on, displaced_by, moment_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.FIXED_NOW = NOW


@pytest.fixture
def ines() -> User:
    return world.ines()


@pytest.fixture
def company() -> Unit:
    return unit("Tournesol", None, "company")


@pytest.fixture
def tribe(company: Unit) -> Unit:
    return unit("Payments", company, "tribe")


@pytest.fixture
def team(tribe: Unit) -> Unit:
    return unit("Billing", tribe)


@pytest.fixture
def pm(team: Unit) -> Person:
    return person("Paule", team, "product", email="paule@example.org")


def asked_of(team: Unit, function: str, day: dt.date = TODAY) -> float:
    told = moment_of(day)
    return sum(one.minutes for one in told.asked if one.function == function and team.pk in one.units)


class TestWhatIsAsked:
    def test_standards_ask_where_they_are_standards_only(
        self, ines: User, tribe: Unit, team: Unit, pm: Person
    ) -> None:
        version = standard("Discovery", {"product": 120, "design": 30}, tribe)
        assert (asked_of(team, "product"), asked_of(team, "design")) == (120, 30)
        assert asked_of(team, "product", TODAY - dt.timedelta(days=1)) == 0
        PracticeReach.objects.create(
            practice=version.practice, unit=team, reach="free", starts_on=TODAY, created_at=NOW
        )
        assert asked_of(team, "product") == 0

    def test_a_draft_costs_nothing_and_the_latest_version_counts(self, team: Unit, pm: Person) -> None:
        version = standard("Discovery", {"product": 120})
        priced(version.practice, {"product": 60}, number=2)
        assert asked_of(team, "product") == 60

    def test_routines_ask_of_whole_functions_unless_they_belong_to_a_standard(
        self, ines: User, team: Unit, pm: Person
    ) -> None:
        version = standard("Discovery", {"product": 120})
        routine(ines, Guest(unit=team), rhythm="monthly_date", minutes=60, starts_on=TODAY)
        assert asked_of(team, "product") == 180
        routine(ines, Guest(unit=team), starts_on=TODAY, practice=version.practice)
        assert asked_of(team, "product") == 180
        routine(ines, Guest(person=pm), starts_on=TODAY)
        routine(ines, Guest(unit=team, role="lead"), starts_on=TODAY)
        assert asked_of(team, "product") == 180


class TestCeiling:
    def test_it_holds_over_time_and_is_taken_back(self, ines: User) -> None:
        set_ceiling(actor=ines, function="product", minutes=300, now=NOW)
        later = NOW + dt.timedelta(days=10)
        entry = set_ceiling(actor=ines, function="product", minutes=200, now=later)
        assert ceilings_on(TODAY) == {"product": 300}
        assert ceilings_on(TODAY + dt.timedelta(days=10)) == {"product": 200}
        audit.undo(actor=ines, entry=entry, now=later)
        assert ceilings_on(TODAY + dt.timedelta(days=10)) == {"product": 300}
        set_ceiling(actor=ines, function="product", minutes=None, now=later)
        assert ceilings_on(TODAY + dt.timedelta(days=10)) == {}

    def test_the_same_day_it_is_put_right(self, ines: User) -> None:
        set_ceiling(actor=ines, function="product", minutes=300, now=NOW)
        set_ceiling(actor=ines, function="product", minutes=200, now=NOW)
        assert TimeCeiling.objects.get().minutes == 200
        with pytest.raises(audit.NothingChanges):
            set_ceiling(actor=ines, function="product", minutes=200, now=NOW)
        for function, minutes in (("wizards", 3), ("product", 0)):
            with pytest.raises(NoCeiling):
                set_ceiling(actor=ines, function=function, minutes=minutes, now=NOW)

    def test_a_standard_over_it_is_refused_unless_somebody_signs(
        self, ines: User, tribe: Unit, team: Unit, pm: Person
    ) -> None:
        standard("Discovery", {"product": 120})
        set_ceiling(actor=ines, function="product", minutes=150, now=NOW)
        row = Practice.objects.create(name="New", language="en", created_at=NOW, changed_at=NOW)
        version = priced(row, {"product": 60})
        (one,) = displaced_by(version, tribe.pk, TODAY)
        assert (one.before, one.after, one.too_much) == (120, 180, 30)
        tracker = audit.Tracker()
        said: dict[str, Any] = {"person": pm, "tracker": tracker, "now": NOW}
        with pytest.raises(OverCeiling, match="180"):
            refuse_over_ceiling(version, tribe, " ", **said)
        kept = refuse_over_ceiling(version, tribe, "It replaces two next month", **said)
        assert kept == CeilingReason.objects.get()
        assert refuse_over_ceiling(version, unit("Elsewhere"), "", **said) is None

    def test_a_version_replaces_the_one_before_where_it_holds(
        self, ines: User, team: Unit, pm: Person
    ) -> None:
        version = standard("Discovery", {"product": 120})
        set_ceiling(actor=ines, function="product", minutes=120, now=NOW)
        lighter = priced(version.practice, {"product": 60}, number=2)
        assert displaced_by(lighter, None, TODAY) == []


class TestPage:
    def test_it_shows_minutes_by_function_and_unit_against_the_ceiling(
        self, ines: User, tribe: Unit, team: Unit, pm: Person
    ) -> None:
        standard("Discovery", {"product": 120}, tribe)
        client = browser(ines)
        url = reverse("practices:time-asked")
        client.post(reverse("practices:time-ceiling"), {"function": "product", "minutes": "100"})
        page = client.get(url).content.decode()
        assert "over it in Billing" in page
        assert "1 function</b> is asked for more than its ceiling" in page
        assert "Discovery" in client.get(url, {"unit": team.pk}).content.decode()
        assert "Nothing is asked yet" in client.get(url, {"as_of": "2026-01-01"}).content.decode()
        told = client.get(url, {"format": "csv"}).getvalue().decode()
        assert "Product,1,120" in told
        number = Practice.objects.get().pk
        panel = client.get(reverse("practices:practice-routines", args=[number]))
        part = reverse("practices:practice-time", args=[number])
        assert part not in panel.content.decode()
        PracticeReach.objects.all_time().update(reach=Reach.RECOMMENDED)
        panel = client.get(reverse("practices:practice-routines", args=[number]))
        assert f'hx-get="{part}"' in panel.content.decode() and f'href="{part}"' in panel.content.decode()
        assert "As the standard of the whole company" in client.get(part).content.decode()

    def test_only_product_ops_sets_a_ceiling(self) -> None:
        client = browser(world.karim())
        assert client.get(reverse("practices:time-ceiling")).status_code == 403
        page = client.get(reverse("practices:time-asked")).content.decode()
        assert "Nothing is asked yet" in page


def test_no_practice_is_announced_over_a_ceiling_without_a_signed_reason(
    ines: User, tribe: Unit, team: Unit, pm: Person
) -> None:
    user, carrier = somebody("Carrie")
    row = validated(ines, user, carrier, team)
    set_ceiling(actor=ines, function="product", minutes=10, now=NOW)
    said: dict[str, Any] = {"actor": user, "practice": row, "unit": None, "reach": "standard", "now": NOW}
    with pytest.raises(OverCeiling):
        set_reach(**said)
    set_reach(over_reason="It replaces two", **said)
    assert CeilingReason.objects.get().person == carrier
