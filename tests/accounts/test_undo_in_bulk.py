"""Undoing what touched many rows: in a few statements, all or nothing, and never under something that rests on it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, AuditRow, SearchEntry, User
from vertebra.accounts.search import Entry, index
from vertebra.org.actions.people import join_unit
from vertebra.org.models import (
    EmptySpace,
    EmptySpaceNeighbour,
    Gap,
    Market,
    Membership,
    Person,
    Unit,
    UnitKind,
    UnitVersion,
)

pytestmark = pytest.mark.django_db
NEXT_DAY = world.TODAY + dt.timedelta(days=1)
seen: list[tuple[str, set[int]]] = []


def note(kind: str, ids: set[int], now: dt.datetime) -> None:
    """Stands for a module that reads objects again for search."""
    seen.append((kind, set(ids)))


def entry_of(tracker: audit.Tracker, kind: str = "unit", actor: User | None = None) -> AuditEntry:
    return audit.record(
        actor=actor, verb="change", kind=kind, object_name="x", now=world.NOW, rows=tracker.changes
    )


def a_unit(tracker: audit.Tracker, name: str = "Payments", parent: Unit | None = None) -> Unit:
    kind, _ = UnitKind.objects.get_or_create(slug="team")
    unit = Unit(created_at=world.NOW)
    tracker.create(unit)
    tracker.create(
        UnitVersion(unit=unit, name=name, kind=kind, parent=parent, starts_on=world.TODAY, language="en")
    )
    return unit


def undo(entry: AuditEntry) -> AuditEntry:
    return audit.undo(actor=User.objects.first() or world.ines(), entry=entry, now=world.NOW)


def test_parents_and_children_made_together_go_together() -> None:
    tracker = audit.Tracker()
    parent = a_unit(tracker)
    a_unit(tracker, "Cards", parent)
    undo(entry_of(tracker))
    assert not Unit.objects.exists()
    assert not UnitVersion.objects.all_time().exists()


def test_nothing_goes_when_somebody_built_on_it_since() -> None:
    first, second = audit.Tracker(), audit.Tracker()
    parent = a_unit(first)
    entry = entry_of(first)
    a_unit(second, "Cards", parent)
    entry_of(second)
    with pytest.raises(audit.CannotUndo, match="Cards"):
        undo(entry)
    assert Unit.objects.count() == 2
    assert UnitVersion.objects.all_time().count() == 2


def test_what_a_rule_derived_goes_along() -> None:
    tracker = audit.Tracker()
    unit = a_unit(tracker)
    entry = entry_of(tracker)
    Gap.objects.create(
        rule="team_without_pm", key="x", unit=unit, first_seen_on=world.TODAY, latest_seen_on=world.TODAY
    )
    undo(entry)
    assert not Gap.objects.exists()


def test_a_change_over_time_is_put_back_in_one_piece() -> None:
    made, moved = audit.Tracker(), audit.Tracker()
    unit = a_unit(made)
    entry_of(made)
    version = UnitVersion.objects.all_time().get(unit=unit)
    moved.change(version, ends_on=NEXT_DAY)
    moved.create(UnitVersion(unit=unit, name="Billing", kind=version.kind, starts_on=NEXT_DAY, language="en"))
    undo(entry_of(moved))
    version = UnitVersion.objects.all_time().get(unit=unit)
    assert (version.name, version.ends_on) == ("Payments", None)


def test_a_row_changed_twice_in_one_entry_gets_its_first_value_back() -> None:
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    tracker = audit.Tracker()
    tracker.change(market, name="Deutschland")
    tracker.change(market, name="Allemagne")
    undo(entry_of(tracker, "market"))
    market.refresh_from_db()
    assert market.name == "Germany"


def test_a_row_made_and_removed_in_one_entry_stays_removed() -> None:
    tracker = audit.Tracker()
    market = Market(name="Germany", created_at=world.NOW)
    tracker.create(market)
    tracker.delete(market)
    undo(entry_of(tracker, "market"))
    assert not Market.objects.exists()


def test_a_removed_row_comes_back_with_its_number() -> None:
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    tracker = audit.Tracker()
    pk = market.pk
    tracker.change(market, name="Deutschland")
    tracker.delete(market)
    undo(entry_of(tracker, "market"))
    assert Market.objects.get(pk=pk).name == "Germany"


def person(name: str) -> Person:
    return Person.objects.create(
        name=name, name_folded=name.lower(), email=f"{name.lower()}@example.org", created_at=world.NOW
    )


def test_a_value_that_no_longer_fits_refuses_the_whole() -> None:
    first, second = person("Ana"), person("Ben")
    tracker = audit.Tracker()
    tracker.change(first, email="ana@elsewhere.org")
    tracker.change(second, email="ben@elsewhere.org")
    entry = entry_of(tracker, "person")
    person("Ana")
    with pytest.raises(audit.CannotUndo):
        undo(entry)
    second.refresh_from_db()
    assert second.email == "ben@elsewhere.org"


def test_a_reference_to_something_gone_refuses_the_whole() -> None:
    boss, report = person("Boss"), person("Report")
    report.manager = boss
    report.save()
    tracker = audit.Tracker()
    tracker.change(report, manager=None)
    entry = entry_of(tracker, "person")
    Person.objects.filter(pk=boss.pk)._raw_delete("default")
    with pytest.raises(audit.CannotUndo):
        undo(entry)
    report.refresh_from_db()
    assert report.manager_id is None


def test_undoing_the_undo_of_a_later_change_counts_as_that_change() -> None:
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    first, second = audit.Tracker(), audit.Tracker()
    first.change(market, name="Deutschland")
    one = entry_of(first, "market")
    second.change(market, name="Allemagne")
    undo(undo(entry_of(second, "market")))
    with pytest.raises(audit.CannotUndo):
        undo(one)


@pytest.mark.parametrize("kind", ["user", "token", "invitation", "shared_link"])
def test_doors_are_never_opened_again_by_undo(kind: str) -> None:
    tracker = audit.Tracker()
    tracker.change(world.karim(), role="reader")
    with pytest.raises(audit.CannotUndo):
        undo(entry_of(tracker, kind))


def test_search_forgets_what_is_gone_and_reads_again_what_is_back(settings: Settings) -> None:
    settings.SEARCH = ["tests.accounts.test_undo_in_bulk.note"]
    seen.clear()
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    tracker = audit.Tracker()
    unit = a_unit(tracker)
    index(Entry("unit", unit.pk, "Payments"), now=world.NOW)
    tracker.change(market, name="Deutschland")
    undo(entry_of(tracker))
    assert not SearchEntry.objects.exists()
    assert ("market", {market.pk}) in seen


def test_search_reads_again_what_lost_or_got_back_a_part(settings: Settings) -> None:
    settings.SEARCH = ["tests.accounts.test_undo_in_bulk.note"]
    person = Person.objects.create(name="Zoé", name_folded="zoe", created_at=world.NOW)
    space = EmptySpace.objects.create(
        sentence="x", first_seen_on=world.TODAY, latest_seen_on=world.TODAY, changed_at=world.NOW
    )
    joined, left = audit.Tracker(), audit.Tracker()
    unit = a_unit(audit.Tracker())
    member = Membership(person=person, unit=unit, starts_on=world.TODAY)
    joined.create(member)
    near = EmptySpaceNeighbour.objects.create(space=space, name="the desk")
    left.delete(near)
    for tracker, expected in ((joined, ("person", {person.pk})), (left, ("empty_space", {space.pk}))):
        seen.clear()
        undo(entry_of(tracker))
        assert expected in seen


def test_whom_a_search_shows_in_a_unit_is_there_no_more_once_that_is_undone() -> None:
    ines, tracker = world.ines(), audit.Tracker()
    unit = a_unit(tracker, "Payments")
    person = Person.objects.create(name="Zoé", name_folded="zoe", created_at=world.NOW)
    entry = join_unit(actor=ines, person=person, unit=unit, function="product", on=world.TODAY, now=world.NOW)
    assert SearchEntry.objects.get(kind="person").detail == "Payments"
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert SearchEntry.objects.get(kind="person").detail == ""


def test_an_import_of_many_rows_is_undone_in_few_statements() -> None:
    count = 6_000
    ines = world.ines()
    people = Person.objects.bulk_create(
        [Person(name=f"P {n}", name_folded=f"p {n}", created_at=world.NOW) for n in range(count)]
    )
    changed = [
        audit.RowChange("org.person", person.pk, "changed", {"title": ""}, {"title": "PM"})  # type: ignore[arg-type]
        for person in people[: count // 2]
    ]
    made = [audit.RowChange("org.person", person.pk, "created") for person in people[count // 2 :]]  # type: ignore[arg-type]
    Person.objects.filter(pk__in=[p.pk for p in people[: count // 2]]).update(title="PM")
    entry = audit.record(actor=ines, verb="import", kind="import", now=world.NOW, rows=[*changed, *made])
    with CaptureQueriesContext(connection) as statements:
        audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert Person.objects.count() == count // 2
    assert not Person.objects.exclude(title="").exists()
    writes = [each for each in statements if "accounts_auditrow" not in each["sql"]]
    assert len(writes) < 120
    assert AuditRow.objects.count() == 2 * count
