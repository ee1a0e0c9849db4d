"""The demo company has the size that its profile promises, today and three years ago."""

import datetime as dt

import pytest

from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary, plan
from vertebra.demo.profiles import UnknownProfile, profile
from vertebra.demo.timeline import months_before
from vertebra.org.models import Gap, Mandate, Market, Membership, Person, UnitVersion

pytestmark = pytest.mark.django_db
THREE_YEARS_AGO = months_before(DAY, 36)


def units_of(kind: str, day: dt.date) -> int:
    return UnitVersion.objects.as_of(day).filter(kind__slug=kind).count()


def test_the_scale_up_has_exactly_eighteen_hundred_people(demo_scale_up: Summary) -> None:
    assert Person.objects.present_on(DAY).count() == demo_scale_up.people == 1800


def test_it_has_eight_tribes_and_forty_teams(demo_scale_up: Summary) -> None:
    assert (units_of("tribe", DAY), units_of("team", DAY), units_of("sphere", DAY)) == (8, 40, 3)
    assert demo_scale_up.teams == 40


def test_it_has_fifty_product_managers_in_teams(demo_scale_up: Summary) -> None:
    members = Membership.objects.as_of(DAY).filter(function="product")
    in_teams = members.filter(
        unit__in=UnitVersion.objects.as_of(DAY).filter(kind__is_team=True).values("unit")
    )
    assert in_teams.values("person").distinct().count() == demo_scale_up.product_managers == 50


def test_it_has_twenty_two_champions_who_are_there(demo_scale_up: Summary) -> None:
    champions = Mandate.objects.as_of(DAY).filter(role="champion", person__in=Person.objects.present_on(DAY))
    assert champions.values("person").distinct().count() == demo_scale_up.champions == 22
    assert all(hours for hours in champions.values_list("hours_per_month", flat=True))


def test_it_works_in_four_countries(demo_scale_up: Summary) -> None:
    countries = set(Person.objects.present_on(DAY).values_list("country", flat=True))
    assert countries == {"France", "Allemagne", "Italie", "Espagne"}
    assert countries <= set(Market.objects.values_list("name", flat=True))


def test_three_years_ago_it_had_sixty_people_and_no_tribe(demo_scale_up: Summary) -> None:
    assert Person.objects.present_on(THREE_YEARS_AGO).count() == 60
    assert Membership.objects.as_of(THREE_YEARS_AGO).values("person").distinct().count() >= 55
    assert units_of("tribe", THREE_YEARS_AGO) == 0
    assert 3 <= units_of("team", THREE_YEARS_AGO) <= 10


def test_it_grew_every_half_year(demo_scale_up: Summary) -> None:
    days = [months_before(DAY, months) for months in (36, 30, 24, 18, 12, 6, 0)]
    counts = [Person.objects.present_on(day).count() for day in days]
    assert counts == sorted(counts)
    assert counts[3] < 1000


def test_it_has_the_ordinary_dirt(demo_scale_up: Summary) -> None:
    rules = set(Gap.objects.values_list("rule", flat=True))
    assert {"person_without_unit", "manager_unknown", "reporting_loop", "holder_left"} <= rules
    assert {"unit_without_purpose", "team_without_pm"} <= rules
    present = Person.objects.present_on(DAY)
    assert 20 < present.filter(email="").count() < 100
    assert present.filter(name__in=["ياسمين القاسمي", "Zoé 🌻 Lambrecht"]).count() == 2


def test_ten_times_the_scale_up_has_four_hundred_teams_and_twenty_thousand_people() -> None:
    company = plan(profile("scale-up", 10), DAY)
    units = [unit for unit in company.structure.units.values() if unit.is_open(DAY)]
    there = [person for person in company.people if person.is_present(DAY)]
    assert len(there) == 20_000
    assert sum(unit.kind == "team" for unit in units) == 400
    assert sum(person.seat.title in ("pm", "senior_pm") for person in there) == 500


@pytest.mark.parametrize(
    "day", ["2026-03-02", "2026-03-01", "2026-09-06", "2025-12-31", "2024-02-29", "2031-09-01"]
)
@pytest.mark.parametrize("name", ["small", "scale-up"])
def test_the_counts_hold_on_any_day(name: str, day: str) -> None:
    until, size = dt.date.fromisoformat(day), profile(name)
    company = plan(size, until)
    there = [person for person in company.people if person.is_present(until)]
    assert len(there) == size.people
    assert sum(person.seat.title in ("pm", "senior_pm") for person in there) == size.product_managers
    assert sum(p.is_present(months_before(until, 36)) for p in company.people) == size.people_at_first


@pytest.mark.parametrize(("name", "scale"), [("huge", 1), ("small", 2), ("scale-up", 21), ("scale-up", 0)])
def test_an_unknown_profile_is_refused_in_words(name: str, scale: int) -> None:
    with pytest.raises(UnknownProfile) as refused:
        profile(name, scale)
    assert name in str(refused.value)
