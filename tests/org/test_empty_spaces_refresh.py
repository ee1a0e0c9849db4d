"""A refresh keeps what people said, reopens on new evidence, fills what is no longer found, and writes no more than needed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.org.company import LONG_AGO, area, large, unit
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry, Message, SearchEntry, User, Watch
from vertebra.kit import clock
from vertebra.org.actions.empty_spaces import Said, explain_space, fill_space, report_space
from vertebra.org.actions.findings import refresh_findings
from vertebra.org.empty_spaces import Neighbour, is_look_due
from vertebra.org.labels import GapRule, SpaceState
from vertebra.org.models import Area, EmptySpace, Gap, Ownership, Unit

pytestmark = pytest.mark.django_db
LATER = world.NOW + dt.timedelta(days=1)


@pytest.fixture
def between() -> tuple[Unit, Unit, Area]:
    """Two units that own the same area, with a third that could."""
    docs = area("Documentation")
    first, second = unit("Platform"), unit("Partners")
    for owner in (first, second):
        Ownership.objects.create(unit=owner, area=docs, starts_on=LONG_AGO)
    return first, second, docs


def refresh(now: dt.datetime = world.NOW) -> AuditEntry | None:
    return refresh_findings(actor=None, now=now)


def the_space() -> EmptySpace:
    return EmptySpace.objects.get(rule="two_own")


def test_what_is_found_is_kept_with_its_neighbours_and_one_entry(between: tuple[Unit, Unit, Area]) -> None:
    entry = refresh()
    space = the_space()
    assert {row.unit_id for row in space.neighbours.all()} == {between[0].pk, between[1].pk}
    assert (space.state, space.first_seen_on, space.area_id) == (SpaceState.OPEN, world.TODAY, between[2].pk)
    assert entry is not None
    assert (entry.actor_name, entry.verb, entry.particulars["spaces_found"]) == ("Vertebra", "refresh", 1)
    assert AuditEntry.objects.count() == 1
    assert SearchEntry.objects.filter(kind="empty_space", object_id=space.pk).exists()


def test_a_second_look_the_same_day_writes_nothing(between: tuple[Unit, Unit, Area]) -> None:
    refresh()
    before = list(EmptySpace.objects.values()), list(Gap.objects.values())
    assert refresh() is None
    assert (list(EmptySpace.objects.values()), list(Gap.objects.values())) == before


def test_the_next_day_only_says_that_it_was_seen_again(between: tuple[Unit, Unit, Area]) -> None:
    refresh()
    assert refresh(LATER) is None
    space = the_space()
    assert (space.first_seen_on, space.latest_seen_on) == (world.TODAY, LATER.date())
    assert set(Gap.objects.values_list("latest_seen_on", flat=True)) == {LATER.date()}


def test_an_explanation_lasts_until_the_evidence_changes(between: tuple[Unit, Unit, Area]) -> None:
    refresh()
    explain_space(actor=world.ines(), space=the_space(), reason="Shared on purpose.", now=world.NOW)
    refresh(LATER)
    assert the_space().state == SpaceState.EXPLAINED
    between[2].versions.update(name="Public documentation")
    refresh(LATER)
    assert (the_space().state, the_space().evidence["subject"]["name"]) == (
        SpaceState.EXPLAINED,
        "Public documentation",
    )
    Ownership.objects.create(unit=unit("Third"), area=between[2], starts_on=LONG_AGO)
    entry = refresh(LATER)
    assert the_space().state == SpaceState.OPEN
    assert the_space().reason == ""
    assert entry is not None and entry.particulars["spaces_reopened"] == 1
    assert the_space().neighbours.count() == 3


def test_what_somebody_said_is_filled_is_not_contradicted_by_the_same_evidence(
    between: tuple[Unit, Unit, Area],
) -> None:
    refresh()
    fill_space(actor=world.ines(), space=the_space(), now=world.NOW)
    refresh(LATER)
    assert the_space().state == SpaceState.FILLED


def test_what_is_no_longer_found_is_filled_and_comes_back_when_found_again(
    between: tuple[Unit, Unit, Area],
) -> None:
    refresh()
    space = the_space()
    second = Ownership.objects.get(unit=between[1])
    Ownership.objects.filter(pk=second.pk).update(ends_on=LATER.date())
    refresh(LATER)
    space.refresh_from_db()
    assert (space.state, space.no_longer_found_on) == (SpaceState.FILLED, LATER.date())
    Ownership.objects.filter(pk=second.pk).update(ends_on=None)
    refresh(LATER)
    space.refresh_from_db()
    assert (space.state, space.no_longer_found_on) == (SpaceState.OPEN, None)
    assert EmptySpace.objects.count() == 1


def test_those_who_follow_are_told_what_the_evidence_changed(between: tuple[Unit, Unit, Area]) -> None:
    refresh()
    lea = world.lea()
    Watch.objects.create(user=lea, kind="empty_space", object_id=the_space().pk, since_at=world.NOW)
    Ownership.objects.filter(unit=between[1]).update(ends_on=LATER.date())
    refresh(LATER)
    (message,) = Message.objects.filter(to_user=lea)
    assert message.template == "empty_space_changed"
    assert message.particulars["state"] == SpaceState.FILLED


def test_what_vertebra_found_by_itself_is_not_undone_by_a_click(between: tuple[Unit, Unit, Area]) -> None:
    entry = refresh()
    assert entry is not None
    assert not audit.may_undo(world.ines(), entry)


def test_what_people_reported_is_left_to_people(between: tuple[Unit, Unit, Area]) -> None:
    said = Said(
        "refunds", [Neighbour("unit", between[0].pk, "a"), Neighbour("unit", between[1].pk, "b")], "en"
    )
    entry = report_space(actor=world.lea(), said=said, now=world.NOW)
    refresh()
    refresh(LATER)
    assert EmptySpace.objects.get(pk=entry.object_id or 0).state == SpaceState.OPEN


def test_an_area_without_neighbours_is_an_administrative_gap_and_no_empty_space() -> None:
    alone = area("Alone")
    refresh()
    assert not EmptySpace.objects.exists()
    gap = Gap.objects.get(rule=GapRule.NO_NEIGHBOUR)
    assert (gap.area_id, gap.subject) == (alone.pk, "Alone")


def test_a_gap_that_is_mended_ends_and_opens_again() -> None:
    team = unit("Billing")
    refresh()
    gap = Gap.objects.get(rule=GapRule.UNIT_WITHOUT_PURPOSE)
    team.versions.update(purpose="To bill")
    refresh(LATER)
    gap.refresh_from_db()
    assert gap.ended_on == LATER.date()
    team.versions.update(purpose="")
    refresh(LATER)
    again = Gap.objects.get(pk=gap.pk)
    assert (again.ended_on, again.first_seen_on) == (None, LATER.date())


def test_a_look_is_due_after_a_change_and_every_day(between: tuple[Unit, Unit, Area]) -> None:
    assert is_look_due(world.NOW)
    refresh()
    assert not is_look_due(world.NOW)
    assert is_look_due(LATER)
    user: User = world.ines()
    explain_space(actor=user, space=the_space(), reason="Shared.", now=world.NOW)
    assert is_look_due(world.NOW)
    refresh()
    assert not is_look_due(world.NOW)


def test_a_large_company_is_looked_at_in_few_queries() -> None:
    large(teams=60, people=400)
    with CaptureQueriesContext(
        connection,
    ) as first:
        refresh()
    with CaptureQueriesContext(connection) as again:
        refresh()
    assert len(first) <= 60
    assert len(again) <= 32
    assert clock.today(world.NOW) == world.TODAY
