"""The three years of the demo company hang together."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from vertebra.accounts.models import AuditEntry
from vertebra.demo.fixture import DAY
from vertebra.demo.load import Summary, plan
from vertebra.demo.profiles import profile
from vertebra.demo.rows import Company, at
from vertebra.kit.versions import OverTime
from vertebra.org.models import AreaVersion, Mandate, Membership, Ownership, Person, UnitVersion

pytestmark = pytest.mark.django_db
ENDLESS = dt.date(9999, 1, 1)
Life = tuple[dt.date, dt.date]


@pytest.fixture(scope="module")
def company() -> Company:
    return plan(profile("scale-up"), DAY)


def end_of(row: OverTime) -> dt.date:
    return row.ends_on or ENDLESS


def lives(rows: list[tuple[int, dt.date, dt.date | None]]) -> dict[int, Life]:
    """From when until when each object is there, after checking that its versions follow one another."""
    found: dict[int, Life] = {}
    for key, starts_on, ends_on in sorted(rows, key=lambda row: row[:2]):
        if key in found:
            assert found[key][1] == starts_on, f"{key} has a hole or an overlap on {starts_on}"
        found[key] = (found.get(key, (starts_on,))[0], ends_on or ENDLESS)
    return found


def unit_lives() -> dict[int, Life]:
    return lives(list(UnitVersion.objects.all_time().values_list("unit_id", "starts_on", "ends_on")))


def test_nobody_works_before_joining_or_after_leaving(demo_scale_up: Summary) -> None:
    for row in Membership.objects.all_time().select_related("person"):
        assert row.person.joined_on <= row.starts_on < end_of(row) <= (row.person.left_on or ENDLESS)


def test_nobody_works_in_a_unit_that_is_not_there(demo_scale_up: Summary) -> None:
    units = unit_lives()
    for row in Membership.objects.all_time():
        assert units[row.unit_id][0] <= row.starts_on
        assert end_of(row) <= units[row.unit_id][1]


def test_no_unit_outlives_or_precedes_its_parent(demo_scale_up: Summary) -> None:
    units = unit_lives()
    for version in UnitVersion.objects.all_time().exclude(parent=None):
        assert version.parent_id is not None
        assert units[version.parent_id][0] <= version.starts_on, version
        assert end_of(version) <= units[version.parent_id][1], version


def test_units_form_a_tree_on_every_first_of_the_month(demo_scale_up: Summary) -> None:
    for months in range(37):
        day = dt.date(2023 + (10 + months) // 12, (10 + months) % 12 + 1, 5)
        parent = dict(UnitVersion.objects.as_of(min(day, DAY)).values_list("unit_id", "parent_id"))
        assert sum(above is None for above in parent.values()) == 1
        for unit in parent:
            seen = set()
            while unit is not None:
                assert unit not in seen
                seen.add(unit)
                unit = parent[unit]


def test_nothing_is_owned_before_it_or_its_owner_exists(demo_scale_up: Summary) -> None:
    units = unit_lives()
    areas = lives(list(AreaVersion.objects.all_time().values_list("area_id", "starts_on", "ends_on")))
    for row in Ownership.objects.all_time():
        assert units[row.unit_id][0] <= row.starts_on < end_of(row) <= units[row.unit_id][1]
        if row.area_id:
            assert areas[row.area_id][0] <= row.starts_on


def test_mandates_are_held_within_the_life_of_their_unit(demo_scale_up: Summary) -> None:
    units = unit_lives()
    for row in Mandate.objects.all_time().exclude(unit=None):
        assert row.unit_id is not None
        assert units[row.unit_id][0] <= row.starts_on < end_of(row) <= units[row.unit_id][1]


def test_nobody_takes_a_mandate_before_joining(demo_scale_up: Summary) -> None:
    for row in Mandate.objects.all_time().exclude(person=None).select_related("person"):
        assert row.person is not None
        assert row.person.joined_on <= row.starts_on


def test_shares_of_time_do_not_exceed_the_whole(demo_scale_up: Summary) -> None:
    total: Counter[int] = Counter()
    for row in Membership.objects.as_of(DAY):
        total[row.person_id] += row.share
    assert max(total.values()) == 100
    assert any(row.share < 100 for row in Membership.objects.as_of(DAY))


def test_nothing_happens_after_the_last_day(demo_scale_up: Summary) -> None:
    assert not Person.objects.filter(joined_on__gt=DAY).exists()
    assert not Person.objects.filter(left_on__gt=DAY).exists()
    assert not AuditEntry.objects.filter(at__gt=at(DAY, 9, 0)).exists()
    for model in (UnitVersion, Membership, Mandate, Ownership, AreaVersion):
        assert not model.objects.all_time().filter(starts_on__gt=DAY).exists()


def test_the_audit_tells_its_story_in_order(demo_scale_up: Summary) -> None:
    moments = list(AuditEntry.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {
        "create",
        "move",
        "change",
        "close",
        "import",
        "report",
        "take",
        "explain",
        "fill",
        "comment",
    } <= verbs


def test_tribes_were_cut_then_put_in_spheres_and_one_was_split(demo_scale_up: Summary) -> None:
    def tribes(day: dt.date) -> dict[str, str]:
        rows = UnitVersion.objects.as_of(day).filter(kind__slug="tribe")
        names = dict(UnitVersion.objects.as_of(day).values_list("unit_id", "name"))
        return {row.name: names[row.parent_id] for row in rows}

    assert set(tribes(dt.date(2024, 4, 1))) == {"Encaisser", "Table", "Stocks", "Vendre", "Plateforme"}
    assert "Paiements" in tribes(dt.date(2024, 10, 1))
    assert set(tribes(dt.date(2025, 4, 1)).values()) == {
        "Au comptoir",
        "En salle et en ligne",
        "L’argent et le socle",
    }
    assert "Vendre en ligne" in tribes(dt.date(2025, 10, 1))
    assert (tribes(dt.date(2026, 8, 1))["Fidéliser"], tribes(DAY)["Fidéliser"]) == (
        "Au comptoir",
        "En salle et en ligne",
    )


def test_no_seat_was_ever_held_by_two_people_at_once(company: Company) -> None:
    for seat in company.structure.seats:
        stays = sorted(seat.stays, key=lambda stay: stay.starts_on)
        for earlier, later in pairwise(stays):
            assert earlier.ends_on is not None
            assert earlier.ends_on <= later.starts_on


def test_a_team_waited_for_its_next_product_manager(company: Company) -> None:
    gaps = [
        (later.starts_on - earlier.ends_on).days
        for seat in company.structure.seats
        if seat.title == "pm"
        for earlier, later in pairwise(seat.stays)
        if earlier.ends_on
    ]
    assert gaps
    assert max(gaps) > 20


def test_people_moved_between_teams_and_from_the_field_to_product(company: Company) -> None:
    moves = [p for p in company.people if len({stay.seat.home for stay in p.stays}) > 1]
    assert len(moves) > 20
    functions: dict[int, set[str]] = defaultdict(set)
    for person in moves:
        functions[person.id] |= {stay.seat.function for stay in person.stays}
    assert any("product" in held and len(held) > 1 for held in functions.values())
